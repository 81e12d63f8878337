import type { IExecuteFunctions } from 'n8n-workflow';

import { ImagenOperationError } from '../../errors/imagenErrors';
import { settle } from '../../api/settle';
import { itemError, type ItemError } from './items';

/** What a check has to say of an item, or keeps it from being checked; undefined when all is well. */
export async function faultOf(
	context: IExecuteFunctions,
	itemIndex: number,
	check: () => unknown,
): Promise<ItemError | undefined> {
	const outcome = await settle(async () => await check());
	return outcome.status === 'rejected' ? itemError(context, outcome.reason, itemIndex) : undefined;
}

/** What to do about several errors, each thing once. */
export function remediesOf(errors: Array<Error & { description?: string | null }>): string[] {
	const remedies = errors
		.map(({ description }) => description)
		.filter((remedy) => typeof remedy === 'string');
	return [...new Set(remedies)];
}

/**
 * One error that tells everything found: a single fault as it is, several with their items, and what to do about them.
 *
 * @param several the message where there is more than one
 * @param reassurance tells that nothing was done yet
 */
export function allFindings(
	context: IExecuteFunctions,
	faults: ItemError[],
	several: string,
	reassurance: string,
): ItemError {
	const [first] = faults;
	if (faults.length === 1) return first;
	const lines = faults.map(
		({ context: { itemIndex }, message }) => `Item ${String(itemIndex)}: ${message.replace(/\.$/, '')}.`,
	);
	return new ImagenOperationError(context.getNode(), several, {
		itemIndex: first.context.itemIndex as number,
		description: [reassurance, ...remediesOf(faults), ...listed(lines)].join('\n'),
	});
}

/** Entries of a list in a description. n8n's panel shows line breaks as spaces: bullets keep the entries apart. */
export const listed = (entries: string[]): string[] => entries.map((entry) => `• ${entry}`);
