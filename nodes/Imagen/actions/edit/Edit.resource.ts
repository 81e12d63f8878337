import type { INodeProperties } from 'n8n-workflow';

import * as download from './download.operation';
import * as getDownloadLinks from './getDownloadLinks.operation';
import * as getStatus from './getStatus.operation';
import * as start from './start.operation';
import * as wait from './wait.operation';

export const operations = { download, getDownloadLinks, getStatus, start, wait };

export const description: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['edit'] } },
		options: [
			{
				name: 'Download',
				value: 'download',
				description: 'Download the edited photos of a project, one item per file',
				action: 'Download edited photos',
			},
			{
				name: 'Get Download Links',
				value: 'getDownloadLinks',
				description: 'Get a temporary link to each of the edited photos of a project',
				action: 'Get download links of edited photos',
			},
			{
				name: 'Get Status',
				value: 'getStatus',
				description: 'Get where the edit of a project stands',
				action: 'Get the status of an edit',
			},
			{
				name: 'Start',
				value: 'start',
				description: "Send a project's photos to be edited with an AI Profile; Imagen bills each photo",
				action: 'Start an edit',
			},
			{
				name: 'Wait',
				value: 'wait',
				description: 'Wait until the edit of a project is done',
				action: 'Wait for an edit to finish',
			},
		],
		default: 'start',
	},
	...start.description,
	...getStatus.description,
	...wait.description,
	...getDownloadLinks.description,
	...download.description,
];
