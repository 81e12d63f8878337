import {
	NodeOperationError,
	type IDataObject,
	type IExecuteFunctions,
	type INodeExecutionData,
} from 'n8n-workflow';

import { fieldsOf } from '../fields';
import { errorItem } from '../items';
import { settle } from '../../api/settle';
import { createProject, findProjectUuid, isNameTaken } from '../../api/projects';

type IfNameExists = 'addTimestamp' | 'fail' | 'useExisting';

/** A project to create, and the input items that it is for. */
interface Wish {
	name: string;
	ifNameExists: IfNameExists;
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
	{
		displayName: 'If Name Exists',
		name: 'ifNameExists',
		type: 'options',
		options: [
			{
				name: 'Add Timestamp',
				value: 'addTimestamp',
				description: 'Create another project, with date and time after the name',
			},
			{
				name: 'Fail',
				value: 'fail',
				description: 'Stop with an error',
			},
			{
				name: 'Use Existing',
				value: 'useExisting',
				description: 'Go on with the project that has this name',
			},
		],
		default: 'fail',
		description: 'What to do when the account has a project of this name already',
	},
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
			const json = await fulfil(this, wish);
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
		const wish = byName.get(name) ?? { name, ifNameExists, itemIndexes: [] };
		wish.itemIndexes.push(itemIndex);
		byName.set(name, wish);
	}
	return [...byName.values()];
}

async function fulfil(
	context: IExecuteFunctions,
	{ name, ifNameExists, itemIndexes }: Wish,
): Promise<IDataObject> {
	const creation = await settle(async () => await createProject(context, name));
	if (creation.status === 'fulfilled') return { ...creation.value, ...(name && { name }), created: true };
	if (!isNameTaken(creation.reason)) throw creation.reason;

	switch (ifNameExists) {
		case 'useExisting':
			return { project_uuid: await findProjectUuid(context, name), name, created: false };
		case 'addTimestamp': {
			const dated = `${name} ${timestamp(context.getTimezone())}`;
			return { ...(await createProject(context, dated)), name: dated, created: true };
		}
		case 'fail':
			throw nameTaken(context, name, itemIndexes[0]);
	}
}

/** Date and time for a name: in the workflow's time zone, sortable, without what file systems forbid. */
function timestamp(timeZone: string): string {
	return new Date().toLocaleString('sv-SE', { timeZone }).replace(/:/g, '.');
}

function nameTaken(context: IExecuteFunctions, name: string, itemIndex: number) {
	return new NodeOperationError(context.getNode(), `A project named '${name}' exists already`, {
		itemIndex,
		description:
			"Change 'Name', or set 'If Name Exists' to Use Existing (to go on with that project) or to Add Timestamp.",
	});
}
