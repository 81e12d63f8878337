import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import type { Job } from '../../api/endpoints';
import { optionsField, projectField } from '../shared/fields';
import { forEachProject } from '../shared/inputProjects';
import type { Operation } from '../shared/operation';
import { editingFlowOptions, jobProjectsOfInput } from './jobProjects';
import { linkItems, linksByName, resultOptions, wantedResults, withReadiness } from './resultFiles';

/** Get download links for edited photos, Get download links for exported photos */
export const getDownloadLinksOperation = (job: Job): Operation => ({
	name: 'Get Download Links',
	action: `Get download links for ${job}ed photos`,
	description: `Get a temporary download link for each ${job === 'edit' ? 'edited photo' : 'exported JPEG'} of a project`,
	fields: [projectField, optionsField(...editingFlowOptions(job), ...resultOptions(job))],
	async execute() {
		return await getDownloadLinks(this, job);
	},
});

/** Gives one item for each result file, with its temporary link. */
async function getDownloadLinks(context: IExecuteFunctions, job: Job): Promise<INodeExecutionData[]> {
	const input = await withReadiness(context, job, await jobProjectsOfInput(context, job));
	return await forEachProject(context, input, async (project) => {
		const named = await linksByName(context, job, project);
		if (named) return linkItems(context, project, named);
		const { links, areMerged, missing } = await wantedResults(context, job, project);
		return [...linkItems(context, project, links, areMerged), ...missing];
	});
}
