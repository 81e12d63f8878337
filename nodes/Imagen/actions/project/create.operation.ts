import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { projectJson, type EditingFlow } from '../../api/projectRef';
import { chosenFlowField } from '../shared/fields';
import { inOrderOfInput } from '../shared/inputProjects';
import { errorItem } from '../shared/items';
import type { Operation } from '../shared/operation';
import { ifNameExistsField, createOrGetProject, type IfNameExists, type ProjectRequest } from './createOrGet';

/** A project to create, and the input items that it is for. */
interface Wish extends ProjectRequest {
	itemIndexes: number[];
}

/** Project: Create */
export const createOperation: Operation = {
	name: 'Create',
	action: 'Create a project',
	description: 'Create a project: the place for the photos of one shoot',
	fields: [
		{
			displayName: 'Name',
			name: 'name',
			type: 'string',
			default: '',
			placeholder: 'e.g. Anna and Ben, wedding',
			description:
				'Name of the project, unique in the account. If empty, Imagen names it. All items with the same name share one project.',
		},
		chosenFlowField,
		ifNameExistsField,
	],
	execute,
};

/**
 * One project for each name among the items, and one for all items without a name. Their photos go on with the items, so
 * that Upload can follow directly.
 */
async function execute(this: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const items = this.getInputData();
	const { wishes, failed } = wishesOf(this);
	const output = [...failed];

	for (const wish of wishes) {
		try {
			const { name, created, ...project } = await createOrGetProject(this, wish);
			const json = { ...projectJson(project), ...(name && { name }), created };
			for (const item of wish.itemIndexes)
				output.push({ json, binary: items[item].binary, pairedItem: { item } });
		} catch (error) {
			output.push(...wish.itemIndexes.map((item) => errorItem(this, error, item)));
		}
	}
	return inOrderOfInput(output);
}

/** What the items ask for, and an error item for each that cannot be asked. */
function wishesOf(context: IExecuteFunctions): { wishes: Wish[]; failed: INodeExecutionData[] } {
	const byName = new Map<string, Wish>();
	const failed: INodeExecutionData[] = [];
	for (const itemIndex of context.getInputData().keys()) {
		try {
			const wanted = wishOf(context, itemIndex);
			const wish = byName.get(wanted.name) ?? { ...wanted, itemIndexes: [] };
			wish.itemIndexes.push(itemIndex);
			byName.set(wish.name, wish);
		} catch (error) {
			failed.push(errorItem(context, error, itemIndex));
		}
	}
	return { wishes: [...byName.values()], failed };
}

function wishOf(context: IExecuteFunctions, itemIndex: number): ProjectRequest {
	return {
		name: String(context.getNodeParameter('name', itemIndex, '') ?? '').trim(),
		editingFlow: context.getNodeParameter('editingFlow', itemIndex) as EditingFlow,
		ifNameExists: context.getNodeParameter('ifNameExists', itemIndex) as IfNameExists,
		itemIndex,
	};
}
