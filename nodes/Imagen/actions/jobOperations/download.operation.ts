import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import type { Job } from '../../api/endpoints';
import { firstNames, quantity } from '../../errors/lists';
import { optionsField, outputFileField, projectField } from '../shared/fields';
import { checkEachProject, forEachProject } from '../shared/inputProjects';
import { countErrors } from '../shared/items';
import type { Operation } from '../shared/operation';
import { sizeText, showSummary } from '../shared/summary';
import { editingFlowOptions, jobProjectsOfInput } from './jobProjects';
import {
	fetchFiles,
	fileItems,
	outputFieldOf,
	parallelDownloadsOf,
	parallelDownloadsOption,
	resultOptions,
	wantedResults,
	withReadiness,
} from './resultFiles';

const xmpNotice: INodeProperties = {
	displayName:
		'For RAW photos, Imagen returns XMP files: put each one beside its RAW photo, and Lightroom shows the edit. For JPEGs of RAW photos, use Start export.',
	name: 'xmpNotice',
	type: 'notice',
	default: '',
};

/** Download edited photos, Download exported photos */
export const downloadOperation = (job: Job): Operation => ({
	name: 'Download',
	action: `Download ${job}ed photos`,
	description: `Download the ${job === 'edit' ? 'edited photos' : 'exported JPEGs'} of a project, one item per file`,
	fields: [
		...(job === 'edit' ? [xmpNotice] : []),
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
	const begunAt = Date.now();
	const projects = await jobProjectsOfInput(context, job);
	const checked = await checkEachProject(context, projects, ({ parameterItems }) => ({
		outputField: outputFieldOf(context, parameterItems),
		parallelDownloads: parallelDownloadsOf(context, parameterItems),
	}));
	const input = await withReadiness(context, job, checked);
	const items = await forEachProject(context, input, async (project) => {
		const { parallelDownloads } = project;
		const { links, areMerged, missing } = await wantedResults(context, job, project);
		const outcomes = await fetchFiles(context, job, project, links, parallelDownloads);
		return [...fileItems(context, project, links, outcomes, areMerged), ...missing];
	});
	const files = items.filter(({ binary }) => binary);
	const bytes = files.reduce((sum, { json }) => sum + Number(json.bytes), 0);
	if (files.length > 0)
		showSummary(context, begunAt, {
			done: `Downloaded ${quantity(files.length, 'file')} (${sizeText(bytes)})`,
			failed: countErrors(items),
			results: `The files are in the ${whereFilesAre(input.projects.map(({ outputField }) => outputField))}`,
		});
	return items;
}

/** Such as `field 'data'`. */
function whereFilesAre(fields: string[]): string {
	const names = [...new Set(fields)];
	return `${names.length === 1 ? 'field' : 'fields'} ${firstNames(names)}`;
}
