import type { IDataObject, IExecuteFunctions, INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { projectLabel, type ProjectRef } from '../../api/projectRef';
import { cancelSignalOf } from '../../api/request';
import { fileNameIn, hasUnknownOutcome, ImagenOperationError } from '../../errors/imagenErrors';
import { counted, firstOf, quantity, quotedName, theOthers } from '../../errors/lists';
import { isTakenOver, recordUpload, uploadedNames } from '../../jobs/ledger';
import {
	photoTypeOf,
	planUpload,
	type Finding,
	type PlanOptions,
	type SkippedFile,
	type UploadedBefore,
	type UploadPlan,
} from '../../transfer/plan';
import { settleInParallel } from '../../transfer/concurrency';
import type { Photo } from '../../transfer/sources';
import { uploadPhotos, type UploadOptions, type UploadOutcome } from '../../transfer/upload';
import { aggregateError, type FailedPart } from './aggregateError';
import { noFile } from './filesBefore';
import { showHint } from './hints';
import { itemError, type ItemError } from './items';
import { isFromLinks, photosOfItem } from './photosFrom';

/** What to do with photos of one name. */
export const ifNamesRepeatOption: INodeProperties = {
	displayName: 'If Names Repeat',
	name: 'ifNamesRepeat',
	type: 'options',
	options: [
		{
			name: 'Fail',
			value: 'fail',
			description: 'Stop before anything is uploaded, and list the photos',
		},
		{
			name: 'Make Unique',
			value: 'makeUnique',
			description: 'Upload them with a number after the name, such as IMG_1-2.NEF',
		},
	],
	default: 'fail',
	description:
		"What to do with photos that have the same name in one project, such as from two memory cards. The extension doesn't count, because the results of IMG_1.NEF and IMG_1.DNG would overwrite each other.",
};

/** What to do with sidecars, videos and what else lies beside photos. */
export const ifNotPhotoOption: INodeProperties = {
	displayName: 'If Not a Photo',
	name: 'ifNotPhoto',
	type: 'options',
	options: [
		{ name: 'Fail', value: 'fail', description: 'Stop before anything is uploaded, and list the files' },
		{ name: 'Skip', value: 'skip', description: 'Leave them out, and list them in the output' },
	],
	default: 'skip',
	description:
		"What to do with files that Imagen doesn't edit, such as sidecars, videos and hidden system files",
};

/** What to do with RAW and JPEG photos together. @param more choices of one operation */
export const ifMixedOption = (...more: INodePropertyOptions[]): INodeProperties => ({
	displayName: 'If Mixed',
	name: 'ifMixed',
	type: 'options',
	options: [
		{ name: 'Fail', value: 'fail', description: 'Stop before anything is uploaded' },
		{ name: 'JPEG Only', value: 'jpegOnly', description: 'Leave the RAW photos out' },
		{
			name: 'RAW Only',
			value: 'rawOnly',
			description: 'Leave the JPEG photos out, such as those of RAW+JPEG pairs',
		},
		...more,
	],
	default: 'fail',
	description: 'What to do with RAW and JPEG photos together. A project takes one kind only.',
});

/** How many photos are uploaded at the same time. */
export const parallelUploadsOption: INodeProperties = {
	displayName: 'Parallel Uploads',
	name: 'parallelUploads',
	type: 'number',
	typeOptions: { minValue: 1, maxValue: 128, numberPrecision: 0 },
	default: 5,
	description:
		'How many photos to upload at the same time. Without this option, it depends on their sizes: 10 large photos, up to 128 small ones.',
};

/** Whether the storage checks each photo that arrives. */
export const verifyMd5Option: INodeProperties = {
	displayName: 'Verify With MD5',
	name: 'verifyMd5',
	type: 'boolean',
	default: true,
	description:
		"Whether Imagen's storage compares each photo with its MD5 digest and refuses photos that don't match. Each photo is read twice.",
};

/** What the options above hold. */
export interface PhotoOptions extends Partial<UploadOptions>, Partial<PlanOptions> {}

/** How to upload, with what is not set. */
export function uploadOptions({ parallelUploads, verifyMd5 }: Partial<UploadOptions>): UploadOptions {
	return { parallelUploads, verifyMd5: verifyMd5 ?? false };
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

/** The items whose parameters hold for files together: those with photos, judging by the names. @param otherwise where there are none */
export function itemsWithPhotos(files: Photo[], otherwise: number[]): number[] {
	const items = itemsOf(files.filter(({ fileName }) => photoTypeOf(fileName) !== undefined));
	return items.length > 0 ? items : otherwise;
}

/** Something that is wrong with a photo of the input, before anything is sent. */
export interface PhotoFinding extends FailedPart<ItemError> {
	/** The photos that it is about, or the items whose photo could not be read. */
	places: Array<{ itemIndex: number; fileName?: string }>;
}

/** The photos of these items, and what is wrong with those that cannot be read. */
export async function photosOfItems(
	context: IExecuteFunctions,
	itemIndexes: number[],
): Promise<{ photos: Photo[]; findings: PhotoFinding[] }> {
	const photos: Photo[] = [];
	const findings: PhotoFinding[] = [];
	const outcomes = await settleInParallel(
		itemIndexes,
		{},
		async (itemIndex) => await photosOfItem(context, itemIndex),
	);
	for (const [index, outcome] of outcomes.entries()) {
		const itemIndex = itemIndexes[index];
		if (outcome.status === 'fulfilled') photos.push(...outcome.value);
		else findings.push(unread(context, outcome.reason, itemIndex));
	}
	if (photos.length === 0 && findings.length === 0) {
		const places = itemIndexes.map((itemIndex) => ({ itemIndex }));
		findings.push({ error: noFile(context, itemIndexes[0]), places });
	}
	return { photos, findings };
}

/** Looks at the photos that lie behind links. @returns those that are there, and what is wrong with the others */
export async function lookAtPhotos(
	context: IExecuteFunctions,
	photos: Photo[],
	{ parallelUploads }: PhotoOptions,
): Promise<{ photos: Photo[]; findings: PhotoFinding[] }> {
	const outcomes = await settleInParallel(
		photos,
		{ most: parallelUploads },
		async (photo, retry) => ({ ...photo, bytes: (await photo.source.look?.(retry)) ?? photo.bytes }),
		cancelSignalOf(context),
	);
	const findings = outcomes.flatMap((outcome, index) =>
		outcome.status === 'rejected' ? [unread(context, outcome.reason, photos[index].itemIndex)] : [],
	);
	return {
		photos: outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : [])),
		findings,
	};
}

