import { settleInParallel } from '../transfer/concurrency';
import { WINDOW_BYTES } from '../transfer/forwardReader';
import type { Photo } from '../transfer/sources';
import { matchBrackets, type Frame } from './brackets';
import { captureOf, type Capture } from './captureTime';
import { matchByName, type Match } from './names';

/** What was read of photos, for as long as they are known: their edits and their exports are matched one after the other. */
const captures = new WeakMap<Photo, Capture>();

/** Of a photo that cannot be read any more. */
const UNKNOWN: Capture = { takenAt: undefined, exposureMs: undefined };

/** What reading a photo may hold in memory: all of it where n8n keeps it there, else no more than the parts that are looked at. */
const bytesHeld = ({ bytes, source }: Photo) => (source.isSeekable ? Math.min(bytes, WINDOW_BYTES) : bytes);

/** Reads when photos were taken, for `matchResults` to know it when they can no longer be read. */
export async function rememberCaptures(
	photos: Photo[],
	{ most, signal }: { most?: number; signal?: AbortSignal } = {},
): Promise<void> {
	await settleInParallel(
		photos.filter((photo) => !captures.has(photo)),
		{ most, bytesOf: bytesHeld },
		async (photo, retry) => captures.set(photo, await retry(async () => await captureOf(photo))),
		signal,
	);
}

/**
 * Finds which photos each result was made from: by its name, or, of a merge, by when the frames were taken.
 *
 * @param areMerged whether several photos were merged into each result
 * @returns a match for each result, in the order of the results
 */
export async function matchResults(
	photos: Photo[],
	resultNames: string[],
	areMerged: boolean,
): Promise<Match[]> {
	return areMerged ? matchBrackets(await framesOf(photos), resultNames) : matchByName(photos, resultNames);
}

async function framesOf(photos: Photo[]): Promise<Frame[]> {
	await rememberCaptures(photos);
	return photos.map((photo) => ({ photo, ...(captures.get(photo) ?? UNKNOWN) }));
}
