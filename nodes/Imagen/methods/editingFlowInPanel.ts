import type { ILoadOptionsFunctions } from 'n8n-workflow';

import type { EditingFlow } from '../api/projectRef';

/** The editing flow that the node is set to. The panel has no items: with From Input it is taken to be that of an AI Profile. */
export function editingFlowInPanel(context: ILoadOptionsFunctions): EditingFlow {
	const flow =
		context.getCurrentNodeParameter('editingFlow') ??
		context.getCurrentNodeParameter('options.projectSource');
	return flow === 'I2I' ? 'I2I' : 'REGULAR';
}
