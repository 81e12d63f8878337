import type { ILoadOptionsFunctions } from 'n8n-workflow';

import type { EditingFlow } from '../api/projectRef';

/** The flow that the node is set to. The panel knows no item: what comes from the input counts as the usual flow. */
export function editingFlowInPanel(context: ILoadOptionsFunctions): EditingFlow {
	const flow =
		context.getCurrentNodeParameter('editingFlow') ??
		context.getCurrentNodeParameter('options.projectSource');
	return flow === 'I2I' ? 'I2I' : 'REGULAR';
}
