import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { listSkyTemplates } from '../../api/skyTemplates';
import { fieldsOf, howManyFields } from '../shared/fields';
import { forEachItem } from '../shared/items';

export const description = fieldsOf('skyTemplate', 'getAll', howManyFields);

export async function execute(this: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const templates = await listSkyTemplates(this);
	return await forEachItem(this, async (itemIndex) => {
		const limit = this.getNodeParameter('returnAll', itemIndex)
			? templates.length
			: (this.getNodeParameter('limit', itemIndex) as number);
		return templates
			.slice(0, limit)
			.map((template) => ({ json: { ...template } as IDataObject, pairedItem: { item: itemIndex } }));
	});
}
