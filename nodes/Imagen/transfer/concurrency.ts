import { settle } from '../api/settle';

/** How many files are on their way at the same time, unless the user sets it. */
export const PARALLEL_TRANSFERS = 5;

/**
 * Works through a list, at most so many entries at a time, and gives each one's outcome in the list's order. One failure does
 * not stop the others; a cancelled execution starts no more.
 *
 * @param concurrency a whole number from 1 on; anything else, as an expression may give it, counts as 1
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

	const workers = Math.min(Math.max(1, Math.floor(concurrency) || 1), list.length);
	await Promise.all(Array.from({ length: workers }, worker));
	return outcomes;
}
