import type { INodeProperties, IPollFunctions } from 'n8n-workflow';

import { optionsField } from '../actions/shared/fields';
import type { EditingFlow } from '../api/projectRef';
import { outputFields } from './eventItems';
import { eventsField } from './events';

const lookBackField: INodeProperties = {
	displayName: 'Look Back (Days)',
	name: 'lookBackDays',
	type: 'number',
	typeOptions: { minValue: 1, maxValue: 365, numberPrecision: 0 },
	default: 30,
	description:
		"How old a project may be. An older project that is edited again doesn't start the workflow. Each check takes about one request per 100 projects created in that time.",
};

/** The panel of the polling trigger. */
export const pollingFields: INodeProperties[] = [
	{
		displayName:
			'The first check only records the projects that exist. The workflow starts when an edit or export finishes after that. The same holds for the first check of another account, environment or editing flow. A manual run returns an event from before, usually the latest.',
		name: 'firstLookNotice',
		type: 'notice',
		default: '',
	},
	{
		displayName: 'Editing Flow',
		name: 'editingFlow',
		type: 'options',
		options: [
			{
				name: 'AI Profile',
				value: 'REGULAR',
				description: 'Projects that Imagen edits in the style of a profile',
			},
			{ name: 'Smart Editing', value: 'I2I', description: 'Projects that Imagen edits without a profile' },
		],
		default: 'REGULAR',
		description: 'Which projects to check. Smart Editing has no exports.',
	},
	eventsField,
	...outputFields,
	optionsField(lookBackField),
];

/** What to look for. */
export interface PollingSettings {
	/** The API lists the projects of each flow by itself. */
	editingFlow: EditingFlow;
	/** The names of the events that were chosen. */
	events: string[];
	lookBackMs: number;
}

const DAY_MS = 86_400_000;

/** @param context with typed parameters */
export function pollingSettings(context: IPollFunctions): PollingSettings {
	const days = context.getNodeParameter(`options.${lookBackField.name}`, lookBackField.default) as number;
	return {
		editingFlow: context.getNodeParameter('editingFlow') as EditingFlow,
		events: context.getNodeParameter('events') as string[],
		lookBackMs: days * DAY_MS,
	};
}
