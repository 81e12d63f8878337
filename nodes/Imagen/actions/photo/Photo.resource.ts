import type { INodeProperties } from 'n8n-workflow';

import * as upload from './upload.operation';

export const operations = { upload };

export const description: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['photo'] } },
		options: [
			{
				name: 'Upload',
				value: 'upload',
				description: 'Upload the photos of all input items to their project',
				action: 'Upload photos to a project',
			},
		],
		default: 'upload',
	},
	...upload.description,
];
