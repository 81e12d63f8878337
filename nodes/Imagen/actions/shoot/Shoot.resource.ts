import type { INodeProperties } from 'n8n-workflow';

import * as editPhotos from './editPhotos.operation';

export const operations = { editPhotos };

export const description: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['shoot'] } },
		options: [
			{
				name: 'Edit Photos',
				value: 'editPhotos',
				description: 'Upload, edit and get back all photos of the input in one step; Imagen bills each photo',
				action: 'Edit photos of a shoot',
			},
		],
		default: 'editPhotos',
	},
	...editPhotos.description,
];
