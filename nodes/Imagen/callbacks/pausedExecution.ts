import type { IExecuteFunctions, INodeExecutionData, IWebhookFunctions } from 'n8n-workflow';

import type { Job } from '../api/endpoints';
import { knownStart, type StartedRef } from '../jobs/ledger';
import { isOpen, readStates, type WithReading } from '../jobs/poll';
import { firstSeen, pausedWaitOf, savePausedWait } from '../memory';
import { claimsProgress, readAfterCallback, readWhileHeld, receiveCallback, type Callback } from './receive';

/** A project that a paused execution waits for, with the input items that name it. */
type AwaitedProject = StartedRef & {
	itemIndexes: number[];
	/** Whether its item gets the status Failed without an error. Read while the node runs: n8n's webhooks have no items for expressions. */
	returnsFailed: boolean;
};

/** What a paused execution waits for. */
interface PausedWait {
	job: Job;
	projects: AwaitedProject[];
	/** Error items of the input items that have no project to wait for. */
	failed: INodeExecutionData[];
	/** Distinguishes this wait from earlier ones of the same node, as in a loop. */
	id: string;
	/** When n8n resumes the execution by itself, as `Date.now()` gives it. */
	until: number;
}

/** A wait that is over, with what was read at its end. */
type FinishedWait = Pick<PausedWait, 'failed' | 'job'> & {
	projects: Array<WithReading<AwaitedProject>>;
};

/** Pauses the execution: it occupies no worker, survives a restart, and resumes at its last callback or at the limit. */
export async function pauseExecution(
	context: IExecuteFunctions,
	wait: Omit<PausedWait, 'until'>,
	limit: Date,
): Promise<void> {
	const projects = wait.projects.map((project) => ({
		...project,
		start: knownStart(context, wait.job, project),
	}));
	savePausedWait(context, { ...wait, projects, until: limit.getTime() });
	await context.putExecutionToWait(limit);
}

/**
 * Handles a call to a paused execution. All projects of the wait are read, since the call itself proves nothing about them.
 *
 * @returns the end of the wait; undefined while the execution has to stay paused: on a wrong token, a call for another
 *   project, a doubled one, while any of the projects is still in progress, or when the limit has passed: n8n has resumed it then,
 *   and n8n 1 would do so twice
 */
export async function finishOnCallback(context: IWebhookFunctions): Promise<FinishedWait | undefined> {
	const wait = pausedWaitOf<PausedWait>(context);
	const callback = await receiveCallback(context, executionIdOf(context));
	const called = wait?.projects.find(({ uuid }) => uuid === callback?.project.uuid);
	if (!wait || !callback || !called) return undefined;

	const projects = await readAwaited(context, wait, { ...callback, project: called });
	const open = projects.filter(({ reading }) => isOpen(reading));
	for (const { reading } of open) if (reading.error) throw reading.error;
	if (open.length > 0 || Date.now() >= wait.until) return undefined;
	// Calls that come at the same time find the same end; old n8n would resume once for each.
	return firstSeen(wait.id) ? { ...wait, projects } : undefined;
}

/**
 * Reads all projects of a wait. While the API cannot be read, or does not show the end that the call is about, the call is held: it
 * does not come again. One call is held for a wait, and reads for the others.
 */
async function readAwaited(
	context: IWebhookFunctions,
	wait: PausedWait,
	callback: Callback & { project: AwaitedProject },
): Promise<Array<WithReading<AwaitedProject>>> {
	const { id, job, projects, until } = wait;
	const reading = await readAfterCallback(context, { ...callback, job }, until - Date.now());
	const called = { ...callback.project, reading };
	const known = isOpen(reading) ? [called] : await withOthers(context, wait, called);
	if (isClear(known, callback) || claimsProgress(callback)) return known;
	return (await readWhileHeld(context, id, job, projects, until - Date.now())) ?? known;
}

/** All projects of a wait in their order; the called one was read just now, and is not read again. */
async function withOthers(
	context: IWebhookFunctions,
	{ job, projects }: PausedWait,
	called: WithReading<AwaitedProject>,
): Promise<Array<WithReading<AwaitedProject>>> {
	const others = projects.filter(({ uuid }) => uuid !== called.uuid);
	const read = await readStates(context, job, others);
	return projects.flatMap(({ uuid }) => [called, ...read].find((known) => known.uuid === uuid) ?? []);
}

/** Whether nothing more is to be learned of this call: all has ended, or another project is in progress, for which Imagen calls. */
function isClear(known: Array<WithReading<AwaitedProject>>, { project }: Callback): boolean {
	const open = known.filter(({ reading }) => isOpen(reading));
	return open.length === 0 || open.some(({ uuid, reading }) => uuid !== project.uuid && reading.state);
}

/** `getExecutionId` of a webhook may be unset; the expression is what made the resume URL. */
function executionIdOf(context: IWebhookFunctions): string {
	return String(context.evaluateExpression('{{ $execution.id }}'));
}
