import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { startExport } from '../../api/jobs';
import type { Reading } from '../../jobs/poll';
import { requireCompleted } from '../../jobs/results';
import type { IfAlreadySent } from '../../jobs/ledger';
import { startOnce } from '../../jobs/start';
import { optionsField, projectField, timeoutField } from '../shared/fields';
import { ifAlreadySentField } from '../jobOperations/ifAlreadySent';
import {
	addTokenOption,
	callbackUrlFor,
	whenFinishedFields,
	callbackJson,
} from '../jobOperations/whenFinished';
import { ifNotReadyOption, readinessOf } from '../jobOperations/resultFiles';
import { checkEachProject, forEachProject } from '../shared/inputProjects';
import { jobProjectsOfInput } from '../jobOperations/jobProjects';
import type { Operation } from '../shared/operation';

interface Options {
	ifAlreadySent?: IfAlreadySent;
}

/** Export: Start */
export const startOperation: Operation = {
	name: 'Start',
	action: 'Start an export',
	description: 'Render the edited photos of a project to JPEG',
	fields: [
		projectField,
		...whenFinishedFields('export'),
		optionsField(addTokenOption, timeoutField, ifAlreadySentField('export'), ifNotReadyOption('edit')),
	],
	execute,
};

/** Sends each project of the input to export, once, when its edit is Completed. */
async function execute(this: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const input = await jobProjectsOfInput(this, 'export');
	// A URL that cannot be called is told before hours of waiting, and before anything is sent.
	const checked = await checkEachProject(this, input, async (project) => ({
		callbackUrl: await callbackUrlFor(this, project, project.itemIndexes[0]),
	}));

	const edits = await readinessOf(this, 'edit', checked);
	return await forEachProject(this, checked, async (project) => {
		const { uuid, itemIndexes, callbackUrl } = project;
		requireCompleted(this, 'edit', edits.get(uuid) as Reading);
		const { ifAlreadySent } = this.getNodeParameter('options', itemIndexes[0], {}) as Options;
		const { state, sent, message } = await startOnce(
			this,
			'export',
			project,
			ifAlreadySent ?? 'skip',
			async () => await startExport(this, project, callbackUrl),
		);
		const json: IDataObject = {
			...state,
			sent,
			...callbackJson(this, itemIndexes[0], sent),
			...(message && { message }),
		};
		return itemIndexes.map((item) => ({ json, pairedItem: { item } }));
	});
}
