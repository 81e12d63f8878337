import type {
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	INodeProperties,
	IPairedItemData,
} from 'n8n-workflow';

import type { Job } from '../../api/endpoints';
import { getDownloadLink, getDownloadLinks } from '../../api/links';
import { stemOf } from '../../api/formats';
import { projectJson, projectLabel, type ProjectRef } from '../../api/projectRef';
import { settle } from '../../api/settle';
import type { FileLink, JobState } from '../../api/types';
import { readStates, waitUntilFinal, type WithReading } from '../../jobs/poll';
import {
	missingResults,
	requireCompleted,
	resultsOf,
	type MissingResult,
	type Results,
} from '../../jobs/results';
import { photosBehind, resultNameJson, sourceJson } from '../../matching/origins';
import { nameKey, safeFileName } from '../../transfer/fileNames';
import { downloadFiles, type DownloadOptions, type DownloadOutcome } from '../../transfer/download';
import { ImagenOperationError } from '../../errors/imagenErrors';
import { counted, firstNames } from '../../errors/lists';
import { knownPhotos, lastEditCheck, sourcePhotos } from '../../jobs/ledger';
import { aggregateError, allFindings } from '../shared/aggregateError';
import { outputFileField, timeoutFieldFor } from '../shared/fields';
import { giveUpAfterMinutes, minutesForAll, msOf } from '../shared/giveUpAfter';
import { showHint } from '../shared/hints';
import { checkEachProject, type InputProject, type InputProjects } from '../shared/inputProjects';
import { errorItem } from '../shared/items';
import { sharedParameter } from '../shared/sharedParameters';
import { resultLinks } from './resultLinks';

/** What to do with an edit or export that is still going on. */
export const ifNotReadyOption = (job: Job): INodeProperties => ({
	displayName: 'If Not Ready',
	name: 'ifNotReady',
	type: 'options',
	options: [
		{ name: 'Fail', value: 'fail', description: 'Stop with an error that gives the status' },
		{ name: 'Wait', value: 'wait', description: `Wait until the ${job} is finished` },
	],
	default: 'wait',
	description: `What to do when the ${job} isn't finished yet`,
});

/** Options of the operations that give result files. */
export const resultOptions = (job: Job): INodeProperties[] => [
	ifNotReadyOption(job),
	{
		displayName: 'File Names',
		name: 'fileNames',
		type: 'string',
		default: '',
		placeholder: 'e.g. IMG_*.xmp, IMG_0042.jpg',
		description:
			'Return only files with these names, separated by commas. Use * for any characters. If empty, all files are returned.',
	},
	timeoutFieldFor(job),
];

/** How many files are downloaded at the same time. */
export const parallelDownloadsOption: INodeProperties = {
	displayName: 'Parallel Downloads',
	name: 'parallelDownloads',
	type: 'number',
	typeOptions: { minValue: 1, maxValue: 128, numberPrecision: 0 },
	default: 5,
	description:
		'How many files to download at the same time. Without this option, it depends on their sizes: 10 large files, up to 128 small ones.',
};

/** How many at the same time, as the items of a project say; undefined where it depends on the files. */
export const parallelDownloadsOf = (
	context: IExecuteFunctions,
	parameterItems: number[],
): number | undefined => sharedParameter(context, parameterItems, 'options.parallelDownloads');

/** How the end of a job is waited for, as the items of a project say. */
interface IfNotReady {
	/** Whether it is waited for. */
	isAwaited: boolean;
	/** How many minutes at most. */
	minutes: number;
}

/** A project with what was read of its job. */
export type ReadyProject<P extends InputProject = InputProject> = IfNotReady & WithReading<P>;

