import type { ILoadOptionsFunctions } from 'n8n-workflow';

import type { ProjectSource } from '../api/editingFlow';

/** The flow that the node is set to. The panel knows no item: what comes from the input counts as the usual flow. */
export function flowInPanel(context: ILoadOptionsFunctions): ProjectSource {
	const flow =
		context.getCurrentNodeParameter('editingFlow') ??
		context.getCurrentNodeParameter('options.projectSource');
	return flow === 'I2I' ? 'I2I' : 'REGULAR';
}
