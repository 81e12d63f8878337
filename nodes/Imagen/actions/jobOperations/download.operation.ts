import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import type { Job } from '../../api/endpoints';
import { getDownloadLinks } from '../../api/links';
import { projectJson, type ProjectRef } from '../../api/projectRef';
import type { FileLink } from '../../api/types';
import { PARALLEL_TRANSFERS } from '../../transfer/concurrency';
import { downloadFiles, type DownloadOptions, type DownloadOutcome } from '../../transfer/download';
import { aggregateError, failedPart } from '../shared/aggregateError';
import { optionsField, outputFileField, projectField } from '../shared/fields';
import { forEachProject, type InputProject } from '../shared/inputProjects';
import { errorItem } from '../shared/items';
import type { Operation } from '../shared/operation';
import { editingFlowOptions, jobProjectsOfInput } from './jobProjects';
import { resultLinks, resultOptions, type ResultOptions, withReadiness } from './resultFiles';

interface Options extends ResultOptions {
	parallelDownloads?: number;
}

export const parallelDownloadsOption: INodeProperties = {
	displayName: 'Parallel Downloads',
	name: 'parallelDownloads',
	type: 'number',
	typeOptions: { minValue: 1, maxValue: 20 },
	default: PARALLEL_TRANSFERS,
	description: 'How many files are on their way at the same time',
};

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
		const links = await resultLinks(context, job, project);
		const { parallelDownloads } = context.getNodeParameter('options', project.itemIndexes[0], {}) as Options;
		return fileItems(context, project, await fetchFiles(context, job, project, links, parallelDownloads));
	});
}

/** Fetches the result files of an edit or export. @throws NodeOperationError as `fetchAll` does */
export async function fetchFiles(
	context: IExecuteFunctions,
	job: Job,
	project: ProjectRef,
	links: FileLink[],
	parallelDownloads = PARALLEL_TRANSFERS,
): Promise<DownloadOutcome[]> {
	const fetchLinks = async () => await getDownloadLinks(context, job, project);
	const whose = `the ${job} of project ${project.uuid}`;
	return await fetchAll(context, whose, links, { fetchLinks, parallelDownloads });
}

/**
 * Fetches files.
 *
 * @param whose names in an error what the files are of
 * @throws NodeOperationError that names every failed file, unless the node continues on fail
 */
export async function fetchAll(
	context: IExecuteFunctions,
	whose: string,
	links: FileLink[],
	options: DownloadOptions,
): Promise<DownloadOutcome[]> {
	const outcomes = await downloadFiles(context, links, options);
	const failed = outcomes.filter((outcome) => 'error' in outcome);
	if (failed.length > 0 && !context.continueOnFail())
		throw notAllDownloaded(context, whose, failed, outcomes.length);
	return outcomes;
}

/** One item for each file, fetched or not. */
export function fileItems(
	context: IExecuteFunctions,
	project: InputProject,
	outcomes: DownloadOutcome[],
): INodeExecutionData[] {
	const [itemIndex] = project.itemIndexes;
	const field = context.getNodeParameter('binaryPropertyName', itemIndex) as string;
	return outcomes.map((outcome) => {
		const json = { ...projectJson(project), file_name: outcome.fileName };
		return 'error' in outcome
			? errorItem(context, outcome.error, itemIndex, json)
			: {
					json: { ...json, bytes: outcome.bytes },
					binary: { [field]: outcome.binary },
					pairedItem: { item: itemIndex },
				};
	});
}

function notAllDownloaded(
	context: IExecuteFunctions,
	whose: string,
	failed: Array<{ fileName: string; error: Error }>,
	total: number,
) {
	const others = total - failed.length;
	return aggregateError(context, {
		message: `${failed.length} of ${total} files of ${whose} could not be downloaded`,
		done: [
			'Nothing is lost: run the workflow from this node on again.',
			...(others > 0
				? [`To go on with the other ${others} files, set 'On Error' in the node's settings to continue.`]
				: []),
		],
		failures: failed.map(({ error }) => failedPart(error)),
	});
}
