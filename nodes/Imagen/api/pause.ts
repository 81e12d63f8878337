import { sleep } from 'n8n-workflow';

const SLICE_MS = 500;

/**
 * Waits, and ends early when the execution is cancelled: the caller's next request then throws. In slices, because n8n's
 * `sleep` cannot be interrupted and nodes may not use timers of their own.
 */
export async function pause(ms: number, signal?: AbortSignal): Promise<void> {
	const end = Date.now() + ms;
	for (let left = ms; left > 0 && !signal?.aborted; left = end - Date.now()) {
		await sleep(Math.min(left, SLICE_MS));
	}
}
