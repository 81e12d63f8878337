import type { IExecuteFunctions, IPairedItemData, ISourceData } from 'n8n-workflow';

import type { Job } from '../api/endpoints';
import type { EditingFlow, ProjectRef } from '../api/projectRef';
import { orUndefined } from '../api/settle';
import { isFinal, type Status } from '../api/status';
import type { ApiContext, JobState } from '../api/types';
import {
	executionRecords,
	recentRecord,
	recentRecordInProcess,
	recentRecords,
	saveRecentRecord,
	uploadsUnderWay,
	wasStored,
	type RecentRecord,
} from '../memory';
import { fingerprintOf, type Photo } from '../transfer/sources';
import { differences, type EditSettings } from './settings';

/** A start that was sent. */
export interface StartRecord {
	/** The run of the node that sent it. The same for all tries of Retry On Fail. */
	by: string;
	/** The state before it was sent. */
	before: Status;
	/** The API's word for that, where it is not the documented one. */
	beforeWord?: string;
	/** Whether no edit before it can have come to results, so that no export can be older. */
	isFirst?: boolean;
	/** Whether an earlier start may have been under way, so that no status shows whether this one has arrived. */
	isBlind?: boolean;
	/** Whether the API took it; false while that is unclear. */
	accepted: boolean;
	/** When it was sent, as `Date.now()` gives it. */
	at: number;
	/** What the edit was sent with; unset for an export. */
	settings?: EditSettings;
	/** The execution that Imagen was asked to call. */
	resumes?: string;
	/** Whether the API has shown a status since that is not the one before. */
	isShown?: boolean;
	/** When the job was first seen to have ended, as `Date.now()` gives it. */
	endedAt?: number;
	/** Of an export: whether the edit was asked to begin it at its end. */
	isWithEdit?: boolean;
	/** Whether the API refused it after all, for those who hold the record and wait. */
	isRefused?: boolean;
}

/** The photos that a run of a node has uploaded. */
interface UploadRecord {
	execution: string;
	/** The run of the node. */
	by: string;
	/** The fingerprint of each, when it arrived, and the name it had before it was made unique, by its name in the project. */
	photos: Record<string, [fingerprint: string, at: number, originalFileName?: string]>;
	/** The same of those that may have arrived without an answer, and when they were given up. */
	unclear?: Record<string, [fingerprint: string, at: number]>;
	/** Whether an edit had been sent already when it began, by whomever. */
	isAfterEdit?: boolean;
}

/** What is known of a project, besides what the API says. */
interface ProjectRecord {
	/** The execution that has created the project, or has taken it over. */
	createdBy?: string;
	/** The run of the node that did so. */
	createdIn?: string;
	editingFlow?: EditingFlow;
	/** What the project is called. */
	name?: string;
	uploads?: UploadRecord[];
	/** The input item that each photo came in, by the photo's name. */
	inputs?: Record<string, IPairedItemData>;
	edit?: StartRecord;
	export?: StartRecord;
}

/** The same, of all executions. */
interface SharedRecord extends ProjectRecord, RecentRecord {
	/** Whether it was created in a run by hand: n8n does not keep static data of these. */
	isByHand?: boolean;
	uploads?: UploadRecord[];
	/** When starts were sent that the API has refused, so that none comes back from where it was saved meanwhile. */
	refused?: number[];
}

/** What a photo is known by. */
export interface UploadedPhoto {
	fileName: string;
	/** Tells it from others of its name. */
	fingerprint: string;
	/** The name that it had before it was made unique. */
	originalFileName?: string;
}

/** How near two uploads are of which the order is not known for sure. */
const AT_ONCE_MS = 5_000;

/** How long the API may take to show that a job was started again. */
const SHOWN_AFTER_MS = 600_000;

/** What to do with a project whose job is running or done already. */
export type IfAlreadySent = 'skip' | 'fail' | 'sendAgain';

/** What this execution knows of a project of its own: in all of its nodes and branches, and in what n8n retries. */
function ownRecord(context: IExecuteFunctions, { uuid }: ProjectRef): Readonly<ProjectRecord> {
	return executionRecords<ProjectRecord>(context)[keyOf(uuid)] ?? {};
}

/** Writes to what this execution knows of it. */
function keep(context: IExecuteFunctions, { uuid }: ProjectRef, part: Partial<ProjectRecord>): void {
	const records = executionRecords<ProjectRecord>(context);
	records[keyOf(uuid)] = { ...records[keyOf(uuid)], ...part };
}

