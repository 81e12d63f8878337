import type { IExecuteFunctions, INodeParameterResourceLocator } from 'n8n-workflow';

import type { Profile } from '../../api/types';
import { ImagenOperationError } from '../../errors/imagenErrors';
import { jpegProfileOption, profileField } from './fields';
import { sharedValue } from './sharedParameters';

/** A parameter with a profile. */
export type ProfileParameter = keyof typeof FIELDS;

const FIELDS = { profile: profileField, 'photoOptions.jpegProfile': jpegProfileOption };

/** A parameter with a profile as errors name it: by its label, in quotes. */
export const quoted = (parameter: ProfileParameter) => `'${FIELDS[parameter].displayName}'`;

/** The profile key that a parameter holds for an item. @throws NodeOperationError when it is none */
export function profileKeyOf(
	context: IExecuteFunctions,
	itemIndex: number,
	parameter: ProfileParameter = 'profile',
): number {
	const why =
		parameter === 'profile'
			? ''
			: " With 'If Mixed' set to Split Into Two Projects, Edit shoot needs a profile for the JPEGs.";
	const value = context.getNodeParameter(parameter, itemIndex, '', { extractValue: true });
	const text = String(value ?? '').trim();
	if (!/^[1-9]\d{0,14}$/.test(text)) {
		throw new ImagenOperationError(
			context,
			`${quoted(parameter)} is empty or not a profile key`,
			`Choose a profile from the list, or enter its key: the whole number that Get many profiles returns as profile_key.${why}`,
			itemIndex,
		);
	}
	return Number(text);
}

/** The profile key that a parameter holds for items that are edited together. @throws NodeOperationError when it is none, or not one */
export function sharedProfileKey(
	context: IExecuteFunctions,
	itemIndexes: number[],
	parameter: ProfileParameter = 'profile',
): number {
	const keyOf = (itemIndex: number) => profileKeyOf(context, itemIndex, parameter);
	return sharedValue(context, itemIndexes, parameter, keyOf);
}

/**
 * The profile that a parameter holds for items that are edited together. A key may be valid without being listed: one that was entered by hand is used as it is.
 *
 * @returns undefined for a key that was entered by hand and is not listed
 * @throws NodeOperationError when the account does not list a profile that was chosen from the list
 */
export function chosenProfile(
	context: IExecuteFunctions,
	profiles: Profile[],
	itemIndexes: number[],
	parameter: ProfileParameter = 'profile',
): Profile | undefined {
	const key = sharedProfileKey(context, itemIndexes, parameter);
	const [itemIndex] = itemIndexes;
	// Only the value in it can be an expression.
	const { mode } = context.getNodeParameter(parameter, itemIndex) as INodeParameterResourceLocator;
	const isListed = profiles.some(({ profile_key }) => profile_key === key);
	if (!isListed && mode === 'id') return undefined;
	return findProfile(context, profiles, key, itemIndex, parameter);
}

/** What to say of a key that is used although it is not listed. */
export const unlistedHint = (key: number): string =>
	`Profile ${key} is not in the list of this account's profiles. It is used as entered, but n8n can't check whether it edits RAW or JPEG photos.`;

/** The profile with this key. @throws NodeOperationError when the account has none */
export function findProfile(
	context: IExecuteFunctions,
	profiles: Profile[],
	profileKey: number,
	itemIndex: number,
	parameter: ProfileParameter = 'profile',
): Profile {
	const profile = profiles.find(({ profile_key }) => profile_key === profileKey);
	if (!profile) {
		throw new ImagenOperationError(
			context,
			`There is no profile ${profileKey} in this Imagen account`,
			`Choose a profile from the list in ${quoted(parameter)}, or choose the credential of the account that has this profile.`,
			itemIndex,
		);
	}
	return profile;
}
