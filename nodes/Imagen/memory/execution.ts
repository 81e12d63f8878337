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
	const key = JSON.stringify([runNameOf(context), ...work]);
	return (records[key] ??= {}) as Partial<T>;
}

/** Where the context of an agent's tool has the name of its run. */
const RUN = Symbol('run');

/** The run of the node: the same for all tries of Retry On Fail, and unlike the other turns of a loop and the other calls of an agent. */
export function runNameOf(context: IExecuteFunctions & { [RUN]?: string }): string {
	const name =
		context[RUN] ?? runNames.get(context) ?? String(context.evaluateExpression('{{ $runIndex }}', 0));
	runNames.set(context, name);
	return name;
}

/** It is asked for with each photo, and an expression takes a millisecond. */
const runNames = new WeakMap<IExecuteFunctions, string>();

/** A call of an agent's tool, in one of its tries. */
interface ToolRun {
	name: string;
	/** Which try it is, from 1 on. */
	tries: number;
}

/** The calls of an agent's tools that n8n is about to try again, by what the agent has asked for. */
const toBeTriedAgain = new WeakMap<object, Record<string, ToolRun[] | undefined>>();

/**
 * Does a run of the node. To an agent's tool n8n (1.123 to 2.41) gives a number for each try, and says in no other way that it is one. But it tries
 * a call that has failed again as often as the node is set to: so the next call that asks for the same is that try. An agent that asks for the
 * same once more after a success, or at the same time, means another call.
 *
 * @param work is given the context of the run
 */
export async function doRun<T>(
	context: IExecuteFunctions,
	work: (context: IExecuteFunctions) => Promise<T>,
): Promise<T> {
	if (!context.isToolExecution?.()) return await work(context);
	const failed = entryOf(toBeTriedAgain, context.getContext('node'), {});
	const asked = JSON.stringify(context.getInputData().map(({ json }) => json));
	const before = failed[asked]?.shift();
	const run = { name: before?.name ?? newRunName(context), tries: (before?.tries ?? 0) + 1 };
	const outcome = await settle(
		async () => await work(Object.create(context, { [RUN]: { value: run.name } }) as IExecuteFunctions),
	);
	if (outcome.status === 'fulfilled') return outcome.value;
	if (run.tries < triesOf(context)) (failed[asked] ??= []).push(run);
	throw outcome.reason;
}

/** How many tries n8n gives to a call of the tool. */
function triesOf(context: IExecuteFunctions): number {
	const { retryOnFail, maxTries = 3 } = context.getNode();
	if (!retryOnFail || context.continueOnFail()) return 1;
	return Math.min(5, Math.max(2, maxTries));
}

const runsOfTools = new WeakMap<object, Record<'number', number>>();

/** Calls at the same time may have the same number from n8n. */
function newRunName(context: IExecuteFunctions): string {
	const runs = entryOf(runsOfTools, context.getContext('node'), { number: 0 });
	return `${String(context.evaluateExpression('{{ $runIndex }}', 0))}.${runs.number++}`;
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
