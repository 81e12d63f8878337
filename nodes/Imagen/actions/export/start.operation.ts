import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { startExport } from '../../api/jobs';
import type { IfAlreadyStarted } from '../../jobs/ledger';
import { mayHaveStarted, startOnce } from '../../jobs/start';
import { ifAlreadyStartedField } from '../jobOperations/ifAlreadyStarted';
import { showStarts, type ProjectStart } from '../jobOperations/jobSummary';
import { jobProjectsOfInput } from '../jobOperations/jobProjects';
import { ifNotReadyOption, requireReady, withReadiness } from '../jobOperations/resultFiles';
import {
	addTokenOption,
	callbackUrlFor,
	isResuming,
	whenFinishedFields,
	startItems,
} from '../jobOperations/whenFinished';
import { optionsField, projectField, timeoutFieldFor } from '../shared/fields';
import { checkEachProject, forEachProject } from '../shared/inputProjects';
import type { Operation } from '../shared/operation';
import { sharedParameter } from '../shared/sharedParameters';

interface Options {
	ifAlreadyStarted?: IfAlreadyStarted;
}

/** Start export */
export const startOperation: Operation = {
	name: 'Start',
	action: 'Start export',
	description: 'Export the edited photos of a project to JPEG',
	fields: [
		projectField,
		...whenFinishedFields('export'),
		optionsField(
			addTokenOption,
			timeoutFieldFor('edit'),
			ifAlreadyStartedField('export'),
			ifNotReadyOption('edit'),
		),
	],
	execute,
};

/** Sends each project of the input to export, once, when its edit is Completed. */
async function execute(this: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const begunAt = Date.now();
	const starts: ProjectStart[] = [];
	// A URL that cannot be called is an error before hours of waiting, and before anything is sent.
	const checked = await checkEachProject(
		this,
		await jobProjectsOfInput(this, 'export'),
		async (project) => ({
			...sharedParameter<Options>(this, project.parameterItems, 'options', {}),
			callbackUrl: await callbackUrlFor(this, 'export', project),
		}),
		false,
	);

	const input = await withReadiness(this, 'edit', checked);
	const items = await forEachProject(
		this,
		input,
		async (project) => {
			requireReady(this, 'edit', project);
			const { ifAlreadyStarted = 'skip' } = project;
			const started = await startOnce(this, {
				job: 'export',
				project,
				ifAlreadyStarted,
				isResuming: isResuming(this, project),
				send: async () => await startExport(this, project, project.callbackUrl),
			});
			starts.push({ project, sent: started.sent });
			return startItems(this, project, started);
		},
		mayHaveStarted,
	);
	showStarts(this, 'export', begunAt, starts);
	return items;
}
