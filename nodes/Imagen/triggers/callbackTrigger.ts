import type { INodeExecutionData, IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';

import { settle } from '../api/settle';
import type { JobState } from '../api/types';
import { isFirstDelivery } from '../callbacks/dedupe';
import { logErrors, readAfterCallback, receiveCallback, type Callback } from '../callbacks/receive';
import { toErrorJson } from '../errors/imagenErrors';
import { itemsFor, toJson } from './eventItems';
import { eventOf, type JobEvent } from './events';

/** A call that starts nothing, and has its answer. */
const NOTHING: IWebhookResponseData = { noWebhookResponse: true };

/** Starts the workflow when a call is genuine, the API confirms it, and it is of an event that was chosen. */
export async function startOnCallback(context: IWebhookFunctions): Promise<IWebhookResponseData> {
	return (await logErrors(context, async () => await handle(context))) ?? NOTHING;
}

async function handle(context: IWebhookFunctions): Promise<IWebhookResponseData> {
	const callback = await receiveCallback(context);
	if (!callback) return NOTHING;
	const { job, project, callNumber } = callback;
	const state = await stateAfter(context, callback);
	const event = eventOf(job, project, state);
	const chosen = context.getNodeParameter('events') as string[];
	if (!event || !chosen.includes(event.name) || !isFirstDelivery(context, `${job} ${callNumber}`))
		return NOTHING;
	return { noWebhookResponse: true, workflowData: [await itemsOrError(context, event)] };
}

/** The call was answered and does not come again: an event without its files is better than none. */
async function itemsOrError(context: IWebhookFunctions, event: JobEvent): Promise<INodeExecutionData[]> {
	const outcome = await settle(async () => await itemsFor(context, event));
	if (outcome.status === 'fulfilled') return outcome.value;
	return [{ json: { ...toJson(event), ...toErrorJson(outcome.reason as Error) } }];
}

/**
 * The state that the API confirms, or, where the user does without that, the one that the call claims.
 *
 * @throws ImagenApiError when the state cannot be read
 */
async function stateAfter(context: IWebhookFunctions, callback: Callback): Promise<JobState> {
	const { confirm = true } = context.getNodeParameter('options', {}) as { confirm?: boolean };
	if (!confirm && callback.claimedStatus) return { status: callback.claimedStatus };
	const { state, error } = await readAfterCallback(context, callback);
	if (error) throw error;
	return state;
}
