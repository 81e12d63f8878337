import type { IDataObject, IExecuteFunctions, IWebhookFunctions } from 'n8n-workflow';

import { settle } from '../api/settle';

type Records<T> = Record<string, T | undefined>;

/**
 * What all nodes and branches of an execution know, by keys of the caller's. n8n saves it with the execution.
 *
 * @returns the records themselves: what is written into them is remembered
 */
export function executionRecords<T extends object>(context: IExecuteFunctions): Records<T> {
	return context.getContext('flow') as Records<T>;
}

/**
 * What the tries of one run of the node know of one piece of its work, so that n8n's Retry On Fail does not do it again. n8n
 * saves it with the execution: where a failed one is retried by hand, it is known there, too.
 *
 * @param work distinguishes it from the others of this run
 */
export function persistedRetryState<T extends object>(
	context: IExecuteFunctions,
	...work: unknown[]
): Partial<T> {
	return retryStateIn(context.getContext('node') as Records<object>, context, work);
}

/** The same for what n8n must not save, such as temporary links: it lives in this process, as long as the execution. */
export function transientRetryState<T extends object>(
	context: IExecuteFunctions,
	...work: unknown[]
): Partial<T> {
	return retryStateIn(entryOf(transient, context.getContext('node'), {}), context, work);
}

function retryStateIn<T extends object>(
	records: Records<object>,
	context: IExecuteFunctions,
	work: unknown[],
): Partial<T> {
	// An agent may well ask its tool for the same once more, and n8n does not try a tool again by itself.
	if (context.isToolExecution?.()) return {};
	// The run's number distinguishes the turns of a loop.
	const key = JSON.stringify([context.evaluateExpression('{{ $runIndex }}', 0), ...work]);
	return (records[key] ??= {}) as Partial<T>;
}

/** Runs work on a key one after the other within this execution: an AI agent may call its tool twice at the same moment. */
export async function serialize<T>(
	context: IExecuteFunctions,
	key: string,
	work: () => Promise<T>,
): Promise<T> {
	const queues = entryOf(pending, context.getContext('flow'), {});
	const before = queues[key];
	const turn = settle(async () => await before).then(work);
	queues[key] = turn;
	return await turn;
}

/** Keeps what a paused execution waits for, where its callbacks find it. */
export function savePausedWait(context: IExecuteFunctions, wait: object): void {
	context.getContext('node').pausedWait = wait as IDataObject;
}

/** What the paused execution that is called waits for; undefined when it waits for nothing. */
export function pausedWaitOf<T extends object>(context: IWebhookFunctions): T | undefined {
	const node = JSON.stringify(context.getNode().name);
	const wait: unknown = context.evaluateExpression(`{{ $node[${node}].context.pausedWait }}`);
	return (wait ?? undefined) as T | undefined;
}

/** By n8n's context objects, which live as long as the execution does in this process and outlive its retries. */
const transient = new WeakMap<object, Records<object>>();
const pending = new WeakMap<object, Records<Promise<unknown>>>();

function entryOf<T>(map: WeakMap<object, T>, context: object, initial: T): T {
	const entry = map.get(context) ?? initial;
	map.set(context, entry);
	return entry;
}
