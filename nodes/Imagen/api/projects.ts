import { isRecord } from './guards';
import { listIn, textIn } from './answer';
import { endpoints } from './endpoints';
import { statusCodeOf } from './errors';
import { request } from './request';
import type { ApiContext, Project } from './types';

/** The most projects that the API puts on a page. */
export const PROJECTS_PER_PAGE = 100;

/** A page of the account's projects; `page` counts from 0. */
export interface ProjectPage {
	projects: Project[];
	/** Of all pages, when the API tells. */
	total?: number;
}

/** What the list of projects is narrowed to. */
export interface ProjectFilter {
	archived?: boolean;
}

/** Creates a project. Not repeated: a second one would be another project, or find its own name taken. */
export async function createProject(context: ApiContext, name?: string): Promise<{ project_uuid: string }> {
	return await request(context, {
		method: 'POST',
		path: endpoints.projects(),
		purpose: name ? `create the project '${name}'` : 'create a project',
		body: name ? { name } : {},
		read: (payload) => ({ project_uuid: textIn(payload, 'project_uuid') }),
	});
}

/** Whether an error is the API's `Project with name 'x' already exists`. */
export function isNameTaken(error: unknown): boolean {
	const statusCode = statusCodeOf(error);
	return (statusCode === 400 || statusCode === 409) && /already exists/i.test((error as Error).message);
}

/** The ID of the project with this name. */
export async function findProjectUuid(context: ApiContext, name: string): Promise<string> {
	return await request(context, {
		method: 'GET',
		path: endpoints.projectUuidByName(name),
		purpose: `find the project '${name}'`,
		read: (payload) =>
			typeof payload === 'string' && payload ? payload : textIn(payload, 'project_uuid', 'uuid'),
	});
}

export async function getProject(context: ApiContext, uuid: string): Promise<Project> {
	return await request(context, {
		method: 'GET',
		path: endpoints.project(uuid),
		purpose: `get the project ${uuid}`,
		read: (payload) => ({
			...(isRecord(payload) ? payload : {}),
			project_uuid: textIn(payload, 'project_uuid'),
		}),
	});
}

/** One page of projects, newest first as far as the API says. */
export async function listProjects(
	context: ApiContext,
	page: number,
	filter: ProjectFilter = {},
): Promise<ProjectPage> {
	return await request(context, {
		method: 'GET',
		path: endpoints.projects(),
		purpose: 'list the projects',
		query: {
			size: PROJECTS_PER_PAGE,
			page,
			client_type: 'API',
			...(filter.archived !== undefined && { is_archived: filter.archived }),
		},
		read: toProjectPage,
	});
}

/** Walks through all pages, and stops when the caller does. */
export async function* eachProject(context: ApiContext, filter: ProjectFilter = {}): AsyncGenerator<Project> {
	for (let page = 0, seen = 0; ; page++) {
		const { projects, total } = await listProjects(context, page, filter);
		yield* projects;
		seen += projects.length;
		const isLast = total === undefined ? projects.length < PROJECTS_PER_PAGE : seen >= total;
		if (isLast || projects.length === 0) return;
	}
}

function toProjectPage(payload: unknown): ProjectPage {
	const pagination = isRecord(payload) && isRecord(payload.pagination) ? payload.pagination : {};
	return {
		projects: listIn(payload, 'projects').map((entry) => ({
			...entry,
			project_uuid: textIn(entry, 'project_uuid'),
		})),
		total: typeof pagination.total === 'number' ? pagination.total : undefined,
	};
}
