import type { IExecuteFunctions } from 'n8n-workflow';

import { settle } from '../../api/settle';
import { ImagenOperationError } from '../../errors/imagenErrors';
import { itemError, type ItemError } from './items';

/** One of several things that failed. */
export interface FailedPart {
	itemIndex?: number;
	message: string;
	/** What to do about it. */
	description?: string | null;
}

/** An error as one of several. @param itemIndex of its input item, where the error is about one */
export function failedPart(error: Error & { description?: string | null }, itemIndex?: number): FailedPart {
	return { itemIndex, message: error.message, description: error.description };
}

/** As many as somebody reads. With Continue, the error stands in each of the items that it is about. */
const LINES_SHOWN = 10;

/**
 * One error for several things that failed: what was done all the same, what to do, each thing once, and a line for each failure.
 *
 * @param done what stands, or that nothing was done; a line each
 */
export function aggregateError(
	context: IExecuteFunctions,
	{ message, done, failures }: { message: string; done: string[]; failures: FailedPart[] },
): ImagenOperationError {
	const remedies = new Set(failures.flatMap(({ description }) => description || []));
	const lines = failures.slice(0, LINES_SHOWN).map(toLine);
	const more = failures.length - lines.length;
	return new ImagenOperationError(
		context,
		message,
		[
			...done,
			...[...remedies].slice(0, LINES_SHOWN),
			...lines,
			...(more > 0 ? [`• and ${more} more.`] : []),
		].join('\n'),
		failures[0].itemIndex,
	);
}

/** n8n's panel shows line breaks as spaces: bullets keep the lines apart. */
function toLine({ itemIndex, message }: FailedPart): string {
	const item = itemIndex === undefined ? '' : `Item ${itemIndex}: `;
	return `• ${item}${message.replace(/\.$/, '')}.`;
}

/** What a check finds wrong with an item; undefined when all is well. */
export async function findingOf(
	context: IExecuteFunctions,
	itemIndex: number,
	check: () => unknown,
): Promise<ItemError | undefined> {
	const outcome = await settle(async () => await check());
	return outcome.status === 'rejected' ? itemError(context, outcome.reason, itemIndex) : undefined;
}

/**
 * One error for everything that was found before anything was done: a single finding as it is, several together.
 *
 * @param message where there is more than one
 * @param reassurance says that nothing was done yet
 */
export function allFindings(
	context: IExecuteFunctions,
	findings: ItemError[],
	message: string,
	reassurance: string,
): ItemError {
	if (findings.length === 1) return findings[0];
	const failures = findings.map((error) => failedPart(error, error.context.itemIndex as number));
	return aggregateError(context, { message, done: [reassurance], failures });
}
