import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { sharedParameter } from '../shared/sharedParameters';

/** A picture of the project in the output. */
export const thumbnailOption: INodeProperties = {
	displayName: 'Include Thumbnail',
	name: 'thumbnail',
	type: 'boolean',
	default: true,
	description:
		'Whether to include a temporary link to a small picture of the project, as thumbnail_src. Not every project has one.',
};

/** Whether items ask for it. */
export const wantsThumbnail = (context: IExecuteFunctions, parameterItems: number[]): boolean =>
	sharedParameter(context, parameterItems, 'options.thumbnail', false);