const KEY = 'imagen:project:';
const keyOf = (uuid: string) => KEY + uuid;
const uuidIn = (key: string) => (key.startsWith(KEY) ? key.slice(KEY.length) : undefined);

/** What all executions know of it. */
function sharedRecord(context: IExecuteFunctions, { uuid }: ProjectRef): SharedRecord | undefined {
	return recentRecord<SharedRecord>(context, uuid, merged);
}

/** What two memories know together: of each job the last start, and all uploads. */
function merged(older: SharedRecord, newer: SharedRecord): SharedRecord {
	const refused = [...new Set([...(older.refused ?? []), ...(newer.refused ?? [])])];
	const notRefused = (start?: StartRecord) => (start && refused.includes(start.at) ? undefined : start);
	const uploads = [...(newer.uploads ?? [])];
	for (const upload of older.uploads ?? [])
		if (!uploads.some((other) => isSame(other, upload))) uploads.push(upload);
	return {
		...older,
		...newer,
		...(refused.length > 0 && { refused }),
		uploads,
		edit: laterOf(notRefused(newer.edit), notRefused(older.edit)),
		export: laterOf(notRefused(newer.export), notRefused(older.export)),
	};
}

const laterOf = (one?: StartRecord, other?: StartRecord) =>
	one && other ? (other.at > one.at ? other : one) : (one ?? other);

/** Writes to what all executions know. */
function share(context: IExecuteFunctions, project: ProjectRef, write: (record: SharedRecord) => void): void {
	const record = sharedRecord(context, project) ?? { at: 0 };
	write(record);
	saveRecentRecord(context, project.uuid, record);
}

/** The run of the node. The same for all tries of Retry On Fail, and unlike that of the next turn of a loop. */
const runOf = (context: IExecuteFunctions) =>
	`${context.getNode().name}:${String(context.evaluateExpression('{{ $runIndex }}', 0))}`;

/** The name of the node whose run it is. */
const nodeOf = (run = '') => run.slice(0, run.lastIndexOf(':'));

/** Whether a run of a node is one of this node, and another than the present one. */
function isEarlierTurn(context: IExecuteFunctions, run: string | undefined): boolean {
	const self = runOf(context);
	return run !== undefined && run !== self && nodeOf(run) === nodeOf(self);
}

// Creation

/** Writes down that this execution has created a project, or goes on in one that was left empty. */
export function rememberCreated(context: IExecuteFunctions, project: ProjectRef): void {
	const createdBy = String(context.getExecutionId());
	const { name, editingFlow } = project;
	keep(context, project, { createdBy, createdIn: runOf(context), editingFlow, ...(name && { name }) });
	const isByHand = context.getMode() === 'manual';
	share(context, project, (record) => Object.assign(record, { createdBy, name, editingFlow, isByHand }));
}

/** The project of a name that this node has created in an earlier turn of a loop. */
export function projectOfEarlierTurn(
	context: IExecuteFunctions,
	editingFlow: EditingFlow,
	name: string,
): ProjectRef | undefined {
	const found = Object.entries(executionRecords<ProjectRecord>(context)).find(
		([key, record]) =>
			uuidIn(key) !== undefined &&
			record?.name === name &&
			record.editingFlow === editingFlow &&
			isEarlierTurn(context, record.createdIn),
	);
	return found && { uuid: uuidIn(found[0]) as string, editingFlow, name };
}

/** What a project is called, as far as it is known; empty where the API was asked and gave no name. */
export function knownName(context: IExecuteFunctions, project: ProjectRef): string | undefined {
	return project.name ?? ownRecord(context, project).name ?? sharedRecord(context, project)?.name;
}

/** Writes down what a project is called, for the other nodes of this execution. */
export function rememberName(context: IExecuteFunctions, project: ProjectRef, name: string): void {
	keep(context, project, { name });
}

/** Whether this execution has created a project, so that nobody else has started anything in it. */
export function isCreatedHere(context: ApiContext, project: ProjectRef): boolean {
	return isExecution(context) && ownRecord(context, project).createdBy !== undefined;
}

