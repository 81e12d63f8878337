import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import { originOf, type ResultOrigin } from '../../../sandbox/results/plainResultRenderer.mts';
import { readBinary, type WorkflowResult } from '../../support/engine/index.ts';
import type { ProjectFacts } from './account.mts';
import { givenPhotos, startsOf, wasSent } from './asked.mts';
import type { IfAlreadyStarted, Weather } from './commands.mts';
import type { Violation } from './violation.mts';
import type { Observed, Step } from './world.mts';
import { photoIdOf, type Photo } from './workflow.mts';

/** A run that has ended well, as it says. */
export interface Success {
	step: Step;
	run: Observed;
	/** The project it has worked on. */
	project: ProjectFacts;
	weather: Weather;
	/** The photos that all runs have given to the project. */
	given: ReadonlyMap<string, string>;
	/** Whether nobody remembers which photos were brought to it before. */
	isForgotten: boolean;
	/** Whether nobody remembers that it was sent. */
	isSendForgotten: boolean;
}

/**
 * A status that says Completed for longer than this after Start Again cannot be told from that of an edit that was done in no
 * time.
 */
const LONGEST_TELLABLE_LAG_SECONDS = 60;

/**
 * Invariant 2: success means a result for every photo of the run, and none of any other project.
 *
 * @param origins what the project's edits were made from; undefined where that cannot be seen
 */
export async function falseSuccess(success: Success, origins?: ResultOrigin[]): Promise<Violation[]> {
	const { step, run, project } = success;
	if (isOwn(run) && !run.family.created.has(project.uuid)) {
		const message = `${project.name} was there before`;
		return [{ kind: 'a run takes an existing project for its own', message }];
	}
	return [
		...(startsOf(run.family.execution).length > 0 ? falseStart(success, origins) : []),
		...(step.observed.length === 1 ? unfinished(success) : []),
		...(await falseResults(success, 'edit')),
		...(await falseResults(success, 'export')),
	];
}

/** Whether a run works on nothing but what it has created. */
const isOwn = ({ family }: Observed) =>
	['create, fail', 'create, addTimestamp'].includes(family.execution.nodes.find);

/** Whether nothing of a run was reported as failed but single photos. */
export function hasSucceeded({ result }: Observed): boolean {
	if (!result || result.error || result.run.status !== 'success') return false;
	const last = result.run.data.resultData.lastNodeExecuted as string;
	return !errorItems(result.output(last).flat()).some(({ file_name }) => file_name === undefined);
}

const errorItems = (items: INodeExecutionData[]): IDataObject[] =>
	items.map(({ json }) => json).filter(({ error }) => error !== undefined);

function allItems({ run }: WorkflowResult): INodeExecutionData[] {
	return Object.values(run.data.resultData.runData)
		.flat()
		.flatMap(({ data }) => data?.main ?? [])
		.flatMap((items) => items ?? []);
}

/** Whether an item says of a photo that something went wrong. */
function isReported({ result }: Observed, { fileName }: Photo): boolean {
	return errorItems(allItems(result!)).some(
		({ file_name }) => file_name === undefined || stem(String(file_name)) === stem(fileName),
	);
}

/** What a success says of a start, and is not so. @param origins undefined where that cannot be seen */
function falseStart(success: Success, origins?: ResultOrigin[]): Violation[] {
	const { step, run, project } = success;
	if (!wasSent(project))
		return [{ kind: 'a start succeeds and nothing was sent', message: `${project.name} was never sent` }];
	if (!origins) return [];
	const edited = new Set(origins.map(({ firstBytes }) => photoIdOf(firstBytes)));
	const editedNames = new Set(origins.map(({ fileName }) => stem(fileName)));
	const left = givenPhotos(run)
		.filter((photo) => !edited.has(photo.id) && !isReported(run, photo))
		.filter(({ fileName }) => !goesByNames(success) || !editedNames.has(stem(fileName)));
	const profile = startsOf(run.family.execution).at(-1)!.profile;
	const latest = origins.reduce<ResultOrigin | undefined>(
		(last, origin) => (last && last.editedAt > origin.editedAt ? last : origin),
		undefined,
	);
	const isOther = step.observed.length === 1 && latest && latest.profileKey !== profile;
	return [
		...(left.length > 0 && !isCalledPending(success)
			? [
					{
						kind: 'a start succeeds without a photo that was given',
						message: `${left.map(({ id }) => id).join(', ')} is in no edit`,
					},
				]
			: []),
		...(isOther
			? [
					{
						kind: 'a start succeeds and the edit has another profile',
						message: `edited with ${latest.profileKey}, ${profile} asked for`,
					},
				]
			: []),
	];
}

/** What a success says of a project's edit, and is not so. */
function unfinished({ run, project: { name, editStatus } }: Success): Violation[] {
	const { family } = run;
	const { nodes } = family.execution;
	const waits =
		nodes.kind === 'shoot' ? nodes.results !== 'none' : nodes.downloads || (nodes.waits && !isAtLimit(run));
	return [
		...(waits && editStatus !== 'Completed'
			? [{ kind: 'success before the edit is Completed', message: `${name} is ${editStatus}` }]
			: []),
		...(family.edits < startsOf(family.execution).filter(isAgain).length
			? [{ kind: 'Start Again succeeds and nothing was sent', message: `${name} was not sent again` }]
			: []),
	];
}

/** Whether n8n may have resumed a paused execution at its limit: with the input of the node, as its panel says, whatever the status. */
const isAtLimit = ({ family, resumed }: Observed) =>
	resumed === 0 && startsOf(family.execution).some(({ resumes }) => resumes);

