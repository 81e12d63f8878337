import type { INodeExecutionData, IPollFunctions } from 'n8n-workflow';

import { withTypedTriggerParameters } from '../actions/shared/typedParameters';
import { accountOf } from '../api/account';
import type { Job } from '../api/endpoints';
import { projectLabel, projectRefOf } from '../api/projectRef';
import { eachProject } from '../api/projects';
import { cancelSignalOf } from '../api/request';
import { settle } from '../api/settle';
import { toStatus } from '../api/status';
import type { Project } from '../api/types';
import { ResultsNotReady, type ResultsWait } from '../jobs/results';
import { knownProjects, setKnownProjects, unlessRunning, type KnownProjects } from '../memory';
import { settleInParallel } from '../transfer/concurrency';
import { itemsFor, itemsOfResults, resultsOfEvent } from './eventItems';
import { eventOf, type JobEvent } from './events';
import {
	knownAfter,
	knownOrNew,
	lookAtProjects,
	NOTHING_KNOWN,
	reportLater,
	wasThere,
	type SeenProject,
} from './knownProjects';
import { pollingFields, pollingSettings, type PollingSettings } from './pollingFields';

/**
 * Gives the events since the last poll, from the project list. The first poll only takes note of what is there. A run by
 * hand gives the latest event, whenever it was.
 *
 * @returns null when there is nothing to start on
 */
export async function pollForEvents(untyped: IPollFunctions): Promise<INodeExecutionData[][] | null> {
	const context = withTypedTriggerParameters(untyped, pollingFields);
	const settings = pollingSettings(context);
	if (context.getMode() === 'manual') return await latestEvent(context, settings);

	// A slow poll must not be overtaken by the next one, which would report the same events again.
	const self = `${context.getWorkflow().id}:${context.getNode().id}`;
	return (await unlessRunning(self, async () => await poll(context, settings))) ?? null;
}

async function latestEvent(
	context: IPollFunctions,
	settings: PollingSettings,
): Promise<INodeExecutionData[][] | null> {
	for await (const project of eachProject(context, settings.editingFlow)) {
		const [event] = chosenEvents(settings, project);
		if (event) return [await itemsFor(context, event)];
	}
	return null;
}

async function poll(
	context: IPollFunctions,
	settings: PollingSettings,
): Promise<INodeExecutionData[][] | null> {
	const { editingFlow, lookBackMs } = settings;
	const list = `${await accountOf(context)} ${editingFlow}`;
	const known = knownProjects(context, list) ?? NOTHING_KNOWN;
	const from = Date.now() - lookBackMs;
	const seen = await lookAtProjects(context, editingFlow, known, from);

	const events = newEvents(settings, knownOrNew(seen, known));
	const outcomes = await itemsOfEvents(context, events, known.late);
	const items = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? outcome.value : []));
	const failed = outcomes.flatMap((outcome, index) =>
		outcome.status === 'rejected' ? [{ ...events[index], error: outcome.reason as Error }] : [],
	);
	for (const { event, entry } of failed) reportLater(event, entry);
	const late = lateAfter(known.late, failed);
	setKnownProjects(context, list, { ...knownAfter(known, seen, from), late });

	for (const { error } of failed.filter(isNotReady))
		context.logger.info(`${context.getNode().name}: ${error.message}. The next check looks again.`);
	const errors = failed.filter((one) => !isNotReady(one));
	// An error holds up no other event; where there is none, n8n shows it.
	const thrown = items.length === 0 ? errors.shift() : undefined;
	for (const { event, error } of errors) logError(context, event, error);
	if (thrown) throw thrown.error;
	return items.length > 0 ? [items] : null;
}

/** An event that was not there before, and the project as this poll finds it. */
interface NewEvent {
	event: JobEvent;
	entry: SeenProject;
}

/** How long after its start a poll may still begin to wait for a list of results: so what is ready is held up for about a minute at most. */
const WAITS_BEGIN_MS = 30_000;

/**
 * The items of each event, in the order of the events. The lists of results are read in parallel. One that stands still is waited for here,
 * as the next poll may be a day away; one that is empty or changes is left to the next poll, and holds up no other.
 */
async function itemsOfEvents(
	context: IPollFunctions,
	events: NewEvent[],
	late: KnownProjects['late'],
): Promise<Array<PromiseSettledResult<INodeExecutionData[]>>> {
	const waitsBeginBefore = Date.now() + WAITS_BEGIN_MS;
	const lists = await settleInParallel(
		events,
		{},
		async ({ event }) => {
			const until: ResultsWait['until'] = Date.now() < waitsBeginBefore ? 'still' : 'none';
			return await resultsOfEvent(context, event, { until, since: late?.[keyOf(event)] });
		},
		cancelSignalOf(context),
	);
	const outcomes: Array<PromiseSettledResult<INodeExecutionData[]>> = [];
	for (const [index, list] of lists.entries()) {
		const { event } = events[index];
		// The files of one event at a time: they are downloaded in parallel, and take all the memory that downloads may.
		outcomes.push(
			list.status === 'rejected'
				? list
				: await settle(async () => await itemsOfResults(context, event, list.value)),
		);
	}
	return outcomes;
}

/** Since when the events whose results are not ready wait for them. After an error that begins again: it recurs only after as long. */
function lateAfter(
	before: KnownProjects['late'] = {},
	failed: Array<{ event: JobEvent; error: Error }>,
): Record<string, number> {
	const notReady = failed.filter(isNotReady);
	return Object.fromEntries(notReady.map(({ event }) => [keyOf(event), before[keyOf(event)] ?? Date.now()]));
}

const isNotReady = ({ error }: { error: Error }) => error instanceof ResultsNotReady;

const keyOf = ({ job, project }: JobEvent) => `${project.uuid} ${job}`;

/** Logs why an event is left to the next poll: thrown, the error would hold up the others. */
function logError(context: IPollFunctions, { job, project }: JobEvent, { message }: Error): void {
	context.logger.warn(
		`${context.getNode().name}: The ${job} of project ${projectLabel(project)} has finished, but could not be reported. The next check tries again. ${message}`,
	);
}

/** The ends that were not there before. One whose files cannot be had is reported by a later look. */
const newEvents = (settings: PollingSettings, seen: SeenProject[]): NewEvent[] =>
	seen.flatMap((entry) =>
		chosenEvents(settings, entry.project)
			.filter((event) => !wasThere(event, entry))
			.map((event) => ({ event, entry })),
	);

const chosenEvents = ({ events }: PollingSettings, project: Project): JobEvent[] =>
	eventsOf(project).filter(({ name }) => events.includes(name));

function eventsOf(project: Project): JobEvent[] {
	const events = [endOf('edit', project, project.status), endOf('export', project, project.export_status)];
	return events.filter((event) => event !== undefined);
}

function endOf(job: Job, project: Project, status: unknown): JobEvent | undefined {
	if (status === undefined || status === null) return undefined;
	return eventOf(job, projectRefOf(project), { status: toStatus(status) });
}
