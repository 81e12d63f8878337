import type { INodeProperties } from 'n8n-workflow';

import * as create from './create.operation';
import * as get from './get.operation';
import * as getAll from './getAll.operation';

export const operations = { create, get, getAll };

export const description: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['project'] } },
		options: [
			{
				name: 'Create',
				value: 'create',
				description: 'Create a project: the place for the photos of one shoot',
				action: 'Create a project',
			},
			{
				name: 'Get',
				value: 'get',
				description: 'Get name, state and number of photos of a project',
				action: 'Get a project',
			},
			{
				name: 'Get Many',
				value: 'getAll',
				description: 'List the projects of the account',
				action: 'Get many projects',
			},
		],
		default: 'create',
	},
	...create.description,
	...get.description,
	...getAll.description,
];
