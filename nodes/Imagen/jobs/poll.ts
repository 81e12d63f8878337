import { settleWithConcurrency } from '../api/settle';
import type { Job } from '../api/endpoints';
import { ImagenApiError } from '../errors/imagenErrors';
import { isRetryable } from '../errors/failure';
import { getJobState } from '../api/jobs';
import { pause } from '../api/pause';
import { cancelSignalOf } from '../api/request';
import { isFinal } from '../api/status';
import type { ProjectRef } from '../api/editingFlow';
import type { ApiContext, JobState } from '../api/types';

/** As the official clients poll: 5 s at first, longer from look to look, at most a minute. */
const FIRST_INTERVAL_MS = 5_000;
const INTERVAL_GROWTH = 1.5;
const LONGEST_INTERVAL_MS = 60_000;

/** Status requests under way at the same time. */
const PARALLEL_READS = 5;

/** What is known of a project's job: its state, or why it could not be read. */
export type Reading = { state: JobState; error?: undefined } | { state?: undefined; error: Error };

/** The pause in milliseconds after the n-th look (1 is the first). */
export function pollIntervalMs(look: number): number {
	return Math.min(FIRST_INTERVAL_MS * INTERVAL_GROWTH ** (look - 1), LONGEST_INTERVAL_MS);
}

/** Reads where the job stands in each project. @returns the readings by the projects' UUIDs */
export async function readStates(
	context: ApiContext,
	job: Job,
	projects: ProjectRef[],
): Promise<Map<string, Reading>> {
	const outcomes = await settleWithConcurrency(
		projects,
		PARALLEL_READS,
		async (project) => await getJobState(context, job, project),
		cancelSignalOf(context),
	);
	return new Map(
		outcomes.map((outcome, index) => [
			projects[index].uuid,
			outcome.status === 'fulfilled' ? { state: outcome.value } : { error: outcome.reason as Error },
		]),
	);
}

/**
 * Polls until the job is Completed or Failed in every project, or the time is over. The state is read first: what is done
 * already costs no wait.
 *
 * @param timeoutMs for all projects together
 * @param onLook told of what each look has found
 * @returns the last reading of each project; at the end of the time it may be neither Completed nor Failed
 */
export async function waitUntilFinal(
	context: ApiContext,
	job: Job,
	projects: ProjectRef[],
	timeoutMs: number,
	onLook?: (readings: Map<string, Reading>) => void,
): Promise<Map<string, Reading>> {
	const deadline = Date.now() + timeoutMs;
	const signal = cancelSignalOf(context);
	const readings = new Map<string, Reading>();

	for (let look = 1; ; look++) {
		const open = projects.filter(({ uuid }) => isOpen(readings.get(uuid)));
		for (const [uuid, reading] of await readStates(context, job, open)) readings.set(uuid, reading);
		onLook?.(readings);

		const allDone = !projects.some(({ uuid }) => isOpen(readings.get(uuid)));
		const left = deadline - Date.now();
		if (allDone || left <= 0 || signal?.aborted) return readings;
		await pause(Math.min(pollIntervalMs(look), left), signal);
	}
}

/** Whether another look may tell more. An outage of the API, however long, is no reason to give up on an edit. */
export function isOpen(reading: Reading | undefined): boolean {
	if (reading === undefined) return true;
	if (reading.state) return !isFinal(reading.state.status);
	return reading.error instanceof ImagenApiError && isRetryable(reading.error.failure);
}
