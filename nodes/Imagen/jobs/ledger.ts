import type { IExecuteFunctions } from 'n8n-workflow';

import type { Job } from '../api/endpoints';
import type { ProjectRef } from '../api/projectRef';
import { isFinal, type Status } from '../api/status';
import type { ApiContext, JobState } from '../api/types';
import { executionRecords, recentStart, setRecentStart } from '../memory';

/** What is known of a start that was sent. */
interface StartRecord {
	/** The run of the node that sent it. The same for all tries of Retry On Fail. */
	by: string;
	/** The state before it was sent. */
	before: Status;
	/** Whether the API took it; false while that is unclear. */
	accepted: boolean;
	/** When it was sent, as `Date.now()` gives it. */
	at: number;
	/** Whether the API has shown a status since that is not the one before. */
	isShown?: boolean;
	/** Whether the API refused it after all, for those who hold the record and wait. */
	isRefused?: boolean;
}

/** A record that a start has written, and what stood in its place: known to the execution, and to the process. */
interface Written {
	ofKey: string;
	record?: StartRecord;
	own?: StartRecord;
	recent?: StartRecord;
}

/** How long the API may take to show that a job was started again. */
export const SHOWN_AFTER_MS = 60_000;

/** What to do with a project whose job is running or done already. */
export type IfAlreadySent = 'skip' | 'fail' | 'sendAgain';

/** What is known of one project's paid start, besides what the API says. */
export interface StartLedger {
	/** Whether the start was sent already, so that it must not be sent now. */
	blocksStart(ifAlreadySent: IfAlreadySent): boolean;
	/** Gives a check of whether what is sent now, by whomever, has been refused since. What is merely no longer known is not refused. */
	refusalCheck(): () => boolean;
	/** Whether it was this execution that sent it. */
	isOwn(): boolean;
	/** Whether another execution has sent it just now, and this status does not show it yet. */
	isAheadOf(status: Status): boolean;
	/** Whether the job, whatever its status, is that of an older edit: an edit was sent again, and this export not since. */
	isOutdated(): boolean;
	/** Whether it is known, or shown by this status, that the API took it. What was not sent is never confirmed. */
	isConfirmedBy(status: Status): boolean;
	/** Writes down that it is being sent. @param before the state before it */
	remember(before: Status): void;
	/** Writes down that the API took it. */
	accept(): void;
	/** Puts back what was known before `remember`: the API surely did not take it. */
	forget(): void;
}

/**
 * The starts of one project and job: of this execution, which knows them in all of its nodes, branches and retries, and of the
 * other executions of this process within the last minutes. A deliberate Send Again counts only for the run of the node that
 * it is set in.
 *
 * @param startsExport whether the request asks Imagen to export when the edit is done: then an export is sent with it, which
 *   counts as accepted when its status shows it
 */
export function startLedger(
	context: IExecuteFunctions,
	job: Job,
	projectUuid: string,
	startsExport = false,
): StartLedger {
	const records = executionRecords<StartRecord>(context);
	const key = keyOf(job, projectUuid);
	const exportKey = keyOf('export', projectUuid);
	const self = `${context.getNode().name}:${String(context.evaluateExpression('{{ $runIndex }}', 0))}`;

	const recordOf = (ofKey: string) => records[ofKey] ?? recentStart<StartRecord>(ofKey);

	const written: Written[] = [];

	function write(record: StartRecord | undefined, ofKey = key) {
		written.push({ ofKey, record, own: records[ofKey], recent: recentStart<StartRecord>(ofKey) });
		records[ofKey] = record;
		setRecentStart(ofKey, record);
	}

	return {
		blocksStart(ifAlreadySent) {
			const own = records[key];
			if (own) return ifAlreadySent !== 'sendAgain' || own.by === self;
			// What another execution has sent without a clear answer is worth a wait, but only to continue with it.
			return ifAlreadySent === 'skip' && recentStart<StartRecord>(key)?.accepted === false;
		},
		refusalCheck() {
			const record = recordOf(key);
			return () => record?.isRefused === true;
		},
		isOwn: () => records[key] !== undefined,
		isAheadOf: (status) => status === 'Pending' && recentStart(key) !== undefined,
		isOutdated() {
			const edit = recordOf(keyOf('edit', projectUuid));
			// Where the edit was the first one, there is no export that could be older.
			return job === 'export' && edit !== undefined && edit.before !== 'Pending' && !recordOf(key);
		},
		isConfirmedBy(status) {
			const record = recordOf(key);
			return (
				record !== undefined && (record.accepted || status === 'In Progress' || status !== record.before)
			);
		},
		remember(before) {
			const sent = { by: self, accepted: false, at: Date.now() };
			write({ ...sent, before });
			if (job === 'export') return;
			// What a new edit makes has not been exported, whatever was exported before.
			write(startsExport ? { ...sent, before: 'Pending' } : undefined, exportKey);
		},
		accept() {
			const record = records[key];
			if (record) write({ ...record, accepted: true });
		},
		forget() {
			for (const { ofKey, record, own, recent } of written.splice(0)) {
				if (record) record.isRefused = true;
				// What another start has written since stays.
				if (records[ofKey] === record) records[ofKey] = own;
				if (recentStart(ofKey) === record) setRecentStart(ofKey, recent);
			}
		},
	};
}

const keyOf = (job: Job, projectUuid: string) => `imagen:${job}:${projectUuid}`;

/**
 * A state as that of the job that this execution has started last. A final status from before the start counts only once the API has
 * shown another one, or has had time to.
 */
export function sinceStart(context: ApiContext, job: Job, projectUuid: string, state: JobState): JobState {
	// Triggers and the panel have no execution, and start nothing.
	if (!('putExecutionToWait' in context)) return state;
	const record = executionRecords<StartRecord>(context)[keyOf(job, projectUuid)];
	if (!record || record.isShown || !isFinal(record.before)) return state;
	if (state.status !== record.before) record.isShown = true;
	const isStale = !record.isShown && Date.now() - record.at < SHOWN_AFTER_MS;
	return isStale ? { status: 'In Progress' } : state;
}

const createdKey = ({ uuid }: ProjectRef) => `imagen:created:${uuid}`;

/** Writes down that this execution has created a project, so that nobody else has started anything in it. */
export function rememberCreated(context: IExecuteFunctions, project: ProjectRef): void {
	executionRecords<object>(context)[createdKey(project)] = {};
}

/** Whether this execution has created a project. */
export function isCreatedHere(context: IExecuteFunctions, project: ProjectRef): boolean {
	return executionRecords<object>(context)[createdKey(project)] !== undefined;
}

const uploadKey = ({ uuid }: ProjectRef) => `imagen:upload:${uuid}`;

/** Writes down how many photos of an upload have arrived in a project. */
export function rememberUpload(context: IExecuteFunctions, project: ProjectRef, arrived: number): void {
	const record = (executionRecords<{ arrived: number }>(context)[uploadKey(project)] ??= { arrived: 0 });
	record.arrived += arrived;
}

/** Whether this execution uploaded to a project, and not one photo arrived. */
export function hasUploadedNothing(context: IExecuteFunctions, project: ProjectRef): boolean {
	return executionRecords<{ arrived: number }>(context)[uploadKey(project)]?.arrived === 0;
}
