import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getRandomPort } from 'get-port-please';
import { startSandbox, type Sandbox, type SandboxOptions } from '../../sandbox/index.mts';
import { SandboxControl } from '../../sandbox/sandboxControl.mts';
import { N8nClient, type Credential, type Workflow, type WorkflowDefinition } from './n8n/n8nClient.mts';
import { installN8n } from './n8n/install.mts';
import { startN8n, type N8n } from './n8n/n8nServer.mts';
import { installCommunityPackage, packTarball } from './n8n/package.mts';
import { root } from './root.mts';
import { printStep, type Step } from './step.mts';

export interface StudioOptions {
	/** Shows the progress of the opening; printed lines if left out. */
	step?: Step;
	/** n8n's working folder, where workflows read and write files; a temporary one if left out. */
	workFolder?: string;
	/** n8n's user folder; a temporary one if left out. */
	userFolder?: string;
	/** n8n's port; a free one if left out. */
	port?: number;
	/** More settings for n8n. */
	env?: NodeJS.ProcessEnv;
	sandbox?: Omit<SandboxOptions, 'folder'>;
}

/** What a studio consists of. */
export interface StudioParts {
	sandbox: Sandbox;
	/** Where the sandbox keeps photos and results. */
	sandboxFolder: string;
	/** n8n's working folder. */
	workFolder: string;
	n8n: N8n;
	client: N8nClient;
	credential: Credential;
	/** Starts n8n again, where it was and at the same address. */
	restart(): Promise<N8n>;
	startWorker(more?: NodeJS.ProcessEnv): Promise<N8n>;
	close(): Promise<void>;
}

/** What the `jest.config.cjs` of the end-to-end tests sets; elsewhere undefined. */
const { n8nRelease, packedFolder } = globalThis as { n8nRelease?: string; packedFolder?: string };

/** The n8n release that end-to-end tests run in; elsewhere undefined: the pinned one. */
export const releaseUnderTest = n8nRelease;

/**
 * A sandbox and a real n8n that has this package, its credential and a signed-in owner: what the demo, the end-to-end tests,
 * the soak and the benchmarks run in.
 */
export class Studio {
	readonly control: SandboxControl;
	readonly sandbox: Sandbox;
	readonly sandboxFolder: string;
	readonly workFolder: string;
	readonly client: N8nClient;
	readonly credential: Credential;
	readonly #parts: StudioParts;

	constructor(parts: StudioParts) {
		this.#parts = parts;
		({
			sandbox: this.sandbox,
			sandboxFolder: this.sandboxFolder,
			workFolder: this.workFolder,
			client: this.client,
			credential: this.credential,
		} = parts);
		this.control = new SandboxControl(parts.sandbox.controlUrl);
	}

	/** The n8n that runs now: another process after a crash. */
	get n8n(): N8n {
		return this.#parts.n8n;
	}

	/** Puts a workflow into n8n, with a credential for its Imagen nodes. */
	async import(definition: WorkflowDefinition, credential = this.credential): Promise<Workflow> {
		return await this.client.createWorkflow(withCredential(definition, credential));
	}

	/** Ends n8n as a crash would and starts it again, at the same address and where it was. */
	async crash(): Promise<void> {
		await this.n8n.kill();
		this.#parts.n8n = await this.#parts.restart();
	}

	/** Starts a worker, for an n8n in queue mode; with more settings than those of n8n, if it needs its own. */
	async addWorker(more?: NodeJS.ProcessEnv): Promise<N8n> {
		return await this.#parts.startWorker(more);
	}

	async close(): Promise<void> {
		await this.#parts.close();
	}
}

export async function openStudio(options: StudioOptions = {}): Promise<Studio> {
	return new Studio(await openParts(options));
}

/** Opens all that a studio consists of. Nothing is left behind if a part of it fails. */
export async function openParts({
	step = printStep,
	env,
	...options
}: StudioOptions = {}): Promise<StudioParts> {
	const endings: Array<() => Promise<unknown>> = [];
	const close = async () => {
		for (const end of endings.splice(0).reverse()) await end();
	};
	try {
		const installation = await installN8n(step, releaseUnderTest);
		const temporary = await mkdtemp(join(tmpdir(), 'n8n-nodes-imagen-ai-'));
		endings.push(() => rm(temporary, { recursive: true, force: true }));
		const {
			userFolder = join(temporary, 'user'),
			workFolder = join(temporary, 'work'),
			port = await getRandomPort('127.0.0.1'),
		} = options;
		await mkdir(workFolder, { recursive: true });

		const tarball = await step('Packing the package and installing it into n8n', async () => {
			const packed = await packTarball(packedFolder ?? temporary);
			await installCommunityPackage(packed, userFolder);
			return packed;
		});
		const sandboxFolder = join(temporary, 'sandbox');
		const sandbox = await startSandbox({ ...options.sandbox, folder: sandboxFolder });
		endings.push(() => sandbox.close());
		const restart = () => startN8n({ installation, userFolder, workFolder, port, env });
		const first = await step(`Starting n8n ${installation.recipe.n8n} and the sandbox`, restart);
		const running = { n8n: first };
		// After a crash it is another process.
		endings.push(() => running.n8n.stop());

		const client = new N8nClient(first.url);
		await client.signIn();
		const credential = await client.saveCredential('Imagen sandbox', 'imagenApi', credentialFor(sandbox));
		const folders = { sandboxFolder, workFolder };
		return Object.assign(running, { sandbox, ...folders, client, credential, restart, startWorker, close });

		async function startWorker(more?: NodeJS.ProcessEnv) {
			const userFolder = await mkdtemp(join(temporary, 'worker-'));
			await installCommunityPackage(tarball, userFolder);
			const settings = { installation, userFolder, workFolder, env: { ...env, ...more } };
			const worker = await step('Starting a worker', () => startN8n({ ...settings, role: 'worker' }));
			endings.push(() => worker.stop());
			return worker;
		}
	} catch (error) {
		await close();
		throw error;
	}
}

/** What a user enters in the Imagen AI credential to work with a sandbox. */
export function credentialFor({ apiKey, apiUrl }: Sandbox) {
	return { apiKey, environment: 'custom', customUrl: apiUrl };
}

/** Reads a workflow of `demo/workflows` and gives its Imagen nodes a credential. */
export async function loadWorkflow(name: string, credential: Credential): Promise<WorkflowDefinition> {
	const json = await readFile(join(root, 'demo', 'workflows', `${name}.json`), 'utf8');
	return withCredential(JSON.parse(json) as WorkflowDefinition, credential);
}

/** A workflow whose Imagen nodes have a credential. */
export function withCredential(workflow: WorkflowDefinition, { id, name }: Credential): WorkflowDefinition {
	const nodes = workflow.nodes.map((node) =>
		node.type.startsWith('n8n-nodes-imagen-ai.')
			? { ...node, credentials: { imagenApi: { id, name } } }
			: node,
	);
	return { ...workflow, nodes };
}