/** The project of a name that an earlier execution has created, and has ended without a photo in it. */
export function projectLeftEmpty(
	context: IExecuteFunctions,
	editingFlow: EditingFlow,
	name: string,
): ProjectRef | undefined {
	const uuid = recentRecords<SharedRecord>(context, merged).find(
		([key, record]) =>
			record.name === name && record.editingFlow === editingFlow && isLeftEmpty(context, key, record),
	)?.[0];
	return uuid === undefined ? undefined : { uuid, editingFlow, name };
}

function isLeftEmpty(context: IExecuteFunctions, uuid: string, record: SharedRecord): boolean {
	// The editor runs a workflow once at a time.
	const isByHand = record.isByHand === true && context.getMode() === 'manual';
	const hasEnded = isByHand || wasStored(context, uuid, record);
	const hasPhotos = uploadsUnderWay(uuid) > 0 || photosOf(record.uploads ?? []).length > 0;
	const isUnused = !record.edit && !hasPhotos;
	return hasEnded && isUnused && record.createdBy !== context.getExecutionId();
}

/** Whether another execution has gone on in a project that this one has created and left without photos for too long. */
export function isTakenOver(context: IExecuteFunctions, project: ProjectRef): boolean {
	const { createdBy } = ownRecord(context, project);
	const latest = sharedRecord(context, project)?.createdBy;
	return createdBy !== undefined && latest !== undefined && latest !== createdBy;
}

// Photos

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

const isSame = (one: UploadRecord, other: UploadRecord) =>
	one.execution === other.execution && one.by === other.by;

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

