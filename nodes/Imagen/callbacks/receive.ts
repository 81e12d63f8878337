import { isRecord } from '../api/answer';
import type { IDataObject, IWebhookFunctions } from 'n8n-workflow';

import type { Job } from '../api/endpoints';
import { isFinal, toStatus, type Status } from '../api/status';
import { settle } from '../api/settle';
import type { JobState } from '../api/types';
import { apiKeyOf } from '../api/request';
import type { ProjectRef } from '../api/editingFlow';
import { verifyToken, editingFlowOfCall } from './address';
import { waitUntilFinal, type Reading } from '../jobs/poll';

/** What Imagen says when it calls back. A nudge to look, never a fact: anybody can send it. */
export interface Callback {
	project: ProjectRef;
	/** The API's word for the job. */
	action: Job;
	status: Status;
}

/** A callback's body is under 200 bytes; nobody has reason to send more than this. */
const LONGEST_BODY_BYTES = 16_384;
const LONGEST_UUID = 200;

/** Reads the call that is being answered; undefined when it is not of the form that Imagen sends. */
export function readCallback(context: IWebhookFunctions): Callback | undefined {
	if (Number(context.getHeaderData()['content-length'] ?? 0) > LONGEST_BODY_BYTES) return undefined;
	const body: unknown = context.getBodyData();
	if (!isRecord(body)) return undefined;
	const { project_uuid, action = 'edit', status } = body;
	if (typeof project_uuid !== 'string' || project_uuid === '' || project_uuid.length > LONGEST_UUID)
		return undefined;
	if (typeof status !== 'string' || (action !== 'edit' && action !== 'export')) return undefined;
	const project = {
		uuid: project_uuid,
		editingFlow: editingFlowOfCall(context.getQueryData() as IDataObject),
	};
	return { project, action, status: toStatus(status) };
}

/**
 * Whether a call carries a token of ours for its project, and, to resume one, for the execution.
 *
 * @returns the number of the call, the same for each delivery of it; undefined when it is not genuine
 */
export async function verifiedCall(
	context: IWebhookFunctions,
	{ project }: Callback,
	executionId?: string,
): Promise<string | undefined> {
	return verifyToken(context.getQueryData() as IDataObject, {
		apiKey: await apiKeyOf(context),
		project,
		executionId,
	});
}

/**
 * Does what a call asks for. An error goes to n8n's log and nowhere else: thrown, it would start or go on with a workflow, and
 * anybody can call.
 */
export async function logErrors<T>(
	context: IWebhookFunctions,
	work: () => Promise<T>,
): Promise<T | undefined> {
	const outcome = await settle(work);
	if (outcome.status === 'fulfilled') return outcome.value;
	context.logger.warn(`${context.getNode().name}: ${(outcome.reason as Error).message}`);
	if (!context.getResponseObject().headersSent) answer(context, 500, 'The call could not be handled');
	return undefined;
}

/** Answers the call at once, with a status and a word for whoever looks at the wire. */
export function answer(context: IWebhookFunctions, statusCode: 200 | 400 | 401 | 500, message: string): void {
	context.getResponseObject().status(statusCode).json({ message });
}

/** How long the API may lag behind its own callback. */
const LAG_MS = 60_000;

/**
 * What the API tells of the project that a callback is about. A callback that tells of an end may come before the API shows it,
 * so that is asked for again for a minute.
 */
export async function readingAfterCallback(
	context: IWebhookFunctions,
	{ action, project }: Callback,
): Promise<Reading> {
	return (await waitUntilFinal(context, action, [project], LAG_MS)).get(project.uuid) as Reading;
}

/**
 * The state that the API confirms for the project that a callback is about.
 *
 * @returns undefined when the callback tells of no end
 * @throws ImagenApiError when the state cannot be read
 */
export async function confirmedState(
	context: IWebhookFunctions,
	callback: Callback,
): Promise<JobState | undefined> {
	if (!isFinal(callback.status)) return undefined;
	const { state, error } = await readingAfterCallback(context, callback);
	if (error) throw error;
	return state;
}
