import type { IDataObject, INodeExecutionData, IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';

import { toErrorJson } from '../errors/imagenErrors';
import { settle } from '../api/settle';
import { projectJson } from '../api/editingFlow';
import type { JobState } from '../api/types';
import {
	answer,
	confirmedState,
	readCallback,
	verifiedCall,
	logErrors,
	type Callback,
} from '../callbacks/receive';
import { firstSeen } from '../memory';
import { eventOf, type JobEvent } from './events';
import { itemsFor, toJson } from './eventItems';

/** A call that starts nothing, and has its answer. */
const NOTHING: IWebhookResponseData = { noWebhookResponse: true };

/** How many calls are remembered across restarts of n8n, against a second delivery. */
const CALLS_KEPT = 500;

/**
 * Starts the workflow when a call is genuine, the API confirms it, and it is of an event that was chosen. The call is
 * answered before the API is read: Imagen's patience is not documented.
 */
export async function startOnCallback(context: IWebhookFunctions): Promise<IWebhookResponseData> {
	return (await logErrors(context, async () => await handle(context))) ?? NOTHING;
}

async function handle(context: IWebhookFunctions): Promise<IWebhookResponseData> {
	const callback = readCallback(context);
	if (!callback) {
		answer(context, 400, 'This is not a callback of Imagen AI');
		return NOTHING;
	}
	const call = await verifiedCall(context, callback);
	if (!call) {
		answer(context, 401, 'The token is missing or wrong');
		return NOTHING;
	}
	answer(context, 200, 'Thank you');
	return await run(context, callback, call);
}

async function run(
	context: IWebhookFunctions,
	callback: Callback,
	call: string,
): Promise<IWebhookResponseData> {
	const state = await stateOf(context, callback);
	const event = state && eventOf(callback.action, state);
	const chosen = context.getNodeParameter('events') as string[];
	if (!event || !chosen.includes(event.name) || !isFirst(context, call)) return NOTHING;
	return { noWebhookResponse: true, workflowData: [await itemsOrError(context, event)] };
}

/** The call was answered and does not come again: an event without its files is better than none. */
async function itemsOrError(context: IWebhookFunctions, event: JobEvent): Promise<INodeExecutionData[]> {
	const outcome = await settle(async () => await itemsFor(context, event));
	if (outcome.status === 'fulfilled') return outcome.value;
	return [{ json: { ...toJson(event), ...toErrorJson(outcome.reason as Error) } }];
}

async function stateOf(context: IWebhookFunctions, callback: Callback): Promise<JobState | undefined> {
	const { confirm = true } = context.getNodeParameter('options', {}) as { confirm?: boolean };
	if (confirm) return await confirmedState(context, callback);
	return { ...projectJson(callback.project), status: callback.status };
}

/** Known in this process at once, and in n8n's store for when it is restarted. In the editor, a test may be repeated. */
function isFirst(context: IWebhookFunctions, call: string): boolean {
	if (context.getMode() === 'manual') return true;
	const memory = context.getWorkflowStaticData('node') as IDataObject & { calls?: string[] };
	const calls = memory.calls ?? [];
	if (calls.includes(call) || !firstSeen(call)) return false;
	memory.calls = [...calls, call].slice(-CALLS_KEPT);
	return true;
}
