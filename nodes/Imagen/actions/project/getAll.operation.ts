import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import type { EditingFlow } from '../../api/projectRef';
import { nameContains } from '../../api/nameContains';
import { eachProject, type WhichProjects } from '../../api/projects';
import {
	editingFlowField,
	collectionField,
	howMany,
	howManyFields,
	nameContainsFilter,
	optionsField,
} from '../shared/fields';
import { forEachItem } from '../shared/items';
import type { Operation } from '../shared/operation';
import { thumbnailOption, wantsThumbnail } from './thumbnail';

interface Filters {
	which?: WhichProjects;
	name?: string;
}

/** Get many projects */
export const getAllOperation: Operation = {
	name: 'Get Many',
	action: 'Get many projects',
	description: 'List the projects of the account',
	fields: [
		{ ...editingFlowField, description: 'Which projects to list. Imagen lists each flow separately.' },
		...howManyFields,
		collectionField('Filters', 'filters', 'Filter', [
			nameContainsFilter('project'),
			{
				displayName: 'Which Projects',
				name: 'which',
				type: 'options',
				options: [
					{ name: 'All', value: 'all', description: 'Current and archived projects' },
					{ name: 'Archived', value: 'archived', description: 'Only archived projects' },
					{ name: 'Current', value: 'current', description: "Only projects that aren't archived" },
				],
				default: 'current',
				description: 'Which projects to list',
			},
		]),
		optionsField(thumbnailOption),
	],
	execute,
};

async function execute(this: IExecuteFunctions): Promise<INodeExecutionData[]> {
	return await forEachItem(this, async (itemIndex) => {
		const { which, name } = this.getNodeParameter('filters', itemIndex, {}) as Filters;
		const editingFlow = this.getNodeParameter('editingFlow', itemIndex) as EditingFlow;
		const limit = howMany(this, itemIndex);
		const list = { which, thumbnails: wantsThumbnail(this, [itemIndex]) };
		const output: INodeExecutionData[] = [];
		for await (const project of eachProject(this, editingFlow, list)) {
			if (!nameContains(project.project_name ?? '', name)) continue;
			output.push({ json: project as IDataObject, pairedItem: { item: itemIndex } });
			if (output.length >= limit) break;
		}
		return output;
	});
}
