import type { IExecuteFunctions } from 'n8n-workflow';

/** Shows a hint at the node's output when the run has ended. n8n before 1.79 has none. */
export function showHint(context: IExecuteFunctions, message: string): void {
	context.addExecutionHints?.({ message, location: 'outputPane' });
}
