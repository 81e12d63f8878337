import type { Failure } from '../errors/failure';
import { ImagenApiError, statusCodeOf } from '../errors/imagenErrors';
import { CHECK_THE_NAME, CHECK_THE_SMART_NAME } from '../errors/nextSteps';
import { isRecord, requireList, requireText, toNumber } from './answer';
import { endpoints } from './endpoints';
import { projectJson, projectLabel, projectNameIn, type ProjectRef, type EditingFlow } from './projectRef';
import { request, type ApiCall } from './request';
import { settle } from './settle';
import type { ApiContext, Project } from './types';

/** The most projects that the API puts on a page. */
export const PROJECTS_PER_PAGE = 100;

/** A page of the account's projects. */
interface ProjectPage {
	projects: Project[];
	/** Of all pages, where the API says so. */
	total?: number;
}

/** Which projects a list is limited to: those of an account are kept apart by whether they are archived. */
export type WhichProjects = 'current' | 'archived' | 'all';

/** What a list of projects holds. */
export interface ProjectList {
	/** `current` if left out. */
	which?: WhichProjects;
	/** Whether each project comes with `thumbnail_src`, a temporary link to a small picture. */
	thumbnails?: boolean;
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
		purpose: name ? `create project '${name}'` : 'create a project',
		body: name ? { name } : {},
		read: (payload) => ({
			uuid: requireText(payload, 'project_uuid'),
			editingFlow,
			...(name && { name }),
		}),
	});
}

/** Whether a Smart Editing project may have this name. Clients disagree on the answer: only a clear no counts. */
export async function isNameValid(context: ApiContext, name: string): Promise<boolean> {
	return await request(context, {
		method: 'GET',
		path: endpoints.nameCheck(),
		query: { name },
		purpose: `check the project name '${name}'`,
		// Creating the project says the same: the check is not worth a wait.
		idempotent: false,
		read: (payload) => (isRecord(payload) ? payload.is_valid : payload) !== false,
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
		if (project.project_name === projectNameIn(name)) return project.project_uuid;
	}
	const failure: Failure = { kind: 'answer', statusCode: 404, message: 'project not found' };
	throw noProjectNamed(context, 'Smart Editing project', name, failure, CHECK_THE_SMART_NAME);
}

/** Says once that there is none; an answer in other words may be about something else. */
const SAYS_NOT_FOUND = /^(?:the )?project (?:was |is )?not found\.?$/i;

const noProjectNamed = (
	context: ApiContext,
	what: string,
	name: string,
	failure: Failure,
	nextStep: string,
): ImagenApiError =>
	new ImagenApiError(context, `find ${what} '${name}'`, failure, {
		message: `No ${what} is named '${name}'`,
		nextStep,
	});

async function askForUuid(context: ApiContext, name: string): Promise<string> {
	const outcome = await settle(
		async () =>
			await request(context, {
				method: 'GET',
				path: endpoints.projectUuidByName(name),
				purpose: `find project '${name}'`,
				read: (payload) =>
					typeof payload === 'string' && payload ? payload : requireText(payload, 'project_uuid', 'uuid'),
			}),
	);
	if (outcome.status === 'fulfilled') return outcome.value;
	const error: unknown = outcome.reason;
	if (
		statusCodeOf(error) === 404 &&
		error instanceof ImagenApiError &&
		SAYS_NOT_FOUND.test(error.failure.message)
	)
		throw noProjectNamed(context, 'project', name, error.failure, CHECK_THE_NAME);
	throw error;
}

/** What the API tells of a project. @param thumbnail whether with `thumbnail_src`, a temporary link to a small picture */
export async function getProject(
	context: ApiContext,
	project: ProjectRef,
	thumbnail = false,
): Promise<Project> {
	return await request(context, {
		...descriptionCall(project),
		...(thumbnail && { query: { get_thumbnail: true } }),
	});
}

const descriptionCall = (project: ProjectRef): ApiCall<Project> => ({
	method: 'GET',
	path: endpoints.project(project),
	purpose: `get project ${projectLabel(project)}`,
	read: (payload) => toProject(payload, project.editingFlow),
});

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

const NAME_TIMEOUT_MS = 5_000;

/** What a project is called: empty where it has no name or is unknown, undefined where the API does not say it at once. For an output, a name is not worth a wait. */
export async function findName(context: ApiContext, project: ProjectRef): Promise<string | undefined> {
	const once = { idempotent: false, timeoutMs: NAME_TIMEOUT_MS };
	const reading = await settle(async () => await request(context, { ...descriptionCall(project), ...once }));
	if (reading.status === 'fulfilled') return reading.value.project_name ?? '';
	return statusCodeOf(reading.reason) === 404 ? '' : undefined;
}

/** One page of the projects of a flow, newest first as far as the API says. @param page counts from 0 */
export async function listProjects(
	context: ApiContext,
	editingFlow: EditingFlow,
	page: number,
	{ which = 'current', thumbnails = false }: ProjectList = {},
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
			// Left out, the API lists both kinds.
			...(which !== 'all' && { is_archived: which === 'archived' }),
			...(thumbnails && { get_thumbnail: true }),
		},
		read: (payload) => toProjectPage(payload, editingFlow),
	});
}

/**
 * Walks through all pages of a flow, and stops when the caller does. A project that slips to the next page comes once. The
 * page and size that an answer names are not relied on: a page that brings nothing new is behind the last one. Nor is the total
 * after a full page, which others may follow.
 */
export async function* eachProject(
	context: ApiContext,
	editingFlow: EditingFlow,
	list: ProjectList = {},
): AsyncGenerator<Project> {
	const seen = new Set<string>();
	for (let page = 0; ; page++) {
		const { projects, total = Infinity } = await listProjects(context, editingFlow, page, list);
		const before = seen.size;
		for (const project of projects) {
			if (seen.has(project.project_uuid)) continue;
			seen.add(project.project_uuid);
			yield project;
		}
		const isFull = projects.length >= PROJECTS_PER_PAGE;
		if (seen.size === before || (seen.size >= total && !isFull)) return;
	}
}

function toProjectPage(payload: unknown, editingFlow: EditingFlow): ProjectPage {
	const { total } = isRecord(payload) && isRecord(payload.pagination) ? payload.pagination : {};
	return {
		projects: requireList(payload, 'projects').map((entry) => toProject(entry, editingFlow)),
		total: toNumber(total),
	};
}

function toProject(entry: unknown, editingFlow: EditingFlow): Project {
	const uuid = requireText(entry, 'project_uuid');
	const known: Partial<Project> = isRecord(entry) ? entry : {};
	const number = toNumber(known.number_of_images);
	return {
		...known,
		...(number !== undefined && { number_of_images: number }),
		...projectJson({ uuid, editingFlow, name: projectNameIn(known.name) }),
	};
}
