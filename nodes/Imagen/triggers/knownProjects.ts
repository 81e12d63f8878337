import type { IPollFunctions } from 'n8n-workflow';

import type { EditingFlow } from '../api/projectRef';
import { toStatus, type Status } from '../api/status';
import type { Project } from '../api/types';
import type { KnownProjects } from '../memory';
import type { JobEvent } from './events';
import { recentProjects, UNDATED_READ, type ListedProject } from './recentProjects';

/** How much longer a project is looked at in which a job was running when it became too old. Edits take hours. */
const RUNNING_MS = 7 * 24 * 3_600_000;

/** Also of those that are not listed at the moment. */
const UNDATED_KEPT = 1.5 * UNDATED_READ;

/** What is known before the first look: to it, no project is a new one. */
export const NOTHING_KNOWN: KnownProjects = { from: Infinity, dated: {}, undated: {} };

/** A project as a look finds it. */
export interface SeenProject extends ListedProject {
	/** What later looks are to know of its jobs. */
	jobs: string;
	/** What earlier ones knew; undefined where they have not seen it. */
	before?: string;
}

/**
 * Looks at the list of projects once.
 *
 * @param from when the oldest projects that matter were created; of older ones only those are found in which a job was running
 */
export async function lookAtProjects(
	context: IPollFunctions,
	editingFlow: EditingFlow,
	known: KnownProjects,
	from: number,
): Promise<SeenProject[]> {
	const running = runningSince(known, from - RUNNING_MS);
	const seen: SeenProject[] = [];
	for await (const listed of recentProjects(context, editingFlow, Math.min(from, ...running.values()))) {
		const { project } = listed;
		const { project_uuid: uuid } = project;
		// What was dated once stays dated.
		const createdAt = listed.createdAt ?? known.dated[uuid]?.[0];
		if (createdAt !== undefined && createdAt < from && !running.has(uuid)) continue;
		const before = known.dated[uuid]?.[1] ?? known.undated[uuid];
		seen.push({ project, createdAt, jobs: jobsOf(project), before });
	}
	return seen;
}

/** When each project was created in which a job is running, as far as that was since a time. */
function runningSince({ dated }: KnownProjects, time: number): Map<string, number> {
	const running = Object.entries(dated).filter(
		([, [createdAt, jobs]]) => isRunning(jobs) && createdAt >= time,
	);
	return new Map(running.map(([uuid, [createdAt]]) => [uuid, createdAt]));
}

/** Those that may have something to report: not what was there before unseen, as it was too old or too far down the list. */
export function knownOrNew(seen: SeenProject[], known: KnownProjects): SeenProject[] {
	const isKnown = ({ before }: SeenProject) => before !== undefined;
	const wasCut = Object.keys(known.undated).length >= UNDATED_READ;
	const lastKnown = wasCut
		? seen.map((one) => isKnown(one) && one.createdAt === undefined).lastIndexOf(true)
		: Infinity;
	const isNew = ({ createdAt }: SeenProject, index: number) =>
		createdAt === undefined ? known.from < Infinity && index < lastKnown : createdAt >= known.from;
	return seen.filter((one, index) => isKnown(one) || isNew(one, index));
}

/** What is not listed at the moment stays known while it matters: a project that slips between two pages is not reported again. */
export function knownAfter(known: KnownProjects, seen: SeenProject[], from: number): KnownProjects {
	const dated = { ...known.dated };
	const undated: KnownProjects['undated'] = {};
	for (const { project, createdAt, jobs } of seen) {
		if (createdAt === undefined) undated[project.project_uuid] = jobs;
		else dated[project.project_uuid] = [createdAt, jobs];
	}
	const matters = ([createdAt, jobs]: [number, string]) =>
		isRunning(jobs) ? createdAt >= from - RUNNING_MS : createdAt >= from && hasEnded(jobs);
	const unseen = Object.entries(known.undated).filter(([uuid]) => !(uuid in undated) && !(uuid in dated));
	return {
		from,
		dated: Object.fromEntries(Object.entries(dated).filter(([, entry]) => matters(entry))),
		undated: Object.fromEntries([...Object.entries(undated), ...unseen].slice(0, UNDATED_KEPT)),
	};
}

const LETTERS: Record<Status, string> = { Pending: 'P', 'In Progress': 'I', Completed: 'C', Failed: 'F' };
const NO_JOB = '-';

/** The states of the edit and of the export, a letter each. */
const jobsOf = ({ status, export_status }: Project): string => letterOf(status) + letterOf(export_status);

const letterOf = (status: unknown) =>
	status === undefined || status === null ? NO_JOB : LETTERS[toStatus(status)];

const isRunning = (jobs: string) => jobs.includes(LETTERS['In Progress']);
const hasEnded = (jobs: string) => jobs.includes(LETTERS.Completed) || jobs.includes(LETTERS.Failed);
const placeOf = ({ job }: JobEvent) => (job === 'edit' ? 0 : 1);

/** Whether an end was there at an earlier look. */
export const wasThere = (event: JobEvent, { before }: SeenProject): boolean =>
	before?.[placeOf(event)] === LETTERS[event.state.status];

/** Has the next look report an end: to it, the job is still running. */
export function reportLater(event: JobEvent, seen: SeenProject): void {
	const letters = [...seen.jobs];
	letters[placeOf(event)] = LETTERS['In Progress'];
	seen.jobs = letters.join('');
}
