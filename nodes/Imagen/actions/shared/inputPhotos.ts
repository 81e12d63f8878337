import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import type { ProjectRef } from '../../api/projectRef';
import { hasUnknownOutcome, ImagenOperationError } from '../../errors/imagenErrors';
import { isTakenOver, recordUpload, uploadedNames } from '../../jobs/ledger';
import { PARALLEL_TRANSFERS } from '../../transfer/concurrency';
import { planUpload, type Finding, type IfNamesRepeat, type UploadPlan } from '../../transfer/plan';
import { readPhoto, type Photo } from '../../transfer/sources';
import { uploadPhotos, type UploadOptions, type UploadOutcome } from '../../transfer/upload';
import { aggregateError, failedPart, findingOf } from './aggregateError';
import type { ItemError } from './items';

/** Where the photos are in the input. */
export const inputBinaryField: INodeProperties = {
	displayName: 'Input Binary Field',
	name: 'binaryPropertyName',
	type: 'string',
	default: 'data',
	required: true,
	placeholder: 'e.g. data',
	hint: 'Its name, as the Binary tab of the input shows it',
	description:
		'Which binary fields of the input items hold the photos. Separate several names with commas, or enter * for all fields of each item.',
};

export const ifNamesRepeatOption: INodeProperties = {
	displayName: 'If Names Repeat',
	name: 'ifNamesRepeat',
	type: 'options',
	options: [
		{
			name: 'Fail',
			value: 'fail',
			description: 'Stop before anything is uploaded, and name the photos',
		},
		{
			name: 'Make Unique',
			value: 'makeUnique',
			description: 'Upload them with a number after the name, as IMG_1-2.NEF',
		},
	],
	default: 'fail',
	description:
		'What to do with photos of the same name in one project, such as those of two memory cards. The ending does not count: the results of IMG_1.NEF and IMG_1.DNG would overwrite each other.',
};

export const parallelUploadsOption: INodeProperties = {
	displayName: 'Parallel Uploads',
	name: 'parallelUploads',
	type: 'number',
	typeOptions: { minValue: 1, maxValue: 20 },
	default: PARALLEL_TRANSFERS,
	description: 'How many photos are on their way at the same time',
};

export const verifyMd5Option: INodeProperties = {
	displayName: 'Verify With MD5',
	name: 'verifyMd5',
	type: 'boolean',
	default: false,
	description:
		'Whether the storage checks each photo against its MD5 digest and refuses what arrives altered. Reads each photo twice.',
};

/** What the options above hold. */
export interface PhotoOptions extends Partial<UploadOptions> {
	ifNamesRepeat?: IfNamesRepeat;
}

/** How to upload, with what is not set. */
export function uploadOptions({ parallelUploads, verifyMd5 }: PhotoOptions): UploadOptions {
	return { parallelUploads: parallelUploads ?? PARALLEL_TRANSFERS, verifyMd5: verifyMd5 ?? false };
}

/**
 * Uploads the photos that have not arrived in an earlier try of this run of the node; those that have are there.
 *
 * @param isAfterEdit whether an edit of the project has been sent already
 * @returns each photo's outcome, in the order given
 */
export async function uploadMissing(
	context: IExecuteFunctions,
	project: ProjectRef,
	photos: Photo[],
	options: UploadOptions,
	isAfterEdit = false,
): Promise<UploadOutcome[]> {
	const uploaded = uploadedNames(context, project, 'thisRun');
	const missing = photos.filter(({ fileName }) => !uploaded.has(fileName));
	const outcomes = await recordUpload(context, project, isAfterEdit, async (arrived, unclear) => {
		const onUploaded = async (photo: Photo) => {
			await arrived(photo);
			await options.onUploaded?.(photo);
		};
		const ended = await uploadPhotos(context, project, missing, { ...options, onUploaded });
		for (const { photo, error } of ended) if (hasUnknownOutcome(error)) await unclear(photo);
		return ended;
	});
	const byPhoto = new Map(outcomes.map((outcome) => [outcome.photo, outcome]));
	return photos.map((photo) => byPhoto.get(photo) ?? { photo });
}

/** The photos in the chosen binary fields of an item. @throws NodeOperationError when it lacks one of them */
async function photosOfItem(context: IExecuteFunctions, itemIndex: number): Promise<Photo[]> {
	const photos: Photo[] = [];
	for (const field of binaryFields(context, itemIndex)) {
		photos.push(await readPhoto(context, itemIndex, field));
	}
	return photos;
}

