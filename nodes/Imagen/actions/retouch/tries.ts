import type { IExecuteFunctions } from 'n8n-workflow';

const memories = new WeakMap<object, Map<string, object>>();

/**
 * What the tries of one run of the node know of one piece of its work, so that n8n's Retry On Fail does not do it again.
 * It lives as long as the execution, whose context outlives the tries, but not in that context: n8n saves it, and
 * temporary links are not to be saved.
 *
 * @param work tells it apart from the others of this run
 */
export function triesMemory<T extends object>(context: IExecuteFunctions, ...work: unknown[]): Partial<T> {
	// An agent may well ask its tool for the same once more, and n8n does not try a tool again by itself.
	if (context.isToolExecution?.()) return {};
	const execution = context.getContext('node');
	const memory = memories.get(execution) ?? new Map<string, object>();
	memories.set(execution, memory);
	// The run's number tells the turns of a loop apart.
	const key = JSON.stringify([context.evaluateExpression('{{ $runIndex }}', 0), ...work]);
	const known = memory.get(key) ?? {};
	memory.set(key, known);
	return known as Partial<T>;
}
