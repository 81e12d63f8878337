import type { IDataObject, IExecuteFunctions, INodeExecutionData, IWebhookFunctions } from 'n8n-workflow';

import type { Job } from '../api/endpoints';
import { isFinal } from '../api/status';
import type { ProjectRef } from '../api/editingFlow';
import { answer, readCallback, readingAfterCallback, verifiedCall } from './receive';
import { isOpen, readStates, type Reading } from '../jobs/poll';
import { firstSeen } from '../memory';

/** What a parked execution waits for. Kept in the node's context, where its callbacks find it. */
export interface ParkedWait {
	job: Job;
	projects: Array<ProjectRef & { itemIndexes: number[] }>;
	/** Error items of the input items that have no project to wait for. */
	failed: INodeExecutionData[];
	/** Tells this wait from earlier ones of the same node, as in a loop. */
	id: string;
}

/** A parked wait that is over, and what was read at its end. */
export interface FinishedWait {
	wait: ParkedWait;
	readings: Map<string, Reading>;
}

/** Parks the execution: it holds no worker, survives a restart, and goes on at its last callback or at the limit. */
export async function park(context: IExecuteFunctions, wait: ParkedWait, limit: Date): Promise<void> {
	const memory = context.getContext('node');
	memory.parkedWait = wait as unknown as IDataObject;
	await context.putExecutionToWait(limit);
}

/**
 * Handles a call to a parked execution. The call is answered at once; then all projects of the wait are read, since the call
 * itself proves nothing about them.
 *
 * @returns the end of the wait; undefined while the execution has to stay parked: on a wrong token, a call for another
 *   project, one that reports progress, a doubled one, or while other projects are still going on
 */
export async function finishOnCallback(context: IWebhookFunctions): Promise<FinishedWait | undefined> {
	const wait = parkedWaitOf(context);
	const callback = readCallback(context);
	if (!callback) {
		answer(context, 400, 'This is not a callback of Imagen AI');
		return undefined;
	}
	if (!(await verifiedCall(context, callback, executionIdOf(context)))) {
		answer(context, 401, 'The token is missing or wrong');
		return undefined;
	}
	answer(context, 200, 'Thank you');

	const isAwaited = wait?.projects.some(({ uuid }) => uuid === callback.project.uuid);
	if (!wait || !isAwaited || !isFinal(callback.status)) return undefined;
	const reading = await readingAfterCallback(context, callback);
	if (isOpen(reading)) {
		if (reading.error) throw reading.error;
		return undefined;
	}
	const readings = await readStates(context, wait.job, wait.projects);
	if ([...readings.values()].some(isOpen)) return undefined;
	// Calls that come at the same time find the same end; old n8n would go on once for each.
	return firstSeen(wait.id) ? { wait, readings } : undefined;
}

function parkedWaitOf(context: IWebhookFunctions): ParkedWait | undefined {
	const node = JSON.stringify(context.getNode().name);
	const wait: unknown = context.evaluateExpression(`{{ $node[${node}].context.parkedWait }}`);
	return (wait ?? undefined) as ParkedWait | undefined;
}

/** `getExecutionId` of a webhook may be unset; the expression is what made the resume URL. */
function executionIdOf(context: IWebhookFunctions): string {
	return String(context.evaluateExpression('{{ $execution.id }}'));
}
