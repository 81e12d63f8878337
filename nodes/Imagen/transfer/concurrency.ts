import { settle } from '../api/settle';
import { statusCodeOf } from '../errors/imagenErrors';

/** How many are under way at the same time, by themselves: that many large files, or up to so many small ones. */
const FEWEST = 10;
/**
 * A small file takes four round trips, as each has a connection of its own: so many at once make up for 100 ms of them. Measured, with the
 * memory that they take: bench/throughput.md.
 */
const MOST_FILES = 128;
/** Requests to an API, which may count them. */
const MOST_REQUESTS = 32;

/** As many small files as have these bytes together. */
const BYTES_UNDER_WAY = 48 * 1024 * 1024;

/** How many entries of a list are worked on at the same time. */
export interface Parallel<T> {
	/** As the user has set it, from 1 on. If left out, as many as their sizes allow. */
	most?: number;
	/** The bytes of an entry that is a file, where they are known by the time that it is begun; left out for requests. */
	bytesOf?: (entry: T) => number | undefined;
}

/** Lets an attempt be known whether the other side asks for fewer requests at once. */
export type Watch = <R>(attempt: () => Promise<R>) => () => Promise<R>;

/**
 * Works through a list, several entries at a time, and gives each one's outcome in the list's order. One failure does not stop the
 * others; a cancelled execution starts no more. As many are under way as their sizes allow; where the other side answers 429 or
 * 503, half as many, and slowly more again.
 *
 * @param work is given what to wrap each attempt in
 */
export async function settleInParallel<T, R>(
	list: readonly T[],
	{ most, bytesOf }: Parallel<T>,
	work: (entry: T, watch: Watch) => Promise<R>,
	signal?: AbortSignal,
): Promise<Array<PromiseSettledResult<R>>> {
	const outcomes = new Array<PromiseSettledResult<R>>(list.length);
	const room = roomFor(most, bytesOf ? MOST_FILES : MOST_REQUESTS);
	const sizeOf = bytesOf ?? (() => 0);
	const underWay = new Set<Promise<void>>();
	for (const [index, entry] of list.entries()) {
		while (underWay.size > 0 && !room.has(sizeOf(entry))) await Promise.race(underWay);
		const place = room.take(sizeOf(entry));
		const run = (async () => {
			outcomes[index] = await settle(async () => {
				signal?.throwIfAborted();
				return await work(entry, place.watch);
			});
			place.leave(outcomes[index].status === 'fulfilled');
		})().finally(() => underWay.delete(run));
		underWay.add(run);
	}
	await Promise.all(underWay);
	return outcomes;
}

/** Of a file whose size is not known yet: as much as leaves room for few. */
const UNKNOWN_BYTES = BYTES_UNDER_WAY;

/** What is under way, and how much more may be. @param set by the user @param byItself where it is not set */
function roomFor(set: number | undefined, byItself: number) {
	const most = set ?? byItself;
	let limit = most;
	let begun = 0;
	let number = 0;
	let bytesUnderWay = 0;
	let halvedAt = 0;

	return {
		has(bytes = UNKNOWN_BYTES): boolean {
			if (number >= Math.floor(limit)) return false;
			return set !== undefined || number < FEWEST || bytesUnderWay + bytes <= BYTES_UNDER_WAY;
		},
		take(bytes = UNKNOWN_BYTES) {
			const turn = ++begun;
			number++;
			bytesUnderWay += bytes;
			return {
				watch:
					<R>(attempt: () => Promise<R>) =>
					async () =>
						await attempt().catch((error: unknown) => {
							// What was begun before the last halving says nothing of it.
							if (asksForFewer(error) && turn > halvedAt) {
								halvedAt = begun;
								limit = Math.max(1, limit / 2);
							}
							throw error;
						}),
				leave(isDone: boolean) {
					number--;
					bytesUnderWay -= bytes;
					// One more for as many as have come through.
					if (isDone) limit = Math.min(most, limit + 1 / limit);
				},
			};
		},
	};
}

/** Too many requests, or S3's `SlowDown`. */
const asksForFewer = (error: unknown) => [429, 503].includes(statusCodeOf(error) ?? 0);
