import { requireList, UnexpectedAnswerError } from './answer';
import { endpoints } from './endpoints';
import { request } from './request';
import type { ApiContext } from './types';

/** A sky that Sky Replacement can put in. */
export interface SkyTemplate {
	id: number;
	is_default: boolean;
	[key: string]: unknown;
}

/** All skies that there are. */
export async function listSkyTemplates(context: ApiContext): Promise<SkyTemplate[]> {
	return await request(context, {
		method: 'GET',
		path: endpoints.skyTemplates(),
		purpose: 'list the sky templates',
		read: (payload) => requireList(payload, 'templates').map(toTemplate),
	});
}

function toTemplate(entry: Record<string, unknown>): SkyTemplate {
	const id = Number(entry.id ?? NaN);
	if (!Number.isInteger(id)) throw new UnexpectedAnswerError('a sky template in the answer has no "id"');
	return { ...entry, id, is_default: entry.is_default === true };
}
