import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { findDescription } from '../../api/projects';
import { projectJson, projectLabel, type ProjectRef } from '../../api/projectRef';
import { settle } from '../../api/settle';
import { isKnownStatus, isStarted, isSynonym, toStatus } from '../../api/status';
import { counted, firstOf, quantity } from '../../errors/lists';
import { isCreatedHere, isKnownFromStart, knownStart, uploadedNames } from '../../jobs/ledger';
import type { IfMixed } from '../../transfer/plan';
import type { Photo } from '../../transfer/sources';
import type { UploadOutcome } from '../../transfer/upload';
import { allFindings, countPlaces } from '../shared/aggregateError';
import { optionsField, projectField, editingFlowOption } from '../shared/fields';
import { warnIfFewPhotos } from '../shared/hints';
import {
	checkPhotos,
	failedUploads,
	hintAtCopies,
	hintAtSkipped,
	ifMixedOption,
	ifNamesRepeatOption,
	ifNotPhotoOption,
	itemsOf,
	itemsWithPhotos,
	lookAtPhotos,
	notAllUploaded,
	parallelUploadsOption,
	photoJson,
	photosOfItems,
	requireNotTakenOver,
	skippedJson,
	totalBytes,
	uploadMissing,
	uploadOptions,
	verifyMd5Option,
	type CheckedPhotos,
	type PhotoFinding,
	type PhotoOptions,
} from '../shared/inputPhotos';
import {
	forEachProject,
	projectsOfInput,
	type InputProject,
	type InputProjects,
} from '../shared/inputProjects';
import { countErrors, errorItem, itemError, linkTo } from '../shared/items';
import { recognizeOthers } from '../shared/knownPhotos';
import type { Operation } from '../shared/operation';
import { hintAtOtherFields, photosFromFields } from '../shared/photosFrom';
import { sharedParameter } from '../shared/sharedParameters';
import { sizeText, showSummary } from '../shared/summary';

interface Options extends Omit<PhotoOptions, 'ifMixed'> {
	uploadIfMixed?: IfMixed;
	uploadOutput?: 'photo' | 'project';
}

/** Upload photos */
export const uploadOperation: Operation = {
	name: 'Upload',
	action: 'Upload photos',
	description: 'Upload the photos of all input items to their project',
	fields: [
		projectField,
		...photosFromFields,
		optionsField(
			editingFlowOption,
			{ ...ifMixedOption(), name: 'uploadIfMixed' },
			ifNamesRepeatOption,
			ifNotPhotoOption,
			{
				displayName: 'Output',
				name: 'uploadOutput',
				type: 'options',
				options: [
					{ name: 'One Item per Photo', value: 'photo', description: 'To follow each photo on its own' },
					{ name: 'One Item per Project', value: 'project', description: 'With a list of its photos' },
				],
				default: 'project',
				description: 'What the node returns',
			},
			parallelUploadsOption,
			verifyMd5Option,
		),
	],
	execute,
};

/** Uploads all photos of the input, of one project or several. */
async function execute(this: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const begunAt = Date.now();
	const uploaded: Photo[] = [];
	const edited: ProjectRef[] = [];
	// A mistake in the last project is found before the first photo leaves.
	const input = await checkedUploads(this, await projectsOfInput(this));
	const uploads = input.projects;
	hintAtOtherFields(this);

	const items = await forEachProject(this, input, async (upload) => {
		const { photos, rejected, options } = upload;
		const isAfterEdit = photos.length > 0 && !isCreatedHere(this, upload) && (await wasEdited(this, upload));
		const outcomes = await uploadMissing(this, upload, photos, uploadOptions(options), isAfterEdit);
		if (isAfterEdit) edited.push(upload);
		hintAtSkipped(this, upload.skipped);
		hintAtCopies(this, photos);
		if (photos.length === 0) return rejected;
		const arrived = outcomes.filter(({ error }) => !error).map(({ photo }) => photo);
		warnIfFewPhotos(this, upload, arrived.length, uploadedText(arrived.length));
		uploaded.push(...arrived);
		return [...uploadedItems(upload, outcomes), ...failedItems(this, upload, outcomes), ...rejected];
	});
	if (uploaded.length > 0)
		showSummary(this, begunAt, {
			done: `Uploaded ${quantity(uploaded.length, 'photo')} (${sizeText(totalBytes(uploaded))}) to ${quantity(uploads.length, 'project')}`,
			skipped: uploads.flatMap(({ skipped }) => skipped).length,
			failed: countErrors(items),
			results: whenBilled(uploaded.length, edited),
		});
	return items;
}

/** The project may hold others: this run may be one batch of several. */
const uploadedText = (photos: number) =>
	`only ${counted(photos)} ${photos === 1 ? 'was' : 'were'} uploaded in this run`;

/** What becomes of the uploaded photos. @param edited the projects whose edit was started before */
function whenBilled(photos: number, edited: ProjectRef[]): string {
	return edited.length === 0
		? `Imagen bills the uploaded ${photos === 1 ? 'photo' : 'photos'} when the edit is started`
		: `The edit of ${firstOf(edited.map(projectLabel))} was started before: photos that are new now are not in it`;
}

