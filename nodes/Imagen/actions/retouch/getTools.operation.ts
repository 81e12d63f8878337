import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { listRetouchTools } from '../../api/retouch';
import { projectJson } from '../../api/projectRef';
import { fieldsOf, optionsField, projectField, projectFlowOption } from '../shared/fields';
import { forEachProject, projectsOfInput } from '../shared/inputProjects';

export const description = fieldsOf('retouch', 'getTools', [projectField, optionsField(projectFlowOption)]);

/** One item for each tool, as the API tells it, with its project. */
export async function execute(this: IExecuteFunctions): Promise<INodeExecutionData[]> {
	return await forEachProject(this, await projectsOfInput(this), async (project) => {
		const tools = await listRetouchTools(this, project);
		return tools.map((tool) => ({
			json: { ...projectJson(project), ...tool },
			pairedItem: { item: project.itemIndexes[0] },
		}));
	});
}
