import type { INodeExecutionData, IPollFunctions } from 'n8n-workflow';

import type { Job } from '../api/endpoints';
import { editingFlowIn, type EditingFlow } from '../api/projectRef';
import { eachProject } from '../api/projects';
import { settle } from '../api/settle';
import { toStatus } from '../api/status';
import type { Project } from '../api/types';
import { triggerRecords, unlessRunning, type TriggerRecords } from '../memory';
import { itemsFor } from './eventItems';
import { eventOf, type JobEvent } from './events';

type Reported = NonNullable<TriggerRecords['reported']>;

/**
 * Gives the events since the last poll, from the project list. The first poll only takes note of what is there. A run by
 * hand gives the latest event, whenever it was.
 *
 * @returns null when there is nothing to start on
 */
export async function pollForEvents(context: IPollFunctions): Promise<INodeExecutionData[][] | null> {
	if (context.getMode() === 'manual') return await latestEvent(context);

	// A slow poll must not be overtaken by the next one, which would report the same events again.
	const self = `${context.getWorkflow().id}:${context.getNode().id}`;
	return (await unlessRunning(self, async () => await poll(context))) ?? null;
}

async function latestEvent(context: IPollFunctions): Promise<INodeExecutionData[][] | null> {
	for await (const project of eachProject(context, editingFlowOf(context))) {
		const [event] = chosenEvents(context, project);
		if (event) return [await itemsFor(context, event)];
	}
	return null;
}

async function poll(context: IPollFunctions): Promise<INodeExecutionData[][] | null> {
	const records = triggerRecords(context);
	const isFirstPoll = records.reported === undefined;
	// What is not listed at the moment stays known: a project that slips between two pages is not reported again.
	const reported: Reported = { ...records.reported };
	const events: JobEvent[] = [];

	for await (const project of eachProject(context, editingFlowOf(context))) {
		const before = reported[project.project_uuid] ?? '';
		events.push(...chosenEvents(context, project).filter(({ name }) => !before.split(' ').includes(name)));
		reported[project.project_uuid] = eventsOf(project)
			.map(({ name }) => name)
			.join(' ');
	}

	const items: INodeExecutionData[] = [];
	const errors: unknown[] = [];
	for (const event of isFirstPoll ? [] : events) {
		const outcome = await settle(async () => await itemsFor(context, event));
		if (outcome.status === 'fulfilled') items.push(...outcome.value);
		else {
			errors.push(outcome.reason);
			forget(reported, event);
		}
	}
	records.reported = withoutEmpty(reported);
	// An error holds up no other event; where there is none, n8n shows it.
	if (errors.length > 0 && items.length === 0) throw errors[0];
	return items.length > 0 ? [items] : null;
}

/** Lets the next poll report an event whose files could not be had. */
function forget(reported: Reported, { name, project: { uuid } }: JobEvent): void {
	const ends = reported[uuid].split(' ');
	reported[uuid] = ends.filter((end) => end !== name).join(' ');
}

/** The API lists the projects of each flow by itself. */
function editingFlowOf(context: IPollFunctions): EditingFlow {
	return context.getNodeParameter('editingFlow', 'REGULAR') as EditingFlow;
}

function chosenEvents(context: IPollFunctions, project: Project): JobEvent[] {
	const chosen = context.getNodeParameter('events') as string[];
	return eventsOf(project).filter(({ name }) => chosen.includes(name));
}

function eventsOf(project: Project): JobEvent[] {
	const events = [endOf('edit', project, project.status), endOf('export', project, project.export_status)];
	return events.filter((event) => event !== undefined);
}

function endOf(job: Job, project: Project, status: unknown): JobEvent | undefined {
	if (status === undefined || status === null) return undefined;
	const { project_uuid: uuid, name } = project;
	const ref = { uuid, editingFlow: editingFlowIn(project), ...(name && { name }) };
	return eventOf(job, ref, { status: toStatus(status) });
}

const withoutEmpty = (reported: Reported): Reported =>
	Object.fromEntries(Object.entries(reported).filter(([, ends]) => ends));
