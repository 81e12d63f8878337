import type { IExecuteFunctions } from 'n8n-workflow';

import type { Shoot } from './shoots';

/**
 * The names of a shoot's photos that have arrived; to be added to. n8n keeps the list for the tries of Retry On Fail, so that
 * each goes on where the last one broke. Another run of the node, as in a loop, is another shoot.
 */
export function uploadedBefore(context: IExecuteFunctions, { key }: Shoot): string[] {
	const memory = context.getContext('node') as Record<string, string[] | undefined>;
	const run = String(context.evaluateExpression('{{ $runIndex }}', 0));
	return (memory[`uploaded:${run}:${key}`] ??= []);
}
