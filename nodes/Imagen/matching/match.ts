import type { IExecuteFunctions } from 'n8n-workflow';

import type { Photo } from '../transfer/sources';
import { matchBrackets, type Frame } from './brackets';
import { captureOf, type Capture } from './captureTime';
import { matchByName, type Match } from './names';

/** What was read of photos, for as long as they are known: their edits and their exports are matched one after the other. */
const captures = new WeakMap<Photo, Capture>();

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
	for (const photo of photos) frames.push({ photo, ...(await captureOnceOf(context, photo)) });
	return frames;
}

async function captureOnceOf(context: IExecuteFunctions, photo: Photo): Promise<Capture> {
	const capture = captures.get(photo) ?? (await captureOf(context, photo));
	captures.set(photo, capture);
	return capture;
}
