import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { projectJson, projectLabel } from '../../api/projectRef';
import { finalize } from '../../api/retouch';
import type { FileLink } from '../../api/types';
import { ImagenOperationError } from '../../errors/imagenErrors';
import { counted, firstNames } from '../../errors/lists';
import { transientRetryState } from '../../memory';
import { resultKey } from '../../transfer/fileNames';
import {
	fetchAll,
	fileItems,
	linkItems,
	outputFieldOf,
	parallelDownloadsOf,
	parallelDownloadsOption,
	requireWhole,
} from '../jobOperations/resultFiles';
import {
	NOT_FOR_AGENTS,
	optionsField,
	outputFileField,
	projectField,
	editingFlowOption,
} from '../shared/fields';
import {
	checkEachProject,
	forEachProject,
	projectsOfInput,
	type InputProject,
} from '../shared/inputProjects';
import { showHint } from '../shared/hints';
import { isTool } from '../shared/isTool';
import { errorItem, linkTo } from '../shared/items';
import type { Operation } from '../shared/operation';
import { sharedParameter } from '../shared/sharedParameters';
import { finishedJob, finishedResults } from '../jobOperations/finishedResults';
import { isRetouched } from './startFrom';

type Output = 'files' | 'links' | 'project';

/** Finalize retouched photos */
export const finalizeOperation: Operation = {
	name: 'Finalize',
	action: 'Finalize retouched photos',
	description: 'Make the final files of a project, with the retouching of its photos',
	fields: [
		projectField,
		{
			displayName: 'Output',
			name: 'finalOutput',
			type: 'options',
			options: [
				{ name: 'Download Links', value: 'links', description: 'One item per photo, with a temporary link' },
				{
					name: 'Files',
					value: 'files',
					description:
						'One item per photo, with the file in a binary field. An AI agent gets the project only.',
				},
				{ name: 'Project Only', value: 'project', description: 'One item per project, without its photos' },
			],
			default: 'files',
			description: 'What to return for each project',
		},
		{ ...outputFileField, displayOptions: { show: { ...NOT_FOR_AGENTS.show, finalOutput: ['files'] } } },
		optionsField(editingFlowOption, {
			...parallelDownloadsOption,
			displayOptions: { show: { '/finalOutput': ['files'] } },
		}),
	],
	execute,
};

/** Finalizes each project once, however many items name it. */
async function execute(this: IExecuteFunctions): Promise<INodeExecutionData[]> {
	// Finalizing makes new versions: what the output is to be is known before.
	const input = await checkEachProject(this, await projectsOfInput(this), ({ parameterItems }) => ({
		output: outputOf(this, parameterItems),
		outputField: outputFieldOf(this, parameterItems),
		parallelDownloads: parallelDownloadsOf(this, parameterItems),
	}));
	return await forEachProject(this, input, async (project) => {
		const finished = await finishedResults(this, project);
		const unfinished = requireWhole(this, finishedJob(project), project, finished).map(({ error }) => error);
		const retryState = transientRetryState<{ links: FileLink[] }>(
			this,
			'finalize',
			project.editingFlow,
			project.uuid,
		);
		const links = retryState.links ?? (await finalize(this, project));
		const missing = requireAllFinal(this, project, finished.links, links);
		retryState.links = links;
		return [
			...(await toItems(this, project, links, finished.areMerged)),
			...errorItems(this, project, [...unfinished, ...missing]),
		];
	});
}

const errorItems = (context: IExecuteFunctions, project: InputProject, errors: Error[]) =>
	errors.map((error) => errorItem(context, error, project.itemIndexes[0], projectJson(project)));

/**
 * Why finished photos have no final file, where the node continues on fail. Whether the API makes one of a photo that was not retouched is not
 * known: of those, a hint names the ones without.
 *
 * @throws NodeOperationError that names the photos, where it does not
 */
function requireAllFinal(
	context: IExecuteFunctions,
	project: InputProject,
	finished: FileLink[],
	links: FileLink[],
): Error[] {
	const lacking = finished.length - links.length;
	if (lacking <= 0) return [];
	const keys = new Set(links.map(({ file_name }) => resultKey(file_name)));
	const missing = finished.filter(({ file_name }) => !keys.has(resultKey(file_name)));
	const isLoss =
		links.length === 0 || missing.some(({ file_name }) => isRetouched(context, project, file_name));
	if (!isLoss) {
		showHint(
			context,
			`Of the photos in project ${projectLabel(project)} that this execution didn't retouch, Imagen AI returned no final file for ${shownNames(missing)}.`,
		);
		return [];
	}
	const error = new ImagenOperationError(
		context,
		`Imagen AI returned no final file for ${counted(lacking)} of ${counted(finished.length)} photos in project ${projectLabel(project)}: ${shownNames(missing)}`,
		"Run this node again in a few minutes: finalizing again makes no new version. If that doesn't help, contact Imagen support and name the project and the photos.",
	);
	if (!context.continueOnFail()) throw error;
	return [error];
}

const shownNames = (files: FileLink[]) => firstNames(files.map(({ file_name }) => file_name));

/** A project, and how its files are returned. */
interface FinalProject extends InputProject {
	output: Output;
	parallelDownloads?: number;
}

async function toItems(
	context: IExecuteFunctions,
	project: FinalProject,
	links: FileLink[],
	areMerged: boolean,
): Promise<INodeExecutionData[]> {
	switch (project.output) {
		case 'project':
			return [
				{
					json: { ...projectJson(project), status: 'Completed', number_of_images: links.length },
					pairedItem: linkTo(project.itemIndexes),
				},
			];
		case 'links':
			return linkItems(context, project, links, areMerged);
		case 'files':
			return fileItems(context, project, links, await fetchFinalFiles(context, project, links), areMerged);
	}
}

async function fetchFinalFiles(context: IExecuteFunctions, project: FinalProject, links: FileLink[]) {
	return await fetchAll(context, `the finalized project ${projectLabel(project)}`, links, {
		// Only finalizing gives links: where they have run out, it takes another time. It makes no further version.
		fetchLinks: async () => await finalize(context, project),
		parallelDownloads: project.parallelDownloads,
	});
}

function outputOf(context: IExecuteFunctions, parameterItems: number[]): Output {
	const output = sharedParameter<Output>(context, parameterItems, 'finalOutput');
	return output === 'files' && isTool(context) ? 'project' : output;
}
