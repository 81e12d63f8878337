import { settle } from '../api/settle';

/** How many files are on their way at the same time, unless the user sets it. */
export const PARALLEL_TRANSFERS = 5;

/**
 * Works through a list, at most so many entries at a time, and gives each one's outcome in the list's order. One failure does
 * not stop the others; a cancelled execution starts no more.
 */
export async function settleWithConcurrency<T, R>(
	list: readonly T[],
	concurrency: number,
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

	await Promise.all(Array.from({ length: Math.min(concurrency, list.length) }, worker));
	return outcomes;
}
