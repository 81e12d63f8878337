/** Runs work to its outcome, good or bad, for callers that decide by the error what to do next. */
export async function settle<R>(work: () => Promise<R>): Promise<PromiseSettledResult<R>> {
	const [outcome] = await Promise.allSettled([work()]);
	return outcome;
}

/**
 * Works through a list, at most `atOnce` entries at a time, and gives each one's outcome in the list's order. One failure
 * does not stop the others; a cancelled execution starts no more.
 */
export async function settleWithConcurrency<T, R>(
	list: readonly T[],
	atOnce: number,
	work: (entry: T) => Promise<R>,
	signal?: AbortSignal,
): Promise<Array<PromiseSettledResult<R>>> {
	const outcomes = new Array<PromiseSettledResult<R>>(list.length);
	let next = 0;

	async function worker() {
		while (next < list.length) {
			const index = next++;
			outcomes[index] = await settle(async () => {
				signal?.throwIfAborted();
				return await work(list[index]);
			});
		}
	}

	await Promise.all(Array.from({ length: Math.min(atOnce, list.length) }, worker));
	return outcomes;
}
