import { setTimeout as sleep } from 'node:timers/promises';

/** How long the nodes bear silence, in milliseconds. */
export const patience = { api: 30_000, idle: 30_000 };

/** The nodes' pauses since the last `forgetPauses`, in seconds. */
export const pauses: number[] = [];

const realNow = Date.now;
let ahead = 0;
// It goes on and never back: the sandbox and its tools live by the same clock.
Date.now = () => realNow() + ahead;

/** Lets minutes pass between two runs. */
export function passMinutes(minutes: number): void {
	ahead += minutes * 60_000;
}

export function forgetPauses(): void {
	pauses.length = 0;
}

jest.mock('../../nodes/Imagen/api/pause', () => ({
	/** A thousand times as fast, so that the sandbox gets on with its work meanwhile. */
	async pause(ms: number, signal?: AbortSignal) {
		if (signal?.aborted) return;
		pauses.push(ms / 1000);
		ahead += ms;
		await sleep(ms / 1000);
	},
}));

jest.mock('../../nodes/Imagen/api/limits', () => ({
	get API_TIMEOUT_MS() {
		return patience.api;
	},
	get RETOUCH_TIMEOUT_MS() {
		return patience.api;
	},
	get IDLE_TIMEOUT_MS() {
		return patience.idle;
	},
	/** Five megabytes are enough to see how a photo goes up in parts. */
	PART_BYTES: 5 * 1024 * 1024,
}));
