import type { IDataObject, IWebhookFunctions } from 'n8n-workflow';

import type { Job } from '../api/endpoints';
import { isRecord } from '../api/guards';
import { toStatus, type Status } from '../api/status';
import { apiKeyOf } from '../api/request';
import { genuineCall } from './callbackToken';

/** What Imagen says when it calls back. A nudge to look, never a fact: anybody can send it. */
export interface Callback {
	project_uuid: string;
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
	return { project_uuid, action, status: toStatus(status) };
}

/**
 * Whether a call carries a token of ours for its project, and, to resume one, for the execution.
 *
 * @returns the number of the call, the same for each delivery of it; undefined when it is not genuine
 */
export async function verifiedCall(
	context: IWebhookFunctions,
	{ project_uuid }: Callback,
	executionId?: string,
): Promise<string | undefined> {
	return genuineCall(context.getQueryData() as IDataObject, {
		apiKey: await apiKeyOf(context),
		projectUuid: project_uuid,
		executionId,
	});
}

/** Answers the call at once, with a status and a word for whoever looks at the wire. */
export function answer(context: IWebhookFunctions, statusCode: 200 | 400 | 401, message: string): void {
	context.getResponseObject().status(statusCode).json({ message });
}
