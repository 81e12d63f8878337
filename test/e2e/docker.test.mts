import { execFileSync } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { until } from '../../sandbox/until.mts';
import { Engine } from '../support/docker/engine.mts';
import { makeImages, n8nMount } from '../support/docker/images.mts';
import { installN8n } from '../support/n8n/install.mts';
import { tail } from '../support/n8n/runCommand.mts';
import { N8nClient, type Credential } from '../support/n8n/n8nClient.mts';
import { root } from '../support/root.mts';
import { printStep } from '../support/step.mts';
import { withCredential } from '../support/studio.mts';

/** The compose file, on a Docker engine: with Debian's docker-compose 1.29. */

const MINUTES = 60_000;
const url = 'http://127.0.0.1:5678';
const sandboxCredential = {
	apiKey: 'sandbox-key',
	environment: 'custom',
	customUrl: 'http://127.0.0.1:4000/v1',
};

let engine: Engine;
/** A copy of the sources: what the compose file builds the package from. */
let sources: string;
let override: string;
const client = new N8nClient(url);
let credential: Credential;

beforeAll(async () => {
	engine = await Engine.start(printStep);
	sources = await mkdtemp(join(tmpdir(), 'sources-'));
	await copySources();
	const { services } = parse(await readFile(join(root, 'sandbox/docker/compose.yml'), 'utf8')) as {
		services: Record<'n8n' | 'package', { image: string }>;
	};
	await makeImages(engine, { node: services.package.image, n8n: services.n8n.image }, printStep);
	const { nodeBinary } = await installN8n(printStep);
	const installation = nodeBinary.slice(0, nodeBinary.indexOf('/node/node_modules/'));
	// The user `node` of the container reads it.
	await chmod(installation, 0o755);
	override = join(sources, 'override.yml');
	await writeFile(override, `services:\n  n8n:\n    volumes:\n      - ${installation}:${n8nMount}:ro\n`);
	await up();
}, 25 * MINUTES);

afterAll(async () => {
	await compose('down', '--volumes').catch(() => {});
	await engine?.close();
	await rm(sources, { recursive: true, force: true });
}, 5 * MINUTES);

it('Docker starts an n8n that has the package, whose credential reaches the sandbox', async () => {
	const types = await client.nodeTypes();
	expect(types.filter(({ name }) => name.startsWith('n8n-nodes-imagen-ai.')).length).toBeGreaterThan(2);
	credential = await client.saveCredential('Imagen sandbox', 'imagenApi', sandboxCredential);
	expect(await client.testCredential(credential, sandboxCredential)).toMatchObject({ status: 'OK' });
});

it(
	"Docker's n8n edits the photos of the demo through the sandbox",
	async () => {
		const files = '/home/node/.n8n-files';
		const container = (await engine.ask('ps', '--quiet', '--filter', 'publish=5678')).trim();
		const inContainer = (...command: string[]) => engine.ask('exec', container, ...command);
		await inContainer(
			'mkdir',
			'-p',
			...['edited', 'exported'].map((folder) => `${files}/demo-output/${folder}`),
		);
		await engine.ask('cp', join(root, 'demo'), `${container}:${files}/demo`);
		const demo = await readFile(join(root, 'demo/workflows/demo.json'), 'utf8');
		const definition = JSON.parse(
			demo
				.replaceAll('demo/photos', `${files}/demo/photos`)
				.replaceAll('demo-output', `${files}/demo-output`),
		);
		const workflow = await client.createWorkflow(withCredential(definition, credential));
		const { status, error } = await client.executionEnd(await client.run(workflow, 'Start'));
		expect({ status, error }).toEqual({ status: 'success', error: undefined });
		const written = await inContainer('find', `${files}/demo-output`, '-type', 'f');
		expect(written.trim().split('\n').length).toBeGreaterThan(10);
	},
	5 * MINUTES,
);

it(
	"Docker's n8n keeps its workflows after down and up, and gets an update of the package",
	async () => {
		const description = 'Edit photo shoots in your own style, updated';
		const file = join(sources, 'nodes/Imagen/Imagen.node.ts');
		const text = await readFile(file, 'utf8');
		const updated = text.replace(/description: 'Edit photo shoots[^']*'/, `description: '${description}'`);
		expect(updated).not.toBe(text);
		await compose('down');
		await writeFile(file, updated);
		await up();
		expect(await client.findWorkflow('Imagen demo')).toBeDefined();
		const type = (await client.nodeTypes()).find(({ name }) => name === 'n8n-nodes-imagen-ai.imagen');
		expect(type?.description).toBe(description);
	},
	15 * MINUTES,
);

/** Starts all of it, and signs in as soon as n8n answers. */
async function up(): Promise<void> {
	await printStep(
		'docker-compose up: builds and installs the package, starts n8n and the sandbox',
		async () => {
			await compose('up', '--detach').catch(async (error: Error) => {
				await compose('logs', '--no-color', '--tail', '20').catch(() => {});
				throw new Error(`${error.message}\n\n${tail(engine.logFile)}`);
			});
			const answers = async () =>
				await fetch(`${url}/rest/settings`, { signal: AbortSignal.timeout(5000) }).then(
					async (answer) => await answer.text(),
					() => '',
				);
			await until(async () => (await answers()).startsWith('{"data"'), { seconds: 120 });
		},
	);
	await client.signIn();
}

async function compose(...args: string[]): Promise<void> {
	const files = ['--file', join(sources, 'sandbox/docker/compose.yml'), '--file', override];
	await engine.run('docker-compose', [...files, ...args], sources);
}

/** What a clone holds. */
async function copySources(): Promise<void> {
	const listed = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' });
	for (const path of listed.split('\0').filter(Boolean)) {
		await mkdir(dirname(join(sources, path)), { recursive: true });
		await cp(join(root, path), join(sources, path));
	}
}
