import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { settle } from '../api/settle';
import { ImagenOperationError } from '../errors/imagenErrors';
import { doRun } from '../memory';
import { resources } from './index';
import { errorItem, itemError } from './shared/items';
import { requireReadable, withTypedParameters } from './shared/typedParameters';

/** Runs the operation that is chosen in the panel. */
export async function router(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const resource = this.getNodeParameter('resource', 0) as string;
	const operation = this.getNodeParameter('operation', 0) as string;
	const chosen = resources[resource]?.operations[operation];
	if (!chosen) {
		throw new ImagenOperationError(
			this,
			`This version of the Imagen AI node has no operation '${operation}' for '${resource}'`,
			"Choose 'Resource' and 'Operation' again, or update the Imagen AI node: this workflow may come from a newer version.",
		);
	}
	const context = withTypedParameters(this, chosen.fields);
	// With Continue, what cannot be read is an error of its item.
	if (!this.continueOnFail()) await requireReadable(context, chosen.fields);
	const outcome = await settle(
		async () => await doRun(context, async (run) => await chosen.execute.call(run)),
	);
	if (outcome.status === 'fulfilled') return [outcome.value];
	// What is about no item gets no number of one.
	if (!this.continueOnFail()) throw itemError(this, outcome.reason);
	// n8n sends the input through the success output when a node that continues on fail throws: nothing must seem done.
	return [this.getInputData().map((_, itemIndex) => errorItem(this, outcome.reason, itemIndex))];
}
