import type { IPollFunctions } from 'n8n-workflow';

import { createdAtOf } from '../api/createdAt';
import type { EditingFlow } from '../api/projectRef';
import { eachProject, PROJECTS_PER_PAGE } from '../api/projects';
import type { Project } from '../api/types';

/** A project as it is listed. */
export interface ListedProject {
	project: Project;
	/** As `Date.now()` gives it; undefined where the API does not say it. */
	createdAt?: number;
}

/** How many projects of unknown age are read: what cannot be dated gives no other reason to end. */
export const UNDATED_READ = 1_000;

/**
 * The projects of a flow, as far as there may be one that was created since a time. No source promises that the newest come first: a
 * page of older ones ends the list only where all dates so far have shown that order. Any other list is read to its end.
 */
export async function* recentProjects(
	context: IPollFunctions,
	editingFlow: EditingFlow,
	since: number,
): AsyncGenerator<ListedProject> {
	const dates: number[] = [];
	let undated = 0;
	for await (const project of eachProject(context, editingFlow)) {
		const createdAt = createdAtOf(project);
		yield { project, createdAt };
		if (createdAt === undefined) undated++;
		else dates.push(createdAt);
		if (undated >= UNDATED_READ || hasPassed(dates, since)) return;
	}
}

/** Whether a list is a whole page beyond a time. A page's worth of dates is one, wherever it begins. */
function hasPassed(dates: number[], since: number): boolean {
	const page = dates.slice(-PROJECTS_PER_PAGE);
	return page.length === PROJECTS_PER_PAGE && page.every((date) => date < since) && areNewestFirst(dates);
}

/** Dates as near as that do not show an order. */
const AT_ONCE_MS = 60_000;

function areNewestFirst(dates: number[]): boolean {
	let oldest = dates[0];
	for (const date of dates) {
		if (date > oldest + AT_ONCE_MS) return false;
		oldest = Math.min(oldest, date);
	}
	return dates[0] - oldest > AT_ONCE_MS;
}
