import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import type { Job } from '../../api/endpoints';
import type { Reading } from '../../jobs/poll';
import { projectJson } from '../../api/projectRef';
import { fieldsOf, optionsField, projectField } from '../shared/fields';
import { forEachProject } from '../shared/inputProjects';
import { flowOptionsOf, jobProjectsOfInput } from './jobProjects';
import { readinessOf, resultLinks, resultOptions } from './resultFiles';

/** The fields of Get Download Links, for an edit or an export. */
export const getDownloadLinksFields = (job: Job): INodeProperties[] =>
	fieldsOf(job, 'getDownloadLinks', [
		projectField,
		optionsField(...flowOptionsOf(job), ...resultOptions(job)),
	]);

/** Gives one item for each result file, with its temporary link. */
export async function getDownloadLinks(context: IExecuteFunctions, job: Job): Promise<INodeExecutionData[]> {
	const input = await jobProjectsOfInput(context, job);
	const readings = await readinessOf(context, job, input);
	return await forEachProject(context, input, async (project) => {
		const links = await resultLinks(context, job, project, readings.get(project.uuid) as Reading);
		return links.map(({ file_name, link }) => ({
			json: { ...projectJson(project), file_name, download_link: link },
			pairedItem: { item: project.itemIndexes[0] },
		}));
	});
}