/** Whether an edit of a project has been started, as far as Imagen shows it: what comes now is not in it. */
async function wasEdited(context: IExecuteFunctions, project: ProjectRef): Promise<boolean> {
	const status = (await findDescription(context, project))?.status;
	// Where these nodes know of all that was done, and of no start, only a documented word shows one.
	const isWordOnly = isSynonym(status) && isKnownFromStart(context, project);
	if (isWordOnly && !knownStart(context, 'edit', project)) return false;
	return isKnownStatus(status) && isStarted(toStatus(status));
}

/** A project with the photos that will be uploaded to it, and an error item for each that will not. */
interface CheckedUpload extends InputProject, Omit<CheckedPhotos, 'findings'> {
	options: Options;
	rejected: INodeExecutionData[];
}

/**
 * Checks the photos of all projects.
 *
 * @throws NodeOperationError that lists every finding, unless the node continues on fail
 */
async function checkedUploads(
	context: IExecuteFunctions,
	input: InputProjects,
): Promise<InputProjects<CheckedUpload>> {
	const projects: CheckedUpload[] = [];
	const failed = [...input.failed];
	const all: PhotoFinding[] = [];
	const toItems = (project: ProjectRef, findings: PhotoFinding[]) =>
		context.continueOnFail() ? findings.flatMap((finding) => rejectedItems(context, project, finding)) : [];
	for (const project of input.projects) {
		const outcome = await settle(async () => await checkedUpload(context, project));
		if (outcome.status === 'fulfilled') {
			const { upload, findings } = outcome.value;
			all.push(...findings);
			projects.push({ ...upload, rejected: toItems(project, findings) });
		} else {
			const { itemIndexes } = project;
			const error = itemError(context, outcome.reason, itemIndexes[0]);
			const finding = { error, places: itemIndexes.map((itemIndex) => ({ itemIndex })) };
			all.push(finding);
			failed.push(...toItems(project, [finding]));
		}
	}
	if (all.length === 0 || context.continueOnFail()) return { projects, failed };
	const message = `${countPlaces(all)} can't be uploaded`;
	throw allFindings(context, all, message, 'Nothing was uploaded or billed.');
}

/** What becomes of the photos of a project. @throws NodeOperationError for what is wrong with the project itself, or with its options */
async function checkedUpload(
	context: IExecuteFunctions,
	project: InputProject,
): Promise<{ upload: Omit<CheckedUpload, 'rejected'>; findings: PhotoFinding[] }> {
	const read = await photosOfItems(context, project.itemIndexes);
	const parameterItems = itemsWithPhotos(read.photos, project.parameterItems);
	const options = sharedParameter<Options>(context, parameterItems, 'options', {});
	requireNotTakenOver(context, project, TAKEN_OVER, project.itemIndexes[0]);
	const taken = uploadedNames(context, project, 'otherRuns');
	const { files, ...before } = await recognizeOthers(context, read.photos, project, options);
	const { findings, ...plan } = await checkPhotos(
		context,
		files,
		{ ...options, ifMixed: options.uploadIfMixed },
		{ ...before, taken, whose: `project ${projectLabel(project)}` },
	);
	const seen = await lookAtPhotos(context, plan.photos, options);
	return {
		upload: { ...project, ...plan, parameterItems, photos: seen.photos, options },
		findings: [...read.findings, ...findings, ...seen.findings],
	};
}

const TAKEN_OVER =
	"Run the workflow again with another name in Create project, or with its 'If Name Exists' set to Use Existing.";

/** An error item for each photo that a finding is about. */
function rejectedItems(context: IExecuteFunctions, project: ProjectRef, { error, places }: PhotoFinding) {
	const known = projectJson(project);
	return places.map(({ itemIndex, fileName }) =>
		errorItem(context, error, itemIndex, { ...known, ...(fileName && { file_name: fileName }) }),
	);
}

function uploadedItems(upload: CheckedUpload, outcomes: UploadOutcome[]): INodeExecutionData[] {
	const photos = outcomes.filter(({ error }) => !error).map(({ photo }) => photo);
	if (photos.length === 0) return [];
	const project = { ...projectJson(upload), image_type: upload.imageType };

	if (upload.options.uploadOutput === 'photo') {
		return photos.map((photo, index) => ({
			// Once, and not in each of thousands of items.
			json: { ...project, ...photoJson(photo), ...(index === 0 && skippedJson(upload.skipped)) },
			pairedItem: { item: photo.itemIndex },
		}));
	}
	return [
		{
			json: {
				...project,
				number_of_photos: photos.length,
				bytes: totalBytes(photos),
				photos: photos.map(photoJson),
				...skippedJson(upload.skipped),
			},
			pairedItem: linkTo(itemsOf(photos)),
		},
	];
}

/** @throws NodeOperationError that names every failed photo, unless the node continues on fail */
function failedItems(context: IExecuteFunctions, project: ProjectRef, outcomes: UploadOutcome[]) {
	const failed = failedUploads(outcomes);
	if (failed.length > 0 && !context.continueOnFail())
		throw notAllUploaded(context, project, failed, outcomes.length);
	return failed.map(({ photo, error }) =>
		errorItem(context, error, photo.itemIndex, { ...projectJson(project), file_name: photo.fileName }),
	);
}
