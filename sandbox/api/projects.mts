import type { Account } from '../account/account.mts';
import { stateOf, type Project, type EditingFlow } from '../account/project.mts';
import { badRequest, finding, notFound, unprocessable } from './errors.mts';
import type { AddCall, Call } from './apiServer.mts';

/** The project that a call's path names; 404 if there is none of this editing flow. */
export function projectOf(account: Account, { params }: Call, editingFlow: EditingFlow = 'REGULAR'): Project {
	const project = account.project(params.project);
	if (project?.editingFlow !== editingFlow) throw notFound('Project not found');
	return project;
}

/** Creates the project that a call asks for; 400 if its name is taken by whatever project. */
export function createProject(account: Account, { body }: Call, editingFlow: EditingFlow) {
	const name = body.name ?? undefined;
	if (name !== undefined && typeof name !== 'string') {
		throw unprocessable([finding('name', 'str type expected', 'type_error.str')]);
	}
	if (name && account.projectNamed(name)) throw badRequest(`Project with name '${name}' already exists`);
	return { project_uuid: account.create(editingFlow, name || undefined).uuid };
}

/** A page of the projects of an editing flow, archived or not, newest first, each as `describe` gives it. */
export function listProjects(
	account: Account,
	{ query }: Call,
	wanted: EditingFlow,
	describe: (project: Project) => unknown,
) {
	const size = readNumber(query.size, 20, { name: 'size', least: 1, most: 100 });
	const page = readNumber(query.page, 0, { name: 'page', least: 0 });
	const archivedOnes = query.is_archived === 'true';
	const all = account
		.projects()
		.filter(({ editingFlow, archived }) => editingFlow === wanted && archived === archivedOnes)
		.reverse();
	return {
		projects: all.slice(page * size, (page + 1) * size).map(describe),
		pagination: { total: all.length, size, page },
	};
}

export function addProjectRoutes(addCall: AddCall, account: Account): void {
	addCall('create', (call) => createProject(account, call, 'REGULAR'));

	addCall('projects', (call) => listProjects(account, call, 'REGULAR', describe));

	addCall('project', (call) => describe(projectOf(account, call)));

	addCall('projectUuid', ({ params }) => {
		const project = account.projectNamed(params.name);
		if (!project) throw notFound('Project not found');
		return { project_uuid: project.uuid };
	});
}

/** A project as the API lists it. */
function describe(project: Project) {
	return {
		project_uuid: project.uuid,
		name: project.name,
		status: stateOf(project.edit).status,
		created_at: project.createdAt.toISOString(),
		number_of_images: project.photos.size,
		profile: project.order?.profile ?? null,
		ai_tools: project.order?.tools ?? null,
		export_status: project.export ? stateOf(project.export).status : null,
	};
}

interface Range {
	name: string;
	least: number;
	most?: number;
}

function readNumber(
	text: string | undefined,
	preset: number,
	{ name, least, most = Infinity }: Range,
): number {
	const value = text === undefined ? preset : Number(text);
	if (Number.isInteger(value) && value >= least && value <= most) return value;
	throw unprocessable([
		{ loc: ['query', name], msg: `value must be from ${least} to ${most}`, type: 'value_error.number' },
	]);
}
