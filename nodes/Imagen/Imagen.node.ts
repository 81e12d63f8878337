import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	type IWebhookFunctions,
	type IWebhookResponseData,
} from 'n8n-workflow';

import { operationFields, resourceField, resources } from './actions';
import { resumeWait } from './actions/jobOperations/wait.operation';
import { router } from './actions/router';
import { subtitleOf } from './actions/shared/subtitle';
import { listSearch, loadOptions } from './methods';

export class Imagen implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Imagen AI',
		name: 'imagen',
		icon: { light: 'file:../../icons/imagen.svg', dark: 'file:../../icons/imagen.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: subtitleOf(resources),
		description: 'Edit photos with Imagen AI: upload, edit, export and download whole shoots',
		defaults: { name: 'Imagen AI' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'imagenApi', required: true }],
		// Only ever called to resume an execution that a Wait operation has paused.
		webhooks: [
			{
				name: 'default',
				httpMethod: 'POST',
				responseMode: 'onReceived',
				path: '',
				restartWebhook: true,
				isFullPath: true,
			},
		],
		waitingNodeTooltip: 'Waiting for Imagen AI to call back when it is done',
		properties: [resourceField, ...operationFields],
	};

	methods = { listSearch, loadOptions };

	/** n8n makes and removes resume addresses by itself: there is nothing to register with Imagen. */
	webhookMethods = {
		default: {
			checkExists: async () => true,
			create: async () => true,
			delete: async () => true,
		},
	};

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		return await resumeWait(this);
	}

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await router.call(this);
	}
}
