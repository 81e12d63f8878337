import { createHash } from 'node:crypto';

/** Chance that is the same for the same seed, whatever else happens at the same time. */
export class Dice {
	readonly #rolls = new Map<string, number>();

	readonly #seed: number;

	constructor(seed: number) {
		this.#seed = seed;
	}

	/** A number from 0 to below 1. Of what goes by one name, the first, the second and so on each have theirs. */
	roll(...name: Array<number | string>): number {
		const key = name.join(' ');
		const number = this.#rolls.get(key) ?? 0;
		this.#rolls.set(key, number + 1);
		const digest = createHash('sha256').update(`${this.#seed} ${key} ${number}`).digest();
		return digest.readUIntBE(0, 6) / 2 ** 48;
	}

	/** One of a list, the likelier the more it weighs. */
	choose<T>(list: T[], weightOf: (entry: T) => number, ...name: Array<number | string>): T {
		const total = list.reduce((sum, entry) => sum + weightOf(entry), 0);
		let left = this.roll('choose', ...name) * total;
		return list.find((entry) => (left -= weightOf(entry)) < 0) ?? list.at(-1)!;
	}
}
