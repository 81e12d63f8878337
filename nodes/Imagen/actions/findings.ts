import { NodeOperationError, type IExecuteFunctions } from 'n8n-workflow';

import { settle } from '../api/settle';

/** What a check has to say; undefined when all is well. Anything but a NodeOperationError goes on as it came. */
export async function faultOf(check: () => unknown): Promise<NodeOperationError | undefined> {
	const outcome = await settle(async () => await check());
	if (outcome.status === 'fulfilled') return undefined;
	if (outcome.reason instanceof NodeOperationError) return outcome.reason;
	throw outcome.reason;
}

/**
 * One error that tells everything found: a single fault as it is, several with their items, and what to do about them.
 *
 * @param several the message where there is more than one
 * @param reassurance tells that nothing was done yet
 */
export function allFaults(
	context: IExecuteFunctions,
	faults: NodeOperationError[],
	several: string,
	reassurance: string,
): NodeOperationError {
	const [first] = faults;
	if (faults.length === 1) return first;
	const remedies = new Set(faults.map(({ description }) => description).filter(Boolean));
	const lines = faults.map(
		({ context: { itemIndex }, message }) => `Item ${String(itemIndex)}: ${message.replace(/\.$/, '')}.`,
	);
	return new NodeOperationError(context.getNode(), several, {
		itemIndex: first.context.itemIndex as number,
		description: [reassurance, ...remedies, ...lines].join('\n'),
	});
}
