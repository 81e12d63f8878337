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
		displayOptions: { show: { resource: ['export'] } },
		options: [
			{
				name: 'Download',
				value: 'download',
				description: 'Download the exported JPEGs of a project, one item per file',
				action: 'Download exported photos',
			},
			{
				name: 'Get Download Links',
				value: 'getDownloadLinks',
				description: 'Get a temporary link to each of the exported JPEGs of a project',
				action: 'Get download links of exported photos',
			},
			{
				name: 'Get Status',
				value: 'getStatus',
				description: 'Get where the export of a project stands',
				action: 'Get the status of an export',
			},
			{
				name: 'Start',
				value: 'start',
				description: 'Render the edited photos of a project to JPEG',
				action: 'Start an export',
			},
			{
				name: 'Wait',
				value: 'wait',
				description: 'Wait until the export of a project is done',
				action: 'Wait for an export to finish',
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
