import type { FastifyInstance } from 'fastify';
import type { Account, ProjectState, ReadyProject } from '../account/account.mts';
import { imageTypeOf } from '../account/formats.mts';
import { statusOf, type Project, type EditingFlow, type Version } from '../account/project.mts';
import type { Clock } from '../clock.mts';
import type { FaultRule, Faults } from '../faults/faultRules.mts';
import type { RequestLog } from '../requestLog.mts';
import { readSettings, type Settings } from '../settings.mts';
import type { Upload } from '../storage/uploads.mts';

export const controlPath = '/sandbox';

const projectStates: ProjectState[] = ['empty', 'uploaded', 'editing', 'edited', 'failed', 'exported'];

/** What was billed, for all and for each project. */
export interface Billing {
	edits: number;
	exports: number;
	photos: number;
	retouches: number;
	projects: Array<{
		project_uuid: string;
		name: string;
		edits: number;
		exports: number;
		photos_billed: number;
		retouches: number;
	}>;
}

/** A project as the sandbox sees it, with every file and whether it is there. */
export interface ProjectView {
	project_uuid: string;
	name: string;
	editing_flow: EditingFlow;
	archived: boolean;
	edit_status: string;
	export_status: string;
	photos: Array<{ file_name: string; bytes: number | null }>;
	edited: string[];
	exported: string[];
	/** The images that were retouched, with their versions, oldest first. */
	retouched: Array<{ file_name: string; versions: VersionView[] }>;
}

/** A version of an image: what it was made from (null: the result itself), and what was asked for. */
export interface VersionView {
	version_id: number;
	parent_version_id: number | null;
	instruction?: string;
	tool_id?: string;
}

/** An upload in parts as the sandbox sees it. */
export interface UploadView {
	upload_id: string;
	project_uuid: string;
	file_name: string;
	part_count: number;
	/** The numbers of the parts that have arrived, in order. */
	parts_received: number[];
	state: 'open' | 'completed' | 'aborted';
}

export interface ControlParts {
	account: Account;
	settings: Settings;
	initialSettings: Settings;
	clock: Clock;
	faults: Faults;
	log: RequestLog;
}

/** The sandbox's own endpoints: look at it, change it, ask it for faults. */
export function addControlRoutes(app: FastifyInstance, parts: ControlParts): void {
	const { account, settings, initialSettings, clock, faults, log } = parts;
	app.register(
		async (control) => {
			control.setErrorHandler((error: Error, _request, reply) =>
				reply.code(error instanceof TypeError ? 400 : 500).send({ error: error.message }),
			);
			control.get('/billing', () => billing(account.projects()));
			control.get('/projects', () => account.projects().map(view));
			control.post('/projects', async ({ body }) =>
				(await createProjects(account, body as object)).map(view),
			);
			control.post<{ Params: { project: string } }>('/projects/:project', ({ params, body }) =>
				view(archive(account, params.project, body as object)),
			);
			control.get('/uploads', () => account.uploads().map(viewUpload));
			control.get('/requests', () => log.list());
			control.delete('/requests', () => {
				log.clear();
				return log.list();
			});
			control.get('/faults', () => faults.list());
			control.post('/faults', ({ body }) => {
				for (const rule of [body as FaultRule | FaultRule[]].flat()) faults.add(rule);
				return faults.list();
			});
			control.delete('/faults', () => {
				faults.clear();
				return faults.list();
			});
			control.get('/settings', () => settings);
			control.post('/settings', ({ body }) =>
				Object.assign(settings, readSettings(body as Record<string, unknown>)),
			);
			control.post('/clock', async ({ body }) => {
				await clock.advance(readSeconds(body as object));
				return { now: new Date(clock.now()).toISOString() };
			});
			control.post('/reset', async () => {
				await account.reset();
				clock.reset();
				faults.clear();
				log.clear();
				return Object.assign(settings, initialSettings);
			});
		},
		{ prefix: controlPath },
	);
}

