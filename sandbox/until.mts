import { setTimeout as sleep } from 'node:timers/promises';

interface UntilOptions {
	/** How long to wait at most. */
	seconds?: number;
	everyMs?: number;
}

/** Waits for a condition to hold; throws when it does not in time. */
export async function until(
	condition: () => boolean | Promise<boolean>,
	{ seconds = 60, everyMs = 100 }: UntilOptions = {},
): Promise<void> {
	const deadline = Date.now() + seconds * 1000;
	while (!(await condition())) {
		if (Date.now() > deadline) throw new Error(`The condition did not hold within ${seconds} seconds`);
		await sleep(everyMs);
	}
}
