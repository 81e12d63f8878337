import type { IExecuteFunctions } from 'n8n-workflow';

import { timeoutField } from './fields';
import { FOR_ALL_ITEMS, sharedParameter, sharedValue } from './sharedParameters';

/** How many minutes to wait for Imagen, paused or polling, as the items of a project say: 0 to look once. */
export function giveUpAfterMinutes(context: IExecuteFunctions, parameterItems: number[]): number {
	return sharedParameter(context, parameterItems, MINUTES, timeoutField.default);
}

/** The same of all projects that are waited for together. @throws NodeOperationError where they differ */
export function minutesForAll(
	context: IExecuteFunctions,
	projects: Array<{ parameterItems: number[] }>,
): number {
	const items = projects.flatMap(({ parameterItems }) => parameterItems);
	if (items.length === 0) return 0;
	return sharedValue(context, items, MINUTES, (item) => giveUpAfterMinutes(context, [item]), FOR_ALL_ITEMS);
}

const MINUTES = `options.${timeoutField.name}`;

/** The same in milliseconds. */
export const msOf = (minutes: number): number => minutes * 60_000;

/** The moment at which n8n resumes an execution that pauses now, by n8n's clock. */
export const limitAfter = (minutes: number): Date => new Date(Date.now() + msOf(minutes));
