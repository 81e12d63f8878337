import {
	NodeConnectionTypes,
	type INodeType,
	type INodeTypeDescription,
	type IWebhookFunctions,
	type IWebhookResponseData,
} from 'n8n-workflow';

import { subtitleOfChoices } from './actions/shared/subtitle';
import { startOnCallback } from './triggers/callbackTrigger';
import { outputFields } from './triggers/eventItems';
import { eventsField } from './triggers/events';

export class ImagenTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Imagen AI Trigger',
		name: 'imagenTrigger',
		icon: { light: 'file:../../icons/imagen.svg', dark: 'file:../../icons/imagen.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: subtitleOfChoices(eventsField),
		// The list of nodes shows it for the Imagen AI node too: it makes one entry of both.
		description:
			'Edits photo shoots, and starts a workflow when Imagen AI calls back because an edit or export has ended',
		eventTriggerDescription: 'Waiting for Imagen AI to call the test URL',
		activationMessage: 'You can now give the production URL to Edit: Start as its callback URL.',
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
		properties: [
			{
				displayName:
					"Copy the production URL above into 'Callback URL' of Edit: Start ('When Finished: Call a URL'), in a workflow with the same Imagen AI credential. Imagen calls public https addresses only.",
				name: 'urlNotice',
				type: 'notice',
				default: '',
			},
			eventsField,
			...outputFields,
			{
				displayName: 'Options',
				name: 'options',
				type: 'collection',
				placeholder: 'Add Option',
				default: {},
				options: [
					{
						displayName: 'Confirm With API',
						name: 'confirm',
						type: 'boolean',
						default: true,
						description:
							'Whether to read the status from the API and go by that alone. Imagen does not sign its calls: without this, whoever knows the address decides what is Completed.',
					},
				],
			},
		],
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
