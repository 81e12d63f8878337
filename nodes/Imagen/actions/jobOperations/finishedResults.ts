import type { IExecuteFunctions } from 'n8n-workflow';

import type { Job } from '../../api/endpoints';
import { projectLabel, type ProjectRef } from '../../api/projectRef';
import { isFinal } from '../../api/status';
import { ImagenOperationError } from '../../errors/imagenErrors';
import { finishPhotosFirst } from '../../errors/nextSteps';
import { knownStart } from '../../jobs/ledger';
import { readStates } from '../../jobs/poll';
import { requireCompleted, resultsOf, type Results } from '../../jobs/results';

/** The job whose results can be retouched: the JPEGs of an export, or what Smart Editing gives. */
export const finishedJob = ({ editingFlow }: ProjectRef): Job => (editingFlow === 'I2I' ? 'edit' : 'export');

/** All photos of a project that can be retouched. @throws NodeOperationError when they are not finished */
export async function finishedResults(context: IExecuteFunctions, project: ProjectRef): Promise<Results> {
	await requireFinished(context, project);
	return await resultsOf(context, finishedJob(project), project);
}

/** @throws NodeOperationError when an edit was sent again, and its photos, which will take the place of the present ones, are not finished */
export async function requireLatest(context: IExecuteFunctions, project: ProjectRef): Promise<void> {
	if (knownStart(context, 'edit', project)) await requireFinished(context, project);
}

async function requireFinished(context: IExecuteFunctions, project: ProjectRef): Promise<void> {
	const job = finishedJob(project);
	const [read] = await readStates(context, job, [project]);
	const { state } = read.reading;
	if (!state || isFinal(state.status)) {
		requireCompleted(context, job, read);
		return;
	}
	throw new ImagenOperationError(
		context,
		`The ${job} of project ${projectLabel(project)} is not finished: its status is ${state.statusWord ?? state.status}`,
		finishPhotosFirst(project.editingFlow === 'I2I'),
	);
}
