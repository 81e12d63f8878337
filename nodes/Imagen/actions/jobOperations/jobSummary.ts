import type { IExecuteFunctions } from 'n8n-workflow';

import type { Job } from '../../api/endpoints';
import { projectLabel, type ProjectRef } from '../../api/projectRef';
import { firstOf, quantity } from '../../errors/lists';
import { knownPhotos } from '../../jobs/ledger';
import { showSummary } from '../shared/summary';

/** A project whose job was asked for, and whether this run has sent it. */
export interface ProjectStart {
	project: ProjectRef;
	sent: boolean;
}

/** Closes a run of Start with what was started and what Imagen bills. @param begunAt as `Date.now()` gives it */
export function showStarts(
	context: IExecuteFunctions,
	job: Job,
	begunAt: number,
	starts: ProjectStart[],
): void {
	const started = starts.filter(({ sent }) => sent).map(({ project }) => project);
	const earlier = starts.filter(({ sent }) => !sent).map(({ project }) => project);
	if (started.length > 0)
		showSummary(context, begunAt, {
			done: `Started the ${job} of ${quantity(started.length, 'project')}`,
			results: job === 'edit' ? billText(context, started) : undefined,
		});
	if (earlier.length > 0)
		showSummary(context, undefined, {
			done: `The ${job} of ${firstOf(earlier.map(projectLabel))} was already started: nothing was sent or billed`,
		});
}

/** What Imagen bills, where the ledger knows all photos. */
function billText(context: IExecuteFunctions, projects: ProjectRef[]): string {
	const known = projects.map((project) => knownPhotos(context, project));
	const photos = known.reduce((sum, { photos: { length } }) => sum + length, 0);
	return known.every(({ areAll }) => areAll)
		? `Imagen bills ${quantity(photos, 'photo')}`
		: 'Imagen bills each photo of the project';
}

/** Closes a run of Wait with what the jobs came to. @param statuses of the projects, in any order */
export function showWaited(context: IExecuteFunctions, job: Job, begunAt: number, statuses: string[]): void {
	if (statuses.length === 0) return;
	const counts = [...new Set(statuses)].map(
		(status) => `${statuses.filter((other) => other === status).length} ${status}`,
	);
	const isDone = statuses.every((status) => status === 'Completed');
	showSummary(context, begunAt, {
		done: `Waited for the ${job} of ${quantity(statuses.length, 'project')}`,
		results: `Status: ${statuses.length === 1 ? statuses[0] : counts.join(', ')}${isDone ? `. Download ${job}ed photos returns the results` : ''}`,
	});
}
