import type { IExecuteFunctions, IPairedItemData, ISourceData } from 'n8n-workflow';

import type { ProjectRef } from '../../api/projectRef';
import { orUndefined } from '../../api/settle';
import type { ApiContext } from '../../api/types';
import { recentRecordInProcess, uploadsUnderWay } from '../../memory';
import { fingerprintOf, type Photo } from '../../transfer/sources';
import { isCreatedHere, isKnownFromStart } from './projects';
import {
	isEarlierTurn,
	isExecution,
	isSame,
	keep,
	knownStart,
	ownRecord,
	photosOf,
	runOf,
	share,
	sharedRecord,
	type SharedRecord,
	type UploadedPhoto,
	type UploadRecord,
} from './records';

/** How near two uploads are of which the order is not known for sure. */
const AT_ONCE_MS = 5_000;

/**
 * Writes down which photos an upload brings to a project.
 *
 * @param isAfterEdit whether an edit has been sent already, by whomever
 * @param upload is given what to call with each photo that has arrived, and with each that may have
 */
export async function recordUpload<T>(
	context: IExecuteFunctions,
	project: ProjectRef,
	isAfterEdit: boolean,
	upload: (arrived: NotePhoto, unclear: NotePhoto) => Promise<T>,
): Promise<T> {
	const own = uploadOf(context, project, isAfterEdit);
	uploadsUnderWay(project.uuid, 1);
	try {
		share(context, project, (record) => {
			record.uploads = [...(record.uploads ?? []).filter((other) => !isSame(other, own)), own];
		});
		const source = inputSourceOf(context);
		const { inputs = {} } = ownRecord(context, project);
		if (source) keep(context, project, { inputs });
		const arrived: NotePhoto = async (photo) => {
			const { fileName, originalFileName, itemIndex } = photo;
			const stamp = await stamped(photo);
			own.photos[fileName] = originalFileName === fileName ? stamp : [...stamp, originalFileName];
			if (source) inputs[fileName] = { item: itemIndex, sourceOverwrite: source };
		};
		const unclear: NotePhoto = async (photo) => {
			own.unclear = { ...own.unclear, [photo.fileName]: await stamped(photo) };
		};
		return await upload(arrived, unclear);
	} finally {
		uploadsUnderWay(project.uuid, -1);
		share(context, project, () => {});
	}
}

type NotePhoto = (photo: Photo) => Promise<void>;

/** The node that this one has its items from; undefined where n8n does not say, as for the tool of an agent. */
const inputSourceOf = (context: IExecuteFunctions): ISourceData | undefined =>
	orUndefined(() => context.getInputSourceData()) ?? undefined;

/** What tells a photo from others of its name, and the time. */
async function stamped(photo: Photo): Promise<[fingerprint: string, at: number]> {
	const at = Date.now();
	return [await fingerprintOf(photo).catch(() => ''), at];
}

/** The record of what this run of the node uploads; begun where there is none. */
function uploadOf(context: IExecuteFunctions, project: ProjectRef, isAfterEdit: boolean): UploadRecord {
	const by = runOf(context);
	const { uploads = [] } = ownRecord(context, project);
	const known = uploads.find((upload) => upload.by === by);
	if (known) return known;
	const begun = { execution: context.getExecutionId(), by, photos: {}, isAfterEdit };
	keep(context, project, { uploads: [...uploads, begun] });
	return begun;
}

/** The names of the photos that this execution has uploaded to a project: in this run of the node, or in all the others. */
export function uploadedNames(
	context: IExecuteFunctions,
	project: ProjectRef,
	from: 'otherRuns' | 'thisRun',
): Set<string> {
	const self = runOf(context);
	const { uploads = [] } = ownRecord(context, project);
	const chosen = uploads.filter(({ by }) => (by === self) === (from === 'thisRun'));
	return new Set(chosen.flatMap(({ photos }) => Object.keys(photos)));
}

/** The photos that this node has uploaded to a project in earlier turns of a loop. */
export function photosOfEarlierTurns(context: IExecuteFunctions, project: ProjectRef): UploadedPhoto[] {
	const { uploads = [] } = ownRecord(context, project);
	return photosOf(uploads.filter(({ by }) => isEarlierTurn(context, by)));
}

/** The photos that other executions have uploaded to a project. What failed there is none of them, nor what may not have arrived. */
export function photosOfOthers(context: IExecuteFunctions, project: ProjectRef): UploadedPhoto[] {
	return photosOf(uploadsIn(context, project).others);
}

/** Whether this execution uploaded to a project, and not one photo arrived. */
export function hasUploadedNothing(context: IExecuteFunctions, project: ProjectRef): boolean {
	const { uploads } = ownRecord(context, project);
	return uploads !== undefined && photosOf(uploads).length === 0;
}

