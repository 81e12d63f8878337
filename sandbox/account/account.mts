import { randomBytes } from 'node:crypto';
import type { Clock } from '../clock.mts';
import type { Faults } from '../faults/faultRules.mts';
import type { RequestLog } from '../requestLog.mts';
import type { Capture, EditedPhoto } from '../results/resultRenderer.mts';
import type { Renderer } from '../results/plainResultRenderer.mts';
import type { Settings } from '../settings.mts';
import type { FileStore, StoredFile } from '../storage/fileStore.mts';
import type { Upload } from '../storage/uploads.mts';
import { Appearance } from './appearance.mts';
import { bracketSets } from './brackets.mts';
import { CallbackSender } from './callbackSender.mts';
import { imageTypeOf } from './formats.mts';
import { Job } from './job.mts';
import { profiles } from './profiles.mts';
import {
	statusOf,
	uploadedPhotos,
	type EditOrder,
	type Project,
	type EditingFlow,
	type RetouchOrder,
	type SmartOrder,
	type Version,
} from './project.mts';

export interface AccountParts {
	settings: Settings;
	clock: Clock;
	files: FileStore;
	renderer: Renderer;
	/** Scheme, host and port of the storage, for links. */
	storageOrigin: string;
	faults: Faults;
	log: RequestLog;
}

/** The last thing that happened to a project. */
export type ProjectState = 'empty' | 'uploaded' | 'editing' | 'edited' | 'failed' | 'exported';

/** A project that is there already, of whoever made it. */
export interface ReadyProject {
	name: string;
	/** Names of photos, all RAW or all JPEG; none if it is empty. */
	photos: string[];
	state: ProjectState;
}

/** How long a job takes at least, and how it ends. */
interface Course {
	seconds: number;
	fails: boolean;
}

/** How a photo and a bracket set are edited. */
interface EditWays {
	one(photo: StoredFile): Promise<EditedPhoto>;
	merged(frames: StoredFile[]): Promise<EditedPhoto>;
}

/** One customer's account: its projects and what was billed. */
export class Account {
	readonly settings: Settings;
	readonly appearance: Appearance;
	readonly #clock: Clock;
	readonly #files: FileStore;
	readonly #storageOrigin: string;
	readonly #faults: Faults;
	readonly #renderer: Renderer;
	readonly #callbacks: CallbackSender;
	readonly #running = new Set<Promise<unknown>>();
	#projects = new Map<string, Project>();
	#lastVersion = 0;
	#stopping = new AbortController();

	constructor({ settings, clock, files, renderer, storageOrigin, faults, log }: AccountParts) {
		this.settings = settings;
		this.appearance = new Appearance(settings, clock);
		this.#clock = clock;
		this.#files = files;
		this.#storageOrigin = storageOrigin;
		this.#faults = faults;
		this.#renderer = renderer;
		this.#callbacks = new CallbackSender({ settings, clock, faults, log });
	}

	async open(): Promise<void> {
		await this.#renderer.open();
	}

