import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';

import { listProfiles } from '../api/profiles';
import { listProjects, PROJECTS_PER_PAGE } from '../api/projects';
import type { Project } from '../api/types';

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

/** The account's projects, a page at a time, for the panel. The API cannot search: a page may have few hits, or none. */
export async function searchProjects(
	this: ILoadOptionsFunctions,
	filter = '',
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	const page = Number(paginationToken ?? 0);
	const { projects, total } = await listProjects(this, page);
	const seen = page * PROJECTS_PER_PAGE + projects.length;
	const isLast = total === undefined ? projects.length < PROJECTS_PER_PAGE : seen >= total;
	return {
		results: projects
			.map((project) => ({ name: labelOf(project), value: project.project_uuid }))
			.filter(({ name }) => contains(name, filter)),
		paginationToken: isLast ? undefined : String(page + 1),
	};
}

function labelOf({ name, project_uuid, status }: Project): string {
	return `${name ?? project_uuid}${status ? ` (${status})` : ''}`;
}

const contains = (text: string, part: string) => text.toLowerCase().includes(part.trim().toLowerCase());
