import type { IExecuteFunctions } from 'n8n-workflow';

import { timeoutField } from './fields';

/** How many minutes a run of the node waits for Imagen, paused or polling: 0 to look once. */
export function giveUpAfterMinutes(context: IExecuteFunctions): number {
	return context.getNodeParameter(`options.${timeoutField.name}`, 0, timeoutField.default) as number;
}

/** The same in milliseconds. */
export const msOf = (minutes: number): number => minutes * 60_000;

/** The moment at which n8n resumes an execution that pauses now, by n8n's clock. */
export const limitAfter = (minutes: number): Date => new Date(Date.now() + msOf(minutes));
