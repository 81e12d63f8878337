import { requireList, requireText, UnexpectedAnswerError } from './answer';
import { endpoints } from './endpoints';
import type { ImageType } from './formats';
import { request } from './request';
import type { ApiContext, Profile } from './types';

/** All AI Profiles of the account: its own, shared and talent ones. The API has no paging here. */
export async function listProfiles(context: ApiContext): Promise<Profile[]> {
	return await request(context, {
		method: 'GET',
		path: endpoints.profiles(),
		purpose: 'list the profiles',
		read: (payload) => requireList(payload, 'profiles').map(toProfile),
	});
}

function toProfile(entry: Record<string, unknown>): Profile {
	const profileKey = Number(entry.profile_key);
	if (!Number.isInteger(profileKey))
		throw new UnexpectedAnswerError('a profile in the answer has no "profile_key"');
	return {
		...entry,
		profile_key: profileKey,
		profile_name: requireText(entry, 'profile_name'),
		profile_type: String(entry.profile_type ?? ''),
		image_type: toImageType(entry.image_type),
	};
}

/** The documentation says `RAW` and `JPG`; `JPEG` is taken for the latter. */
function toImageType(word: unknown): ImageType {
	return String(word).toUpperCase().startsWith('JP') ? 'JPG' : 'RAW';
}