/** Reads the state of the job in each project; waits for its end where the node is set to. */
export async function withReadiness<P extends InputProject>(
	context: IExecuteFunctions,
	job: Job,
	input: InputProjects<P>,
): Promise<InputProjects<ReadyProject<P>>> {
	const { projects, failed } = await checkEachProject(context, input, ({ parameterItems }) => ({
		isAwaited: sharedParameter(context, parameterItems, 'options.ifNotReady', 'wait') === 'wait',
		minutes: giveUpAfterMinutes(context, parameterItems),
	}));
	const awaited = projects.filter(({ isAwaited }) => isAwaited);
	const others = projects.filter(({ isAwaited }) => !isAwaited);
	const timeoutMs = msOf(minutesForAll(context, awaited));
	const read = [
		...(await waitUntilFinal(context, job, awaited, timeoutMs)),
		...(await readStates(context, job, others)),
	];
	return { projects: read, failed };
}

/** The state of a job that `withReadiness` has read. @throws NodeOperationError as `requireCompleted` does */
export function requireReady(context: IExecuteFunctions, job: Job, project: ReadyProject): JobState {
	const { isAwaited, minutes } = project;
	const ifNotFinished = isAwaited
		? {
				minutes,
				remedy: "Run this node again later, or add the option 'Give Up After (Minutes)' and allow more time.",
			}
		: { remedy: `Put Wait for ${job} before this node, or set 'If Not Ready' to Wait.` };
	return requireCompleted(context, job, project, ifNotFinished);
}

/** The wanted results of a project. */
interface WantedResults {
	links: FileLink[];
	/** Whether brackets were merged into them. */
	areMerged: boolean;
	/** An error item for each photo that has none. */
	missing: INodeExecutionData[];
}

/**
 * The links of the wanted files of a project, and the photos without one.
 *
 * @throws NodeOperationError when its job is not Completed, or, unless the node continues on fail, when photos have no result
 */
export async function wantedResults(
	context: IExecuteFunctions,
	job: Job,
	project: ReadyProject,
): Promise<WantedResults> {
	requireReady(context, job, project);
	const fileNames = wantedNames(context, project);
	const results = await resultsOf(context, job, project);
	const isWanted = fileNameFilter(fileNames);
	const links = results.links.filter(({ file_name }) => isWanted(file_name));
	if (links.length === 0 && results.links.length > 0) hintNoneWanted(context, job, project, results.links);

	const { wanted, unknown } = wantedOf(results, fileNames);
	const failures = requireWhole(context, job, project, wanted);
	// A list of names for several projects is not meant for each of them.
	const isOnlyProject = project.itemIndexes.length === context.getInputData().length;
	const noSuchFiles = isOnlyProject ? unknown.map((name) => noSuchFile(context, job, project, name)) : [];
	if (noSuchFiles.length > 0 && !context.continueOnFail()) {
		const message = `${counted(noSuchFiles.length)} names in 'File Names' don't match any result`;
		const findings = noSuchFiles.map((error) => ({ error }));
		throw allFindings(context, findings, message, 'Nothing was downloaded.');
	}
	if (!isOnlyProject && unknown.length > 0)
		showHint(context, `Project ${projectLabel(project)} has no result named ${firstNames(unknown)}.`);
	const unavailable = [...failures, ...noSuchFiles.map((error) => ({ photo: undefined, error }))];
	const { itemsOf } = resultLinks(context, project);
	const missing = unavailable.map(({ photo, error }) => {
		const [itemIndex] = [...(photo ? itemsOf(photo.fileName) : []), ...project.itemIndexes];
		return errorItem(context, error, itemIndex, {
			...projectJson(project),
			...(photo && { file_name: photo.fileName }),
		});
	});
	return { links, areMerged: results.areMerged, missing };
}

function noSuchFile(context: IExecuteFunctions, job: Job, project: InputProject, name: string) {
	return new ImagenOperationError(
		context,
		`The results of the ${job} of project ${projectLabel(project)} don't include '${name}'`,
		"Check the name and its extension in 'File Names': the result of a RAW photo is an .xmp file. Leave 'File Names' empty to get all files.",
		project.itemIndexes[0],
		name,
	);
}

/** As many as it is worth to ask for one by one. */
const MOST_BY_NAME = 20;

/**
 * Links to the few files that an item names, each asked for by itself: of finished JPEGs the API gives them so.
 *
 * @returns undefined where patterns or many names are given, not every file is had, or a photo came after the edit: then the list says more
 * @throws NodeOperationError when the job is not Completed
 */
