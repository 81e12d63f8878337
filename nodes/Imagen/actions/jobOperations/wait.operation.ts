import type {
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	INodeProperties,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';

import type { Job } from '../../api/endpoints';
import { jobStateJson } from '../../api/jobs';
import { projectJson, projectLabel, type ProjectRef } from '../../api/projectRef';
import { isFinal } from '../../api/status';
import type { JobState } from '../../api/types';
import { finishOnCallback, pauseExecution } from '../../callbacks/pausedExecution';
import { logErrors } from '../../callbacks/receive';
import { ImagenOperationError } from '../../errors/imagenErrors';
import { isOpen, readStates, waitUntilFinal, type WithReading } from '../../jobs/poll';
import { knownStart } from '../../jobs/ledger';
import { jobFailed, notFinished } from '../../jobs/results';
import { showWaited } from './jobSummary';
import { optionsField, projectField, timeoutFieldFor } from '../shared/fields';
import { giveUpAfterMinutes, limitAfter, minutesForAll, msOf } from '../shared/giveUpAfter';
import {
	checkEachProject,
	forEachProject,
	inOrderOfInput,
	type InputProject,
	type InputProjects,
} from '../shared/inputProjects';
import { isTool } from '../shared/isTool';
import { failedJson, itemForEach } from '../shared/items';
import type { Operation } from '../shared/operation';
import { FOR_ALL_ITEMS, sharedParameter, sharedValue } from '../shared/sharedParameters';
import { editingFlowOptions, jobProjectsOfInput } from './jobProjects';

type Mode = 'auto' | 'callback' | 'poll';

/** Wait for edit, Wait for export */
export const waitOperation = (job: Job): Operation => ({
	name: 'Wait',
	action: `Wait for ${job}`,
	description: `Wait until the ${job} of a project is finished`,
	fields: [
		projectField,
		{
			displayName: 'Wait By',
			name: 'waitBy',
			type: 'options',
			options: [
				{
					name: 'Auto',
					value: 'auto',
					description:
						job === 'edit'
							? "Pauses if 'When Finished' of Start edit is set to Pause Until Imagen Is Done, otherwise checks regularly"
							: 'Checks regularly, because Imagen documents callbacks for edits only',
				},
				{
					name: 'Check Regularly',
					value: 'poll',
					description: 'Checks every few seconds to minutes. The execution keeps running.',
				},
				{
					name: 'Pause Until Imagen Is Done',
					value: 'callback',
					description: `The workflow pauses, and n8n resumes it when Imagen is done. Start ${job} needs the same choice in When Finished.`,
				},
			],
			default: 'auto',
			description: `How to wait for the ${job}`,
		},
		optionsField(...editingFlowOptions(job), giveUpField(job), ifFailedOption(job), ifNotFinishedOption(job)),
	],
	async execute() {
		return await wait(this, job);
	},
});

function giveUpField(job: Job): INodeProperties {
	const field = timeoutFieldFor(job);
	const atTheEnd = `When the time is up, a paused workflow resumes whatever the status, and this node returns its input. ${CHECK_THE_STATUS[job]}.`;
	return { ...field, description: `${field.description ?? ''} ${atTheEnd}` };
}

const CHECK_THE_STATUS: Record<Job, string> = {
	edit: 'Download edited photos and Start export check the status themselves',
	export: 'Download exported photos checks the status itself',
};

const ifFailedOption = (job: Job): INodeProperties => ({
	displayName: 'If Failed',
	name: 'ifFailed',
	type: 'options',
	options: [
		{
			name: 'Fail',
			value: 'fail',
			description:
				'Stop with an error that names the project. A paused workflow resumes with the error in the item, on the error output if there is one.',
		},
		{ name: 'Continue', value: 'passOn', description: 'Return the status Failed' },
	],
	default: 'fail',
	description: `What to do when Imagen reports that the ${job} failed`,
});

const ifNotFinishedOption = (job: Job): INodeProperties => ({
	displayName: 'If Not Finished in Time',
	name: 'ifNotFinished',
	type: 'options',
	options: [
		{
			name: 'Fail',
			value: 'fail',
			description: 'Stop with an error. Nothing is lost, and Imagen continues.',
		},
		{ name: 'Return Last State', value: 'returnState', description: 'Return the status as it is' },
	],
	default: 'fail',
	displayOptions: { show: { '/waitBy': ['auto', 'poll'] } },
	description: `What to do if the ${job} isn't finished when the time is up`,
});

/** Waits until the edit or export is done in every project of the input: paused, or by polling. */
async function wait(context: IExecuteFunctions, job: Job): Promise<INodeExecutionData[]> {
	const begunAt = Date.now();
	const input = await checkEachProject(context, await jobProjectsOfInput(context, job), (project) =>
		choicesOf(context, project),
	);
	const minutes = minutesForAll(context, input.projects);
	const isPausing = minutes > 0 && shouldPause(context, job, input);
	const limit = limitAfter(minutes);
	const projects = isPausing
		? await readStates(context, job, input.projects)
		: await waitUntilFinal(context, job, input.projects, msOf(minutes));
	const read = { projects, failed: input.failed };
	const waiting = isPausing
		? await checkEachProject(context, read, (project) => requireCallback(context, job, project))
		: read;

	if (isPausing && waiting.projects.some(({ reading }) => isOpen(reading))) {
		const awaited = waiting.projects.map((project) => ({
			...project,
			returnsFailed: project.ifFailed === 'passOn',
		}));
		await pauseExecution(
			context,
			{ job, projects: awaited, failed: waiting.failed, id: waitId(context) },
			limit,
		);
		// What a paused node returns is dropped: its callback, or the limit, makes the output.
		return context.getInputData();
	}
	const statuses: string[] = [];
	const items = await forEachProject(context, waiting, async (project) => {
		const state = stateToPassOn(context, job, project, minutes);
		statuses.push(state.status);
		return itemForEach(project, jobStateJson(project, state));
	});
	showWaited(context, job, begunAt, statuses);
	return items;
}

/** What to do with a project at the end of the wait. */
interface Choices {
	ifFailed: 'fail' | 'passOn';
	ifNotFinished: 'fail' | 'returnState';
}

/** Read before the wait, as all else that could be wrong. */
function choicesOf(context: IExecuteFunctions, { parameterItems }: InputProject): Choices {
	giveUpAfterMinutes(context, parameterItems);
	return {
		ifFailed: sharedParameter(context, parameterItems, 'options.ifFailed', 'fail'),
		ifNotFinished: sharedParameter(context, parameterItems, 'options.ifNotFinished', 'fail'),
	};
}

/** Resumes a paused execution when its last project is done; any other call leaves it paused. */
export async function resumeWait(context: IWebhookFunctions): Promise<IWebhookResponseData> {
	const finished = await logErrors(context, async () => await finishOnCallback(context));
	if (!finished) return { noWebhookResponse: true };

	const output = finished.projects.flatMap((project) =>
		itemForEach(project, resumedJson(context, finished.job, project)),
	);
	return { noWebhookResponse: true, workflowData: [inOrderOfInput([...finished.failed, ...output])] };
}

/** Throwing here would run the next nodes on nothing: an error goes into the item. */
function resumedJson(
	context: IWebhookFunctions,
	job: Job,
	project: WithReading<ProjectRef & { returnsFailed: boolean }>,
): IDataObject {
	const { state, error } = project.reading;
	const isFailure = state?.status === 'Failed' && !project.returnsFailed;
	const failure = isFailure ? jobFailed(context, job, project, state) : error;
	const known = state ? jobStateJson(project, state) : projectJson(project);
	return failure ? failedJson(context, failure, known) : known;
}

/**
 * Whether to pause. By itself only for an edit that was sent with this execution's address: nothing else is sure to call. An AI
 * agent waits for its tool's answer and cannot be paused.
 */
function shouldPause(context: IExecuteFunctions, job: Job, { projects }: InputProjects): boolean {
	if (projects.length === 0 || isTool(context)) return false;
	const mode = waitBy(context, projects);
	if (mode === 'poll') return false;
	if (mode === 'callback') return true;
	return job === 'edit' && projects.every((project) => isCalledBack(context, job, project));
}

/** How to wait for all projects. */
function waitBy(context: IExecuteFunctions, projects: InputProject[]): Mode {
	const items = projects.flatMap(({ parameterItems }) => parameterItems);
	const read = (item: number) => context.getNodeParameter('waitBy', item, 'auto') as Mode;
	return sharedValue(context, items, 'waitBy', read, FOR_ALL_ITEMS);
}

/** Whether Imagen was asked to call this execution. A callback of an earlier one resumes nothing, nor one of a workflow that called this one. */
function isCalledBack(context: IExecuteFunctions, job: Job, project: ProjectRef): boolean {
	return knownStart(context, job, project)?.resumes === context.getExecutionId();
}

/** @throws NodeOperationError where nobody would ever call */
function requireCallback<P extends WithReading<InputProject>>(
	context: IExecuteFunctions,
	job: Job,
	project: P,
): P {
	if (!isOpen(project.reading) || isCalledBack(context, job, project)) return project;
	throw new ImagenOperationError(
		context,
		`Imagen won't notify this execution when the ${job} of project ${projectLabel(project)} is finished`,
		`In Start ${job} of this workflow, set 'When Finished' to Pause Until Imagen Is Done, or set 'Wait By' here to Auto. Otherwise this node would pause until 'Give Up After (Minutes)' is over.`,
		project.itemIndexes[0],
	);
}

/** Unlike that of any other wait, also of the same node in the next turn of a loop. */
function waitId(context: IExecuteFunctions): string {
	return [context.getExecutionId(), context.getNode().id, Date.now()].join(':');
}

/** @throws NodeOperationError when the job failed, or has not ended after these minutes, and the node is not to go on with that */
function stateToPassOn(
	context: IExecuteFunctions,
	job: Job,
	project: Choices & WithReading<InputProject>,
	minutes: number,
): JobState {
	const { ifFailed, ifNotFinished } = project;
	const { state, error } = project.reading;
	if (error) throw error;
	if (state.status === 'Failed' && ifFailed === 'fail') throw jobFailed(context, job, project, state);
	if (!isFinal(state.status) && ifNotFinished === 'fail') {
		throw notFinished(
			context,
			job,
			project,
			state,
			minutes,
			"Add the option 'Give Up After (Minutes)' and allow more time, or run this node again later (Execute step).",
		);
	}
	return state;
}
