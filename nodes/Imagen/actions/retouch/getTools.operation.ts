import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { projectJson } from '../../api/projectRef';
import { listRetouchTools } from '../../api/retouch';
import { optionsField, projectField, editingFlowOption } from '../shared/fields';
import { forEachProject, projectsOfInput } from '../shared/inputProjects';
import type { Operation } from '../shared/operation';

/** Get retouch tools */
export const getToolsOperation: Operation = {
	name: 'Get Tools',
	action: 'Get retouch tools',
	description: 'List the retouch tools for a project',
	fields: [projectField, optionsField(editingFlowOption)],
	execute,
};

/** One item for each tool, as the API lists it, with its project. */
async function execute(this: IExecuteFunctions): Promise<INodeExecutionData[]> {
	return await forEachProject(this, await projectsOfInput(this), async (project) => {
		const tools = await listRetouchTools(this, project);
		return tools.map((tool) => ({
			json: { ...projectJson(project), ...tool },
			pairedItem: { item: project.itemIndexes[0] },
		}));
	});
}
