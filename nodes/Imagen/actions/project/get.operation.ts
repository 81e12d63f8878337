import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { getProject } from '../../api/projects';
import { fieldsOf, optionsField, projectField, projectFlowOption } from '../shared/fields';
import { forEachProject, projectsOfInput } from '../shared/inputProjects';

export const description = fieldsOf('project', 'get', [projectField, optionsField(projectFlowOption)]);

export async function execute(this: IExecuteFunctions): Promise<INodeExecutionData[]> {
	return await forEachProject(this, await projectsOfInput(this), async (project) => {
		const json = (await getProject(this, project)) as IDataObject;
		return project.itemIndexes.map((item) => ({ json, pairedItem: { item } }));
	});
}
