import type { IDataObject } from 'n8n-workflow';

import { statusCodeOf } from '../errors/imagenErrors';
import { isRecord, rejectWebPage, requireText, toNumber, toSafeLine } from './answer';
import type { EditRequest, SmartEditRequest } from './editRequest';
import { endpoints, type Job } from './endpoints';
import { projectJson, projectLabel, type ProjectRef } from './projectRef';
import { findDescription } from './projects';
import { request } from './request';
import { settle } from './settle';
import { isKnownStatus, isSynonym, toStatus } from './status';
import type { ApiContext, JobState } from './types';

/**
 * Where the edit or export of a project stands. `Pending` is also the state before it was asked for: then the API may answer
 * with 404, with no status, or, of an export, with 400. Where there is no status, the project itself may tell one.
 */
export async function getJobState(context: ApiContext, job: Job, project: ProjectRef): Promise<JobState> {
	const reading = await settle(async () => await readJobState(context, job, project));
	if (reading.status === 'fulfilled') return reading.value ?? (await stateOfProject(context, job, project));
	if (isNotAskedForYet(reading.reason)) return { status: 'Pending' };
	if (statusCodeOf(reading.reason) !== 404) throw reading.reason;
	return await stateOfProject(context, job, project, reading.reason);
}

/** @returns undefined where the answer has no status */
async function readJobState(
	context: ApiContext,
	job: Job,
	project: ProjectRef,
): Promise<JobState | undefined> {
	return await request(context, {
		method: 'GET',
		path: endpoints.status(job, project),
		purpose: `get the ${job} status of project ${projectLabel(project)}`,
		read: (payload) => (hasNoStatus(payload) ? undefined : toJobState(payload)),
	});
}

/** A record without a status, or nothing where one is expected. */
function hasNoStatus(payload: unknown): boolean {
	const isNothing = payload === null || (Array.isArray(payload) && payload.length === 0);
	return isNothing || (isRecord(payload) && !payload.status);
}

/**
 * The state that the project tells of its job: Pending where it has none yet. Of Smart Editing, the project is what was read
 * already, so that nothing tells whether the edit was sent.
 *
 * @throws `notFound` where the API does not know the project
 */
async function stateOfProject(
	context: ApiContext,
	job: Job,
	project: ProjectRef,
	notFound?: unknown,
): Promise<JobState> {
	const description = project.editingFlow === 'I2I' ? undefined : await findDescription(context, project);
	if (!description) {
		if (notFound) throw notFound;
		return { status: toStatus(NO_STATUS), statusWord: NO_STATUS };
	}
	const status = job === 'edit' ? description.status : description.export_status;
	return status ? toJobState({ status }) : { status: 'Pending' };
}

/** Stands for a status that is not there, where a word is expected. */
export const NO_STATUS = 'none';

/** Sends a project to edit. Billed per photo, so never repeated here. Gives the API's message, if there is one. */
export async function startEdit(
	context: ApiContext,
	project: ProjectRef,
	edit: EditRequest | SmartEditRequest,
): Promise<string | undefined> {
	return await request(context, {
		method: 'POST',
		path: endpoints.start('edit', project),
		purpose: `start the edit of project ${projectLabel(project)}`,
		body: edit,
		emptyContentType: project.editingFlow === 'REGULAR',
		read: messageIn,
	});
}

/**
 * Sends an edited project to export. Never repeated here. Gives the API's message, if there is one.
 *
 * @param callbackUrl undocumented for exports: sent when asked for, not to be relied on
 */
export async function startExport(
	context: ApiContext,
	project: ProjectRef,
	callbackUrl?: string,
): Promise<string | undefined> {
	return await request(context, {
		method: 'POST',
		path: endpoints.start('export', project),
		purpose: `start the export of project ${projectLabel(project)}`,
		body: callbackUrl ? { callback_url: callbackUrl } : {},
		read: messageIn,
	});
}

/** An export that was never started may answer 400 `Project has not been exported yet.` in place of a state. */
function isNotAskedForYet(error: unknown): boolean {
	return statusCodeOf(error) === 400 && /not been exported yet/i.test((error as Error).message);
}

function toJobState(payload: unknown): JobState {
	const { progress, details } = isRecord(payload) ? payload : {};
	const word = requireText(payload, 'status');
	const percent = toNumber(progress);
	return {
		status: toStatus(word),
		...(!isKnownStatus(word) && { statusWord: word }),
		...(isSynonym(word) && { synonym: word }),
		...(percent !== undefined && { progress: percent }),
		...(typeof details === 'string' && details !== '' && { details: toSafeLine(details) }),
	};
}

/** The state of a project's job in an output. */
export function jobStateJson(
	project: ProjectRef,
	{ status, statusWord, progress, details }: JobState,
): IDataObject {
	return {
		...projectJson(project),
		status,
		...(statusWord && { status_word: statusWord }),
		...(progress !== undefined && { progress }),
		...(details && { details }),
	};
}

/** The body of a start answer is undocumented: a message, or nothing. A web page is some proxy's and says nothing of the API. */
function messageIn(payload: unknown): string | undefined {
	rejectWebPage(payload);
	const message = isRecord(payload) ? payload.message : payload;
	return typeof message === 'string' && message !== '' ? toSafeLine(message) : undefined;
}
