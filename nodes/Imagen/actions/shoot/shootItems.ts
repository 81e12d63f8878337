import type { IBinaryKeyData, IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import type { Job } from '../../api/endpoints';
import { projectJson, type ProjectRef } from '../../api/projectRef';
import { settle } from '../../api/settle';
import { resultNameJson, sourceJson } from '../../matching/origins';
import type { Photo } from '../../transfer/sources';
import { itemsOf, photoJson, skippedJson, totalBytes } from '../shared/inputPhotos';
import { errorItem, linkTo } from '../shared/items';
import type { BegunShoot } from './begin';
import { isFetched, type FetchedFile, type ShootFile } from './finish';
import { addHowToRunAgain } from './sameProject';
import type { CheckedShoot } from './shoots';

/** The name in outputs of what a job makes of a photo. */
const RESULT: Record<Job, 'edited' | 'exported'> = { edit: 'edited', export: 'exported' };

/** Takes each shoot a step further. One that fails stops the node, or goes to `failed` as error items. */
export async function eachShoot<From extends { shoot: CheckedShoot; project?: ProjectRef }, To>(
	context: IExecuteFunctions,
	shoots: From[],
	failed: INodeExecutionData[],
	step: (entry: From) => Promise<To> | To,
): Promise<To[]> {
	const done: To[] = [];
	for (const entry of shoots) {
		try {
			done.push(await step(entry));
		} catch (error) {
			failed.push(...failedShootItems(context, entry, error));
		}
	}
	return done;
}

/**
 * Takes all shoots a step further at the same time: none waits for another. Unless the node continues on fail, the first failure ends the steps
 * of the others.
 *
 * @param step is given the signal that ends it
 * @returns what became of them, in their order
 */
export async function shootsTogether<From extends { shoot: CheckedShoot; project?: ProjectRef }, To>(
	context: IExecuteFunctions,
	shoots: From[],
	failed: INodeExecutionData[],
	step: (entry: From, stop: AbortSignal) => Promise<To>,
): Promise<To[]> {
	const stop = new AbortController();
	let first: { entry: From; error: unknown } | undefined;
	const steps = shoots.map(async (entry) => {
		const outcome = await settle(async () => await step(entry, stop.signal));
		if (outcome.status === 'rejected' && !context.continueOnFail()) {
			first ??= { entry, error: outcome.reason };
			stop.abort();
		}
		return { entry, outcome };
	});
	const outcomes = await Promise.all(steps);
	if (first) failed.push(...failedShootItems(context, first.entry, first.error));
	return outcomes.flatMap(({ entry, outcome }) => {
		if (outcome.status === 'fulfilled') return [outcome.value];
		failed.push(...failedShootItems(context, entry, outcome.reason));
		return [];
	});
}

/** The error items of a shoot that failed. @throws the error, unless the node continues on fail */
function failedShootItems(
	context: IExecuteFunctions,
	{ shoot, project }: { shoot: CheckedShoot; project?: ProjectRef },
	error: unknown,
): INodeExecutionData[] {
	const known = project && projectJson(project);
	if (project) addHowToRunAgain(context, error, { shoot, project });
	const { itemIndexes, leftOut } = shoot;
	const withOwnError = new Set(leftOut.flatMap(({ places }) => places.map(({ itemIndex }) => itemIndex)));
	const others = itemIndexes.filter((item) => !withOwnError.has(item));
	return [
		...others.map((item) => errorItem(context, error, item, known)),
		...leftOutItems(context, shoot, known),
	];
}

/** One item per file, or one for the shoot with all of its files; without files always the latter. */
export function outputOf(
	context: IExecuteFunctions,
	begun: BegunShoot,
	files: ShootFile[],
): INodeExecutionData[] {
	const { shootOutput = 'file', outputBinaryField = 'data' } = begun.shoot.options;
	const items =
		shootOutput === 'shoot' || files.length === 0
			? [shootItem(begun, files, outputBinaryField)]
			: files.filter(isFetched).map((file) => fileItem(begun, file, outputBinaryField));
	// Once, and not in each of thousands of items.
	if (items.length > 0) Object.assign(items[0].json, failedJson(begun), skippedJson(begun.shoot.skipped));
	return [...items, ...errorItems(context, begun, files)];
}

function fileItem(begun: BegunShoot, file: FetchedFile, field: string): INodeExecutionData {
	const { photos, matchedBy } = file.match;
	return {
		json: {
			...shootJson(begun),
			result: RESULT[file.job],
			...resultNameJson(file.fileName, file.ownName),
			bytes: file.bytes,
			...sourceJson(photos),
			...(matchedBy && { matched_by: matchedBy }),
		},
		binary: { [field]: file.binary },
		pairedItem: linkTo(photos.length > 0 ? itemsOf(photos) : begun.shoot.itemIndexes),
	};
}

function shootItem(begun: BegunShoot, files: ShootFile[], field: string): INodeExecutionData {
	const { shoot, edit, failed } = begun;
	const fetched = files.filter(isFetched);
	const binary: IBinaryKeyData = Object.fromEntries(
		fetched.map((file, index) => [`${field}_${index}`, file.binary]),
	);
	return {
		json: {
			...shootJson(begun),
			image_type: shoot.imageType,
			...(shoot.profile && { profile_key: shoot.profile.profile_key }),
			status: files.length > 0 ? 'Completed' : edit.state.status,
			sent: edit.sent,
			number_of_photos: shoot.photos.length - failed.length,
			bytes: totalBytes(shoot.photos),
			photos: shoot.photos.map((photo) => photoEntry(photo, begun, fetched)),
			...(fetched.length > 0 && {
				files: fetched.map((file, index) => fileEntry(file, `${field}_${index}`)),
			}),
		},
		...(fetched.length > 0 && { binary }),
		pairedItem: linkTo(shoot.itemIndexes),
	};
}

/** The project in every output. */
const shootJson = ({ project }: BegunShoot): IDataObject => projectJson(project);

/** The photos that are edited without, where there are any. */
function failedJson({ shoot, failed }: BegunShoot): IDataObject {
	const leftOut = shoot.leftOut.flatMap(({ places }) => places.flatMap(({ fileName }) => fileName ?? []));
	const names = [...leftOut, ...failed.map(({ photo }) => photo.fileName)];
	return names.length > 0 ? { photos_failed: names } : {};
}

/** A photo with what was made of it. */
function photoEntry(photo: Photo, { failed }: BegunShoot, files: FetchedFile[]): IDataObject {
	const made = (job: Job) =>
		files
			.filter((file) => file.job === job && file.match.photos.includes(photo))
			.map(({ fileName }) => fileName);
	const failure = failed.find((upload) => upload.photo === photo);
	return {
		...photoJson(photo),
		item: photo.itemIndex,
		edited: made('edit'),
		exported: made('export'),
		...(failure && { failed: failure.error.message }),
	};
}

function fileEntry({ job, fileName, ownName, bytes, match }: FetchedFile, binaryField: string): IDataObject {
	return {
		result: RESULT[job],
		...resultNameJson(fileName, ownName),
		bytes,
		binary_field: binaryField,
		...sourceJson(match.photos),
		...(match.matchedBy && { matched_by: match.matchedBy }),
	};
}

/** Error items for the files that a shoot is edited without. */
function leftOutItems(
	context: IExecuteFunctions,
	{ leftOut }: CheckedShoot,
	known: IDataObject = {},
): INodeExecutionData[] {
	return leftOut.flatMap(({ error, places }) =>
		places.map(({ itemIndex, fileName }) =>
			errorItem(context, error, itemIndex, { ...known, ...(fileName && { file_name: fileName }) }),
		),
	);
}

/** For a node that continues on fail: the files that were left out, the photos that did not arrive, and the files that did not come. */
function errorItems(
	context: IExecuteFunctions,
	{ shoot, project, failed }: BegunShoot,
	files: ShootFile[],
): INodeExecutionData[] {
	if (!context.continueOnFail()) return [];
	const known = projectJson(project);
	const uploads = failed.map(({ photo, error }) =>
		errorItem(context, error, photo.itemIndex, { ...known, file_name: photo.fileName }),
	);
	const downloads = files.flatMap((file) => {
		if (isFetched(file)) return [];
		const [itemIndex] = [...itemsOf(file.match.photos), ...shoot.itemIndexes];
		return [errorItem(context, file.error, itemIndex, { ...known, file_name: file.fileName })];
	});
	return [...leftOutItems(context, shoot, known), ...uploads, ...downloads];
}
