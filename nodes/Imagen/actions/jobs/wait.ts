import {
	NodeOperationError,
	type IDataObject,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeProperties,
} from 'n8n-workflow';

import type { Job } from '../../api/endpoints';
import { isFinal } from '../../api/status';
import type { JobState } from '../../api/types';
import { waitUntilFinal, type Reading } from '../../waiting/poll';
import { jobFailed } from '../../waiting/results';
import { fieldsOf, projectField, timeoutField } from '../fields';
import { forEachProject, projectsOfInput } from '../projects';

/** The fields of Wait, for an edit or an export. */
export const waitFields = (job: Job): INodeProperties[] =>
	fieldsOf(job, 'wait', [
		projectField,
		timeoutField,
		{
			displayName: 'If Not Finished in Time',
			name: 'ifNotFinished',
			type: 'options',
			options: [
				{ name: 'Fail', value: 'fail', description: 'Stop with an error; nothing is lost, Imagen goes on' },
				{ name: 'Return Last State', value: 'returnState', description: 'Go on with the status as it is' },
			],
			default: 'fail',
			description: `What to do when the ${job} is still going on after that time`,
		},
		{
			displayName: 'If Failed',
			name: 'ifFailed',
			type: 'options',
			options: [
				{ name: 'Fail', value: 'fail', description: 'Stop with an error that names the project' },
				{ name: 'Pass On', value: 'passOn', description: 'Go on with the status Failed' },
			],
			default: 'fail',
			description: `What to do when Imagen reports that the ${job} failed`,
		},
	]);

/** Polls until the edit or export is done in every project of the input. */
export async function wait(context: IExecuteFunctions, job: Job): Promise<INodeExecutionData[]> {
	const input = projectsOfInput(context);
	const minutes = context.getNodeParameter('timeoutMinutes', 0) as number;
	const readings = await waitUntilFinal(
		context,
		job,
		input.projects.map(({ uuid }) => uuid),
		minutes * 60_000,
	);
	return await forEachProject(context, input, async ({ uuid, itemIndexes }) => {
		const state = stateToPassOn(context, job, readings.get(uuid) as Reading, itemIndexes[0]);
		return itemIndexes.map((item) => ({ json: { ...state } as IDataObject, pairedItem: { item } }));
	});
}

function stateToPassOn(
	context: IExecuteFunctions,
	job: Job,
	{ state, error }: Reading,
	itemIndex: number,
): JobState {
	if (error) throw error;
	if (state.status === 'Failed' && context.getNodeParameter('ifFailed', itemIndex) === 'fail') {
		throw jobFailed(context, job, state);
	}
	if (!isFinal(state.status) && context.getNodeParameter('ifNotFinished', itemIndex) === 'fail') {
		throw notFinished(context, job, state);
	}
	return state;
}

function notFinished(context: IExecuteFunctions, job: Job, { project_uuid, status }: JobState) {
	const minutes = context.getNodeParameter('timeoutMinutes', 0) as number;
	return new NodeOperationError(
		context.getNode(),
		`The ${job} of project ${project_uuid} is still ${status} after ${minutes} minutes`,
		{
			description: `Nothing is lost: the ${job} goes on at Imagen. Give it more time in 'Give Up After (Minutes)', or run the workflow from this node on later.`,
		},
	);
}
