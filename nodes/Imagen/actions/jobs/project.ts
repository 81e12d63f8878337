import { NodeOperationError, type IExecuteFunctions, type INodeProperties } from 'n8n-workflow';

import type { Job } from '../../api/endpoints';
import { editingFlowField, projectField } from '../fields';
import { projectsOfInput, type InputProjects } from '../projects';

/** Which project, and of which flow where there is a choice: Smart Editing has no export. */
export const projectFieldsOf = (job: Job): INodeProperties[] =>
	job === 'edit' ? [projectField, editingFlowField] : [projectField];

/**
 * The projects of the input, for an edit or an export.
 *
 * @throws NodeOperationError for an export of a Smart Editing project, before anything is asked for
 */
export async function jobProjectsOfInput(context: IExecuteFunctions, job: Job): Promise<InputProjects> {
	const input = await projectsOfInput(context);
	const smart = input.projects.find(({ source }) => source === 'I2I');
	if (job === 'edit' || !smart) return input;
	throw new NodeOperationError(
		context.getNode(),
		`The project ${smart.uuid} is of Smart Editing, which has no export`,
		{
			itemIndex: smart.itemIndexes[0],
			description: 'Its edit gives JPEGs already: use Edit: Download, and leave the export out.',
		},
	);
}