export async function linksByName(
	context: IExecuteFunctions,
	job: Job,
	project: ReadyProject,
): Promise<FileLink[] | undefined> {
	requireReady(context, job, project);
	const names = wantedNames(context, project);
	const areOfJpegs = job === 'export' || project.editingFlow === 'I2I';
	const isWorthIt =
		names.length > 0 && names.length <= MOST_BY_NAME && !names.some((name) => name.includes('*'));
	if (!areOfJpegs || !isWorthIt) return undefined;
	const isInLastEdit = lastEditCheck(context, project);
	if (knownPhotos(context, project).photos.some((photo) => isInLastEdit(photo) === false)) return undefined;
	const links: FileLink[] = [];
	for (const name of names) {
		const outcome = await settle(async () => await getDownloadLink(context, project, name));
		if (outcome.status === 'rejected') return undefined;
		links.push(outcome.value);
	}
	return links;
}

/** The names that the items of a project ask for, each once; none where one of them asks for all files. */
function wantedNames(context: IExecuteFunctions, { itemIndexes }: InputProject): string[] {
	const lists = itemIndexes.map((item) =>
		namesIn(context.getNodeParameter('options.fileNames', item, '') as string[] | string),
	);
	return lists.some((names) => names.length === 0) ? [] : [...new Set(lists.flat())];
}

/** What is missing of the files that are asked for: photos that have no result, and names that no result has. */
function wantedOf(results: Results, names: string[]): { wanted: Results; unknown: string[] } {
	if (names.length === 0) return { wanted: results, unknown: [] };
	// Which extension the result of a photo would have is not known.
	const isWanted = fileNameFilter(names, (pattern) => pattern.replace(/\.[^.*]*$/, ''));
	const ofPhotos = results.missing.filter(({ fileName }) => isWanted(stemOf(fileName)));
	const isKnown = (name: string) =>
		results.links.some(({ file_name }) => isSameName(file_name, name)) ||
		ofPhotos.some(({ fileName }) => isSameName(stemOf(fileName), stemOf(name)));
	const unknown = names.filter((name) => !name.includes('*') && !isKnown(name));
	return { wanted: { ...results, missing: ofPhotos, lacking: 0 }, unknown };
}

/** What was downloaded may have been given a name that is safe to write. */
const isSameName = (one: string, other: string) =>
	nameKey(safeFileName(one)) === nameKey(safeFileName(other));

/**
 * Why photos have no result, where the node continues on fail.
 *
 * @throws NodeOperationError that names them all, where it does not
 */
export function requireWhole<P extends { fileName: string; itemIndex?: number }>(
	context: IExecuteFunctions,
	job: Job,
	project: ProjectRef,
	results: Results<P>,
): Array<MissingResult<P>> {
	const failures = missingResults(context, job, project, results);
	if (failures.length === 0 || context.continueOnFail()) return failures;
	const { missing, lacking, expected } = results;
	throw aggregateError(context, {
		message: `The ${job} of project ${projectLabel(project)} has no result for ${counted(missing.length + lacking)} of ${counted(expected)} photos`,
		nextSteps: [
			"Run this node again later. To continue with the results that are there, set 'On Error' to Continue in this node's settings.",
		],
		done: ['The other results are not lost.'],
		failures,
	});
}

/** A filter that takes nothing may be meant so; it must not look like an edit without results. */
function hintNoneWanted(context: IExecuteFunctions, job: Job, project: ProjectRef, links: FileLink[]) {
	showHint(
		context,
		`None of the ${counted(links.length)} files of the ${job} of project ${projectLabel(project)} matches 'File Names'. The first file is '${links[0].file_name}'.`,
	);
}

/**
 * Whether a name is one of a list such as `IMG_*.xmp, IMG_0042.jpg`; an empty list wants every name.
 *
 * @param part of a name in the list that has to fit
 */
