import type { IExecuteFunctions } from 'n8n-workflow';

import { projectLabel, type ProjectRef } from '../../api/projectRef';
import { cancelSignalOf } from '../../api/request';
import { photosOfOthers, type UploadedPhoto } from '../../jobs/ledger';
import { settleInParallel } from '../../transfer/concurrency';
import type { UploadedBefore } from '../../transfer/plan';
import { fingerprintOf, type Photo } from '../../transfer/sources';
import type { PhotoOptions } from './inputPhotos';
import { addTo } from './items';

/** The photos of an input, of which those that are in a project already have the names that they have there. */
interface Recognized {
	files: Photo[];
	again: ReadonlySet<Photo>;
}

/**
 * Finds the photos that are in a project already, such as those of a workflow that is run again. Only photos of a name that is known there are
 * read. What can't be read counts as the same: why it can't, its upload says.
 *
 * @param earlier the photos that are known to be there
 */
export async function recognize(
	context: IExecuteFunctions,
	photos: Photo[],
	earlier: UploadedPhoto[],
	{ parallelUploads }: PhotoOptions,
): Promise<Recognized> {
	const unclaimed = new Map<string, UploadedPhoto[]>();
	for (const photo of earlier) addTo(unclaimed, photo.originalFileName ?? photo.fileName, photo);
	const known = photos.filter(({ originalFileName }) => unclaimed.has(originalFileName));
	const prints = await settleInParallel(
		known,
		{ most: parallelUploads },
		fingerprintOf,
		cancelSignalOf(context),
	);
	const again = new Set<Photo>();
	const nameThere = new Map<Photo, string>();
	for (const [index, photo] of known.entries()) {
		const print = prints[index];
		const ofName = unclaimed.get(photo.originalFileName) ?? [];
		const place = ofName.findIndex(
			({ fingerprint }) => print.status === 'rejected' || fingerprint === '' || fingerprint === print.value,
		);
		const [same] = place < 0 ? [] : ofName.splice(place, 1);
		if (same) nameThere.set(photo, same.fileName);
	}
	const files = photos.map((photo) => {
		const fileName = nameThere.get(photo);
		if (fileName === undefined) return photo;
		const file = { ...photo, fileName };
		again.add(file);
		return file;
	});
	return { files, again };
}

/** The same, with the names that the photos of other executions take in the project. */
export async function recognizeOthers(
	context: IExecuteFunctions,
	photos: Photo[],
	project: ProjectRef,
	options: PhotoOptions,
	ofThisExecution: UploadedPhoto[] = [],
): Promise<Recognized & UploadedBefore> {
	const others = photosOfOthers(context, project);
	const recognized = await recognize(context, photos, [...ofThisExecution, ...others], options);
	const fileNames = others.map(({ fileName }) => fileName);
	return { ...recognized, ofOthers: { fileNames, project: `project ${projectLabel(project)}` } };
}