	/** All projects, oldest first. */
	projects(): Project[] {
		return [...this.#projects.values()];
	}

	project(uuid: string): Project | undefined {
		return this.#projects.get(uuid);
	}

	projectNamed(name: string): Project | undefined {
		return this.projects().find((project) => project.name === name);
	}

	create(editingFlow: EditingFlow, name?: string): Project {
		const uuid = newId();
		const project: Project = {
			uuid,
			id: 1000 + this.#projects.size,
			name: name ?? `Project ${uuid}`,
			editingFlow,
			createdAt: new Date(this.#clock.now()),
			archived: false,
			photos: new Map(),
			edited: [],
			exported: [],
			retouched: new Map(),
			billed: { edits: 0, exports: 0, photos: 0, retouches: 0 },
		};
		this.#projects.set(uuid, project);
		return project;
	}

	/** Makes a regular project that is as far as it says, without a call and without a bill; its photos are made up. */
	async createReady({ name, photos, state }: ReadyProject): Promise<Project> {
		const project = this.create('REGULAR', name);
		for (const photo of photos) await this.#files.write(this.#photo(project, photo), Buffer.from(photo));
		const profile = profiles.find(({ image_type }) => image_type === imageTypeOf(photos[0] ?? ''));
		if (!profile || state === 'uploaded') return project;
		const order: EditOrder = { profile, tools: {}, export: false };
		const isRunning = state === 'editing';
		const seconds = isRunning ? this.settings.editSeconds : 0;
		const edit = this.#edit(project, order, { seconds, fails: state === 'failed' });
		if (!isRunning) await edit.ended;
		if (state === 'exported') await this.#export(project, { seconds: 0, fails: false }).ended;
		return project;
	}

	/** A link to upload a photo, whether it is new to the project or not. */
	uploadLink(project: Project, fileName: string, md5?: string): string {
		return this.#link('PUT', this.#photo(project, fileName), md5);
	}

	/** Begins the upload of a photo in parts, whether it is new to the project or not. */
	beginUpload(project: Project, fileName: string, partCount: number): Upload {
		return this.#files.uploads.begin(this.#photo(project, fileName), partCount);
	}

	/** A link to upload a part, numbered from 1. */
	partLink(upload: Upload, number: number): string {
		return this.#files.partLink(upload, number, this.#linkOrder('PUT'));
	}

	/** All uploads in parts, oldest first, those that have ended included. */
	uploads(): Upload[] {
		return this.#files.uploads.list();
	}

	upload(id: string): Upload | undefined {
		return this.#files.uploads.find(id);
	}

	/** Joins an upload's parts, which have to be there, to the photo they are of. */
	async completeUpload(upload: Upload): Promise<void> {
		await this.#files.complete(upload);
	}

	async abortUpload(upload: Upload): Promise<void> {
		await this.#files.uploads.abort(upload);
	}

	/** A link to put another file in the place of a result. */
	replaceLink(file: StoredFile): string {
		return this.#link('PUT', file);
	}

	downloadLink(file: StoredFile): string {
		return this.#link('GET', file);
	}

	/** Sends the uploaded photos to edit with a profile, and bills them each time. */
	startEdit(project: Project, order: EditOrder): void {
		this.appearance.keep(project);
		this.#billEdit(project);
		const job = this.#edit(project, order, this.#course(project, 'edit', this.settings.editSeconds));
		this.#callBack(job, project, 'edit', order.callbackUrl);
		if (order.export) this.#keep(this.#exportAfter(job, project));
	}

	/** Sends the uploaded photos to Smart Editing, and bills them each time. */
	startSmartEdit(project: Project, order: SmartOrder): void {
		this.appearance.keep(project);
		this.#billEdit(project);
		const job = this.#smartEdit(
			project,
			order,
			this.#course(project, 'smartEdit', this.settings.editSeconds),
		);
		this.#callBack(job, project, 'edit', order.callbackUrl);
	}

	/** Exports the edited photos, and bills that. */
	startExport(project: Project, callbackUrl?: string): void {
		this.appearance.keep(project);
		const job = this.#billedExport(project);
		this.#callBack(job, project, 'export', this.settings.exportCallbacks ? callbackUrl : undefined);
	}

	/** Makes a new version of a finished image, and bills that; rejects if the account stops meanwhile. */
	async retouch(project: Project, image: StoredFile, order: RetouchOrder): Promise<Version> {
		const work = this.#retouch(project, image, order);
		this.#keep(work);
		return await work;
	}

	/** Forgets all projects and their files. */
	async reset(): Promise<void> {
		await this.#stop();
		this.#projects = new Map();
		await this.#files.clear();
	}

	async close(): Promise<void> {
		await this.#stop();
		await this.#renderer.close();
	}

	#billEdit(project: Project): void {
		project.billed.edits += 1;
		project.billed.photos += uploadedPhotos(project).length;
	}

