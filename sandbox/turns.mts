/** Has work done one after the other, in the order in which it comes. */
export class Turns {
	#last: Promise<unknown> = Promise.resolve();

	/** Does work when all that came before has ended, however it ended. */
	async take<Result>(work: () => Promise<Result>): Promise<Result> {
		const turn = this.#last.then(work, work);
		this.#last = turn;
		return await turn;
	}

	/** Waits for the end of all that has come so far. */
	async ended(): Promise<void> {
		await this.#last.catch(() => undefined);
	}
}
