import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { listProfiles } from '../../api/profiles';
import { profileField } from '../shared/fields';
import { forEachItem } from '../shared/items';
import type { Operation } from '../shared/operation';
import { findProfile, profileKeyOf } from '../shared/profileParameter';

/** Get profile */
export const getOperation: Operation = {
	name: 'Get',
	action: 'Get profile',
	description: 'Get one AI Profile by its key',
	fields: [profileField],
	execute,
};

async function execute(this: IExecuteFunctions): Promise<INodeExecutionData[]> {
	// The API has no call for a single profile.
	const profiles = await listProfiles(this);
	return await forEachItem(this, async (itemIndex) => {
		const profile = findProfile(this, profiles, profileKeyOf(this, itemIndex), itemIndex);
		return [{ json: { ...profile } as IDataObject, pairedItem: { item: itemIndex } }];
	});
}
