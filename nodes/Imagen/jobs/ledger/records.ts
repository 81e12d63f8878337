import type { IExecuteFunctions, IPairedItemData } from 'n8n-workflow';

import type { Job } from '../../api/endpoints';
import type { EditingFlow, ProjectRef } from '../../api/projectRef';
import type { Status } from '../../api/status';
import type { ApiContext, JobState } from '../../api/types';
import { executionRecords, recentRecord, runNameOf, saveRecentRecord, type RecentRecord } from '../../memory';
import type { EditSettings } from '../settings';

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
	/** Its state, where that end is a failure. */
	failure?: JobState;
	/** Of an export: whether the edit was asked to begin it at its end. */
	isWithEdit?: boolean;
	/** Whether the API refused it after all, for those who hold the record and wait. */
	isRefused?: boolean;
}

/** The photos that a run of a node has uploaded. */
export interface UploadRecord {
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
export interface ProjectRecord {
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
export interface SharedRecord extends ProjectRecord, RecentRecord {
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

/** What this execution knows of a project of its own: in all of its nodes and branches, and in what n8n retries. */
export function ownRecord(context: IExecuteFunctions, { uuid }: ProjectRef): Readonly<ProjectRecord> {
	return executionRecords<ProjectRecord>(context)[keyOf(uuid)] ?? {};
}

/** Writes to what this execution knows of it. */
export function keep(context: IExecuteFunctions, { uuid }: ProjectRef, part: Partial<ProjectRecord>): void {
	const records = executionRecords<ProjectRecord>(context);
	records[keyOf(uuid)] = { ...records[keyOf(uuid)], ...part };
}

const KEY = 'imagen:project:';
const keyOf = (uuid: string) => KEY + uuid;
/** The project of a record's key; undefined where the key is of another memory. */
export const uuidIn = (key: string) => (key.startsWith(KEY) ? key.slice(KEY.length) : undefined);

/** What all executions know of it. */
export function sharedRecord(context: IExecuteFunctions, { uuid }: ProjectRef): SharedRecord | undefined {
	return recentRecord<SharedRecord>(context, uuid, merged);
}

/** What two memories know together: of each job the last start, and all uploads. */
export function merged(older: SharedRecord, newer: SharedRecord): SharedRecord {
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

/** The later of two starts, as far as there are any. */
const laterOf = (one?: StartRecord, other?: StartRecord) =>
	one && other ? (other.at > one.at ? other : one) : (one ?? other);

/** Writes to what all executions know. */
export function share(
	context: IExecuteFunctions,
	project: ProjectRef,
	write: (record: SharedRecord) => void,
): void {
	const record = sharedRecord(context, project) ?? { at: 0 };
	write(record);
	saveRecentRecord(context, project.uuid, record);
}

/** The run of the node. The same for all tries of Retry On Fail, and unlike that of the next turn of a loop. */
export const runOf = (context: IExecuteFunctions) => `${context.getNode().name}:${runNameOf(context)}`;

/** The name of the node whose run it is. */
const nodeOf = (run = '') => run.slice(0, run.lastIndexOf(':'));

/** Whether a run of a node is one of this node, and another than the present one. */
export function isEarlierTurn(context: IExecuteFunctions, run: string | undefined): boolean {
	const self = runOf(context);
	return run !== undefined && run !== self && nodeOf(run) === nodeOf(self);
}

/** Whether two records are of the same upload. */
export const isSame = (one: UploadRecord, other: UploadRecord) =>
	one.execution === other.execution && one.by === other.by;

/** Of photos of one name, the last one counts: to an execution, its own. */
export function photosOf(uploads: UploadRecord[]): UploadedPhoto[] {
	const photos = new Map(uploads.flatMap((upload) => Object.entries(upload.photos)));
	return Array.from(photos, ([fileName, [fingerprint, , originalFileName]]) => ({
		fileName,
		fingerprint,
		...(originalFileName && { originalFileName }),
	}));
}

/** The last start of a job that is known, of whichever execution. Triggers and the panel know of none. */
export function knownStart(context: ApiContext, job: Job, project: ProjectRef): StartRecord | undefined {
	if (!isExecution(context)) return undefined;
	const own = ownRecord(context, project)[job];
	const shared = sharedRecord(context, project)?.[job];
	return laterOf(own, shared);
}

/** Triggers and the panel have no execution, and start nothing. */
export function isExecution(context: ApiContext): context is IExecuteFunctions {
	return 'putExecutionToWait' in context;
}