/** Whether all is known that these nodes, in whichever execution, have done in a project. */
export function isKnownFromStart(context: IExecuteFunctions, project: ProjectRef): boolean {
	return isCreatedHere(context, project) || sharedRecord(context, project)?.createdBy !== undefined;
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

/** Of photos of one name, the last one counts: to an execution, its own. */
function photosOf(uploads: UploadRecord[]): UploadedPhoto[] {
	const photos = new Map(uploads.flatMap((upload) => Object.entries(upload.photos)));
	return Array.from(photos, ([fileName, [fingerprint, , originalFileName]]) => ({
		fileName,
		fingerprint,
		...(originalFileName && { originalFileName }),
	}));
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

// Starts

/** The last start of a job that is known, of whichever execution. Triggers and the panel know of none. */
export function knownStart(context: ApiContext, job: Job, project: ProjectRef): StartRecord | undefined {
	if (!isExecution(context)) return undefined;
	const own = ownRecord(context, project)[job];
	const shared = sharedRecord(context, project)?.[job];
	return laterOf(own, shared);
}

/** Whether it was this execution that has started a job last. */
export function isOwnStart(context: IExecuteFunctions, job: Job, project: ProjectRef): boolean {
	const own = ownRecord(context, project)[job];
	return own !== undefined && own.at === knownStart(context, job, project)?.at;
}

/**
 * How the last edit differs from the one that this execution has sent, where another execution has sent it since; empty where it does
 * not. Whether it is exported makes no difference to its results.
 */
export function differencesFromOwnEdit(context: ApiContext, project: ProjectRef): string[] {
	if (!isExecution(context)) return [];
	const own = ownRecord(context, project).edit?.settings;
	const last = knownStart(context, 'edit', project);
	if (!own || !last?.accepted || !last.settings) return [];
	return differences({ ...own, export: false }, last.settings);
}

/** A record that a start has written, and what stood in its place: known to the execution, and to all. */
interface Written {
	ofJob: Job;
	record?: StartRecord;
	own?: StartRecord;
	shared?: StartRecord;
}

/** What a start is written down with. */
export interface StartToRecord {
	/** The state before it. */
	before: JobState;
	/** What the edit is sent with. */
	settings?: EditSettings;
	/** Whether Imagen is asked to call this execution. */
	isResuming?: boolean;
}

/** What is known of one project's paid start, besides what the API says. */
export interface StartLedger {
	/** Whether it was this run of the node that has sent the last start. */
	isOwnRun(): boolean;
	/** Whether the start was sent already, and has not failed since, so that it must not be sent now. @param state as the API tells it */
	blocksStart(ifAlreadySent: IfAlreadySent, state: JobState): boolean;
	/** Whether this execution has sent it, in whichever of its nodes. */
	isOwnExecution(): boolean;
	/** Whether this node has sent it in an earlier turn of a loop. */
	isOfEarlierTurn(): boolean;
	/** Gives a check of whether what is sent now, by whomever, has been refused since. What is merely no longer known is not refused. */
	refusalCheck(): () => boolean;
	/** Whether it was sent, and this status does not show it yet. */
	isAheadOf(status: Status): boolean;
	/** Whether the job, whatever its status, is that of an older edit: an edit was sent again, and this export not since. */
	isOutdated(): boolean;
	/** Whether no status can show that the API took it, because an earlier start may have been under way. */
	isBlind(): boolean;
	/** Whether it is known, or shown by this state, that the API took it. What was not sent is never confirmed. */
	isConfirmedBy(state: JobState): boolean;
	/** Writes down that it is being sent. */
	remember(start: StartToRecord): void;
	/** Writes down that the API took what this run has sent. */
	accept(): void;
	/** Writes down that the API took what was sent last, by whomever. */
	confirm(): void;
	/** Puts back what was known before `remember`: the API surely did not take it. */
	forget(): void;
}

/**
 * The starts of one project and job: of this execution, which knows them in all of its nodes, branches and retries, and of the
 * other executions. A deliberate Send Again counts only for the run of the node that it is set in.
 */
export function startLedger(context: IExecuteFunctions, job: Job, project: ProjectRef): StartLedger {
	const self = runOf(context);
	const own = () => ownRecord(context, project)[job];
	const last = () => knownStart(context, job, project);
	const written: Written[] = [];

	function write(record: StartRecord | undefined, ofJob = job) {
		const shared = sharedRecord(context, project)?.[ofJob];
		written.push({ ofJob, record, own: ownRecord(context, project)[ofJob], shared });
		keep(context, project, { [ofJob]: record });
		share(context, project, (known) => {
			known[ofJob] = record;
		});
	}

	return {
		isOwnRun: () => own()?.by === self && isOwnStart(context, job, project),
		blocksStart(ifAlreadySent, state) {
			if (own()?.by === self) return true;
			// A workflow may loop until the edit is good: what has surely failed is sent again in the next turn, as by another execution.
			const hasFailed = last()?.accepted === true && stateSince(last(), state).status === 'Failed';
			const isNextTurn = isEarlierTurn(context, own()?.by);
			if (own()) return ifAlreadySent === 'skip' && !(hasFailed && isNextTurn);
			// What another execution has sent without a clear answer is worth a wait, but only to continue with it.
			return ifAlreadySent === 'skip' && last()?.accepted === false;
		},
		isOwnExecution: () => own() !== undefined,
		isOfEarlierTurn: () => isEarlierTurn(context, own()?.by) && isOwnStart(context, job, project),
		refusalCheck() {
			const record = last();
			return () => record?.isRefused === true;
		},
		isAheadOf: (status) => status === 'Pending' && last() !== undefined,
		isOutdated: () => job === 'export' && isOfOlderEdit(context, project),
		isBlind: () => last()?.isBlind === true,
		isConfirmedBy(state) {
			const record = last();
			if (!record || record.accepted) return record !== undefined;
			if (record.isBlind) return false;
			// A word without a meaning shows nothing, nor does Pending after a word that may mean the same.
			if (state.statusWord !== undefined) return false;
			if (record.beforeWord !== undefined && state.status === 'Pending') return false;
			return record.isShown === true || state.status !== record.before || state.synonym !== record.beforeWord;
		},
		remember({ before: state, settings, isResuming }) {
			const { status: before } = state;
			const beforeWord = wordOf(state);
			const earlier = last();
			const mayRun = stateSince(earlier, state).status === 'In Progress';
			// Of a project that is known from its creation, a word that is not documented says nothing: nobody has started it.
			const isWordOnly = beforeWord !== undefined && isKnownFromStart(context, project);
			const isBlind = earlier ? mayRun || before === 'Pending' : mayRun && !isWordOnly;
			const isFirst = earlier ? earlier.isFirst && before === 'Failed' : before === 'Pending' || isWordOnly;
			const sent = { by: self, accepted: false, at: Date.now(), isFirst };
			const resumes = isResuming && { resumes: context.getExecutionId() };
			write({ ...sent, before, beforeWord, isBlind, settings, ...resumes });
			if (job === 'export') return;
			// What a new edit makes has not been exported, whatever was exported before.
			const begun: StartRecord = { ...sent, before: isFirst ? 'Pending' : 'Completed', isWithEdit: true };
			write(settings?.export ? begun : undefined, 'export');
		},
		accept() {
			for (const { ofJob, record } of written) if (record) markAccepted(context, ofJob, project, record.at);
		},
		confirm() {
			const record = last();
			if (record && !record.accepted) markAccepted(context, job, project, record.at);
		},
		forget() {
			for (const { ofJob, record, own: before, shared: sharedBefore } of written.splice(0)) {
				if (record) record.isRefused = true;
				// What another start has written since stays.
				if (ownRecord(context, project)[ofJob] === record) keep(context, project, { [ofJob]: before });
				share(context, project, (known) => {
					if (record) known.refused = [...(known.refused ?? []), record.at];
					if (known[ofJob] === record) known[ofJob] = sharedBefore;
				});
			}
		},
	};
}

/** Writes down that the API took the start that was sent at this time, unless another one has been sent since. */
function markAccepted(context: IExecuteFunctions, job: Job, project: ProjectRef, at: number): void {
	const own = ownRecord(context, project)[job];
	if (own?.at === at) own.accepted = true;
	const shared = sharedRecord(context, project)?.[job];
	if (shared?.at !== at) return;
	share(context, project, () => {
		shared.accepted = true;
	});
}

/** The word for a state that is not the documented one, if it is not. */
const wordOf = ({ statusWord, synonym }: JobState) => statusWord ?? synonym;

/**
 * Whether a status that is final may still be the one from before the start: the API has shown no other, and had no time to.
 *
 * @param begunAt when the job began at the latest, as `Date.now()` gives it
 */
function isStale(record: StartRecord, status: Status, begunAt = record.at): boolean {
	const isUnchanged = isFinal(record.before) && status === record.before && !record.isShown;
	return isUnchanged && Date.now() - begunAt < SHOWN_AFTER_MS;
}

/** A state as that of the job that was started last: a final status from before the start says nothing of it. */
function stateSince(start: StartRecord | undefined, state: JobState, begunAt?: number): JobState {
	if (!start) return state;
	// A word without a meaning shows nothing.
	if (state.status !== start.before && state.statusWord === undefined) start.isShown = true;
	if (isStale(start, state.status, begunAt)) return { status: 'In Progress' };
	if (isFinal(state.status)) start.endedAt ??= Date.now();
	return state;
}

/** A project, with the start that is waited for where the ledger is out of reach: n8n's webhooks have no execution. */
export interface StartedRef extends ProjectRef {
	start?: StartRecord;
}

/** The start that is waited for: the one that comes with the project, or the last one that is known. */
export const awaitedStart = (context: ApiContext, job: Job, project: StartedRef): StartRecord | undefined =>
	project.start ?? knownStart(context, job, project);

/** The same, of the last start that is known. The end of an export that was made of an older edit is none of the present one. */
export function sinceStart(context: ApiContext, job: Job, project: StartedRef, state: JobState): JobState {
	if (job === 'export' && isFinal(state.status) && isOfOlderEdit(context, project))
		return { status: 'Pending' };
	const start = awaitedStart(context, job, project);
	if (!start?.isWithEdit || !isFinal(state.status)) return stateSince(start, state);
	// What the edit begins at its end has not ended before.
	const editEndedAt = endOfEdit(context, project);
	return editEndedAt === undefined ? { status: 'In Progress' } : stateSince(start, state, editEndedAt);
}

/** When the edit that was started last was first seen to have ended, as `Date.now()` gives it. */
const endOfEdit = (context: ApiContext, project: ProjectRef) => knownStart(context, 'edit', project)?.endedAt;

/** Whether a state of an export can only be judged when it is known whether the edit, which begins it, has ended. */
export function needsEndOfEdit(
	context: ApiContext,
	job: Job,
	project: ProjectRef,
	{ status }: JobState,
): boolean {
	const start = knownStart(context, job, project);
	return start?.isWithEdit === true && isFinal(status) && endOfEdit(context, project) === undefined;
}

/** Whether the last export is that of an older edit: an edit was sent again, and no export since. */
function isOfOlderEdit(context: ApiContext, project: ProjectRef): boolean {
	const edit = knownStart(context, 'edit', project);
	const exported = knownStart(context, 'export', project);
	// Where the edit was the first one, there is no export that could be older.
	return edit !== undefined && !edit.isFirst && (exported?.at ?? 0) < edit.at;
}

/** Triggers and the panel have no execution, and start nothing. */
function isExecution(context: ApiContext): context is IExecuteFunctions {
	return 'putExecutionToWait' in context;
}
