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
import { billingHints } from './actions/shared/billingHints';
import { subtitleOf } from './actions/shared/subtitle';
import { imagenHint } from './builderHints';
import { listSearch, loadOptions } from './methods';

/** Does what a user can do at Imagen, an operation each. */
export class Imagen implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Imagen AI',
		name: 'imagen',
		icon: { light: 'file:../../icons/imagen.svg', dark: 'file:../../icons/imagen.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: subtitleOf(resources),
		description: 'Edit photo shoots in your own style with Imagen AI',
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
		waitingNodeTooltip: 'Paused until Imagen AI is done',
		hints: billingHints,
		properties: [resourceField, ...operationFields],
		...imagenHint,
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