	#billedExport(project: Project): Job {
		project.billed.exports += 1;
		return this.#export(project, this.#course(project, 'export', this.settings.exportSeconds));
	}

	#course({ uuid }: Project, call: 'edit' | 'smartEdit' | 'export', seconds: number): Course {
		return { seconds, fails: this.#faults.take('job', { call, projectUuid: uuid }) !== undefined };
	}

	#edit(project: Project, order: EditOrder, course: Course): Job {
		const one = async (photo: StoredFile) => await this.#renderer.edit(photo, order);
		const merged = async (frames: StoredFile[]) => await this.#renderer.merge(frames, order);
		return this.#runEdit(project, order, course, { one, merged });
	}

	#smartEdit(project: Project, order: SmartOrder, course: Course): Job {
		const one = async (photo: StoredFile) => await this.#renderer.smartEdit(photo, order);
		const merged = async (frames: StoredFile[]) => await this.#renderer.smartMerge(frames, order);
		return this.#runEdit(project, order, course, { one, merged });
	}

	#runEdit(project: Project, order: SmartOrder, course: Course, { one, merged }: EditWays): Job {
		const photos = this.#photosWithResults(project);
		project.edit?.cancel();
		project.export?.cancel();
		project.export = undefined;
		project.order = order;
		project.edited = [];
		project.exported = [];
		project.retouched = new Map();
		const merges = order.tools.hdr_merge === true;
		const job = Job.start({
			...course,
			clock: this.#clock,
			items: merges ? this.#bracketSets(photos) : photos.map((photo) => [photo]),
			develop: async (frames) => {
				const result = await (merges ? merged(frames) : one(frames[0]));
				if (project.edit === job) project.edited.push(result);
			},
		});
		project.edit = job;
		this.#keep(job.ended);
		return job;
	}

	#export(project: Project, course: Course): Job {
		const photos = new Set(this.#photosWithResults(project));
		project.export?.cancel();
		project.exported = [];
		project.retouched = new Map();
		const job = Job.start({
			...course,
			clock: this.#clock,
			items: project.edited.filter(({ source }) => photos.has(source)),
			develop: async (edited) => {
				const result = await this.#renderer.export(edited);
				if (project.export === job) project.exported.push(result);
			},
		});
		project.export = job;
		this.#keep(job.ended);
		return job;
	}

	#photosWithResults(project: Project): StoredFile[] {
		const photos = uploadedPhotos(project);
		return photos.slice(0, Math.max(0, photos.length - this.settings.missingResults));
	}

	async #retouch(project: Project, image: StoredFile, order: RetouchOrder): Promise<Version> {
		// A new edit replaces this map: a version that is made meanwhile belongs to an image that no longer exists.
		const { retouched } = project;
		const { signal } = this.#stopping;
		await this.#clock.sleep(this.settings.retouchSeconds, signal);
		const [label] = Object.values(order.request);
		const number = (retouched.get(image.fileName)?.length ?? 0) + 1;
		const rendering = this.#renderer.retouch(order.parent?.file ?? image, { label, number });
		const file = await this.#clock.work(rendering);
		const version: Version = { id: (this.#lastVersion += 1), ...order, file };
		retouched.set(image.fileName, [...(retouched.get(image.fileName) ?? []), version]);
		project.billed.retouches += 1;
		return version;
	}

	async #bracketSets(photos: StoredFile[]): Promise<StoredFile[][]> {
		const captures: Capture[] = [];
		for (const photo of photos) captures.push(await this.#renderer.capture(photo));
		return bracketSets(photos, captures);
	}

	/** The photo of this name; a new one, still to be stored, if the project has none. */
	#photo(project: Project, fileName: string): StoredFile {
		const photo = project.photos.get(fileName) ?? this.#files.create(project.uuid, 'photos', fileName);
		project.photos.set(fileName, photo);
		return photo;
	}

	#link(method: 'GET' | 'PUT', file: StoredFile, md5?: string): string {
		return this.#files.link(file, { ...this.#linkOrder(method), md5 });
	}

	#linkOrder(method: 'GET' | 'PUT') {
		const expiresAt = this.#clock.now() + this.settings.linkSeconds * 1000;
		return { method, origin: this.#storageOrigin, expiresAt };
	}

	#callBack(job: Job, { uuid }: Project, action: 'edit' | 'export', url?: string): void {
		if (url) this.#keep(this.#callbacks.watch({ url, projectUuid: uuid, action, ended: job.ended }));
	}

	async #exportAfter(edit: Job, project: Project): Promise<void> {
		await edit.ended;
		if (statusOf(edit) === 'Completed') this.#billedExport(project);
	}

	/** Keeps track of running work, so that closing can wait for it. */
	#keep(work: Promise<unknown>): void {
		const kept = work.catch(() => undefined).finally(() => this.#running.delete(kept));
		this.#running.add(kept);
	}

	async #stop(): Promise<void> {
		for (const { edit, export: exporting } of this.projects()) {
			edit?.cancel();
			exporting?.cancel();
		}
		this.#callbacks.stop();
		this.#stopping.abort();
		this.#stopping = new AbortController();
		while (this.#running.size > 0) await Promise.all(this.#running);
	}
}

function newId(): string {
	return randomBytes(12).toString('hex');
}
