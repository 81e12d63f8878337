import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { projectJson, type EditingFlow } from '../../api/projectRef';
import { contentOf } from '../shared/emptyField';
import { editingFlowField } from '../shared/fields';
import { inOrderOfInput, nameAll } from '../shared/inputProjects';
import { errorItem, groupItems } from '../shared/items';
import type { Operation } from '../shared/operation';
import { projectNameParameter } from '../shared/projectNameParameter';
import { ifNameExistsField, createOrGetProject, type IfNameExists, type ProjectRequest } from './createOrGet';

const nameField: INodeProperties = {
	displayName: 'Name',
	name: 'name',
	type: 'string',
	default: '',
	placeholder: 'e.g. Anna and Ben, wedding',
	description:
		'Name of the project, unique in the account. If empty, Imagen names it. All items with the same name share one project.',
};

/** Create project */
export const createOperation: Operation = {
	name: 'Create',
	action: 'Create project',
	description: 'Create a project for the photos of one shoot',
	fields: [nameField, editingFlowField, ifNameExistsField],
	execute,
};

/**
 * One project for each name among the items, and one for all items without a name. Their photos go on with the items, so
 * that Upload can follow directly.
 */
async function execute(this: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const items = this.getInputData();
	const output: INodeExecutionData[] = [];
	const requests = await groupItems(
		this,
		(itemIndex) => requestOf(this, itemIndex),
		({ name }) => name,
		(error, itemIndex) => output.push(errorItem(this, error, itemIndex)),
	);

	for (const request of requests) {
		try {
			const project = await createOrGetProject(this, request);
			await nameAll(this, [project]);
			const json = { ...projectJson(project), created: project.created };
			for (const item of request.itemIndexes)
				output.push({ json, binary: items[item].binary, pairedItem: { item } });
		} catch (error) {
			output.push(...request.itemIndexes.map((item) => errorItem(this, error, item)));
		}
	}
	return inOrderOfInput(output);
}

function requestOf(context: IExecuteFunctions, itemIndex: number): ProjectRequest {
	return {
		name: projectNameParameter(context, nameField, itemIndex),
		editingFlow: context.getNodeParameter('editingFlow', itemIndex) as EditingFlow,
		ifNameExists: context.getNodeParameter('ifNameExists', itemIndex) as IfNameExists,
		itemIndex,
		key: JSON.stringify([itemIndex, contentOf(context, nameField)]),
	};
}
