import { pollIntervalMs } from '../../nodes/Imagen/jobs/poll.ts';

/** The moments, in seconds from the start of a wait, at which Wait looks. */
export function looksUntil(seconds: number): number[] {
	const looks = [0];
	for (let look = 1; ; look++) {
		const next = looks[look - 1] + pollIntervalMs(look) / 1000;
		if (next > seconds) return looks;
		looks.push(next);
	}
}
