import { withRetry, type Retry } from '../api/retry';
import { settle } from '../api/settle';
import { isRateLimited, type Failure } from '../errors/failure';
import { ImagenApiError } from '../errors/imagenErrors';
import { Limiter } from './limiter';

/**
 * A small file takes four round trips, as each has a connection of its own: so many at once make up for 100 ms of them. Measured, with the
 * memory that they take: bench/throughput.md.
 */
const MOST_FILES = 128;
/** Requests to an API, which may count them. */
const MOST_REQUESTS = 32;

/** How many entries of a list are worked on at the same time. */
export interface Parallel<T> {
	/** As the user has set it, from 1 on. If left out, as many as their sizes allow. */
	most?: number;
	/** The bytes of an entry that is a file, where they are known by the time that it is begun; left out for requests. */
	bytesOf?: (entry: T) => number | undefined;
}

/**
 * Works through a list, several entries at a time, and gives each one's outcome in the list's order. One failure does not stop the
 * others; a cancelled execution starts no more. As many are under way as their sizes allow; where the other side answers 429 or
 * 503, half as many, and slowly more again.
 *
 * @param work is given what repeats its attempts: only there is it noticed that the other side asks for fewer
 */
export async function settleInParallel<T, R>(
	list: readonly T[],
	{ most, bytesOf }: Parallel<T>,
	work: (entry: T, retry: Retry) => Promise<R>,
	signal?: AbortSignal,
): Promise<Array<PromiseSettledResult<R>>> {
	const outcomes = new Array<PromiseSettledResult<R>>(list.length);
	const limiter = new Limiter(most ?? (bytesOf ? MOST_FILES : MOST_REQUESTS), most !== undefined);
	const sizeOf = bytesOf ?? (() => 0);
	const begun = new Set<Promise<void>>();
	// What waits for another try counts as well: it goes before what has not begun.
	const canBegin = (entry: T) => begun.size < limiter.limit && limiter.hasCapacity(sizeOf(entry));
	for (const [index, entry] of list.entries()) {
		while (begun.size > 0 && !canBegin(entry)) await Promise.race(begun);
		const slot = new Slot(limiter, sizeOf(entry), signal);
		const run = (async () => {
			await slot.acquire();
			outcomes[index] = await settle(async () => {
				signal?.throwIfAborted();
				return await work(entry, slot.retry);
			});
			slot.release();
		})().finally(() => begun.delete(run));
		begun.add(run);
	}
	await Promise.all(begun);
	return outcomes;
}

/** The place of one entry among those that are under way. It is free while the entry waits because it was rate limited. */
class Slot {
	/** Of the limiter; undefined while the place is free. */
	#turn?: number;

	constructor(
		private readonly limiter: Limiter,
		private readonly bytes: number | undefined,
		private readonly signal?: AbortSignal,
	) {}

	async acquire(): Promise<number> {
		return (this.#turn ??= await this.limiter.acquire(this.bytes));
	}

	release(): void {
		if (this.#turn === undefined) return;
		this.#turn = undefined;
		this.limiter.release(this.bytes);
	}

	/**
	 * Repeats an attempt as `withRetry` does. One that is rate limited acquires its place again before the next try, and does not
	 * count as a try as long as others succeed. So each ends: there are only so many others.
	 */
	retry: Retry = async (attempt, mayRepeat = () => true) => {
		const { limiter } = this;
		let successes = limiter.successes;
		const haveOthersSucceeded = () => successes < (successes = limiter.successes);
		return await withRetry(async () => await this.#attempt(attempt), this.signal, {
			mayRepeat: (failure) => mayRepeat(failure) && !(isRateLimited(failure) && limiter.isGivenUp),
			countsAsTry: (failure) => !isRateLimited(failure) || !haveOthersSucceeded(),
		}).catch((error: unknown) => {
			if (isRateLimitError(error)) limiter.recordGivenUp();
			throw error;
		});
	};

	async #attempt<T>(attempt: () => Promise<T>): Promise<T> {
		const turn = await this.acquire();
		const outcome = await settle(attempt);
		if (outcome.status === 'fulfilled') {
			this.limiter.recordSuccess();
			return outcome.value;
		}
		if (isRateLimitError(outcome.reason)) {
			this.limiter.recordRateLimit(turn);
			this.release();
		}
		throw outcome.reason;
	}
}

const isRateLimitError = (error: unknown): error is { failure: Failure } =>
	error instanceof ImagenApiError && isRateLimited(error.failure);
