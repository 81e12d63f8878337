import {
	NodeConnectionTypes,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	type IPollFunctions,
} from 'n8n-workflow';

import { subtitleOfChoices } from './actions/shared/subtitle';
import { outputFields } from './triggers/eventItems';
import { eventsField } from './triggers/events';
import { pollForEvents } from './triggers/pollingTrigger';

export class ImagenPollTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Imagen AI Polling Trigger',
		name: 'imagenPollTrigger',
		icon: { light: 'file:../../icons/imagen.svg', dark: 'file:../../icons/imagen.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: subtitleOfChoices(eventsField),
		description:
			'Starts a workflow when an edit or export has ended. Asks Imagen AI from time to time, so it needs no public address.',
		defaults: { name: 'Imagen AI Polling Trigger' },
		polling: true,
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'imagenApi', required: true }],
		properties: [
			{
				displayName:
					'The first look only takes note of the projects that are there: the workflow starts on what ends after it. Running it by hand gives the latest one.',
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
		],
	};

	async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
		return await pollForEvents(this);
	}
}
