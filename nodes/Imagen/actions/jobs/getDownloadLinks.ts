import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import type { Job } from '../../api/endpoints';
import type { Reading } from '../../waiting/poll';
import { fieldsOf, projectField } from '../fields';
import { forEachProject, projectsOfInput } from '../projects';
import { ifNotReadyField, readinessOf, resultLinks, resultOptions } from './results';

/** The fields of Get Download Links, for an edit or an export. */
export const getDownloadLinksFields = (job: Job): INodeProperties[] =>
	fieldsOf(job, 'getDownloadLinks', [
		projectField,
		ifNotReadyField(job),
		{
			displayName: 'Options',
			name: 'options',
			type: 'collection',
			placeholder: 'Add Option',
			default: {},
			options: resultOptions,
		},
	]);

/** Gives one item for each result file, with its temporary link. */
export async function getDownloadLinks(context: IExecuteFunctions, job: Job): Promise<INodeExecutionData[]> {
	const input = projectsOfInput(context);
	const readings = await readinessOf(context, job, input);
	return await forEachProject(context, input, async (project) => {
		const links = await resultLinks(context, job, project, readings.get(project.uuid) as Reading);
		return links.map(({ file_name, link }) => ({
			json: { project_uuid: project.uuid, file_name, download_link: link },
			pairedItem: { item: project.itemIndexes[0] },
		}));
	});
}
