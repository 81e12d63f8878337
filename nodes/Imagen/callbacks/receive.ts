import type { IDataObject, IWebhookFunctions } from 'n8n-workflow';

import { isRecord } from '../api/answer';
import type { Job } from '../api/endpoints';
import { credentialOf } from '../api/request';
import { settle } from '../api/settle';
import { isFinal, isKnownStatus, toStatus, type Status } from '../api/status';
import { isOpen, waitUntilFinal, type ReadBefore, type Reading, type WithReading } from '../jobs/poll';
import { holdCall } from '../memory';
import { verifyToken, type CallbackAddress } from './address';

/** A genuine call of Imagen's: a reason to look. */
export interface Callback extends CallbackAddress {
	/** The status that the body claims, where it has one. Never a fact: anybody who knows the address can send it. */
	claimedStatus?: Status;
}

/**
 * Receives the call that is being answered: checks its address, and answers at once, since how long Imagen waits is not documented.
 *
 * @param executionId that the call is to resume; none for a call that starts a workflow
 * @returns undefined when the address carries no token of ours (401)
 */
export async function receiveCallback(
	context: IWebhookFunctions,
	executionId?: string,
): Promise<Callback | undefined> {
	const { apiKey } = await credentialOf(context);
	const signer = { apiKey, executionId };
	const about = verifyToken(context.getQueryData() as IDataObject, signer);
	if (!about) {
		answer(context, 401, 'The token is missing or wrong');
		return undefined;
	}
	answer(context, 200, 'OK');
	const body: unknown = context.getBodyData();
	const { action, status } = isRecord(body) ? body : {};
	return {
		...about,
		job: isExportOfEdit(about, action) ? 'export' : about.job,
		...(isKnownStatus(status) && { claimedStatus: toStatus(status) }),
	};
}

/** Start may ask Imagen to export as well when the edit is done: there is one address for both, and only the body tells them apart. */
function isExportOfEdit({ job, project }: CallbackAddress, action: unknown): boolean {
	return job === 'edit' && project.editingFlow === 'REGULAR' && /^export$/i.test(String(action));
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
	logWarning(context, (outcome.reason as Error).message);
	if (!context.getResponseObject().headersSent) answer(context, 500, 'The notification could not be handled');
	return undefined;
}

/** Writes to n8n's log: there is nobody else to tell. */
export function logWarning(context: IWebhookFunctions, message: string): void {
	context.logger.warn(`${context.getNode().name}: ${message}`);
}

/** Answers the call, with a status and a word for whoever looks at the wire. */
function answer(context: IWebhookFunctions, statusCode: 200 | 401 | 500, message: string): void {
	context.getResponseObject().status(statusCode).json({ message });
}

/** How long the API may lag behind its own callback. */
const LAG_MS = 60_000;

/** How long a call is held, in an outage of the API or where the API lags further behind: n8n sets no limit of its own. */
const HELD_MS = 30 * 60_000;

/** Whether the API could not be read, in a way that may pass. */
export const isUnreadable = (reading: Reading): boolean => reading.error !== undefined && isOpen(reading);

/** Whether a call itself claims that its job has not ended. */
export function claimsProgress({ claimedStatus }: Callback): boolean {
	return claimedStatus !== undefined && !isFinal(claimedStatus);
}

/**
 * What the API says of the job that a callback is about. A callback may come before the API shows the end that it is about, so the
 * API is read again for a minute; once only where the call itself claims no end.
 *
 * @param mostMs how long it may take
 */
export async function readAfterCallback(
	context: IWebhookFunctions,
	callback: Callback & { project: ReadBefore },
	mostMs = LAG_MS,
): Promise<Reading> {
	const lagMs = claimsProgress(callback) ? 0 : Math.min(LAG_MS, mostMs);
	const [{ reading }] = await waitUntilFinal(context, callback.job, [callback.project], lagMs);
	return reading;
}

/**
 * Holds a call until the API shows the end of a job in every project, for half an hour at most.
 *
 * @param id of what it is held for
 * @param mostMs how long it may take
 * @returns undefined where enough calls are held already, or one for the same
 */
export async function readWhileHeld<P extends ReadBefore>(
	context: IWebhookFunctions,
	id: string,
	job: Job,
	projects: P[],
	mostMs = HELD_MS,
): Promise<Array<WithReading<P>> | undefined> {
	const heldMs = Math.min(HELD_MS, mostMs);
	return await holdCall(id, async () => await waitUntilFinal(context, job, projects, heldMs));
}
