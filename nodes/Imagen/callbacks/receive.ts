import type { IDataObject, IWebhookFunctions } from 'n8n-workflow';

import { isRecord } from '../api/answer';
import type { Job } from '../api/endpoints';
import type { ProjectRef } from '../api/projectRef';
import { apiKeyOf } from '../api/request';
import { settle } from '../api/settle';
import { toStatus, type Status } from '../api/status';
import { waitUntilFinal, type Reading } from '../jobs/poll';
import { editingFlowOfCall, verifyToken } from './address';

/** A genuine call of Imagen's. What it says is a reason to look, never a fact. */
export interface Callback {
	project: ProjectRef;
	job: Job;
	status: Status;
	/** The same for each delivery of this call. */
	callNumber: string;
}

/** A callback's body is under 200 bytes; nobody has reason to send more than this. */
const LONGEST_BODY_BYTES = 16_384;
const LONGEST_UUID = 200;

/**
 * Receives the call that is being answered: reads it, checks its token, and answers at once, since Imagen's patience is not
 * documented.
 *
 * @param executionId that the call is to resume; none for a call that starts a workflow
 * @returns undefined when the call is not of the form that Imagen sends (400), or carries no token of ours (401)
 */
export async function receiveCallback(
	context: IWebhookFunctions,
	executionId?: string,
): Promise<Callback | undefined> {
	const message = readMessage(context);
	if (!message) {
		answer(context, 400, 'This is not a callback of Imagen AI');
		return undefined;
	}
	const callNumber = verifyToken(context.getQueryData() as IDataObject, {
		apiKey: await apiKeyOf(context),
		project: message.project,
		executionId,
	});
	if (!callNumber) {
		answer(context, 401, 'The token is missing or wrong');
		return undefined;
	}
	answer(context, 200, 'Thank you');
	return { ...message, callNumber };
}

function readMessage(context: IWebhookFunctions): Omit<Callback, 'callNumber'> | undefined {
	if (Number(context.getHeaderData()['content-length'] ?? 0) > LONGEST_BODY_BYTES) return undefined;
	const body: unknown = context.getBodyData();
	if (!isRecord(body)) return undefined;
	const { project_uuid: uuid, action: job = 'edit', status } = body;
	if (typeof uuid !== 'string' || uuid === '' || uuid.length > LONGEST_UUID) return undefined;
	if (typeof status !== 'string' || (job !== 'edit' && job !== 'export')) return undefined;
	const editingFlow = editingFlowOfCall(context.getQueryData() as IDataObject);
	return { project: { uuid, editingFlow }, job, status: toStatus(status) };
}

/**
 * Does what a call asks for. An error goes to n8n's log and nowhere else: thrown, it would start or resume a workflow, and
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

/** Answers the call, with a status and a word for whoever looks at the wire. */
function answer(context: IWebhookFunctions, statusCode: 200 | 400 | 401 | 500, message: string): void {
	context.getResponseObject().status(statusCode).json({ message });
}

/** How long the API may lag behind its own callback. */
const LAG_MS = 60_000;

/**
 * What the API says of the job that a callback is about. A callback about an end may come before the API shows that end, so the
 * API is read again for a minute.
 */
export async function readAfterCallback(
	context: IWebhookFunctions,
	{ job, project }: Callback,
): Promise<Reading> {
	const [{ reading }] = await waitUntilFinal(context, job, [project], LAG_MS);
	return reading;
}
