import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeProperties,
	type INodeType,
	type INodeTypeDescription,
	type IWebhookFunctions,
	type IWebhookResponseData,
} from 'n8n-workflow';

import { description as edit } from './actions/edit/Edit.resource';
import { description as exportDescription } from './actions/export/Export.resource';
import { description as photo } from './actions/photo/Photo.resource';
import { description as profile } from './actions/profile/Profile.resource';
import { description as project } from './actions/project/Project.resource';
import { resumeWait } from './actions/jobOperations/wait.operation';
import { description as retouch } from './actions/retouch/Retouch.resource';
import { router } from './actions/router';
import { description as shoot } from './actions/shoot/Shoot.resource';
import { description as skyTemplate } from './actions/skyTemplate/SkyTemplate.resource';
import { listSearch, loadOptions } from './methods';
import { subtitleOf } from './actions/shared/subtitle';

const resourceField: INodeProperties = {
	displayName: 'Resource',
	name: 'resource',
	type: 'options',
	noDataExpression: true,
	options: [
		{ name: 'Edit', value: 'edit', description: 'What Imagen does to the photos of a project' },
		{ name: 'Export', value: 'export', description: 'The edited photos as JPEGs' },
		{ name: 'Photo', value: 'photo', description: 'What is uploaded to a project' },
		{ name: 'Profile', value: 'profile', description: 'The style to edit in' },
		{ name: 'Project', value: 'project', description: 'The photos of one shoot' },
		{
			name: 'Retouch',
			value: 'retouch',
			description: 'Changes to single finished photos, by words or tools',
		},
		{ name: 'Shoot', value: 'shoot', description: 'All in one step, from photos to results' },
		{
			name: 'Sky Template',
			value: 'skyTemplate',
			description: 'The skies that Sky Replacement can put in',
		},
	],
	default: 'edit',
};

/** Every operation with its fields. */
const operationFields = [
	...profile,
	...project,
	...photo,
	...edit,
	...exportDescription,
	...shoot,
	...retouch,
	...skyTemplate,
];

export class Imagen implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Imagen AI',
		name: 'imagen',
		icon: { light: 'file:../../icons/imagen.svg', dark: 'file:../../icons/imagen.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: subtitleOf(resourceField, operationFields),
		description: 'Edit photos with Imagen AI: upload, edit, export and download whole shoots',
		defaults: { name: 'Imagen AI' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'imagenApi', required: true }],
		// Only ever called to resume an execution that a Wait operation has parked.
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
