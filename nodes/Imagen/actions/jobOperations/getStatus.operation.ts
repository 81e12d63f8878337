import type { IDataObject, IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import type { Job } from '../../api/endpoints';
import { readStates, type Reading } from '../../jobs/poll';
import { fieldsOf, optionsField, projectField } from '../shared/fields';
import { flowOptionsOf, jobProjectsOfInput } from './jobProjects';
import { forEachProject } from '../shared/inputProjects';

/** The fields of Get Status, for an edit or an export. */
export const getStatusFields = (job: Job): INodeProperties[] =>
	fieldsOf(job, 'getStatus', [
		projectField,
		...(job === 'edit' ? [optionsField(...flowOptionsOf(job))] : []),
	]);

/** Reads where the edit or export stands, once for each project of the input. */
export async function getStatus(context: IExecuteFunctions, job: Job): Promise<INodeExecutionData[]> {
	const input = await jobProjectsOfInput(context, job);
	const readings = await readStates(context, job, input.projects);
	return await forEachProject(context, input, async ({ uuid, itemIndexes }) => {
		const { state, error } = readings.get(uuid) as Reading;
		if (error) throw error;
		return itemIndexes.map((item) => ({ json: { ...state } as IDataObject, pairedItem: { item } }));
	});
}