/** The photos of this execution that are no longer in a project, or may not be: another execution has uploaded others of their names. */
export function replacedPhotos(context: IExecuteFunctions, project: ProjectRef): string[] {
	const { own, others } = uploadsIn(context, project);
	const ownPhotos = new Map(own.flatMap(({ photos }) => Object.entries(photos)));
	return [...ownPhotos].flatMap(([fileName, [fingerprint, uploadedAt]]) => {
		const isReplaced = others.some(({ photos, unclear = {} }) => {
			const [other, at] = photos[fileName] ?? unclear[fileName] ?? [fingerprint, 0];
			return other !== fingerprint && at > uploadedAt - AT_ONCE_MS;
		});
		return isReplaced ? [fileName] : [];
	});
}

/** Whether photos are on their way to a project at this moment: which of them an edit would hold, nobody can tell. */
export function isUploading(project: ProjectRef): boolean {
	return uploadsUnderWay(project.uuid) > 0;
}

/** Whether it is this execution that uploads to a project, and not this photo: it is no loss to it. */
export function isOfOthers(context: ApiContext, project: ProjectRef, { fileName }: UploadedPhoto): boolean {
	if (!isExecution(context)) return false;
	const { own } = uploadsIn(context, project);
	return photosOf(own).length > 0 && !own.some(({ photos }) => fileName in photos);
}

/** Whether photos are known to be in a project. */
export function hasKnownPhotos(context: IExecuteFunctions, project: ProjectRef): boolean {
	const record = sharedRecord(context, project);
	return record?.areUploadsDropped === true || photosOf(allUploads(context, project)).length > 0;
}

/** What is known of which photos are in a project. */
export interface KnownPhotos {
	photos: UploadedPhoto[];
	/** Whether these are all, as far as these nodes have put them there. */
	areAll: boolean;
}

/** The photos that are known to be in a project. Triggers know of none. */
export function knownPhotos(context: ApiContext, project: ProjectRef): KnownPhotos {
	if (!isExecution(context)) return { photos: [], areAll: false };
	const shared = sharedRecord(context, project);
	const isComplete = shared?.areUploadsDropped !== true || isCreatedHere(context, project);
	const areAll = isComplete && isKnownFromStart(context, project);
	return { photos: photosOf(allUploads(context, project)), areAll };
}

/** The uploads to a project that are known, of this execution and of the others. */
function uploadsIn(context: IExecuteFunctions, project: ProjectRef) {
	const own = ownRecord(context, project).uploads ?? [];
	const shared = sharedRecord(context, project)?.uploads ?? [];
	return { own, others: shared.filter((upload) => !own.some((other) => isSame(other, upload))) };
}

/** All of them, those of this execution last. */
function allUploads(context: IExecuteFunctions, project: ProjectRef): UploadRecord[] {
	const { own, others } = uploadsIn(context, project);
	return [...others, ...own];
}

/** A photo that a result may have been made from. */
export interface SourcePhoto extends UploadedPhoto {
	/** The input item that it came in, of whichever node of this execution. */
	input?: IPairedItemData;
}

/**
 * The photos that are known to be in a project, with where they came from; none where brackets are merged, since the names of merges do not
 * tell their frames. A trigger knows those that were uploaded in its process.
 *
 * @param areMerged as far as the results have shown it; where it is left out and the edit is not known, brackets may have been merged
 */
export function sourcePhotos(
	context: ApiContext,
	project: ProjectRef,
	areMerged = mayBeMerged(context, project),
): SourcePhoto[] {
	if (areMerged) return [];
	if (!isExecution(context))
		return photosOf(recentRecordInProcess<SharedRecord>(project.uuid)?.uploads ?? []);
	const { inputs = {} } = ownRecord(context, project);
	return photosOf(allUploads(context, project)).map((photo) => ({ ...photo, input: inputs[photo.fileName] }));
}

function mayBeMerged(context: ApiContext, project: ProjectRef): boolean {
	const settings = knownStart(context, 'edit', project)?.settings;
	return settings === undefined || settings.hdr_merge === true;
}

/**
 * Gives a check of whether a photo was there when the last edit was sent, as far as it is known: undefined where it is not known what
 * was there. A photo may have been uploaded again since, as by a workflow that is run again; another photo of its name is another one.
 */
export function lastEditCheck(
	context: ApiContext,
	project: ProjectRef,
): (photo: UploadedPhoto) => boolean | undefined {
	if (!isExecution(context)) return () => undefined;
	const edit = knownStart(context, 'edit', project);
	const uploads = allUploads(context, project);
	const isDropped = sharedRecord(context, project)?.areUploadsDropped === true;
	const { areAll } = knownPhotos(context, project);

	return ({ fileName, fingerprint }) => {
		const ofName = uploads
			.filter(({ photos }) => fileName in photos)
			.map(({ photos, isAfterEdit }) => ({
				print: photos[fileName][0],
				at: photos[fileName][1],
				isAfterEdit,
			}))
			.sort((one, other) => one.at - other.at);
		const before = ofName.filter(({ at, isAfterEdit }) => (edit ? at <= edit.at : !isAfterEdit));
		const last = before.at(-1);
		// Of two that arrived at about the same time, nobody knows which one has replaced the other.
		if (last) return before.every(({ print, at }) => print === fingerprint || at < last.at - AT_ONCE_MS);
		const isKnown = !isDropped && (ofName.length > 0 || areAll);
		return isKnown ? false : undefined;
	};
}
