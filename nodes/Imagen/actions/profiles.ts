import type { IExecuteFunctions } from 'n8n-workflow';

import { ImagenOperationError } from '../api/errors';
import type { Profile } from '../api/types';

/** The profile key that a parameter holds for an item. @throws NodeOperationError when it is none */
export function profileKeyOf(context: IExecuteFunctions, itemIndex: number, parameter = 'profile'): number {
	const value = context.getNodeParameter(parameter, itemIndex, '', { extractValue: true });
	const key = Number(String(value ?? '').trim() || NaN);
	if (!Number.isInteger(key)) {
		throw new ImagenOperationError(context.getNode(), "'Profile' is not a profile key", {
			itemIndex,
			description:
				'Choose a profile from the list, or enter its key: the whole number that Profile: Get Many gives as profile_key.',
		});
	}
	return key;
}

/** The profile with this key. @throws NodeOperationError when the account has none */
export function findProfile(
	context: IExecuteFunctions,
	profiles: Profile[],
	profileKey: number,
	itemIndex: number,
): Profile {
	const profile = profiles.find(({ profile_key }) => profile_key === profileKey);
	if (!profile) {
		throw new ImagenOperationError(
			context.getNode(),
			`There is no profile ${profileKey} in this Imagen account`,
			{
				itemIndex,
				description: `Choose another one in 'Profile': the account has ${profiles.length}. The credential may also belong to another account.`,
			},
		);
	}
	return profile;
}
