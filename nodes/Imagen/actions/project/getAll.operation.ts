import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { eachProject } from '../../api/projects';
import type { EditingFlow } from '../../api/projectRef';
import { chosenFlowField, howManyFields } from '../shared/fields';
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
		{ ...chosenFlowField, description: 'Which projects to list: the API keeps those of each flow apart' },
		...howManyFields,
		{
			displayName: 'Filters',
			name: 'filters',
			type: 'collection',
			placeholder: 'Add Filter',
			default: {},
			options: [
				{
					displayName: 'Archived',
					name: 'archived',
					type: 'boolean',
					default: false,
					description: 'Whether to list archived projects instead of the current ones',
				},
				{
					displayName: 'Name Contains',
					name: 'name',
					type: 'string',
					default: '',
					placeholder: 'e.g. wedding',
					description: 'Part of the project name; upper and lower case are the same',
				},
			],
		},
	],
	execute,
};

async function execute(this: IExecuteFunctions): Promise<INodeExecutionData[]> {
	return await forEachItem(this, async (itemIndex) => {
		const { archived, name = '' } = this.getNodeParameter('filters', itemIndex, {}) as Filters;
		const limit = this.getNodeParameter('returnAll', itemIndex)
			? Infinity
			: (this.getNodeParameter('limit', itemIndex) as number);

		const editingFlow = this.getNodeParameter('editingFlow', itemIndex) as EditingFlow;

		const output: INodeExecutionData[] = [];
		for await (const project of eachProject(this, editingFlow, { archived })) {
			if (!(project.name ?? '').toLowerCase().includes(name.trim().toLowerCase())) continue;
			output.push({ json: project as IDataObject, pairedItem: { item: itemIndex } });
			if (output.length >= limit) break;
		}
		return output;
	});
}