/** The files that a run has given; undefined if it was not asked for any. */
function filesOf({ result, family }: Observed, job: 'edit' | 'export'): INodeExecutionData[] | undefined {
	const { nodes } = family.execution;
	if (nodes.kind === 'row') {
		const isAsked = job === 'edit' ? nodes.downloads : nodes.exports?.downloads;
		return isAsked ? result!.output(job === 'edit' ? 'Download' : 'Export Download').flat() : undefined;
	}
	const kind = job === 'edit' ? 'edited' : 'exported';
	if (nodes.results !== kind && nodes.results !== 'both') return undefined;
	return result!
		.output('Shoot')
		.flat()
		.filter(({ json }) => json.result === kind);
}

async function falseResults(success: Success, job: 'edit' | 'export'): Promise<Violation[]> {
	const { run, project } = success;
	const items = filesOf(run, job);
	if (!items) return [];
	const files = await Promise.all(items.filter(({ binary }) => binary).map(readResult));
	const isEmpty = items.length === 0 && errorItems(allItems(run.result!)).length === 0;
	const found = [
		...(isEmpty ? [{ kind: 'success without files', message: `no file of ${project.name}` }] : []),
		...files.flatMap((file) => falseFile(success, job, file)),
		...missingFiles(success, files),
	];
	return found.map(({ kind, message }) => ({ kind: `${job}: ${kind}`, message }));
}

interface File {
	name: string;
	/** What it was made from; undefined if Imagen has not made it, or not all of it is there. */
	origin?: ResultOrigin;
}

async function readResult({ json, binary }: INodeExecutionData): Promise<File> {
	const bytes = await readBinary(Object.values(binary!)[0]);
	return { name: String(json.file_name), origin: originOf(bytes) };
}

/** What is wrong with a file that a run has given. */
function falseFile(
	{ step, run, project, weather, given }: Success,
	job: 'edit' | 'export',
	{ name, origin }: File,
) {
	if (!origin) return [{ kind: 'a file that Imagen did not make', message: name }];
	const { family } = run;
	const { nodes } = family.execution;
	const id = photoIdOf(origin.firstBytes);
	const profile = startsOf(family.execution).at(-1)?.profile;
	const isTellable = (weather.settings.statusLagSeconds ?? 0) <= LONGEST_TELLABLE_LAG_SECONDS;
	const isEditedAgain = startsOf(family.execution).some(isAgain);
	const isExportedAgain = nodes.kind === 'row' && nodes.exports !== null && isAgain(nodes.exports);
	const checks: Array<[isBroken: unknown, kind: string, message: string]> = [
		[origin.projectUuid !== project.uuid, 'a result of another project', `${name} is of ${id}`],
		[stem(origin.fileName) !== stem(name), "another photo's result under a name", `${name} is of ${id}`],
		[isOwn(run) && !given.has(id), 'a result of a photo that nobody gave', `${name} is of ${id}`],
		[isTellable && isEditedAgain && origin.editedAt < family.began, 'a result from before Start Again', name],
		[
			isTellable && job === 'export' && isExportedAgain && origin.exportedAt! < family.began,
			'a result from before Start Again of the export',
			name,
		],
		[
			profile && step.observed.length === 1 && origin.profileKey !== profile,
			'a result of another profile',
			`${name}: ${origin.profileKey}, ${profile} asked for`,
		],
	];
	return checks.filter(([isBroken]) => isBroken).map(([, kind, message]) => ({ kind, message }));
}

const isAgain = ({ ifAlreadyStarted }: { ifAlreadyStarted: IfAlreadyStarted }) =>
	ifAlreadyStarted === 'startAgain';

/**
 * Where nobody remembers what was uploaded, or somebody else has uploaded it, a Shoot goes on by names, or none could be taken up again
 * after n8n was killed. No retry knows of photos that others have uploaded since, and no run of what comes at the same moment.
 */
function goesByNames({ isForgotten, step, run, project }: Success): boolean {
	const isShoot = run.family.execution.nodes.kind === 'shoot';
	const isNew = !step.before.some(({ uuid }) => uuid === project.uuid);
	const hasOthers = project.stranger !== undefined && project.stranger !== 'empty';
	return (isForgotten && (isShoot || run.isRetry)) || (hasOthers && (isShoot || isNew));
}

/** Whether photos may have come to an edit that runs and is called Pending, as before it was sent. */
function isCalledPending({ project, weather, isSendForgotten }: Success): boolean {
	const isOfStranger = project.stranger === 'editing' && project.edits === 0;
	return (isOfStranger || isSendForgotten) && weather.settings.editSeconds !== undefined;
}

/** The photos of a run that have no result, and of which no item says so. */
function missingFiles(success: Success, files: File[]): Violation[] {
	const { run } = success;
	const ids = new Set(files.map(({ origin }) => origin && photoIdOf(origin.firstBytes)));
	const names = new Set(files.map(({ name }) => stem(name)));
	const ending = startsOf(run.family.execution).length > 0 ? '' : ', without a start';
	if (isCalledPending(success)) return [];
	return givenPhotos(run)
		.filter((photo) => !ids.has(photo.id) && !isReported(run, photo))
		.filter(({ fileName }) => !goesByNames(success) || !names.has(stem(fileName)))
		.map(({ fileName, id }) =>
			names.has(stem(fileName))
				? {
						kind: `the result of an older photo of that name${ending}`,
						message: `${fileName} is not of ${id}`,
					}
				: { kind: `no result for a photo that was given${ending}`, message: id },
		);
}

const stem = (fileName: string) => fileName.replace(/\.\w+$/, '');
