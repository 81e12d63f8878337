import type { Job } from '../api/endpoints';
import { getJobState } from '../api/jobs';
import { pause } from '../api/pause';
import type { ProjectRef } from '../api/projectRef';
import { cancelSignalOf, retriedBy } from '../api/request';
import type { Retry } from '../api/retry';
import { isFinal } from '../api/status';
import type { ApiContext, JobState } from '../api/types';
import { isRetryable } from '../errors/failure';
import { ImagenApiError, statusCodeOf } from '../errors/imagenErrors';
import { settleInParallel } from '../transfer/concurrency';
import {
	awaitedStart,
	isCreatedHere,
	knownStart,
	needsEndOfEdit,
	notBegun,
	sinceStart,
	type StartedRef,
} from './ledger';

/** As the official clients poll: 5 s at first, longer from poll to poll, at most a minute. */
const FIRST_INTERVAL_MS = 5_000;
const INTERVAL_GROWTH = 1.5;
const LONGEST_INTERVAL_MS = 60_000;

/** How long a status that says nothing of the job may stay the same before it is not waited for any more. */
const UNKNOWN_STATUS_MS = 2 * 3_600_000;

/** How long a job that nobody is known to have started is waited for: the API may show late what others have started. */
const UNSTARTED_MS = 600_000;

/**
 * How long a project whose job could be read has to be refused before that counts: a gateway may answer for the API once in hours. At the
 * first reading of a wait it counts at once, as a wrong ID is to be told at once.
 */
const REFUSED_MS = 300_000;

const REFUSED_CODES = [403, 404];

/** What is known of a project's job: its state, or why it could not be read. */
export type Reading =
	| { state: JobState; error?: undefined }
	| {
			state?: undefined;
			error: Error;
			/** Since when a job that could be read before is refused, reading by reading, as `Date.now()` gives it. */
			refusedSince?: number;
	  };

/** A project whose job may have been read before, in the same wait. */
export interface ReadBefore extends ProjectRef {
	/** Whether it could be read, last or earlier. */
	wasRead?: boolean;
	/** What was read last. */
	reading?: Reading;
}

/** A project with what was read of its job. */
export type WithReading<P extends ProjectRef> = P & Pick<ReadBefore, 'wasRead'> & { reading: Reading };

/** The pause in milliseconds after the n-th poll (1 is the first). */
export function pollIntervalMs(poll: number): number {
	return Math.min(FIRST_INTERVAL_MS * INTERVAL_GROWTH ** (poll - 1), LONGEST_INTERVAL_MS);
}

/** Reads the state of the job in each project, since it was started last, as far as that is known. A project whose state cannot be read stops no other. */
export async function readStates<P extends ReadBefore>(
	context: ApiContext,
	job: Job,
	projects: P[],
): Promise<Array<WithReading<P>>> {
	const outcomes = await settleInParallel(
		projects,
		{},
		async (project, retry) => await readState(context, job, project, retry),
		cancelSignalOf(context),
	);
	return outcomes.map((outcome, index) => {
		const project = projects[index];
		const reading: Reading =
			outcome.status === 'fulfilled'
				? { state: outcome.value }
				: unreadable(project, outcome.reason as Error);
		return { ...project, reading, wasRead: project.wasRead === true || outcome.status === 'fulfilled' };
	});
}

/** A reading that has failed: of a job that could be read before, with the time since when it is refused. */
function unreadable({ wasRead, reading }: ReadBefore, error: Error): Reading {
	if (!wasRead || !REFUSED_CODES.includes(statusCodeOf(error) ?? 0)) return { error };
	return { error, refusedSince: (reading?.error && reading.refusedSince) ?? Date.now() };
}

async function readState(
	context: ApiContext,
	job: Job,
	project: ProjectRef,
	retry: Retry,
): Promise<JobState> {
	const state = await getJobState(retriedBy(context, retry), job, project);
	if (needsEndOfEdit(context, job, project, state)) await readState(context, 'edit', project, retry);
	return sinceStart(context, job, project, state);
}

