import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { getProject } from '../../api/projects';
import { fieldsOf, projectField } from '../fields';
import { forEachProject, projectsOfInput } from '../projects';

export const description = fieldsOf('project', 'get', [projectField]);

export async function execute(this: IExecuteFunctions): Promise<INodeExecutionData[]> {
	return await forEachProject(this, projectsOfInput(this), async ({ uuid, itemIndexes }) => {
		const project = (await getProject(this, uuid)) as IDataObject;
		return itemIndexes.map((item) => ({ json: project, pairedItem: { item } }));
	});
}