export function fileNameFilter(
	list: string[] | string,
	part = (name: string) => name,
): (fileName: string) => boolean {
	const patterns = namesIn(list)
		.map(part)
		.map((pattern) => new RegExp(`^${pattern.split('*').map(escaped).join('.*')}$`, 'i'));
	const namesOf = (fileName: string) => [fileName.normalize('NFC'), safeFileName(fileName)];
	return (fileName) =>
		patterns.length === 0 || namesOf(fileName).some((name) => patterns.some((pattern) => pattern.test(name)));
}

/** In a list, commas belong to the names. */
const namesIn = (list: string[] | string) =>
	(Array.isArray(list) ? list : list.split(',')).map((name) => name.trim().normalize('NFC')).filter(Boolean);

const escaped = (text: string) => text.replace(/[.+?^${}()|[\]\\]/g, '\\$&');

/** Fetches the result files of an edit or export. @throws NodeOperationError as `fetchAll` does */
export async function fetchFiles(
	context: IExecuteFunctions,
	job: Job,
	project: ProjectRef,
	links: FileLink[],
	parallelDownloads?: number,
): Promise<DownloadOutcome[]> {
	const fetchLinks = async () => await getDownloadLinks(context, job, project);
	const whose = `the ${job} of project ${projectLabel(project)}`;
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

/** One item for each link. @param areMerged as for `sourcePhotos` */
export function linkItems(
	context: IExecuteFunctions,
	project: InputProject,
	links: FileLink[],
	areMerged?: boolean,
): INodeExecutionData[] {
	const fileNames = links.map(({ file_name }) => file_name);
	const results = resultItems(context, project, fileNames, areMerged);
	return links.map(({ link }, index) => {
		const { json, pairedItem } = results[index];
		return { json: { ...json, download_link: link }, pairedItem };
	});
}

/** The binary field that downloaded files are put in. An AI agent is not asked for it. */
export const outputFieldOf = (context: IExecuteFunctions, parameterItems: number[]): string =>
	sharedParameter(context, parameterItems, outputFileField.name, outputFileField.default);

/** One item for each file, fetched or not. @param links of the files, in their order @param areMerged as for `sourcePhotos` */
export function fileItems(
	context: IExecuteFunctions,
	project: InputProject,
	links: FileLink[],
	outcomes: DownloadOutcome[],
	areMerged?: boolean,
): INodeExecutionData[] {
	const field = outputFieldOf(context, project.parameterItems);
	const fileNames = links.map(({ file_name }) => file_name);
	const results = resultItems(context, project, fileNames, areMerged);
	return outcomes.map((outcome, index) => {
		const { pairedItem, itemIndex: ownItem, ...result } = results[index];
		const json = { ...result.json, ...resultNameJson(outcome.fileName, fileNames[index]) };
		return 'error' in outcome
			? errorItem(context, outcome.error, ownItem, json)
			: { json: { ...json, bytes: outcome.bytes }, binary: { [field]: outcome.binary }, pairedItem };
	});
}

/** What the items of results have in common: project, names, the links to where they come from, and the input item of an error. */
function resultItems(
	context: IExecuteFunctions,
	project: InputProject,
	fileNames: string[],
	areMerged?: boolean,
): Array<{ json: IDataObject; pairedItem: IPairedItemData[]; itemIndex: number }> {
	const photos = photosBehind(sourcePhotos(context, project, areMerged), fileNames);
	const { itemsOf, linksOf } = resultLinks(context, project);
	return fileNames.map((file_name, index) => {
		const photo = photos[index];
		return {
			json: { ...projectJson(project), file_name, ...(photo && sourceJson([photo])) },
			pairedItem: linksOf(file_name, photo),
			itemIndex: [...itemsOf(file_name), ...project.itemIndexes][0],
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
	const otherFiles = others === 1 ? 'file' : `${counted(others)} files`;
	const howToContinue = `To continue with the other ${otherFiles}, set 'On Error' to Continue in this node's settings.`;
	return aggregateError(context, {
		message: `${counted(failed.length)} of ${counted(total)} files of ${whose} could not be downloaded`,
		nextSteps: [`Run this node again (Execute step).${others > 0 ? ` ${howToContinue}` : ''}`],
		done: [failed.length === 1 ? `Nothing of ${whose} is lost.` : 'Nothing is lost.'],
		failures: failed,
	});
}
