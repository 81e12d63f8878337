import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { projectJson, type EditingFlow } from '../../api/projectRef';
import { contentOf } from '../shared/emptyField';
import { editingFlowField } from '../shared/fields';
import { inOrderOfInput, nameAll } from '../shared/inputProjects';
import { errorItem, groupItems, type ItemGroup } from '../shared/items';
import type { Operation } from '../shared/operation';
import { projectNameParameter } from '../shared/projectNameParameter';
import { parameterItemsOf, sharedParameter } from '../shared/sharedParameters';
import { ifNameExistsField, createOrGetProject, type IfNameExists } from './createOrGet';

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
	const groups = await groupItems(
		this,
		(itemIndex) => ({ name: projectNameParameter(this, nameField, itemIndex), itemIndex }),
		({ name }) => name,
		(error, itemIndex) => output.push(errorItem(this, error, itemIndex)),
	);
	const eachGroup = async <From extends ItemGroup, To>(entries: From[], step: (entry: From) => To) => {
		const done: Array<Awaited<To>> = [];
		for (const entry of entries) {
			try {
				done.push(await step(entry));
			} catch (error) {
				output.push(...entry.itemIndexes.map((item) => errorItem(this, error, item)));
			}
		}
		return done;
	};

	// A mistake in the last project is found before the first one is created.
	const requests = await eachGroup(groups, (group) => ({ ...group, ...settingsOf(this, group) }));
	await eachGroup(requests, async (request) => {
		const project = await createOrGetProject(this, request);
		await nameAll(this, [project]);
		const json = { ...projectJson(project), created: project.created };
		for (const item of request.itemIndexes)
			output.push({ json, binary: items[item].binary, pairedItem: { item } });
	});
	return inOrderOfInput(output);
}

/** What holds for a project, as all of its items say. */
function settingsOf(context: IExecuteFunctions, { itemIndexes }: ItemGroup) {
	const items = parameterItemsOf(context, itemIndexes);
	return {
		editingFlow: sharedParameter<EditingFlow>(context, items, 'editingFlow'),
		ifNameExists: sharedParameter<IfNameExists>(context, items, 'ifNameExists'),
		key: JSON.stringify([itemIndexes[0], contentOf(context, nameField)]),
	};
}
