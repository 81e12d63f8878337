import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { getProject } from '../../api/projects';
import { optionsField, projectField, editingFlowOption } from '../shared/fields';
import { forEachProject, projectsOfInput } from '../shared/inputProjects';
import { itemForEach } from '../shared/items';
import type { Operation } from '../shared/operation';
import { thumbnailOption, wantsThumbnail } from './thumbnail';

/** Get project */
export const getOperation: Operation = {
	name: 'Get',
	action: 'Get project',
	description: 'Get the name, status and number of photos of a project',
	fields: [projectField, optionsField(editingFlowOption, thumbnailOption)],
	execute,
};

async function execute(this: IExecuteFunctions): Promise<INodeExecutionData[]> {
	return await forEachProject(this, await projectsOfInput(this, false), async (project) => {
		const wantsPicture = wantsThumbnail(this, project.parameterItems);
		const json = (await getProject(this, project, wantsPicture)) as IDataObject;
		return itemForEach(project, json);
	});
}
