import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getRandomPort } from 'get-port-please';
import { startSandbox, type Sandbox, type SandboxOptions } from '../../sandbox/index.mts';
import { N8nClient, type Credential, type WorkflowDefinition } from './n8n/client.mts';
import { installN8n } from './n8n/install.mts';
import { installCommunityPackage, packTarball } from './n8n/package.mts';
import { startN8n, type N8n } from './n8n/server.mts';
import type { Step } from './progress.mts';
import { root } from './root.mts';

export interface WorkbenchOptions {
	step: Step;
	/** n8n's working folder: workflows read and write files here. */
	workFolder: string;
	/** Kept if given; else a temporary one that goes with the workbench. */
	userFolder?: string;
	/** n8n's port; a free one if left out. */
	port?: number;
	/** An n8n release that there is a recipe for; the pinned one if left out. */
	version?: string;
	/** More settings for n8n. */
	env?: NodeJS.ProcessEnv;
	sandbox?: SandboxOptions;
}

/** A local Imagen and a real n8n that has this package, its credential and a signed-in owner. */
export interface Workbench {
	sandbox: Sandbox;
	n8n: N8n;
	client: N8nClient;
	credential: Credential;
	/** Ends n8n as a crash would and starts it again, at the same address and where it was. */
	crash(): Promise<void>;
	/** Starts a worker, for an n8n in queue mode; with more settings than those of n8n, if it needs its own. */
	addWorker(more?: NodeJS.ProcessEnv): Promise<N8n>;
	close(): Promise<void>;
}

/** Sets up all that a workflow needs to run. Nothing is left behind if a part of it fails. */
export async function openWorkbench({
	step,
	workFolder,
	env,
	...options
}: WorkbenchOptions): Promise<Workbench> {
	const endings: Array<() => Promise<unknown>> = [];
	const close = async () => {
		for (const end of endings.splice(0).reverse()) await end();
	};
	try {
		const installation = await installN8n(step, options.version);
		const temporary = await mkdtemp(join(tmpdir(), 'n8n-nodes-imagen-ai-'));
		endings.push(() => rm(temporary, { recursive: true, force: true }));
		const userFolder = options.userFolder ?? join(temporary, 'user');

		const tarball = await step('Packing the package and installing it into n8n', async () => {
			const packed = await packTarball(temporary);
			await installCommunityPackage(packed, userFolder);
			return packed;
		});
		const sandbox = await startSandbox(options.sandbox);
		endings.push(() => sandbox.close());
		const port = options.port ?? (await getRandomPort('127.0.0.1'));
		const start = () => startN8n({ installation, userFolder, workFolder, port, env });
		const n8n = await step(`Starting n8n ${installation.recipe.n8n} and the sandbox`, start);
		endings.push(() => workbench.n8n.stop());

		const client = new N8nClient(n8n.url);
		const workbench = { sandbox, n8n, client, crash, addWorker, close };
		await client.signIn();
		const credential = await client.saveCredential('Imagen sandbox', 'imagenApi', credentialFor(sandbox));
		return Object.assign(workbench, { credential });

		async function crash() {
			await workbench.n8n.kill();
			workbench.n8n = await start();
		}

		async function addWorker(more?: NodeJS.ProcessEnv) {
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
