import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import type { Job } from '../../api/endpoints';
import { projectLabel } from '../../api/projectRef';
import { ImagenOperationError } from '../../errors/imagenErrors';
import { editingFlowOption } from '../shared/fields';
import {
	checkEachProject,
	nameAll,
	projectsOfInput,
	type InputProject,
	type InputProjects,
} from '../shared/inputProjects';

/** Of which flow the project is, where there is a choice: Smart Editing has no export. */
export const editingFlowOptions = (job: Job): INodeProperties[] =>
	job === 'edit' ? [editingFlowOption] : [];

/**
 * The projects of the input, for an edit or an export. An export of a Smart Editing project is an error before anything is
 * asked for.
 */
export async function jobProjectsOfInput(context: IExecuteFunctions, job: Job): Promise<InputProjects> {
	if (job === 'edit') return await projectsOfInput(context);
	const input = await projectsOfInput(context, false);
	const checked = await checkEachProject(context, input, (project) => requireExport(context, project));
	await nameAll(context, checked.projects);
	return checked;
}

function requireExport(context: IExecuteFunctions, project: InputProject): InputProject {
	if (project.editingFlow !== 'I2I') return project;
	throw new ImagenOperationError(
		context,
		`Project ${projectLabel(project)} uses Smart Editing, which has no export`,
		'Remove the Export nodes, and get the JPEGs with Download edited photos: the edit already makes JPEGs.',
		project.itemIndexes[0],
	);
}
