import type { IWebhookFunctions } from 'n8n-workflow';

import type { ProjectRef } from '../api/projectRef';
import { readStates, type ReadBefore, type WithReading } from '../jobs/poll';
import { callRecords, catchUpCallRecords, isHeld, setCallRecords, type PendingNotification } from '../memory';
import type { CallbackAddress } from './address';

/** A call of a trigger, and what the API says of the job that it is about. */
export type ReadCall = WithReading<PendingNotification['project']> & Pick<PendingNotification, 'id' | 'job'>;

/** A project that Imagen has sent a notification about: it was there, and one refusal does not show that it is no longer. */
export const notified = (project: ProjectRef): ReadBefore => ({ ...project, wasRead: true });

/** Unlike that of any other call, and the same for each of its deliveries. */
export const callId = ({ job, callNumber }: CallbackAddress): string => `${job} ${callNumber}`;

/** Keeps a call whose event cannot be reported yet, so that the next call of the trigger reads it again. */
export function keepPending(context: IWebhookFunctions, callback: CallbackAddress): void {
	const { calls, pending } = callRecords(context);
	const { job, project } = callback;
	setCallRecords(context, {
		calls,
		pending: [...pending, { id: callId(callback), job, project, at: Date.now() }],
	});
}

/** Has n8n store what other calls have written down while this one was under way: it stores the whole of what a call ends with. */
export function catchUp(context: IWebhookFunctions): void {
	if (context.getMode() !== 'manual') catchUpCallRecords(context);
}

/** Lets go of a call whose event is not wanted. */
export function dropPending(context: IWebhookFunctions, id: string): void {
	const { calls, pending } = callRecords(context);
	const others = pending.filter((call) => call.id !== id);
	if (others.length < pending.length) setCallRecords(context, { calls, pending: others });
}

/**
 * Reads once what the pending notifications are about, except what another call is still reading. What cannot be read stops no other.
 *
 * @param own the call that reads, which knows its own
 */
export async function readPending(context: IWebhookFunctions, own: string): Promise<ReadCall[]> {
	if (context.getMode() === 'manual') return [];
	const pending = callRecords(context).pending.filter(({ id }) => id !== own && !isHeld(id));
	const ofJob = async (job: PendingNotification['job']) => {
		const calls = pending.filter((call) => call.job === job);
		return await readStates(
			context,
			job,
			calls.map(({ id, project }) => ({ ...notified(project), id, job })),
		);
	};
	return [...(await ofJob('edit')), ...(await ofJob('export'))];
}
