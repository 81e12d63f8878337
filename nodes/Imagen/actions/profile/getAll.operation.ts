import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { nameContains } from '../../api/nameContains';
import { listProfiles } from '../../api/profiles';
import type { Profile } from '../../api/types';
import { collectionField, howMany, howManyFields, nameContainsFilter } from '../shared/fields';
import { forEachItem } from '../shared/items';
import type { Operation } from '../shared/operation';

interface Filters {
	imageType?: string;
	name?: string;
	profileType?: string;
}

/** Get many profiles */
export const getAllOperation: Operation = {
	name: 'Get Many',
	action: 'Get many profiles',
	description: 'List the AI Profiles of the account, with their keys',
	fields: [
		...howManyFields,
		collectionField('Filters', 'filters', 'Filter', [
			{
				displayName: 'Image Type',
				name: 'imageType',
				type: 'options',
				options: [
					{ name: 'JPEG', value: 'JPG', description: 'Profiles that edit JPEG photos' },
					{ name: 'RAW', value: 'RAW', description: 'Profiles that edit RAW photos, including DNG' },
				],
				default: 'RAW',
				description: 'What kind of photos the profile edits',
			},
			nameContainsFilter('profile'),
			{
				displayName: 'Profile Type',
				name: 'profileType',
				type: 'options',
				options: [
					{ name: 'Personal', value: 'Personal', description: 'Made from your own edits' },
					{ name: 'Shared', value: 'Shared', description: 'Shared with you by another account' },
					{ name: 'Talent', value: 'Talent', description: 'Made by a photographer who works with Imagen' },
				],
				default: 'Personal',
				description: 'Where the profile comes from',
			},
		]),
	],
	execute,
};

async function execute(this: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const profiles = await listProfiles(this);
	return await forEachItem(this, async (itemIndex) => {
		const filters = this.getNodeParameter('filters', itemIndex, {}) as Filters;
		const matching = profiles.filter((profile) => matches(profile, filters));
		return matching
			.slice(0, howMany(this, itemIndex))
			.map((profile) => ({ json: { ...profile } as IDataObject, pairedItem: { item: itemIndex } }));
	});
}

function matches(profile: Profile, { imageType, name, profileType }: Filters): boolean {
	return (
		(!imageType || profile.image_type === imageType) &&
		(!profileType || profile.profile_type === profileType) &&
		nameContains(profile.profile_name, name)
	);
}
