import type { INodeExecutionData, IPollFunctions } from 'n8n-workflow';

import { withTypedTriggerParameters } from '../actions/shared/typedParameters';
import { accountOf } from '../api/account';
import type { Job } from '../api/endpoints';
import { editingFlowIn } from '../api/projectRef';
import { eachProject } from '../api/projects';
import { settle } from '../api/settle';
import { toStatus } from '../api/status';
import type { Project } from '../api/types';
import { knownProjects, setKnownProjects, unlessRunning } from '../memory';
import { itemsFor } from './eventItems';
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

	const items: INodeExecutionData[] = [];
	const errors: unknown[] = [];
	for (const { event, entry } of newEvents(settings, knownOrNew(seen, known))) {
		const outcome = await settle(async () => await itemsFor(context, event));
		if (outcome.status === 'fulfilled') items.push(...outcome.value);
		else {
			errors.push(outcome.reason);
			reportLater(event, entry);
		}
	}
	setKnownProjects(context, list, knownAfter(known, seen, from));
	// An error holds up no other event; where there is none, n8n shows it.
	if (errors.length > 0 && items.length === 0) throw errors[0];
	return items.length > 0 ? [items] : null;
}

/** The ends that were not there before. One whose files cannot be had is reported by a later look. */
const newEvents = (settings: PollingSettings, seen: SeenProject[]) =>
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
	const { project_uuid: uuid, name } = project;
	const ref = { uuid, editingFlow: editingFlowIn(project), ...(name && { name }) };
	return eventOf(job, ref, { status: toStatus(status) });
}
