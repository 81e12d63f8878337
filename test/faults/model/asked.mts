import type { ProjectFacts } from './account.mts';
import type { Execution, StartOrder } from './commands.mts';
import type { Observed, Step } from './world.mts';
import { photosOf, type Photo } from './workflow.mts';

/** Whether a run was asked to work on a project. */
export function mayWorkOn({ family }: Observed, project: ProjectFacts, { before }: Step): boolean {
	const { nodes, account, projectName } = family.execution;
	if (account !== project.account) return false;
	const isNamedSo = project.name === projectName;
	switch (nodes.find) {
		case 'create, fail':
			return isNamedSo && family.created.has(project.uuid);
		case 'create, addTimestamp':
			return project.name.startsWith(projectName) && family.created.has(project.uuid);
		case 'create, useExisting':
		case 'by name':
			return isNamedSo;
		case 'by id':
			// The one that an earlier run gave.
			return project.name.startsWith(projectName) && before.some(({ uuid }) => uuid === project.uuid);
	}
}

/** The starts of a workflow, in their order. */
export const startsOf = ({ nodes }: Execution): StartOrder[] =>
	nodes.kind === 'shoot' ? [nodes.start] : nodes.starts;

/** Whether a run starts the edit of a project that was not sent yet; a retry may do so in any of its nodes. */
export function asksForFirstEdit({ family, isRetry }: Observed): boolean {
	const [first, ...others] = startsOf(family.execution);
	return [first, ...(isRetry ? others : [])].some(
		(start) => start && start.ifAlreadyStarted !== 'startAgain',
	);
}

/** Whether a run starts an export by a node. */
export function asksForExport({ family: { execution } }: Observed): boolean {
	const { nodes } = execution;
	if (nodes.kind === 'shoot') return nodes.results === 'exported' || nodes.results === 'both';
	return nodes.exports !== null;
}

/** Whether a run asks Imagen to export by itself. */
export const exportsWhenDone = ({ family }: Observed) =>
	startsOf(family.execution).some(({ exports }) => exports);

/** The photos that a run puts into its project. */
export function givenPhotos({ family: { execution } }: Observed): Photo[] {
	const { nodes } = execution;
	return nodes.kind === 'shoot' || nodes.uploads ? photosOf(execution) : [];
}

/** Whether somebody has sent a project to edit. */
export const wasSent = ({ edits, stranger }: ProjectFacts) =>
	edits > 0 || stranger === 'editing' || stranger === 'edited';

export const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0);
