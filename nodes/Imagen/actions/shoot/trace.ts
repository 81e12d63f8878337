import type { IExecuteFunctions } from 'n8n-workflow';

import { captureTimeOf } from '../../matching/captureTime';
import { matchByName, matchBrackets, type Frame, type Match } from '../../matching/match';
import type { Photo } from '../../transfer/sources';
import { toolsOf } from '../edit/editParameters';
import type { CheckedShoot } from './shoots';

/** Finds which photos of a shoot each result was made from; of a merge, by when the frames were taken. */
export async function traceResults(
	context: IExecuteFunctions,
	{ editingFlow, photos, itemIndexes: [itemIndex] }: CheckedShoot,
	resultNames: string[],
): Promise<Match[]> {
	if (!toolsOf(context, itemIndex, editingFlow).hdrMerge) return matchByName(photos, resultNames);
	return matchBrackets(await framesOf(context, photos), resultNames);
}

/** One after the other: reading waits for the disk. */
async function framesOf(context: IExecuteFunctions, photos: Photo[]): Promise<Frame[]> {
	const frames: Frame[] = [];
	for (const photo of photos) frames.push({ photo, takenAt: await captureTimeOf(context, photo) });
	return frames;
}
