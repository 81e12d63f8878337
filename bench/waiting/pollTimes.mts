import { pollIntervalMs } from '../../nodes/Imagen/jobs/poll.ts';

/** The moments, in seconds from the start of a wait, at which Wait polls. */
export function pollTimesUntil(seconds: number): number[] {
	const times = [0];
	for (let poll = 1; ; poll++) {
		const next = times[poll - 1] + pollIntervalMs(poll) / 1000;
		if (next > seconds) return times;
		times.push(next);
	}
}