/** Creates regular projects: so many empty ones for a `count`, else the one that is described. All or none. */
async function createProjects(account: Account, body: object): Promise<Project[]> {
	if (!('count' in body)) {
		const ready = readReady(body);
		refuseTaken(account, [ready.name]);
		return [await account.createReady(ready)];
	}
	const { count, name } = readMany(body);
	const names = Array.from({ length: count }, (_, index) => name && `${name} ${index + 1}`);
	refuseTaken(account, names);
	return names.map((wanted) => account.create('REGULAR', wanted || undefined));
}

function refuseTaken(account: Account, names: Array<string | undefined>): void {
	const taken = new Set(account.projects().map((project) => project.name));
	const repeated = names.find((wanted) => wanted && taken.has(wanted));
	if (repeated) throw new TypeError(`There is a project "${repeated}" already`);
}

function readMany(body: { count?: unknown; name?: unknown }): { count: number; name?: string } {
	const { count, name } = body;
	if (!Number.isInteger(count) || Number(count) < 1) throw new TypeError('"count" must be a whole number');
	if (name !== undefined && typeof name !== 'string') throw new TypeError('"name" must be a string');
	return { count: Number(count), name };
}

function readReady(body: { name?: unknown; photos?: unknown; state?: unknown }): ReadyProject {
	const { name, photos = [], state } = body;
	if (typeof name !== 'string' || name === '') throw new TypeError('"name" must be a string');
	if (!projectStates.includes(state as ProjectState)) {
		throw new TypeError(`"state" must be one of ${projectStates.join(', ')}`);
	}
	if (!isPhotoList(photos)) throw new TypeError('"photos" must be names of photos, all RAW or all JPEG');
	if ((photos.length === 0) !== (state === 'empty')) {
		throw new TypeError('"photos" must be there, unless "state" is "empty"');
	}
	return { name, photos, state: state as ProjectState };
}

function isPhotoList(list: unknown): list is string[] {
	if (!Array.isArray(list)) return false;
	const types = new Set(list.map((name) => typeof name === 'string' && imageTypeOf(name)));
	return types.size <= 1 && !types.has(false) && !types.has(undefined);
}

function readSeconds({ seconds }: { seconds?: unknown }): number {
	if (typeof seconds === 'number' && seconds >= 0) return seconds;
	throw new TypeError('"seconds" must be a number from 0');
}

function archive(account: Account, uuid: string, { archived }: { archived?: unknown }): Project {
	const project = account.project(uuid);
	if (!project) throw new TypeError(`No project "${uuid}"`);
	if (typeof archived !== 'boolean') throw new TypeError('"archived" must be a boolean');
	return Object.assign(project, { archived });
}

function billing(projects: Project[]): Billing {
	const rows = projects.map(({ uuid, name, billed: { edits, exports, photos, retouches } }) => ({
		project_uuid: uuid,
		name,
		edits,
		exports,
		photos_billed: photos,
		retouches,
	}));
	const sum = (column: 'edits' | 'exports' | 'photos_billed' | 'retouches') =>
		rows.reduce((total, row) => total + row[column], 0);
	return {
		edits: sum('edits'),
		exports: sum('exports'),
		photos: sum('photos_billed'),
		retouches: sum('retouches'),
		projects: rows,
	};
}

function view(project: Project): ProjectView {
	return {
		project_uuid: project.uuid,
		name: project.name,
		editing_flow: project.editingFlow,
		archived: project.archived,
		edit_status: statusOf(project.edit),
		export_status: statusOf(project.export),
		photos: Array.from(project.photos.values(), ({ fileName, bytes }) => ({ file_name: fileName, bytes })),
		edited: project.edited.map(({ file }) => file.fileName),
		exported: project.exported.map(({ fileName }) => fileName),
		retouched: Array.from(project.retouched, ([file_name, versions]) => ({
			file_name,
			versions: versions.map(viewVersion),
		})),
	};
}

function viewVersion({ id, parent, request }: Version): VersionView {
	return { version_id: id, parent_version_id: parent?.id ?? null, ...request };
}

function viewUpload({ id, file, partCount, parts, state }: Upload): UploadView {
	return {
		upload_id: id,
		project_uuid: file.projectUuid,
		file_name: file.fileName,
		part_count: partCount,
		parts_received: [...parts.keys()].sort((a, b) => a - b),
		state: state === 'joining' ? 'open' : state,
	};
}
