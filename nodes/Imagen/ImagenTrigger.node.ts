import {
	NodeConnectionTypes,
	type INodeType,
	type INodeTypeDescription,
	type IWebhookFunctions,
	type IWebhookResponseData,
} from 'n8n-workflow';

import { subtitleOfChoices } from './actions/shared/subtitle';
import { triggerHint } from './builderHints';
import { callbackFields } from './triggers/callbackFields';
import { startOnCallback } from './triggers/callbackTrigger';
import { notifiedEventsField } from './triggers/events';

/** Starts a workflow when Imagen notifies n8n. */
export class ImagenTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Imagen AI Trigger',
		name: 'imagenTrigger',
		icon: { light: 'file:../../icons/imagen.svg', dark: 'file:../../icons/imagen.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: subtitleOfChoices(notifiedEventsField),
		// The list of nodes shows it for the Imagen AI node too: it makes one entry of both.
		description:
			'Edit photo shoots in your own style with Imagen AI, and start workflows when an edit or export is finished',
		eventTriggerDescription: 'Waiting for Imagen AI to notify the test URL',
		activationMessage: 'You can now enter the production URL as the callback URL of Start edit.',
		defaults: { name: 'Imagen AI Trigger' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'imagenApi', required: true }],
		webhooks: [
			{
				name: 'default',
				httpMethod: 'POST',
				responseMode: 'onReceived',
				path: 'imagen',
			},
		],
		properties: callbackFields,
		...triggerHint,
	};

	/** Imagen learns the address with each edit: there is nothing to register with it. */
	webhookMethods = {
		default: {
			checkExists: async () => true,
			create: async () => true,
			delete: async () => true,
		},
	};

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		return await startOnCallback(this);
	}
}
