import { jsonStringify, type IExecuteFunctions } from 'n8n-workflow';

import { ImagenOperationError } from '../../errors/imagenErrors';
import { timeoutField } from './fields';

/** Longer than any edit, and well within what n8n keeps paused executions and dates for. */
const MOST_MINUTES = 30 * 24 * 60;

/**
 * How many minutes a run of the node waits for Imagen, paused or polling: 0 to look once.
 *
 * @throws NodeOperationError when 'Give Up After (Minutes)' holds no such number. A wait without an end is none: it must be read
 *   before anything is sent.
 */
export function giveUpAfterMinutes(context: IExecuteFunctions): number {
	const value: unknown = context.getNodeParameter('options.timeoutMinutes', 0, '');
	if (isEmpty(value)) return timeoutField.default as number;
	const minutes = typeof value === 'number' || typeof value === 'string' ? Number(value) : NaN;
	if (Number.isNaN(minutes)) throw unusable(context, value, 'is not a number of minutes');
	if (minutes < 0) throw unusable(context, value, 'is less than 0');
	if (minutes > MOST_MINUTES) throw unusable(context, value, `is more than ${MOST_MINUTES} (30 days)`);
	return minutes;
}

/** The moment at which n8n resumes an execution that pauses now, by n8n's clock. */
export const limitAfter = (minutes: number): Date => new Date(Date.now() + minutes * 60_000);

const isEmpty = (value: unknown) =>
	value === undefined || value === null || (typeof value === 'string' && value.trim() === '');

function unusable(context: IExecuteFunctions, value: unknown, problem: string) {
	const shown = (typeof value === 'object' ? jsonStringify(value) : String(value)).slice(0, 100);
	return new ImagenOperationError(
		context,
		`'Give Up After (Minutes)' is '${shown}', which ${problem}`,
		`Enter how many minutes to wait, such as 60, up to ${MOST_MINUTES} (30 days), or remove the option to wait up to 24 hours. 0 checks once.`,
	);
}
