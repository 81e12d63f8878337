import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import type { EditingFlow } from '../../api/projectRef';
import { eachProject } from '../../api/projects';
import {
	editingFlowField,
	collectionField,
	howMany,
	howManyFields,
	nameContains,
	nameContainsFilter,
} from '../shared/fields';
import { forEachItem } from '../shared/items';
import type { Operation } from '../shared/operation';

interface Filters {
	archived?: boolean;
	name?: string;
}

/** Project: Get Many */
export const getAllOperation: Operation = {
	name: 'Get Many',
	action: 'Get many projects',
	description: 'List the projects of the account',
	fields: [
		{ ...editingFlowField, description: 'Which projects to list: the API keeps those of each flow apart' },
		...howManyFields,
		collectionField('Filters', 'filters', 'Filter', [
			{
				displayName: 'Archived',
				name: 'archived',
				type: 'boolean',
				default: false,
				description: 'Whether to list archived projects instead of the current ones',
			},
			nameContainsFilter('project'),
		]),
	],
	execute,
};

async function execute(this: IExecuteFunctions): Promise<INodeExecutionData[]> {
	return await forEachItem(this, async (itemIndex) => {
		const { archived, name } = this.getNodeParameter('filters', itemIndex, {}) as Filters;
		const editingFlow = this.getNodeParameter('editingFlow', itemIndex) as EditingFlow;
		const limit = howMany(this, itemIndex);
		const output: INodeExecutionData[] = [];
		for await (const project of eachProject(this, editingFlow, { archived })) {
			if (!nameContains(project.name ?? '', name)) continue;
			output.push({ json: project as IDataObject, pairedItem: { item: itemIndex } });
			if (output.length >= limit) break;
		}
		return output;
	});
}
