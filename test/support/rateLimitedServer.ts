import type { INode } from 'n8n-workflow';

import { ImagenApiError } from '../../nodes/Imagen/errors/imagenErrors';
import { settled } from './clock';

/** Time that goes on only when everything waits for it. */
export class SimulatedTime {
	/** Milliseconds since the beginning. */
	now = 0;
	readonly #sleepers: Array<{ until: number; wake: () => void }> = [];

	sleep = async (ms: number): Promise<void> =>
		await new Promise((wake) => this.#sleepers.push({ until: this.now + ms, wake }));

	/** Lets time pass until the work is done. */
	async passUntil<T>(work: Promise<T>): Promise<T> {
		let isDone = false;
		void work.finally(() => (isDone = true));
		for (await settled(); !isDone; await settled()) this.#wakeNext();
		return await work;
	}

	#wakeNext(): void {
		this.#sleepers.sort((one, other) => one.until - other.until);
		const next = this.#sleepers.shift();
		if (!next) throw new Error('Everything waits, and nothing for time to pass');
		this.now = next.until;
		next.wake();
	}
}

/** How a server limits what it is sent. */
export interface Limits {
	/** How many files it takes at the same time; it refuses others with 503, as S3 does. */
	atOnce?: number;
	/** How many files it takes in each second; it refuses others with 429. */
	perSecond?: number;
	/** How long it takes for a file, in milliseconds. */
	eachMs: number;
}

/** How long it takes for a refusal. */
const REFUSAL_MS = 20;

/** A server that takes files, within its limits. */
export class RateLimitedServer {
	/** How often it was sent a file. */
	tries = 0;
	/** How often in each second. */
	readonly #taken = new Map<number, number>();
	#underWay = 0;

	constructor(
		private readonly time: SimulatedTime,
		private readonly limits: Limits,
	) {}

	/** @throws ImagenApiError where it refuses the file */
	async take(): Promise<void> {
		const { atOnce = Infinity, perSecond = Infinity, eachMs } = this.limits;
		const second = Math.floor(this.time.now / 1000);
		const taken = this.#taken.get(second) ?? 0;
		this.tries++;
		if (this.#underWay >= atOnce) return await this.#refuse(503);
		if (taken >= perSecond) return await this.#refuse(429);
		this.#taken.set(second, taken + 1);
		this.#underWay++;
		await this.time.sleep(eachMs);
		this.#underWay--;
	}

	async #refuse(statusCode: number): Promise<never> {
		await this.time.sleep(REFUSAL_MS);
		throw new ImagenApiError({ getNode: () => ({ name: 'Imagen AI' }) as INode }, 'upload it', {
			kind: 'answer',
			statusCode,
			message: 'Please reduce your request rate',
		});
	}
}

/** Numbers from 0 up to 1 that are the same in each run. */
export function seededRandom(seed: number): () => number {
	let state = seed;
	return () => {
		state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
		return state / 2 ** 32;
	};
}
