import { setTimeout as sleep } from 'node:timers/promises';
import { passTimeBy, pauses } from '../support/clock.ts';

export { pauses };

/** How long the nodes wait for an answer, and for the next bytes of a transfer, in milliseconds. */
export const timeouts = { api: 30_000, idle: 30_000 };

const realNow = Date.now;
let aheadMs = 0;
// Time never goes back: the sandbox and its tools live by the same clock.
Date.now = () => realNow() + aheadMs;

/** Lets minutes pass between two runs. */
export function advanceMinutes(minutes: number): void {
	aheadMs += minutes * 60_000;
}

export function clearPauses(): void {
	pauses.length = 0;
}

// A thousandth of a pause is real, so that the sandbox gets on with its work meanwhile.
passTimeBy(async (ms) => {
	aheadMs += ms;
	await sleep(ms / 1000);
});

jest.mock('../../nodes/Imagen/api/limits', () => ({
	get API_TIMEOUT_MS() {
		return timeouts.api;
	},
	get RETOUCH_TIMEOUT_MS() {
		return timeouts.api;
	},
	get IDLE_TIMEOUT_MS() {
		return timeouts.idle;
	},
	/** Five megabytes are enough to see how a photo is uploaded in parts. */
	PART_BYTES: 5 * 1024 * 1024,
}));