function binaryFields(context: IExecuteFunctions, itemIndex: number): string[] {
	const names = String(context.getNodeParameter('binaryPropertyName', itemIndex) ?? '').trim();
	if (names === '*') return Object.keys(context.getInputData()[itemIndex].binary ?? {});
	const fields = names
		.split(',')
		.map((name) => name.trim())
		.filter(Boolean);
	if (fields.length > 0) return [...new Set(fields)];
	throw new ImagenOperationError(
		context,
		"'Input Binary Field' is empty",
		'Enter the name of the binary field that holds the photo, such as data, or * for all of an item.',
		itemIndex,
	);
}

/** A photo in an output. `original_file_name` is there where it was renamed to be unique. */
export function photoJson({ fileName, originalFileName, bytes }: Photo): IDataObject {
	return {
		file_name: fileName,
		...(fileName !== originalFileName && { original_file_name: originalFileName }),
		bytes,
	};
}

/** How many bytes photos have together. */
export function totalBytes(photos: Photo[]): number {
	return photos.reduce((sum, { bytes }) => sum + bytes, 0);
}

/** The items that photos came in, each once. */
export function itemsOf(photos: Photo[]): number[] {
	return [...new Set(photos.map(({ itemIndex }) => itemIndex))];
}

/** Something that is wrong with a photo of the input, before anything is sent. */
export interface PhotoFinding {
	error: ItemError;
	/** Where the photo could be read. */
	fileName?: string;
}

/** The photos of these items, and what is wrong with those that cannot be read. */
export async function photosOfItems(
	context: IExecuteFunctions,
	itemIndexes: number[],
): Promise<{ photos: Photo[]; findings: PhotoFinding[] }> {
	const photos: Photo[] = [];
	const findings: PhotoFinding[] = [];
	for (const itemIndex of itemIndexes) {
		const error = await findingOf(context, itemIndex, async () => {
			photos.push(...(await photosOfItem(context, itemIndex)));
		});
		if (error) findings.push({ error });
	}
	const isEmpty = photos.length === 0 && findings.length === 0;
	return { photos, findings: isEmpty ? [{ error: nothingToUpload(context, itemIndexes[0]) }] : findings };
}

/**
 * Checks the photos that are meant for one project.
 *
 * @param taken names of photos that were uploaded to it before
 * @returns those that can be uploaded, and what is wrong with the others
 */
export function checkPhotos(
	context: IExecuteFunctions,
	photos: Photo[],
	{ ifNamesRepeat = 'fail' }: PhotoOptions,
	taken?: Iterable<string>,
): Pick<UploadPlan, 'imageType' | 'photos'> & { findings: PhotoFinding[] } {
	const plan = planUpload(photos, ifNamesRepeat, taken);
	const findings = plan.findings.map((finding) => ({
		error: cannotUpload(context, finding),
		fileName: finding.photo.fileName,
	}));
	return { ...plan, findings };
}

function cannotUpload(context: IExecuteFunctions, { photo, problem, remedy }: Finding) {
	return new ImagenOperationError(
		context,
		`'${photo.fileName || photo.field}' ${problem}`,
		remedy,
		photo.itemIndex,
	);
}

function nothingToUpload(context: IExecuteFunctions, itemIndex: number) {
	return new ImagenOperationError(
		context,
		'There is no photo to upload',
		"The items hold no files. Put a node before this one that gets the files, not only their names, and check 'Input Binary Field'.",
		itemIndex,
	);
}

/** @throws NodeOperationError where another execution goes on in a project that this one had created and left empty for too long */
export function requireOwnProject(context: IExecuteFunctions, project: ProjectRef, itemIndex?: number): void {
	if (!isTakenOver(context, project)) return;
	throw new ImagenOperationError(
		context,
		`Another execution has taken over the project ${project.uuid}, because it was still empty`,
		"Nothing was uploaded. Run the workflow again, with another project name or with 'If Name Exists' set to Use Existing.",
		itemIndex,
	);
}

/** A photo that did not arrive. */
export type FailedUpload = Required<UploadOutcome>;

export function failedUploads(outcomes: UploadOutcome[]): FailedUpload[] {
	return outcomes.filter((outcome): outcome is FailedUpload => outcome.error !== undefined);
}

/** The error that names every photo that did not arrive. */
export function notAllUploaded(
	context: IExecuteFunctions,
	projectUuid: string,
	failed: FailedUpload[],
	total: number,
	remedy = 'Run the workflow from this node on again.',
) {
	const arrived = total - failed.length;
	return aggregateError(context, {
		message: `${failed.length} of ${total} photos could not be uploaded to project ${projectUuid}`,
		done: [`${arrived > 0 ? `The other ${arrived} are there. ` : ''}No edit was started. ${remedy}`],
		failures: failed.map(({ photo, error }) => failedPart(error, photo.itemIndex)),
	});
}
