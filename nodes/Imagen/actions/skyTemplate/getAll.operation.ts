import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { listSkyTemplates } from '../../api/skyTemplates';
import { howMany, howManyFields } from '../shared/fields';
import { forEachItem } from '../shared/items';
import type { Operation } from '../shared/operation';

/** Get many sky templates */
export const getAllOperation: Operation = {
	name: 'Get Many',
	action: 'Get many sky templates',
	description: 'List the skies for Sky Replacement, with their IDs',
	fields: howManyFields,
	execute,
};

async function execute(this: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const templates = await listSkyTemplates(this);
	return await forEachItem(this, async (itemIndex) => {
		return templates
			.slice(0, howMany(this, itemIndex))
			.map((template) => ({ json: { ...template } as IDataObject, pairedItem: { item: itemIndex } }));
	});
}
