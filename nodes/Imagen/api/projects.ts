import type { Failure } from '../errors/failure';
import { ImagenApiError, statusCodeOf } from '../errors/imagenErrors';
import { isRecord, requireList, requireText, toNumber } from './answer';
import { endpoints } from './endpoints';
import { projectJson, type ProjectRef, type EditingFlow } from './projectRef';
import { request } from './request';
import { settle } from './settle';
import type { ApiContext, Project } from './types';

/** The most projects that the API puts on a page. */
const PROJECTS_PER_PAGE = 100;

/** A page of the account's projects; `page` counts from 0. */
interface ProjectPage {
	projects: Project[];
	isLast: boolean;
}

/** Which projects a list is limited to. */
interface ProjectFilter {
	archived?: boolean;
}

/** Creates a project. Not repeated: a second one would be another project, or find its own name taken. */
export async function createProject(
	context: ApiContext,
	editingFlow: EditingFlow,
	name?: string,
): Promise<ProjectRef> {
	return await request(context, {
		method: 'POST',
		path: endpoints.newProject(editingFlow),
		purpose: name ? `create the project '${name}'` : 'create a project',
		body: name ? { name } : {},
		read: (payload) => ({
			uuid: requireText(payload, 'project_uuid'),
			editingFlow,
			...(name && { name }),
		}),
	});
}

/** Whether an error is the API's `Project with name 'x' already exists`. */
export function isNameTaken(error: unknown): boolean {
	const statusCode = statusCodeOf(error);
	return (statusCode === 400 || statusCode === 409) && /already exists/i.test((error as Error).message);
}

/** The project with this name. @throws ImagenApiError with status 404 when there is none */
export async function findProject(
	context: ApiContext,
	editingFlow: EditingFlow,
	name: string,
): Promise<ProjectRef> {
	const find = editingFlow === 'I2I' ? searchUuid : askForUuid;
	return { uuid: await find(context, name), editingFlow };
}

/** The API looks names up in the AI Profile flow only: of Smart Editing there is just the list. */
async function searchUuid(context: ApiContext, name: string): Promise<string> {
	for await (const project of eachProject(context, 'I2I')) {
		if (project.name === name) return project.project_uuid;
	}
	const message = 'no project of Smart Editing has this name';
	const failure: Failure = { kind: 'answer', statusCode: 404, message };
	throw new ImagenApiError(context, `find the project '${name}'`, failure);
}

async function askForUuid(context: ApiContext, name: string): Promise<string> {
	return await request(context, {
		method: 'GET',
		path: endpoints.projectUuidByName(name),
		purpose: `find the project '${name}'`,
		read: (payload) =>
			typeof payload === 'string' && payload ? payload : requireText(payload, 'project_uuid', 'uuid'),
	});
}

export async function getProject(context: ApiContext, project: ProjectRef): Promise<Project> {
	return await request(context, {
		method: 'GET',
		path: endpoints.project(project),
		purpose: `get the project ${project.uuid}`,
		read: (payload) => toProject(payload, project.editingFlow),
	});
}

/** The same, where the API does not have to know it: undefined on 404. What the API tells of a project is all optional. */
export async function findDescription(
	context: ApiContext,
	project: ProjectRef,
): Promise<Project | undefined> {
	const reading = await settle(async () => await getProject(context, project));
	if (reading.status === 'fulfilled') return reading.value;
	if (statusCodeOf(reading.reason) === 404) return undefined;
	throw reading.reason;
}

/** One page of the projects of a flow, newest first as far as the API says. */
export async function listProjects(
	context: ApiContext,
	editingFlow: EditingFlow,
	page: number,
	filter: ProjectFilter = {},
): Promise<ProjectPage> {
	return await request(context, {
		method: 'GET',
		path: endpoints.projects(editingFlow),
		purpose: 'list the projects',
		query: {
			size: PROJECTS_PER_PAGE,
			page,
			// The clients send it for the AI Profile flow only.
			...(editingFlow === 'REGULAR' && { client_type: 'API' }),
			...(filter.archived !== undefined && { is_archived: filter.archived }),
		},
		read: (payload) => toProjectPage(payload, editingFlow, page),
	});
}

/** Walks through all pages of a flow, and stops when the caller does. A project that slips to the next page comes once. */
export async function* eachProject(
	context: ApiContext,
	editingFlow: EditingFlow,
	filter: ProjectFilter = {},
): AsyncGenerator<Project> {
	const seen = new Set<string>();
	for (let page = 0; ; page++) {
		const { projects, isLast } = await listProjects(context, editingFlow, page, filter);
		for (const project of projects) {
			if (!seen.has(project.project_uuid)) yield project;
			seen.add(project.project_uuid);
		}
		if (isLast) return;
	}
}

/** The API may put fewer projects on a page than it was asked for: then it says so in `size`. */
function toProjectPage(payload: unknown, editingFlow: EditingFlow, page: number): ProjectPage {
	const { total, size } = isRecord(payload) && isRecord(payload.pagination) ? payload.pagination : {};
	const perPage = typeof size === 'number' && size > 0 ? size : PROJECTS_PER_PAGE;
	const projects = requireList(payload, 'projects').map((entry) => toProject(entry, editingFlow));
	const seen = page * perPage + projects.length;
	const isLast = typeof total === 'number' ? seen >= total : projects.length < perPage;
	return { projects, isLast: isLast || projects.length === 0 };
}

function toProject(entry: unknown, editingFlow: EditingFlow): Project {
	const uuid = requireText(entry, 'project_uuid');
	const known: Partial<Project> = isRecord(entry) ? entry : {};
	const number = toNumber(known.number_of_images);
	return {
		...known,
		...(number !== undefined && { number_of_images: number }),
		...projectJson({ uuid, editingFlow }),
	};
}
