import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SandboxControl } from '../../../sandbox/control.mts';
import type { SandboxOptions } from '../../../sandbox/index.mts';
import type { Workflow, WorkflowDefinition } from '../../support/n8n/client.mts';
import { root } from '../../support/root.mts';
import { withCredential, type Workbench } from '../../support/workbench.mts';
import { Relay } from './relay.mts';
import { openReleasedWorkbench } from './release.mts';
import { Witness, type Testimony } from './witness.mts';
import { connections, inARow, jpegProfile, type Links, type TestNode } from './workflows.mts';

/** The body of Imagen's callback. */
export interface Callback {
	project_uuid: string;
	status: string;
	action: string;
}

/** A workflow that starts over HTTP. */
export interface Live {
	workflow: Workflow;
	/** Starts it. Gives the execution's id. */
	start(...projectUuids: string[]): Promise<string>;
}

/** A photographer with n8n: a workbench whose n8n has a public address, and whose workflows are heard. */
export class Studio {
	/** Opens one, with more settings for n8n and the sandbox. */
	static async open(env: NodeJS.ProcessEnv = {}, sandbox: SandboxOptions = {}): Promise<Studio> {
		const [relay, witness] = [await Relay.open(), await Witness.open()];
		const folder = await mkdtemp(join(tmpdir(), 'imagen-e2e-'));
		const photo = await readFile(join(root, 'demo', 'photos', 'Pentax K10D.jpg'));
		try {
			const workbench = await openReleasedWorkbench({
				workFolder: folder,
				sandbox: { editSeconds: 0.5, exportSeconds: 0.5, ...sandbox },
				// 2.41 knows the first name, the older ones the second.
				env: { ...env, N8N_WEBHOOK_URL: relay.url, WEBHOOK_URL: relay.url },
			});
			relay.target = workbench.n8n.url;
			return new Studio(workbench, relay, witness, folder, photo);
		} catch (error) {
			await Promise.all([relay.close(), witness.close(), rm(folder, { recursive: true, force: true })]);
			throw error;
		}
	}

	readonly control: SandboxControl;
	#created = 0;

	private constructor(
		readonly workbench: Workbench,
		readonly relay: Relay,
		readonly witness: Witness,
		/** n8n's working folder. */
		readonly folder: string,
		private readonly photo: Buffer,
	) {
		this.control = new SandboxControl(workbench.sandbox.controlUrl);
	}

	get client() {
		return this.workbench.client;
	}

	async close(): Promise<void> {
		await this.workbench.close();
		await Promise.all([this.relay.close(), this.witness.close()]);
		await rm(this.folder, { recursive: true, force: true });
	}

	/** A new project with one photo in it, whose edit will take so long. */
	async project(editSeconds = 0.5): Promise<string> {
		await this.control.set({ editSeconds });
		const { project_uuid } = await this.#imagen<{ project_uuid: string }>('projects/', {});
		const { files_list } = await this.#imagen<{ files_list: Array<{ upload_link: string }> }>(
			`projects/${project_uuid}/get_temporary_upload_links`,
			{ files_list: [{ file_name: 'photo.jpg' }] },
		);
		const headers = { 'Content-Type': '' };
		await fetch(files_list[0].upload_link, {
			method: 'PUT',
			headers,
			body: new Uint8Array(this.photo),
		});
		return project_uuid;
	}

	/** Puts nodes into n8n as a workflow: in a row, or with these links. */
	async create(
		nodes: TestNode[],
		links: Links = inARow(nodes),
		credential = this.workbench.credential,
	): Promise<Workflow> {
		const name = `workflow-${++this.#created}`;
		return await this.import({ name, nodes, connections: connections(links) }, credential);
	}

	/** Puts a workflow into n8n, with a credential for its Imagen nodes. */
	async import(definition: WorkflowDefinition, credential = this.workbench.credential): Promise<Workflow> {
		return await this.client.createWorkflow(withCredential(definition, credential));
	}

	/** Publishes a workflow that begins with `onRequest`. */
	async publish(nodes: TestNode[], links?: Links): Promise<Live> {
		const path = nodes[0].parameters as { path: string };
		const workflow = await this.create(nodes, links);
		await this.client.activate(workflow);
		return {
			workflow,
			start: async (...projectUuids) => {
				const projects = projectUuids.map((project_uuid) => ({ project_uuid }));
				const response = await fetch(`${this.workbench.n8n.url}/webhook/${path.path}`, {
					method: 'POST',
					headers: { 'Content-Type': 'application/json' },
					body: JSON.stringify({ projects }),
				});
				const text = await response.text();
				if (!response.ok) throw new Error(`n8n did not start the workflow: ${response.status} ${text}`);
				return text;
			},
		};
	}

	/** What each project was billed: edits and exports. */
	async bills(...projectUuids: string[]): Promise<Array<{ edits: number; exports: number }>> {
		const { projects } = await this.control.billing();
		return projects
			.filter(({ project_uuid }) => projectUuids.includes(project_uuid))
			.map(({ edits, exports }) => ({ edits, exports }));
	}

	/** Until an execution is parked. */
	async parked(execution: string): Promise<void> {
		await until(async () => (await this.client.execution(execution)).status === 'waiting');
	}

	/** Until so many calls have come for a project. */
	async called(projectUuid: string, times = 1): Promise<void> {
		await until(() => this.relay.callsFor(projectUuid).length >= times);
	}

	/** Has a project edited without n8n, to its end. */
	async edit(projectUuid: string): Promise<void> {
		await this.#imagen(`projects/${projectUuid}/edit`, { profile_key: jpegProfile });
		await until(async () => {
			const projects = await this.control.projects();
			return projects.find(({ project_uuid }) => project_uuid === projectUuid)?.edit_status === 'Completed';
		});
	}

	/** What workflows have told of a project, a testimony for each run. */
	toldOf(projectUuid: string): Testimony[] {
		return this.witness.testimonies.filter(({ items }) =>
			items.some(({ project_uuid }) => project_uuid === projectUuid),
		);
	}

	/** Gives n8n a moment for what it should not do. */
	async settled(): Promise<void> {
		await sleep(2000);
	}

	async n8nLog(): Promise<string> {
		return await readFile(this.workbench.n8n.logFile, 'utf8');
	}

	async #imagen<Data>(path: string, body: object): Promise<Data> {
		const { apiUrl, apiKey } = this.workbench.sandbox;
		const response = await fetch(`${apiUrl}/${path}`, {
			method: 'POST',
			headers: { 'x-api-key': apiKey, 'Content-Type': 'application/json' },
			body: JSON.stringify(body),
		});
		return ((await response.json()) as { data: Data }).data;
	}
}

/** Asks again until it is so; throws when it does not come true in time. */
export async function until(isSo: () => boolean | Promise<boolean>, seconds = 60): Promise<void> {
	const deadline = Date.now() + seconds * 1000;
	while (!(await isSo())) {
		if (Date.now() > deadline) throw new Error(`It did not come true in ${seconds} seconds`);
		await sleep(100);
	}
}
