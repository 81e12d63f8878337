import type { IDataObject } from 'n8n-workflow';

import { statusCodeOf } from '../errors/imagenErrors';
import { isRecord, toSafeLine, rejectWebPage, requireText } from './answer';
import type { EditRequest, SmartEditRequest } from './editRequest';
import { endpoints, type Job } from './endpoints';
import { projectJson, type ProjectRef } from './projectRef';
import { request } from './request';
import { isKnownStatus, toStatus } from './status';
import type { ApiContext, JobState } from './types';

/** Where the edit or export of a project stands. `Pending` is also the state before it was asked for. */
export async function getJobState(context: ApiContext, job: Job, project: ProjectRef): Promise<JobState> {
	return await request(context, {
		method: 'GET',
		path: endpoints.status(job, project),
		purpose: `get the ${job} status of project ${project.uuid}`,
		read: toJobState,
	}).catch((error: unknown) => {
		if (!isNotAskedForYet(error)) throw error;
		return { status: 'Pending' };
	});
}

/** Sends a project to edit. Billed per photo, so never repeated here. Gives the API's message, if there is one. */
export async function startEdit(
	context: ApiContext,
	project: ProjectRef,
	edit: EditRequest | SmartEditRequest,
): Promise<string | undefined> {
	return await request(context, {
		method: 'POST',
		path: endpoints.start('edit', project),
		purpose: `start the edit of project ${project.uuid}`,
		body: edit,
		emptyContentType: true,
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
		purpose: `start the export of project ${project.uuid}`,
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
	return {
		status: toStatus(word),
		...(!isKnownStatus(word) && { statusWord: word }),
		...(typeof progress === 'number' && { progress }),
		...(typeof details === 'string' && details !== '' && { details: toSafeLine(details) }),
	};
}

/** The state of a project's job in an output. */
export function jobStateJson(project: ProjectRef, { status, statusWord, ...more }: JobState): IDataObject {
	return {
		...projectJson(project),
		...(project.name && { name: project.name }),
		status,
		...(statusWord && { status_word: statusWord }),
		...more,
	};
}

/** The body of a start answer is undocumented: a message, or nothing. A web page is some proxy's and says nothing of the API. */
function messageIn(payload: unknown): string | undefined {
	rejectWebPage(payload);
	const message = isRecord(payload) ? payload.message : payload;
	return typeof message === 'string' && message !== '' ? toSafeLine(message) : undefined;
}
