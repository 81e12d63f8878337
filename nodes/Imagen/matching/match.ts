import type { IExecuteFunctions } from 'n8n-workflow';

import type { Photo } from '../transfer/sources';
import { matchBrackets, type Frame } from './brackets';
import { captureTimeOf } from './captureTime';
import { matchByName, type Match } from './names';

/**
 * Finds which photos each result was made from: by its name, or, of a merge, by when the frames were taken.
 *
 * @param areMerged whether several photos were merged into each result
 * @returns a match for each result, in the order of the results
 */
export async function matchResults(
	context: IExecuteFunctions,
	photos: Photo[],
	resultNames: string[],
	areMerged: boolean,
): Promise<Match[]> {
	return areMerged
		? matchBrackets(await framesOf(context, photos), resultNames)
		: matchByName(photos, resultNames);
}

/** One after the other: reading waits for the disk. */
async function framesOf(context: IExecuteFunctions, photos: Photo[]): Promise<Frame[]> {
	const frames: Frame[] = [];
	for (const photo of photos) frames.push({ photo, takenAt: await captureTimeOf(context, photo) });
	return frames;
}
