import type { IPollFunctions, IWebhookFunctions } from 'n8n-workflow';

import type { Job } from '../api/endpoints';
import type { ProjectRef } from '../api/projectRef';
import { processRecords, setProcessRecords } from './process';

/** A call by which a job has ended, without the API having shown that end. */
export interface PendingNotification {
	/** Of the call, unlike that of any other. */
	id: string;
	job: Job;
	project: ProjectRef;
	/** When it came, as `Date.now()` gives it. */
	at: number;
}

/** What a trigger knows from one start of its workflow to the next, and across restarts of n8n. */
export interface TriggerRecords {
	/** The ids of the callbacks that were handled, the oldest first. */
	calls?: string[];
	/** The callbacks whose event was not reported yet, the oldest first. */
	pending?: PendingNotification[];
	/** The list of projects that the trigger looks at, and what it knows of it. */
	list?: NamedList;
	/** The list that it looked at before, as it was when it was left. */
	leftList?: NamedList & { leftAt: number };
}

/** What a trigger knows of a list of projects, by their UUIDs. Jobs are in the state that was last seen, a letter each. */
export interface KnownProjects {
	/** Of the projects created since, as `Date.now()` gives it, none is unknown but a new one. */
	from: number;
	dated: Record<string, [createdAt: number, jobs: string]>;
	/** The projects of which the API does not say when they were created, the newest first. */
	undated: Record<string, string>;
	/** Since when each event that could not be reported yet, by its project and job, waits for its results, as `Date.now()` gives it. */
	late?: Record<string, number>;
}

interface NamedList extends KnownProjects {
	name: string;
}

/** How long a list that was left stays known. Who comes back later is not flooded with what ended meanwhile. */
const LEFT_FOR_MS = 7 * 24 * 3_600_000;

/** What a trigger knows of a list of projects; undefined where it is to begin with it. */
export function knownProjects(context: IPollFunctions, name: string): KnownProjects | undefined {
	const { list, leftList } = triggerRecords(context);
	if (list?.name === name) return list;
	return leftList?.name === name && isFresh(leftList) ? leftList : undefined;
}

/** Writes that down. Of other lists, only the one before is kept: that is enough for a change that is taken back. */
export function setKnownProjects(context: IPollFunctions, name: string, known: KnownProjects): void {
	const records = triggerRecords(context);
	const { list, leftList } = records;
	if (list && list.name !== name) records.leftList = { ...list, leftAt: Date.now() };
	else if (leftList && !isFresh(leftList)) delete records.leftList;
	records.list = { ...known, name };
}

const isFresh = ({ leftAt }: { leftAt: number }) => Date.now() - leftAt < LEFT_FOR_MS;

/** @returns the records themselves: n8n saves what is written into them, but not in a run by hand */
export function triggerRecords(context: IPollFunctions | IWebhookFunctions): TriggerRecords {
	return context.getWorkflowStaticData('node');
}

/** What a trigger knows of its calls. */
export type CallRecords = Required<Pick<TriggerRecords, 'calls' | 'pending'>>;

/** How many calls are remembered across restarts of n8n, against a second delivery. */
const CALLS_KEPT = 500;

const PENDING_KEPT = 200;
const PENDING_FOR_MS = 7 * 24 * 3_600_000;

/**
 * What a trigger knows of its calls. n8n gives a call what was stored when it came, and stores the whole at its end: of two calls that
 * overlap, the later end would undo the other's. So what this process knows of the others is always part of it.
 */
export function callRecords(context: IWebhookFunctions): CallRecords {
	const stored = triggerRecords(context);
	const known = processRecords<CallRecords>(triggerOf(context));
	const pending = [...(stored.pending ?? []), ...(known.pending ?? [])];
	return tidied({ calls: [...(stored.calls ?? []), ...(known.calls ?? [])], pending });
}

/** Writes down what a trigger knows of its calls, for those that are under way and for n8n to store when this one has returned. */
export function setCallRecords(context: IWebhookFunctions, changed: CallRecords): void {
	const records = tidied(changed);
	setProcessRecords(triggerOf(context), records);
	Object.assign(triggerRecords(context), records);
}

/** Writes down, as the last thing before a call returns, what others have written down since it came. */
export function catchUpCallRecords(context: IWebhookFunctions): void {
	const { calls, pending } = triggerRecords(context);
	const records = callRecords(context);
	if (JSON.stringify({ calls: calls ?? [], pending: pending ?? [] }) !== JSON.stringify(records))
		setCallRecords(context, records);
}

/** Each call once, none of the pending ones handled or out of date, and not too many. */
function tidied({ calls, pending }: CallRecords): CallRecords {
	const handled = new Set(calls);
	const byId = new Map(pending.map((call) => [call.id, call]));
	const isPending = ({ id, at }: PendingNotification) => !handled.has(id) && Date.now() - at < PENDING_FOR_MS;
	return {
		calls: [...handled].slice(-CALLS_KEPT),
		pending: [...byId.values()].filter(isPending).slice(-PENDING_KEPT),
	};
}

const triggerOf = (context: IWebhookFunctions) => `${context.getWorkflow().id}:${context.getNode().id}`;
