import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import type { Job } from '../../api/endpoints';
import { jobStateJson } from '../../api/jobs';
import { readStates } from '../../jobs/poll';
import { optionsField, projectField } from '../shared/fields';
import { forEachProject } from '../shared/inputProjects';
import { itemForEach } from '../shared/items';
import type { Operation } from '../shared/operation';
import { editingFlowOptions, jobProjectsOfInput } from './jobProjects';

/** Get edit status, Get export status */
export const getStatusOperation = (job: Job): Operation => ({
	name: 'Get Status',
	action: `Get ${job} status`,
	description: `Get the status of the ${job} of a project`,
	fields: [projectField, ...(job === 'edit' ? [optionsField(...editingFlowOptions(job))] : [])],
	async execute() {
		return await getStatus(this, job);
	},
});

/** Reads where the edit or export stands, once for each project of the input. */
async function getStatus(context: IExecuteFunctions, job: Job): Promise<INodeExecutionData[]> {
	const input = await jobProjectsOfInput(context, job);
	const projects = await readStates(context, job, input.projects);
	return await forEachProject(context, { ...input, projects }, async (project) => {
		const { state, error } = project.reading;
		if (error) throw error;
		return itemForEach(project, jobStateJson(project, state));
	});
}
