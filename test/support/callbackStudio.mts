import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SandboxOptions } from '../../sandbox/index.mts';
import { SandboxClient } from '../../sandbox/sandboxClient.mts';
import { until } from '../../sandbox/until.mts';
import { CallbackProxy } from './callbackProxy.mts';
import type { Workflow } from './n8n/n8nClient.mts';
import { connections, inARow, jpegProfile, type Links, type TestNode } from './n8n/workflowNodes.mts';
import { cameraFiles } from './root.mts';
import { RunRecorder, type RecordedRun } from './runRecorder.mts';
import { openParts, Studio, type StudioParts } from './studio.mts';

/** A workflow that starts over HTTP. */
export interface PublishedWorkflow {
	workflow: Workflow;
	/** Starts it. Gives the execution's id. */
	start(...projectUuids: string[]): Promise<string>;
}

/** A studio whose n8n has a public address, where callbacks can be held back, and whose workflows report their runs. */
export class CallbackStudio extends Studio {
	#createdWorkflows = 0;
	readonly #imagen: SandboxClient;

	constructor(
		parts: StudioParts,
		readonly callbackProxy: CallbackProxy,
		readonly recorder: RunRecorder,
	) {
		super(parts);
		this.#imagen = new SandboxClient(parts.sandbox);
	}

	override async close(): Promise<void> {
		await super.close();
		await Promise.all([this.callbackProxy.close(), this.recorder.close()]);
	}

	/** A new project with one photo in it, whose edit will take so long. */
	async newProject(editSeconds = 0.5): Promise<string> {
		await this.control.set({ editSeconds });
		const photo = await readFile(join(cameraFiles, 'Pentax K10D.jpg'));
		return await this.#imagen.projectWith({ 'photo.jpg': photo });
	}

	/** Puts nodes into n8n as a workflow: in a row, or with these links. */
	async create(
		nodes: TestNode[],
		links: Links = inARow(nodes),
		credential = this.credential,
	): Promise<Workflow> {
		const name = `workflow-${++this.#createdWorkflows}`;
		return await this.import({ name, nodes, connections: connections(links) }, credential);
	}

	/** Publishes a workflow that begins with `onRequest`. */
	async publish(nodes: TestNode[], links?: Links): Promise<PublishedWorkflow> {
		const { path } = nodes[0].parameters as { path: string };
		const workflow = await this.create(nodes, links);
		await this.client.activate(workflow);
		return {
			workflow,
			start: async (...projectUuids) => {
				const projects = projectUuids.map((project_uuid) => ({ project_uuid }));
				const response = await fetch(`${this.n8n.url}/webhook/${path}`, {
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

	/** Waits until n8n has paused an execution. */
	async executionPaused(execution: string): Promise<void> {
		await until(async () => (await this.client.execution(execution)).status === 'waiting');
	}

	/** Waits until so many callbacks have come for a project. */
	async callbackReceived(projectUuid: string, times = 1): Promise<void> {
		await until(() => this.callbackProxy.receivedFor(projectUuid).length >= times);
	}

	/** Edits a project to its end without n8n. */
	async edit(projectUuid: string): Promise<void> {
		await this.#imagen.edit(projectUuid, { profile_key: jpegProfile });
	}

	/** The recorded runs in which a project occurs. */
	runsFor(projectUuid: string): RecordedRun[] {
		return this.recorder.runs.filter(({ items }) =>
			items.some(({ project_uuid }) => project_uuid === projectUuid),
		);
	}

	/** Gives n8n a moment for what it should not do. */
	async settled(): Promise<void> {
		await sleep(2000);
	}

	async n8nLog(): Promise<string> {
		return await readFile(this.n8n.logFile, 'utf8');
	}
}

/** Opens a studio with callbacks, with more settings for n8n and the sandbox. */
export async function openCallbackStudio(
	env: NodeJS.ProcessEnv = {},
	sandbox: SandboxOptions = {},
): Promise<CallbackStudio> {
	const [callbackProxy, recorder] = [await CallbackProxy.open(), await RunRecorder.open()];
	try {
		const parts = await openParts({
			sandbox: { editSeconds: 0.5, exportSeconds: 0.5, ...sandbox },
			// 2.41 knows the first name, the older ones the second.
			env: { ...env, N8N_WEBHOOK_URL: callbackProxy.url, WEBHOOK_URL: callbackProxy.url },
		});
		callbackProxy.target = parts.n8n.url;
		return new CallbackStudio(parts, callbackProxy, recorder);
	} catch (error) {
		await Promise.all([callbackProxy.close(), recorder.close()]);
		throw error;
	}
}
