import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import type { Job } from '../api/endpoints';
import type { ProjectRef } from '../api/projectRef';
import type { Status } from '../api/status';
import type { JobState } from '../api/types';

/** What a trigger can start a workflow on. */
type EventName = 'editCompleted' | 'editFailed' | 'exportCompleted' | 'exportFailed';

/** An edit or export that has come to its end. */
export interface JobEvent {
	name: EventName;
	job: Job;
	project: ProjectRef;
	state: JobState;
}

/** The event that a state stands for; undefined while the job goes on. */
export function eventOf(job: Job, project: ProjectRef, state: JobState): JobEvent | undefined {
	const name = nameOf(job, state.status);
	return name && { name, job, project, state };
}

function nameOf(job: Job, status: Status): EventName | undefined {
	return status === 'Completed' || status === 'Failed' ? `${job}${status}` : undefined;
}

/** The choice of events in the panel. */
export const eventsField: INodeProperties = {
	displayName: 'Events',
	name: 'events',
	type: 'multiOptions',
	options: [
		{
			name: 'Edit Completed',
			value: 'editCompleted',
			description: 'The edited photos of a project are ready',
		},
		{ name: 'Edit Failed', value: 'editFailed', description: "Imagen couldn't edit a project" },
		{ name: 'Export Completed', value: 'exportCompleted', description: 'The JPEGs of a project are ready' },
		{ name: 'Export Failed', value: 'exportFailed', description: "Imagen couldn't export a project" },
	],
	default: ['editCompleted'],
	required: true,
	description: 'What starts the workflow',
};

const MAY_NOT_COME =
	'Imagen documents notifications for edits only, so this event may not come. The polling trigger sees exports.';

const ofExport = (name: string) => name.startsWith('export');

/** The same where Imagen has to notify n8n of an event. */
export const notifiedEventsField: INodeProperties = {
	...eventsField,
	options: (eventsField.options as INodePropertyOptions[]).map((option) =>
		ofExport(String(option.value))
			? { ...option, description: `${option.description ?? ''}. ${MAY_NOT_COME}` }
			: option,
	),
};
