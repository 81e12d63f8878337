import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import type { Job } from '../../api/endpoints';
import { optionsField, outputFileField, projectField } from '../shared/fields';
import { forEachProject } from '../shared/inputProjects';
import type { Operation } from '../shared/operation';
import { editingFlowOptions, jobProjectsOfInput } from './jobProjects';
import {
	fetchFiles,
	fileItems,
	parallelDownloadsOption,
	resultOptions,
	wantedResults,
	withReadiness,
	type ResultOptions,
} from './resultFiles';

/** Edit and Export: Download */
export const downloadOperation = (job: Job): Operation => ({
	name: 'Download',
	action: `Download ${job}ed photos`,
	description: `Download the ${job === 'edit' ? 'edited photos' : 'exported JPEGs'} of a project, one item per file`,
	fields: [
		projectField,
		outputFileField,
		optionsField(...editingFlowOptions(job), ...resultOptions(job), parallelDownloadsOption),
	],
	async execute() {
		return await download(this, job);
	},
});

/** Gives one item for each result file, with the file itself. A project's files come once, however many items name it. */
async function download(context: IExecuteFunctions, job: Job): Promise<INodeExecutionData[]> {
	const input = await withReadiness(context, job, await jobProjectsOfInput(context, job));
	return await forEachProject(context, input, async (project) => {
		const { links, areMerged, missing } = await wantedResults(context, job, project);
		const { parallelDownloads } = context.getNodeParameter(
			'options',
			project.itemIndexes[0],
			{},
		) as ResultOptions;
		const outcomes = await fetchFiles(context, job, project, links, parallelDownloads);
		return [...fileItems(context, project, links, outcomes, areMerged), ...missing];
	});
}
