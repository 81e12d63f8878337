import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';

import { listProfiles } from '../api/profiles';
import { listProjects } from '../api/projects';
import type { Project } from '../api/types';
import { editingFlowInPanel } from './editingFlowInPanel';

/** The account's profiles by name, for the panel. */
export async function searchProfiles(
	this: ILoadOptionsFunctions,
	filter = '',
): Promise<INodeListSearchResult> {
	const profiles = await listProfiles(this);
	return {
		results: profiles
			.map((profile) => ({
				name: `${profile.profile_name} (${profile.image_type}, ${profile.profile_type})`,
				value: String(profile.profile_key),
			}))
			.filter(({ name }) => contains(name, filter))
			.sort((one, other) => one.name.localeCompare(other.name)),
	};
}

/** How many pages are searched for a hit before the panel gets an empty one. */
const PAGES_AT_ONCE = 10;

/** The projects of the node's flow, by name and state, for the panel. The API cannot search: pages without a hit are passed over. */
export async function searchProjects(
	this: ILoadOptionsFunctions,
	filter = '',
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	const first = Number(paginationToken ?? 0);
	for (let page = first; ; page++) {
		const { projects, isLast } = await listProjects(this, editingFlowInPanel(this), page);
		const results = projects
			.map((project) => ({ name: labelOf(project), value: project.project_uuid }))
			.filter(({ name }) => contains(name, filter));
		const isEnough = results.length > 0 || page - first + 1 === PAGES_AT_ONCE;
		if (isLast || isEnough) return { results, paginationToken: isLast ? undefined : String(page + 1) };
	}
}

function labelOf({ name, project_uuid, status }: Project): string {
	return `${name ?? project_uuid}${status ? ` (${status})` : ''}`;
}

const contains = (text: string, part: string) => text.toLowerCase().includes(part.trim().toLowerCase());
