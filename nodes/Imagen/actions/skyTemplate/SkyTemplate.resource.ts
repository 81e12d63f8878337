import type { INodeProperties } from 'n8n-workflow';

import * as getAll from './getAll.operation';

export const operations = { getAll };

export const description: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['skyTemplate'] } },
		options: [
			{
				name: 'Get Many',
				value: 'getAll',
				description: 'List the skies for Sky Replacement, with their IDs',
				action: 'Get many sky templates',
			},
		],
		default: 'getAll',
	},
	...getAll.description,
];
