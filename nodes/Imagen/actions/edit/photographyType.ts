import type { INodeProperties } from 'n8n-workflow';

/** What the photos show. */
export const photographyTypeOption: INodeProperties = {
	displayName: 'Photography Type',
	name: 'photographyType',
	type: 'options',
	options: [
		{ name: 'Boudoir', value: 'BOUDOIR' },
		{ name: 'Events', value: 'EVENTS' },
		{ name: 'Family and Newborn', value: 'FAMILY_NEWBORN' },
		{ name: 'Landscape and Nature', value: 'LANDSCAPE_NATURE' },
		{ name: 'None', value: 'NO_TYPE' },
		{ name: 'Other', value: 'OTHER' },
		{ name: 'Portraits', value: 'PORTRAITS' },
		{ name: 'Real Estate', value: 'REAL_ESTATE' },
		{ name: 'School', value: 'SCHOOL' },
		{ name: 'Sports', value: 'SPORTS' },
		{ name: 'Wedding', value: 'WEDDING' },
	],
	default: 'NO_TYPE',
	displayOptions: { show: { '/editingFlow': ['REGULAR'] } },
	description: 'What the shoot shows, as a hint for the AI',
};
