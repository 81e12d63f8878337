import type { IExecuteFunctions } from 'n8n-workflow';

/**
 * What the tries of one run of the node know of one piece of its work, so that n8n's Retry On Fail does not do it again. n8n
 * saves it with the execution: where a failed one is retried by hand, it is known there, too.
 *
 * @param work tells it apart from the others of this run
 */
export function persistedRetryState<T extends object>(
	context: IExecuteFunctions,
	...work: unknown[]
): Partial<T> {
	return entryIn(context.getContext('node') as Memory, context, work);
}

/** The same for what n8n must not save, such as temporary links: it lives in this process, as long as the execution. */
export function transientRetryState<T extends object>(
	context: IExecuteFunctions,
	...work: unknown[]
): Partial<T> {
	const execution = context.getContext('node');
	const memory = unsaved.get(execution) ?? {};
	unsaved.set(execution, memory);
	return entryIn(memory, context, work);
}

type Memory = Record<string, object | undefined>;

/** By n8n's execution context, which outlives the tries. */
const unsaved = new WeakMap<object, Memory>();

function entryIn<T extends object>(memory: Memory, context: IExecuteFunctions, work: unknown[]): Partial<T> {
	// An agent may well ask its tool for the same once more, and n8n does not try a tool again by itself.
	if (context.isToolExecution?.()) return {};
	// The run's number tells the turns of a loop apart.
	const key = JSON.stringify([context.evaluateExpression('{{ $runIndex }}', 0), ...work]);
	return (memory[key] ??= {}) as Partial<T>;
}
