import type { INodeProperties } from 'n8n-workflow';

import * as get from './get.operation';
import * as getAll from './getAll.operation';

export const operations = { get, getAll };

export const description: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['profile'] } },
		options: [
			{
				name: 'Get',
				value: 'get',
				description: 'Get one AI Profile by its key',
				action: 'Get a profile',
			},
			{
				name: 'Get Many',
				value: 'getAll',
				description: 'List the AI Profiles of the account, with their keys',
				action: 'Get many profiles',
			},
		],
		default: 'getAll',
	},
	...get.description,
	...getAll.description,
];
