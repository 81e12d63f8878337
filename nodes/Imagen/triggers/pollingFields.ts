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
		'How long ago a project may have been created. An older one that is edited again does not start the workflow. Each look takes about one request for every 100 projects of that time.',
};

/** The panel of the polling trigger. */
export const pollingFields: INodeProperties[] = [
	{
		displayName:
			'The first look only takes note of the projects that are there: the workflow starts on what ends after it. So does the first look at another account, environment or editing flow. Running it by hand gives an event that is there already, usually the latest.',
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
				description: 'Projects that are edited in the style of a profile',
			},
			{ name: 'Smart Editing', value: 'I2I', description: 'Projects that are edited without a profile' },
		],
		default: 'REGULAR',
		description: 'Which projects to look at. Smart Editing has no exports.',
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