/**
 * Polls until the job is Completed or Failed in every project, or the time is over. The state is read first: what is done
 * already costs no wait.
 *
 * @param timeoutMs for all projects together
 * @param onPoll is given what each poll has found
 * @returns the projects in their order, with their last reading: neither Completed nor Failed at the end of the time, or when
 *   there is nothing to wait for: a status without a known meaning has stayed for two hours, the job was not started, or an edit has not
 *   begun the export that it was to begin
 */
export async function waitUntilFinal<P extends ReadBefore>(
	context: ApiContext,
	job: Job,
	projects: P[],
	timeoutMs: number,
	onPoll?: (projects: Array<WithReading<P>>) => void,
): Promise<Array<WithReading<P>>> {
	const deadline = Date.now() + timeoutMs;
	const signal = cancelSignalOf(context);
	const stuck = stuckWatch(context, job);
	let known = await readStates(context, job, projects);

	for (let poll = 1; ; poll++) {
		onPoll?.(known);
		const open = known.filter((project) => isOpen(project.reading) && !stuck(project));
		const left = deadline - Date.now();
		if (open.length === 0 || left <= 0 || signal?.aborted) return known;
		await pause(Math.min(pollIntervalMs(poll), left), signal);
		const again = await readStates(context, job, open);
		known = known.map((project) => again[open.indexOf(project)] ?? project);
	}
}

/** Tells of a project, poll by poll, whether it has stayed as it is for longer than there is reason to wait. Progress shows that it moves. */
function stuckWatch(context: ApiContext, job: Job) {
	const seen = new Map<string, { status: string; since: number }>();
	return (project: WithReading<ProjectRef>): boolean => {
		const { state } = project.reading;
		const limitMs = state && stuckAfterMs(context, job, project, state);
		if (!state || limitMs === undefined) return false;
		const status = `${state.statusWord ?? state.status} ${state.progress ?? ''}`;
		const before = seen.get(project.uuid);
		const since = before?.status === status ? before.since : Date.now();
		seen.set(project.uuid, { status, since });
		return Date.now() - since >= limitMs;
	};
}

/** After how long a state that stays as it is counts as stuck; undefined where it never does. */
function stuckAfterMs(
	context: ApiContext,
	job: Job,
	project: ProjectRef,
	state: JobState,
): number | undefined {
	// A start without an answer may have been lost, or be shown late.
	if (state.statusWord || isUnclear(context, job, project, state)) return UNKNOWN_STATUS_MS;
	if (notBegun(context, job, project, state)) return 0;
	if (!isUnstarted(context, job, project, state)) return undefined;
	// Imagen may export by itself at the end of an edit that runs, where nobody knows how it was sent.
	if (job === 'export') return knownStart(context, 'edit', project) ? UNSTARTED_MS : UNKNOWN_STATUS_MS;
	// Nobody else can have started an edit in a project that this execution has made.
	return isCreatedHere(context, project) ? 0 : UNSTARTED_MS;
}

/** Whether a job was sent, nobody knows whether it arrived, and the API does not show it. */
export function isUnclear(context: ApiContext, job: Job, project: StartedRef, { status }: JobState): boolean {
	const start = awaitedStart(context, job, project);
	return start?.accepted === false && !start.isWithEdit && status === 'Pending';
}

/** Whether a job is one that this node knows nobody to have started, and that the API does not show. */
export function isUnstarted(
	context: ApiContext,
	job: Job,
	project: StartedRef,
	{ status, synonym }: JobState,
): boolean {
	// Of a project that this execution has made, only the documented word shows that somebody else has started it.
	const isNotShown = status === 'Pending' || (synonym !== undefined && isCreatedHere(context, project));
	return isNotShown && !awaitedStart(context, job, project);
}

/** Whether another poll may show more. An outage of the API, however long, is no reason to give up on an edit. */
export function isOpen(reading: Reading): boolean {
	if (reading.state) return !isFinal(reading.state.status);
	const { error, refusedSince } = reading;
	if (refusedSince !== undefined && Date.now() - refusedSince < REFUSED_MS) return true;
	return error instanceof ImagenApiError && isRetryable(error.failure);
}
