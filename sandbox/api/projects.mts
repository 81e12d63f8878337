import type { Account } from '../account/account.mts';
import type { Project, EditingFlow } from '../account/project.mts';
import type { StoredFile } from '../storage/fileStore.mts';
import { badRequest, finding, notFound, unprocessable } from './errors.mts';
import { pageOf, readNumber, readPage } from './paging.mts';
import { editStage, exportStage, wordFor } from './status.mts';
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

/** A page of the projects of an editing flow, archived, not, or both where the query does not say, newest first, each as `describe` gives it. */
export function listProjects(
	account: Account,
	{ query }: Call,
	wanted: EditingFlow,
	describe: (project: Project, query: Call['query']) => unknown,
) {
	const size = readNumber(query.size, 20, { name: 'size', least: 1, most: 100 });
	const isAskedFor = ({ archived }: Project) =>
		query.is_archived === undefined || query.is_archived === String(archived);
	const all = account
		.projects()
		.filter((project) => project.editingFlow === wanted && isAskedFor(project))
		.reverse();
	const { items, pagination } = pageOf(all, { size, page: readPage(query) });
	return { projects: items.map((project) => describe(project, query)), pagination };
}

export function addProjectRoutes(addCall: AddCall, account: Account): void {
	addCall('create', (call) => createProject(account, call, 'REGULAR'));

	const describe = (project: Project, query: Call['query']) => describeProject(account, project, query);

	addCall('projects', (call) => listProjects(account, call, 'REGULAR', describe));

	addCall('project', (call) => describe(projectOf(account, call), call.query));

	addCall('projectUuid', ({ params }) => {
		const project = account.projectNamed(params.name);
		if (!project) throw notFound('Project not found');
		return { project_uuid: project.uuid };
	});
}

/** A project as the API lists it. */
function describeProject(account: Account, project: Project, query: Call['query']) {
	const { settings, appearance } = account;
	return {
		...describeAny(account, project, query, project.exported),
		status: wordFor(appearance.edit(project), editStage, settings),
		export_status: wordFor(appearance.export(project), exportStage, settings) ?? null,
	};
}

/** Every project of the account has the same. */
const customerReferenceId = 4711;

/**
 * What the API tells of a project of either editing flow. The profile goes by its name, as do the tools that are on.
 *
 * @param jpegs the finished ones, of which the first is the thumbnail
 */
export function describeAny(
	account: Account,
	project: Project,
	{ get_thumbnail: wantsThumbnail }: Call['query'],
	jpegs: StoredFile[],
) {
	const { appearance } = account;
	const { order } = project;
	const [first] = wantsThumbnail === 'true' ? jpegs : [];
	return {
		project_uuid: project.uuid,
		project_id: project.id,
		customer_reference_id: customerReferenceId,
		thumbnail_src: first ? account.downloadLink(first) : null,
		name: project.name,
		created_at: project.createdAt.toISOString(),
		number_of_images: appearance.numberOfImages(project),
		profile: order?.profile?.profile_name ?? null,
		ai_tools: order ? Object.keys(order.tools).filter((name) => order.tools[name] === true) : null,
	};
}
