import type { Job } from '../api/endpoints';
import { getJobState } from '../api/jobs';
import { pause } from '../api/pause';
import type { ProjectRef } from '../api/projectRef';
import { cancelSignalOf } from '../api/request';
import { isFinal } from '../api/status';
import type { ApiContext, JobState } from '../api/types';
import { isRetryable } from '../errors/failure';
import { ImagenApiError } from '../errors/imagenErrors';
import { settleWithConcurrency } from '../transfer/concurrency';
import { sinceStart } from './ledger';

/** As the official clients poll: 5 s at first, longer from poll to poll, at most a minute. */
const FIRST_INTERVAL_MS = 5_000;
const INTERVAL_GROWTH = 1.5;
const LONGEST_INTERVAL_MS = 60_000;

/** How long a status without a known meaning may stay the same before it is not waited for any more. */
const UNKNOWN_STATUS_MS = 2 * 3_600_000;

/** How many statuses are read at the same time. */
const PARALLEL_READS = 5;

/** What is known of a project's job: its state, or why it could not be read. */
export type Reading = { state: JobState; error?: undefined } | { state?: undefined; error: Error };

/** A project with what was read of its job. */
export type WithReading<P extends ProjectRef> = P & { reading: Reading };

/** The pause in milliseconds after the n-th poll (1 is the first). */
export function pollIntervalMs(poll: number): number {
	return Math.min(FIRST_INTERVAL_MS * INTERVAL_GROWTH ** (poll - 1), LONGEST_INTERVAL_MS);
}

/** Reads the state of the job in each project, since this execution has started it. A project whose state cannot be read stops no other. */
export async function readStates<P extends ProjectRef>(
	context: ApiContext,
	job: Job,
	projects: P[],
): Promise<Array<WithReading<P>>> {
	const outcomes = await settleWithConcurrency(
		projects,
		PARALLEL_READS,
		async (project) => sinceStart(context, job, project.uuid, await getJobState(context, job, project)),
		cancelSignalOf(context),
	);
	return outcomes.map((outcome, index) => {
		const reading: Reading =
			outcome.status === 'fulfilled' ? { state: outcome.value } : { error: outcome.reason as Error };
		return { ...projects[index], reading };
	});
}

/**
 * Polls until the job is Completed or Failed in every project, or the time is over. The state is read first: what is done
 * already costs no wait.
 *
 * @param timeoutMs for all projects together
 * @param onPoll is given what each poll has found
 * @returns the projects in their order, with their last reading: neither Completed nor Failed at the end of the time, or when a
 *   status without a known meaning has stayed for two hours
 */
export async function waitUntilFinal<P extends ProjectRef>(
	context: ApiContext,
	job: Job,
	projects: P[],
	timeoutMs: number,
	onPoll?: (projects: Array<WithReading<P>>) => void,
): Promise<Array<WithReading<P>>> {
	const deadline = Date.now() + timeoutMs;
	const signal = cancelSignalOf(context);
	const isStuck = unknownStatusWatch();
	let known = await readStates(context, job, projects);

	for (let poll = 1; ; poll++) {
		onPoll?.(known);
		const open = known.filter((project) => isOpen(project.reading) && !isStuck(project));
		const left = deadline - Date.now();
		if (open.length === 0 || left <= 0 || signal?.aborted) return known;
		await pause(Math.min(pollIntervalMs(poll), left), signal);
		const again = await readStates(context, job, open);
		known = known.map((project) => again[open.indexOf(project)] ?? project);
	}
}

/** Tells of a project, poll by poll, whether it has had the same unknown status for too long: its progress shows that it moves. */
function unknownStatusWatch() {
	const seen = new Map<string, { status: string; since: number }>();
	return ({ uuid, reading: { state } }: WithReading<ProjectRef>): boolean => {
		if (!state?.statusWord) return false;
		const status = `${state.statusWord} ${state.progress ?? ''}`;
		const before = seen.get(uuid);
		if (before?.status === status) return Date.now() - before.since >= UNKNOWN_STATUS_MS;
		seen.set(uuid, { status, since: Date.now() });
		return false;
	};
}

/** Whether another poll may show more. An outage of the API, however long, is no reason to give up on an edit. */
export function isOpen({ state, error }: Reading): boolean {
	if (state) return !isFinal(state.status);
	return error instanceof ImagenApiError && isRetryable(error.failure);
}
