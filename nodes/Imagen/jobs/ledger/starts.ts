import type { IExecuteFunctions } from 'n8n-workflow';

import type { Job } from '../../api/endpoints';
import type { ProjectRef } from '../../api/projectRef';
import { isFinal, type Status } from '../../api/status';
import type { ApiContext, JobState } from '../../api/types';
import { differences, type EditSettings } from '../settings';
import { isKnownFromStart } from './projects';
import {
	isEarlierTurn,
	isExecution,
	keep,
	knownStart,
	ownRecord,
	runOf,
	share,
	sharedRecord,
	type StartRecord,
} from './records';

/** How long the API may take to show that a job was started again. */
const SHOWN_AFTER_MS = 600_000;

/** What to do with a project whose job is running or done already. */
export type IfAlreadyStarted = 'skip' | 'fail' | 'startAgain';

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
	blocksStart(ifAlreadyStarted: IfAlreadyStarted, state: JobState): boolean;
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
 * other executions. A deliberate Start Again counts only for the run of the node that it is set in.
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
		blocksStart(ifAlreadyStarted, state) {
			if (own()?.by === self) return true;
			// A workflow may loop until the edit is good: what has surely failed is sent again in the next turn, as by another execution.
			const hasFailed = last()?.accepted === true && stateSince(last(), state).status === 'Failed';
			const isNextTurn = isEarlierTurn(context, own()?.by);
			if (own()) return ifAlreadyStarted === 'skip' && !(hasFailed && isNextTurn);
			// What another execution has sent without a clear answer is worth a wait, but only to continue with it.
			return ifAlreadyStarted === 'skip' && last()?.accepted === false;
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
	if (isFinal(state.status)) {
		start.endedAt ??= Date.now();
		start.failure = state.status === 'Failed' ? state : undefined;
	}
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
	// Of a first edit there is no older export that could be shown.
	if (!start?.isWithEdit || start.isFirst || !isFinal(state.status)) return stateSince(start, state);
	if (knownStart(context, 'edit', project)?.failure) return { status: 'Pending' };
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
	if (!start?.isWithEdit || endOfEdit(context, project) !== undefined) return false;
	return status === 'Pending' || (isFinal(status) && !start.isFirst);
}

/** An export that does not come, because the edit that was to begin it has failed, or for a reason that is not known. */
interface NotBegun {
	editFailure?: JobState;
}

/**
 * Whether an export that an edit was to begin at its end has not begun, and will not: the edit has failed, or has ended so long ago that the
 * API would show the export. So it is not waited for, and Start export may send it.
 */
export function notBegun(
	context: ApiContext,
	job: Job,
	project: StartedRef,
	{ status }: JobState,
): NotBegun | undefined {
	const edit = knownStart(context, 'edit', project);
	const isAwaited = status === 'Pending' && awaitedStart(context, job, project)?.isWithEdit;
	if (!isAwaited || edit?.endedAt === undefined) return undefined;
	if (edit.failure) return { editFailure: edit.failure };
	return Date.now() - edit.endedAt >= SHOWN_AFTER_MS ? {} : undefined;
}

/** Whether the last export is that of an older edit: an edit was sent again, and no export since. */
function isOfOlderEdit(context: ApiContext, project: ProjectRef): boolean {
	const edit = knownStart(context, 'edit', project);
	const exported = knownStart(context, 'export', project);
	// Where the edit was the first one, there is no export that could be older.
	return edit !== undefined && !edit.isFirst && (exported?.at ?? 0) < edit.at;
}
