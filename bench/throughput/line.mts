import { setTimeout as sleep } from 'node:timers/promises';

/** The way to a server that is far away. */
export interface LineSpeed {
	/** Time for a small packet to go there and back. */
	roundTripMs: number;
	/** What all connections together carry; no limit if left out. */
	megabytesPerSecond?: number;
}

/** Shorter waits are not worth a timer: the next bytes make up for them. */
const SHORTEST_WAIT_MS = 4;

/** Holds up what would come earlier over a real line of this speed. */
export class Line {
	#freeAt = 0;

	constructor(readonly speed: LineSpeed) {}

	/** One way there and back. */
	async roundTrip(): Promise<void> {
		if (this.speed.roundTripMs > 0) await sleep(this.speed.roundTripMs);
	}

	/** How long these bytes have to wait for those before them, in milliseconds; 0 if they may go at once. */
	delayOf(bytes: number): number {
		if (this.speed.megabytesPerSecond === undefined) return 0;
		const now = performance.now();
		this.#freeAt = Math.max(this.#freeAt, now) + bytes / (this.speed.megabytesPerSecond * 1000);
		const delay = this.#freeAt - now;
		return delay < SHORTEST_WAIT_MS ? 0 : delay;
	}
}
