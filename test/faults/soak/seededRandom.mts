import { createHash } from 'node:crypto';

/**
 * Random numbers that depend on the seed and on a name, and on nothing else: what happens at the same time under other names
 * does not change them.
 */
export class SeededRandom {
	readonly #drawn = new Map<string, number>();

	readonly #seed: number;

	constructor(seed: number) {
		this.#seed = seed;
	}

	/** The next number under a name, from 0 to below 1. */
	next(...name: Array<number | string>): number {
		const key = name.join(' ');
		const number = this.#drawn.get(key) ?? 0;
		this.#drawn.set(key, number + 1);
		const digest = createHash('sha256').update(`${this.#seed} ${key} ${number}`).digest();
		return digest.readUIntBE(0, 6) / 2 ** 48;
	}

	/** Chooses an entry of a list, with a probability in proportion to its weight. */
	choose<T>(list: T[], weightOf: (entry: T) => number, ...name: Array<number | string>): T {
		const total = list.reduce((sum, entry) => sum + weightOf(entry), 0);
		let left = this.next('choose', ...name) * total;
		return list.find((entry) => (left -= weightOf(entry)) < 0) ?? list.at(-1)!;
	}
}
