import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { projectJson, type ProjectSource } from '../../api/source';
import { chosenFlowField, fieldsOf } from '../fields';
import { errorItem } from '../items';
import { ifNameExistsField, openProject, type IfNameExists, type ProjectWish } from './open';

/** A project to create, and the input items that it is for. */
interface Wish extends ProjectWish {
	itemIndexes: number[];
}

export const description = fieldsOf('project', 'create', [
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
]);

/**
 * One project for each name among the items, and one for all items without a name. Their photos go on with the items, so
 * that Upload can follow directly.
 */
export async function execute(this: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const items = this.getInputData();
	const output: INodeExecutionData[] = [];

	for (const wish of wishesOf(this)) {
		try {
			const { name, created, ...project } = await openProject(this, wish);
			const json = { ...projectJson(project), ...(name && { name }), created };
			for (const itemIndex of wish.itemIndexes) {
				output[itemIndex] = { json, binary: items[itemIndex].binary, pairedItem: { item: itemIndex } };
			}
		} catch (error) {
			for (const itemIndex of wish.itemIndexes) output[itemIndex] = errorItem(this, error, itemIndex);
		}
	}
	return output;
}

function wishesOf(context: IExecuteFunctions): Wish[] {
	const byName = new Map<string, Wish>();
	for (const itemIndex of context.getInputData().keys()) {
		const name = String(context.getNodeParameter('name', itemIndex, '') ?? '').trim();
		const ifNameExists = context.getNodeParameter('ifNameExists', itemIndex) as IfNameExists;
		const source = context.getNodeParameter('editingFlow', itemIndex) as ProjectSource;
		const wish = byName.get(name) ?? { name, source, ifNameExists, itemIndex, itemIndexes: [] };
		wish.itemIndexes.push(itemIndex);
		byName.set(name, wish);
	}
	return [...byName.values()];
}
