import { NodeOperationError, type IExecuteFunctions, type INodeExecutionData } from 'n8n-workflow';

import { errorItem } from './items';

/** One project of the input, with the items that name it. */
export interface InputProject {
	uuid: string;
	itemIndexes: number[];
}

/** The projects of the input in the order of their first items, and the items that name none. */
export interface InputProjects {
	projects: InputProject[];
	withoutProject: INodeExecutionData[];
}

/**
 * Finds which projects the input items name, so that each is worked on once however many items name it.
 *
 * @throws NodeOperationError for an item that names none, unless the node continues on fail
 */
export function projectsOfInput(context: IExecuteFunctions): InputProjects {
	const byUuid = new Map<string, InputProject>();
	const withoutProject: INodeExecutionData[] = [];

	for (const itemIndex of context.getInputData().keys()) {
		try {
			const uuid = projectOfItem(context, itemIndex);
			const project = byUuid.get(uuid) ?? { uuid, itemIndexes: [] };
			project.itemIndexes.push(itemIndex);
			byUuid.set(uuid, project);
		} catch (error) {
			withoutProject.push(errorItem(context, error, itemIndex));
		}
	}
	return { projects: [...byUuid.values()], withoutProject };
}

function projectOfItem(context: IExecuteFunctions, itemIndex: number): string {
	const value = context.getNodeParameter('project', itemIndex, '', { extractValue: true });
	const uuid = typeof value === 'string' ? value.trim() : '';
	if (uuid === '' || uuid === 'undefined') {
		throw new NodeOperationError(context.getNode(), "'Project' is empty", {
			itemIndex,
			description:
				"Connect this node after an Imagen AI node that gives a project_uuid, or choose the project in 'Project'.",
		});
	}
	return uuid;
}

/**
 * Works on each project in turn. One that fails stops the node, or, when the node continues on fail, becomes an error on
 * each of its items while the others go on.
 *
 * @param work gives the output items of a project, each linked to its input item
 * @returns all output items in the order of the input
 */
export async function forEachProject(
	context: IExecuteFunctions,
	{ projects, withoutProject }: InputProjects,
	work: (project: InputProject) => Promise<INodeExecutionData[]>,
): Promise<INodeExecutionData[]> {
	const output = [...withoutProject];
	for (const project of projects) {
		try {
			output.push(...(await work(project)));
		} catch (error) {
			for (const itemIndex of project.itemIndexes) {
				output.push(errorItem(context, error, itemIndex, { project_uuid: project.uuid }));
			}
		}
	}
	return inOrderOfInput(output);
}

/** Output items in the order of the input items that they are linked to. */
export function inOrderOfInput(output: INodeExecutionData[]): INodeExecutionData[] {
	return output.sort((one, other) => firstInput(one) - firstInput(other));
}

function firstInput({ pairedItem }: INodeExecutionData): number {
	const link = Array.isArray(pairedItem) ? pairedItem[0] : pairedItem;
	return typeof link === 'object' ? link.item : (link ?? 0);
}
