import type { IExecuteFunctions } from 'n8n-workflow';

import { captureTimeOf } from '../../matching/captureTime';
import { originsOf, originsOfMerged, type Frame, type Origin } from '../../matching/match';
import type { Photo } from '../../transfer/sources';
import { toolsOf } from '../edit/editParameters';
import type { CheckedShoot } from './shoots';

/** Finds which photos of a shoot each result was made from; of a merge, by when the frames were taken. */
export async function traceResults(
	context: IExecuteFunctions,
	{ source, photos, itemIndexes: [itemIndex] }: CheckedShoot,
	resultNames: string[],
): Promise<Origin[]> {
	if (!toolsOf(context, itemIndex, source).hdrMerge) return originsOf(photos, resultNames);
	return originsOfMerged(await framesOf(context, photos), resultNames);
}

/** One after the other: reading waits for the disk. */
async function framesOf(context: IExecuteFunctions, photos: Photo[]): Promise<Frame[]> {
	const frames: Frame[] = [];
	for (const photo of photos) frames.push({ photo, takenAt: await captureTimeOf(context, photo) });
	return frames;
}
