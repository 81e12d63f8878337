import {
	NodeConnectionTypes,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	type IPollFunctions,
} from 'n8n-workflow';

import { eventsField } from './triggers/events';
import { outputFields } from './triggers/output';
import { pollForEvents } from './triggers/poll';

export class ImagenPollTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Imagen AI Poll Trigger',
		name: 'imagenPollTrigger',
		icon: { light: 'file:../../icons/imagen.svg', dark: 'file:../../icons/imagen.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: '={{ $parameter["events"].join(", ") }}',
		description:
			'Starts a workflow when an edit or export has ended, by asking Imagen AI; needs no public address',
		defaults: { name: 'Imagen AI Poll Trigger' },
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
			eventsField,
			...outputFields,
		],
	};

	async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
		return await pollForEvents(this);
	}
}
