import { setTimeout as sleep } from 'node:timers/promises';

/** Latency and bandwidth of the way to a server. */
export interface NetworkConditions {
	/** The time for a small packet to go there and back. */
	roundTripMs: number;
	/** The bandwidth that all connections share; no limit if left out. */
	megabytesPerSecond?: number;
}

/** Timers are not exact enough for shorter delays. They are not lost: the next bytes wait for them. */
const SHORTEST_WAIT_MS = 4;

/** Delays bytes until a network with these conditions would have carried them. */
export class EmulatedNetwork {
	#freeAt = 0;

	constructor(readonly conditions: NetworkConditions) {}

	/** Waits for one round trip. */
	async roundTrip(): Promise<void> {
		if (this.conditions.roundTripMs > 0) await sleep(this.conditions.roundTripMs);
	}

	/** Milliseconds that these bytes wait for those before them; 0 if they may go at once. */
	delayOf(bytes: number): number {
		if (this.conditions.megabytesPerSecond === undefined) return 0;
		const now = performance.now();
		this.#freeAt = Math.max(this.#freeAt, now) + bytes / (this.conditions.megabytesPerSecond * 1000);
		const delay = this.#freeAt - now;
		return delay < SHORTEST_WAIT_MS ? 0 : delay;
	}
}
