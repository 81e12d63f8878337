import type { Job } from '../api/endpoints';
import { getDownloadLinks } from '../api/links';
import { pause } from '../api/pause';
import type { ProjectRef } from '../api/projectRef';
import { cancelSignalOf } from '../api/request';
import type { ApiContext, FileLink, JobState } from '../api/types';
import { ImagenOperationError } from '../errors/imagenErrors';
import { pollIntervalMs, type WithReading } from './poll';

/** A job's name in the panel. */
export const RESOURCE: Record<Job, string> = { edit: 'Edit', export: 'Export' };

/** How long a list of results may stay empty after Completed. */
const LINKS_GRACE_MS = 300_000;

/** How long a list that lacks results has to stay as it is before it counts as all there will be. */
const STANDS_STILL_MS = 60_000;

/**
 * The state of a finished job.
 *
 * @throws NodeOperationError when it is not Completed; the reading's own error when it could not be read
 */
export function requireCompleted(context: ApiContext, job: Job, project: WithReading<ProjectRef>): JobState {
	const { state, error } = project.reading;
	if (error) throw error;
	if (state.status === 'Completed') return state;
	if (state.status === 'Failed') throw jobFailed(context, job, project, state);
	if (state.statusWord) throw unknownStatus(context, job, project, state);
	throw new ImagenOperationError(
		context,
		`The ${job} of project ${project.uuid} is not done: its status is ${state.status}`,
		`Put ${RESOURCE[job]}: Wait before this node, or set 'If Not Ready' to Wait and give it more time in 'Give Up After (Minutes)'. Nothing is lost: the ${job} goes on at Imagen.`,
	);
}

/** The error for a job that ended Failed. */
export function jobFailed(context: ApiContext, job: Job, { uuid }: ProjectRef, { details }: JobState) {
	return new ImagenOperationError(
		context,
		`Imagen AI could not ${job} the project ${uuid}${details ? `: ${details}` : ''}`,
		`The ${job} ended with the status Failed. Look at the project in Imagen. ${RESOURCE[job]}: Start sends it once more, which Imagen may bill; if it fails again, contact the Imagen support and name this project.`,
	);
}

/** The error for a job that did not end in time. */
export function notFinished(
	context: ApiContext,
	job: Job,
	project: ProjectRef,
	state: JobState,
	minutes: number,
	remedy: string,
) {
	if (state.statusWord) return unknownStatus(context, job, project, state);
	const { uuid } = project;
	const { status } = state;
	return new ImagenOperationError(
		context,
		`The ${job} of project ${uuid} is still ${status} after ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}`,
		`Nothing is lost: the ${job} goes on at Imagen. ${remedy}`,
	);
}

/** The error for a job whose status says neither that it runs nor that it has ended. */
function unknownStatus(context: ApiContext, job: Job, { uuid }: ProjectRef, { statusWord }: JobState) {
	return new ImagenOperationError(
		context,
		`The ${job} of project ${uuid} has the status '${statusWord}', which this node does not know`,
		`Look at the project in Imagen. If the ${job} is done there, download its files there. Tell the developers of this node the status; nothing was sent or billed again.`,
	);
}

/**
 * The links of a finished job's result files. Just after Completed the list may be empty, or still fill: that means "not yet".
 *
 * @param isWhole whether a list has all that is expected; a list that has not is waited for until it has stood still for a minute
 * @throws NodeOperationError when it stays empty
 */
export async function waitForLinks(
	context: ApiContext,
	job: Job,
	project: ProjectRef,
	isWhole: (links: FileLink[]) => boolean = () => true,
): Promise<FileLink[]> {
	const deadline = Date.now() + LINKS_GRACE_MS;
	const signal = cancelSignalOf(context);
	let changedAt = Date.now();
	let length = 0;
	for (let poll = 1; ; poll++) {
		const links = await getDownloadLinks(context, job, project);
		const now = Date.now();
		if (links.length !== length) changedAt = now;
		length = links.length;
		const isDone = length > 0 && (isWhole(links) || now - changedAt >= STANDS_STILL_MS);
		if (isDone) return links;
		const left = (length > 0 ? changedAt + STANDS_STILL_MS : deadline) - now;
		if (left <= 0 || signal?.aborted) throw noFiles(context, job, project);
		await pause(Math.min(pollIntervalMs(poll), left), signal);
	}
}

function noFiles(context: ApiContext, job: Job, { uuid }: ProjectRef) {
	return new ImagenOperationError(
		context,
		`The ${job} of project ${uuid} is Completed, but Imagen AI lists no files`,
		'Run this node again in a few minutes. If the list stays empty, contact the Imagen support and name this project.',
	);
}