function unread(context: IExecuteFunctions, reason: unknown, itemIndex: number): PhotoFinding {
	const error = itemError(context, reason, itemIndex);
	return { error, places: [{ itemIndex, fileName: fileNameIn(error) }] };
}

/** What becomes of the files that are meant for one project. */
export interface CheckedPhotos extends Pick<UploadPlan, 'imageType' | 'photos' | 'skipped'> {
	/** What is wrong with the others. */
	findings: PhotoFinding[];
}

/**
 * Checks the files that are meant for one project.
 *
 * @param whose names the project in an error
 * @param canSplit whether RAW and JPEG photos could become two projects
 */
export function checkPhotos(
	context: IExecuteFunctions,
	files: Photo[],
	{ ifMixed = 'fail', ifNamesRepeat = 'fail', ifNotPhoto = 'skip' }: PhotoOptions,
	{ whose = '', canSplit, ...before }: UploadedBefore & { whose?: string; canSplit?: boolean } = {},
): CheckedPhotos {
	const plan = planUpload(files, { ifMixed, ifNamesRepeat, ifNotPhoto, canSplit }, before);
	const findings = plan.findings.map((finding) => toFinding(context, finding));
	const isNothingLeft = plan.photos.length === 0 && findings.length === 0 && files.length > 0;
	if (isNothingLeft) findings.push({ error: nothingButSkipped(context, plan.skipped, whose), places: files });
	return { ...plan, findings };
}

