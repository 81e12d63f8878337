import type { INodeExecutionData, IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';

import { withTypedTriggerParameters } from '../actions/shared/typedParameters';
import { projectLabel } from '../api/projectRef';
import { findName } from '../api/projects';
import { orUndefined, settle } from '../api/settle';
import { isFirstDelivery } from '../callbacks/dedupe';
import {
	callId,
	catchUp,
	dropPending,
	keepPending,
	readPending,
	type ReadCall,
} from '../callbacks/pendingNotifications';
import {
	claimsProgress,
	isUnreadable,
	logErrors,
	logWarning,
	readAfterCallback,
	readWhileHeld,
	receiveCallback,
	type Callback,
} from '../callbacks/receive';
import { statusCodeOf, toErrorJson } from '../errors/imagenErrors';
import { isOpen, type Reading } from '../jobs/poll';
import { callbackFields } from './callbackFields';
import { itemsFor, toJson } from './eventItems';
import { eventOf, type JobEvent } from './events';

/** A call that starts nothing, and has its answer. */
const NOTHING: IWebhookResponseData = { noWebhookResponse: true };

/**
 * Starts the workflow when a call is genuine, the API confirms it, and it is of an event that was chosen. What is pending of earlier calls is
 * read again with each.
 */
export async function startOnCallback(untyped: IWebhookFunctions): Promise<IWebhookResponseData> {
	const context = withTypedTriggerParameters(untyped, callbackFields);
	return (await logErrors(context, async () => await handle(context))) ?? NOTHING;
}

async function handle(context: IWebhookFunctions): Promise<IWebhookResponseData> {
	const callback = await receiveCallback(context);
	if (!callback) return NOTHING;
	return await report(context, callback).finally(() => catchUp(context));
}

async function report(context: IWebhookFunctions, callback: Callback): Promise<IWebhookResponseData> {
	const reading = await readingOf(context, callback);
	const own: ReadCall = { ...callback.project, id: callId(callback), job: callback.job, reading };
	const pending = isUnreadable(reading) ? [] : await readPending(context, own.id);

	const items: INodeExecutionData[] = [];
	for (const event of [...pending, own].flatMap((call) => newEvent(context, call) ?? []))
		items.push(...(await itemsOrError(context, await named(context, event))));
	return items.length > 0 ? { noWebhookResponse: true, workflowData: [items] } : NOTHING;
}

/** The event of a call, once, where it is one that was chosen. */
function newEvent(
	context: IWebhookFunctions,
	{ reading, id, job, ...project }: ReadCall,
): JobEvent | undefined {
	if (isOpen(reading)) return undefined;
	if (reading.error) {
		logWarning(context, reading.error.message);
		// A project that was deleted has no event any more.
		if (statusCodeOf(reading.error) === 404) dropPending(context, id);
		return undefined;
	}
	const event = eventOf(job, project, reading.state);
	const chosen = context.getNodeParameter('events') as string[];
	if (event && chosen.includes(event.name)) return isFirstDelivery(context, id) ? event : undefined;
	dropPending(context, id);
	return undefined;
}

/** A call does not tell what the project is called. */
async function named(context: IWebhookFunctions, event: JobEvent): Promise<JobEvent> {
	const name = await findName(context, event.project);
	return { ...event, project: { ...event.project, name } };
}

/** The call was answered and does not come again: an event without its files is better than none. */
async function itemsOrError(context: IWebhookFunctions, event: JobEvent): Promise<INodeExecutionData[]> {
	const outcome = await settle(async () => await itemsFor(context, event));
	if (outcome.status === 'fulfilled') return outcome.value;
	return [{ json: { ...toJson(event), ...toErrorJson(outcome.reason as Error) } }];
}

/**
 * What the API says after a call, or, where the user does without that, what the call claims. As long as the API does not show an end
 * that the call stands for, the call is kept, and held.
 */
async function readingOf(context: IWebhookFunctions, callback: Callback): Promise<Reading> {
	if (!confirmsWithApi(context) && callback.claimedStatus)
		return { state: { status: callback.claimedStatus } };
	const reading = await readAfterCallback(context, callback);
	if (!isOpen(reading) || claimsProgress(callback) || context.getMode() === 'manual') return reading;

	keepPending(context, callback);
	const { job, project } = callback;
	const [held] = (await readWhileHeld(context, callId(callback), job, [project])) ?? [{ reading }];
	if (isOpen(held.reading)) logWarning(context, unclear(callback, held.reading));
	return held.reading;
}

/** What cannot be read counts as the default: an error would lose the event. */
const confirmsWithApi = (context: IWebhookFunctions): boolean =>
	orUndefined(() => context.getNodeParameter('options.confirm', true) as boolean) ?? true;

const unclear = ({ job, project }: Callback, { state, error }: Reading) =>
	`Imagen sent a notification about the ${job} of project ${projectLabel(project)}, but the API does not show that it is finished (${error?.message ?? state?.status}). The next notification to this trigger checks it again.`;
