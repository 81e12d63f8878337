import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';

import { kindOf } from '../api/formats';
import { nameContains } from '../api/nameContains';
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
				name: `${profile.profile_name} (${kindOf(profile.image_type)}, ${profile.profile_type})`,
				value: String(profile.profile_key),
			}))
			.filter(({ name }) => nameContains(name, filter))
			.sort((one, other) => one.name.localeCompare(other.name)),
	};
}

/** How many pages are searched for a hit before the panel gets an empty one. */
const PAGES_AT_ONCE = 10;

/** Where a list that the panel shows page after page has got to. */
interface Position {
	page: number;
	/** How many projects came before. */
	listed: number;
	/** The first project of the page before: a page that begins with it is the same one. */
	first?: string;
}

/** The projects of the node's flow, by name and state, for the panel. The API cannot search: pages without a hit are passed over. */
export async function searchProjects(
	this: ILoadOptionsFunctions,
	filter = '',
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	let position = paginationToken ? (JSON.parse(paginationToken) as Position) : { page: 0, listed: 0 };
	const lastPage = position.page + PAGES_AT_ONCE - 1;
	for (;;) {
		const { page } = position;
		const { projects, next } = await pageAt(this, position);
		const results = projects
			.map((project) => ({ name: labelOf(project), value: project.project_uuid }))
			.filter(({ name }) => nameContains(name, filter));
		if (!next) return { results };
		if (results.length > 0 || page === lastPage) return { results, paginationToken: JSON.stringify(next) };
		position = next;
	}
}

async function pageAt(context: ILoadOptionsFunctions, { page, listed, first }: Position) {
	const { projects, total = Infinity } = await listProjects(context, editingFlowInPanel(context), page);
	const isBehindLast = projects.length === 0 || projects[0].project_uuid === first;
	if (isBehindLast) return { projects: [] };
	const next = { page: page + 1, listed: listed + projects.length, first: projects[0].project_uuid };
	return { projects, next: next.listed < total ? next : undefined };
}

function labelOf({ project_name, project_uuid, status }: Project): string {
	return `${project_name ?? project_uuid}${status ? ` (${status})` : ''}`;
}
