import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { findProfile, profileKeyOf } from '../shared/profileParameter';
import { fieldsOf, profileField } from '../shared/fields';
import { forEachItem } from '../shared/items';
import { listProfiles } from '../../api/profiles';

export const description = fieldsOf('profile', 'get', [profileField]);

export async function execute(this: IExecuteFunctions): Promise<INodeExecutionData[]> {
	// The API has no call for a single profile.
	const profiles = await listProfiles(this);
	return await forEachItem(this, async (itemIndex) => {
		const profile = findProfile(this, profiles, profileKeyOf(this, itemIndex), itemIndex);
		return [{ json: { ...profile } as IDataObject, pairedItem: { item: itemIndex } }];
	});
}
