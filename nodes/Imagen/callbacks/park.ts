import type { IExecuteFunctions, INodeExecutionData, IWebhookFunctions } from 'n8n-workflow';

import type { Job } from '../api/endpoints';
import type { ProjectRef } from '../api/projectRef';
import { isOpen, readStates, type WithReading } from '../jobs/poll';
import { firstSeen, parkedWaitOf, saveParkedWait } from '../memory';
import { readAfterCallback, receiveCallback } from './receive';

/** A project that a paused execution waits for, with the input items that name it. */
type AwaitedProject = ProjectRef & { itemIndexes: number[] };

/** What a paused execution waits for. */
interface ParkedWait {
	job: Job;
	projects: AwaitedProject[];
	/** Error items of the input items that have no project to wait for. */
	failed: INodeExecutionData[];
	/** Distinguishes this wait from earlier ones of the same node, as in a loop. */
	id: string;
}

/** A wait that is over, with what was read at its end. */
type FinishedWait = Pick<ParkedWait, 'failed' | 'job'> & {
	projects: Array<WithReading<AwaitedProject>>;
};

/** Pauses the execution: it occupies no worker, survives a restart, and resumes at its last callback or at the limit. */
export async function park(context: IExecuteFunctions, wait: ParkedWait, limit: Date): Promise<void> {
	saveParkedWait(context, wait);
	await context.putExecutionToWait(limit);
}

/**
 * Handles a call to a paused execution. All projects of the wait are read, since the call itself proves nothing about them.
 *
 * @returns the end of the wait; undefined while the execution has to stay paused: on a wrong token, a call for another
 *   project, a doubled one, or while any of the projects is still in progress
 */
export async function finishOnCallback(context: IWebhookFunctions): Promise<FinishedWait | undefined> {
	const wait = parkedWaitOf<ParkedWait>(context);
	const callback = await receiveCallback(context, executionIdOf(context));
	const isAwaited = wait?.projects.some(({ uuid }) => uuid === callback?.project.uuid);
	if (!wait || !callback || !isAwaited) return undefined;

	const reading = await readAfterCallback(context, { ...callback, job: wait.job });
	if (isOpen(reading)) {
		if (reading.error) throw reading.error;
		return undefined;
	}
	const projects = await readStates(context, wait.job, wait.projects);
	if (projects.some((project) => isOpen(project.reading))) return undefined;
	// Calls that come at the same time find the same end; old n8n would resume once for each.
	return firstSeen(wait.id) ? { ...wait, projects } : undefined;
}

/** `getExecutionId` of a webhook may be unset; the expression is what made the resume URL. */
function executionIdOf(context: IWebhookFunctions): string {
	return String(context.evaluateExpression('{{ $execution.id }}'));
}