function toFinding(context: IExecuteFunctions, { photos, message, aside, remedy }: Finding): PhotoFinding {
	const [{ itemIndex, fileName, field }, ...others] = photos;
	const error =
		others.length > 0
			? new ImagenOperationError(context, message, remedy)
			: new ImagenOperationError(context, message, remedy, itemIndex, fileName || field);
	return { error, places: photos, aside };
}

function nothingButSkipped(context: IExecuteFunctions, skipped: SkippedFile[], whose: string) {
	const { itemIndex } = skipped[0].photo;
	const where = isFromLinks(context, itemIndex) ? 'File Name' : 'Input Binary Field';
	return new ImagenOperationError(
		context,
		`There are no photos to upload${whose && ` to ${whose}`}, because ${skippedText(skipped)}`,
		`Add a node before this one that gets RAW or JPEG photos, and check '${where}' and 'If Mixed'.`,
		itemIndex,
	);
}

/** Such as `2 files were skipped: 'notes.txt' (a .txt file, which Imagen does not edit), '.DS_Store' (a hidden file)`. */
function skippedText(skipped: SkippedFile[]): string {
	const names = skipped.map(
		({ photo, reason }) => `${quotedName(photo.fileName || photo.field)} (${reason})`,
	);
	return `${quantity(skipped.length, 'file')} ${skipped.length === 1 ? 'was' : 'were'} skipped: ${firstOf(names)}`;
}

/** Says at the node's output which files were left out. */
export function hintAtSkipped(context: IExecuteFunctions, skipped: SkippedFile[]): void {
	if (skipped.length > 0) showHint(context, `${skippedText(skipped)}.`);
}

/** The files that were left out, for an output; nothing where there are none. */
export function skippedJson(skipped: SkippedFile[]): IDataObject {
	if (skipped.length === 0) return {};
	const entries = skipped.map(({ photo, reason }) => ({
		file_name: photo.fileName,
		item: photo.itemIndex,
		reason,
	}));
	return { skipped: entries };
}

/**
 * @param remedy what to do first
 * @throws NodeOperationError where another execution goes on in a project that this one had created and left empty for too long
 */
export function requireNotTakenOver(
	context: IExecuteFunctions,
	project: ProjectRef,
	remedy: string,
	itemIndex?: number,
): void {
	if (!isTakenOver(context, project)) return;
	throw new ImagenOperationError(
		context,
		`Another execution took over project ${projectLabel(project)}, because it was still empty`,
		`${remedy} Nothing was uploaded.`,
		itemIndex,
	);
}

/** The same, for a node that has created the project itself. */
export const requireOwnProject = (context: IExecuteFunctions, project: ProjectRef): void =>
	requireNotTakenOver(
		context,
		project,
		"Run the workflow again with another project name, or with 'If Name Exists' set to Use Existing.",
	);

/** A photo that did not arrive. */
export type FailedUpload = Required<UploadOutcome>;

/** The photos that did not arrive. */
export function failedUploads(outcomes: UploadOutcome[]): FailedUpload[] {
	return outcomes.filter((outcome): outcome is FailedUpload => outcome.error !== undefined);
}

/** Photos that did not arrive, for an error or a hint about several. */
export const uploadFailures = (failed: FailedUpload[]): FailedPart[] =>
	failed.map(({ photo: { itemIndex, fileName }, error }) => ({ error, itemIndex, fileName }));

/** The error that names every photo that did not arrive. */
export function notAllUploaded(
	context: IExecuteFunctions,
	project: ProjectRef,
	failed: FailedUpload[],
	total: number,
	remedy = 'Run this node again (Execute step).',
) {
	const arrived = total - failed.length;
	const others = arrived > 0 ? `${theOthers(arrived)} uploaded. ` : '';
	return aggregateError(context, {
		message: `${counted(failed.length)} of ${counted(total)} photos could not be uploaded to project ${projectLabel(project)}`,
		nextSteps: [remedy],
		done: [
			failed.length === 1
				? `${others}No edit of project ${projectLabel(project)} was started or billed.`
				: `${others}No edit was started or billed.`,
		],
		failures: uploadFailures(failed),
	});
}
