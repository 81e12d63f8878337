import {
	NodeConnectionTypes,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	type IPollFunctions,
} from 'n8n-workflow';

import { subtitleOfChoices } from './actions/shared/subtitle';
import { pollTriggerHint } from './builderHints';
import { eventsField } from './triggers/events';
import { pollingFields } from './triggers/pollingFields';
import { pollForEvents } from './triggers/pollingTrigger';

/** Starts a workflow when a regular check finds that an edit or export is finished. */
export class ImagenPollTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Imagen AI Polling Trigger',
		name: 'imagenPollTrigger',
		icon: { light: 'file:../../icons/imagen.svg', dark: 'file:../../icons/imagen.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: subtitleOfChoices(eventsField),
		description:
			'Starts a workflow when an edit or export is finished. Checks Imagen AI regularly, so it needs no public URL.',
		defaults: { name: 'Imagen AI Polling Trigger' },
		polling: true,
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'imagenApi', required: true }],
		properties: pollingFields,
		...pollTriggerHint,
	};

	async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
		return await pollForEvents(this);
	}
}
