import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

/** A picture of the project in the output. */
export const thumbnailOption: INodeProperties = {
	displayName: 'Include Thumbnail',
	name: 'thumbnail',
	type: 'boolean',
	default: true,
	description:
		'Whether to include a temporary link to a small picture of the project, as thumbnail_src. Not every project has one.',
};

/** Whether an item asks for it. */
export const wantsThumbnail = (context: IExecuteFunctions, itemIndex: number): boolean =>
	context.getNodeParameter('options.thumbnail', itemIndex, false) as boolean;
