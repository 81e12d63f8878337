import { readdirSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import {
	NodeHelpers,
	type INode,
	type INodeParameters,
	type INodeTypeDescription,
	type IWorkflowBase,
} from 'n8n-workflow';
import { folderSize, mostInFolder } from '../support/folderSize.mts';
import { largeShootInFolders } from '../support/largeShoot.mts';
import { LinkServer } from '../support/linkServer.mts';
import type { Execution, Workflow } from '../support/n8n/n8nClient.mts';
import { cameraFiles, root } from '../support/root.mts';
import { until } from '../../sandbox/until.mts';
import { openCallbackStudio, type CallbackStudio } from '../support/callbackStudio.mts';
import { useStudio } from './helpers/useStudio.mts';
import type { RecordedRun } from '../support/runRecorder.mts';
import {
	byId,
	jpegProfile,
	node,
	pollTimes,
	recordRun,
	type TestNode,
} from '../support/n8n/workflowNodes.mts';

const templates = readdirSync(join(root, 'templates'))
	.filter((file) => file.endsWith('.json'))
	.map((file) => basename(file, '.json'));
const photos = ['Canon 1D.jpg', 'Olympus E-1.jpg', 'Pentax K10D.jpg'];

/** Parameters by node. */
type Changes = Record<string, Record<string, unknown>>;

let studio: CallbackStudio;
/** Where n8n keeps files. */
let storage: string;

const openStudio = async () => {
	storage = await mkdtemp(join(tmpdir(), 'n8n-storage-'));
	// Without it, n8n 2.41 keeps the files of an execution that it does not save for up to a quarter of an hour.
	const env = { N8N_BINARY_DATA_STORAGE_PATH: storage, EXECUTIONS_DATA_PRUNE: 'false' };
	return await openCallbackStudio(env, { leastSmartPhotos: 1 });
};

useStudio(openStudio, async (opened) => {
	studio = opened;
	for (const photo of photos) {
		await cp(join(cameraFiles, photo), join(studio.workFolder, 'arrived', photo));
	}
});

afterAll(async () => await rm(storage, { recursive: true, force: true }));

describe('the template', () => {
	it('the template folder-to-folder edits and exports the photos of a folder into another, started by hand', async () => {
		await studio.control.reset();
		const execution = await studio.client.run(await setUp('folder-to-folder', {}), 'Start');
		const { status, error } = await studio.client.executionEnd(execution);
		expect({ status, error }).toEqual({ status: 'success' });
		await expectInFolder('folder-to-folder', { edits: 1, exports: 1 });
	});

	it('the template edit-and-deliver-paused edits, exports, delivers and notifies, each once', async () => {
		await publish('edit-and-deliver-paused', {});
		await photosArrive('edit-and-deliver-paused');
		await expectDelivered('edit-and-deliver-paused', { edits: 1, exports: 1 });
	});

	it('the template callback-starts-delivery ends its first run, and delivers in a second one', async () => {
		const callbackUrl = `${studio.callbackProxy.url}/webhook/edit-completed/imagen`;
		await publish('callback-starts-delivery', { 'Start Edit': { callbackUrl } });
		await photosArrive('callback-starts-delivery');
		await expectDelivered('callback-starts-delivery', { edits: 1, exports: 1 });
	});

	it('the template real-estate-smart-editing merges and edits a house without a profile, paused meanwhile, and delivers', async () => {
		await publish('real-estate-smart-editing', {});
		await photosArrive('real-estate-smart-editing');
		const merged = photos.map((photo) => photo.replace('.jpg', '-HDR.jpg'));
		await expectDelivered('real-estate-smart-editing', { edits: 1, exports: 0 }, merged);
	});

	it('the template s3-nightly edits, exports and delivers in one node, and pays nothing when it is run again', async () => {
		await publish('s3-nightly', {});
		await photosArrive('s3-nightly');
		await expectDelivered('s3-nightly', { edits: 1, exports: 1 });
		await startAgain('s3-nightly');
		await expectDelivered('s3-nightly', { edits: 1, exports: 1 });
	});

	it('the template wedding-with-error-branch delivers', async () => {
		await publish('wedding-with-error-branch', {});
		await photosArrive('wedding-with-error-branch');
		await expectDelivered('wedding-with-error-branch', { edits: 1, exports: 0 });
	});

	it('the template wedding-with-error-branch notifies Slack of an edit that failed, and delivers nothing', async () => {
		await studio.control.reset();
		await studio.control.addFaults({ kind: 'endsFailed', call: 'edit' });
		await startAgain('wedding-with-error-branch');
		expect(await recordedItems()).toMatchObject([
			[{ error: expect.stringContaining('could not edit project'), message: expect.any(String) }],
		]);
	});

	describe('from links', () => {
		let drive: LinkServer;
		beforeAll(async () => {
			drive = await LinkServer.open();
		});
		afterAll(async () => await drive.close());

		const linked = async () =>
			await Promise.all(
				photos.map(async (name) => {
					const bytes = await readFile(join(cameraFiles, name));
					return { name, link: drive.keep(name, bytes, { redirects: 1 }) };
				}),
			);

		const runByHand = async (name: string, changes: Changes, stands: Record<string, TestNode>) => {
			await studio.control.reset();
			const execution = await studio.client.run(await setUp(name, changes, stands), 'Start');
			const { status, error } = await studio.client.executionEnd(execution);
			expect({ status, error }).toEqual({ status: 'success' });
			await expectInFolder(name, { edits: 1, exports: 1 });
			expect((await studio.control.projects()).map((project) => project.name)).toEqual(['Anna and Ben']);
		};

		it('the template onedrive-by-links edits the photos of a listing that brings their links, with a folder among them', async () => {
			const children = (await linked()).map(({ name, link }) => ({
				name,
				'@microsoft.graph.downloadUrl': link,
				parentReference: { name: 'Anna and Ben' },
			}));
			const folder = { name: 'Edited', folder: {}, parentReference: { name: 'Anna and Ben' } };
			const url = drive.answer('/children', () => [...children, folder]);
			await runByHand('onedrive-by-links', {}, { 'List Photos': httpRequest('List Photos', { url }) });
		});

		it('the template dropbox-by-links gets a link for each file of a folder, and edits what is behind them', async () => {
			const files = await linked();
			const entries = files.map(({ name }) => ({ id: `id:${name}`, name, type: 'file' }));
			const folder = { id: 'id:Edited', name: 'Edited', type: 'folder' };
			const list = drive.answer('/list', () => [...entries, folder]);
			const url = drive.answer('/2/files/get_temporary_link', (body) => {
				const file = files.find(({ name }) => `id:${name}` === (JSON.parse(body) as { path: string }).path);
				return {
					link: file?.link,
					metadata: { name: file?.name, path_display: `/Photos/Anna and Ben/${file?.name}` },
				};
			});
			await runByHand(
				'dropbox-by-links',
				{ 'Get Link': { url, authentication: 'none' } },
				{ 'List Photos': httpRequest('List Photos', { url: list }) },
			);
		});
	});

	describe('the template large-shoot-in-batches', () => {
		const shoot = Array.from({ length: 12 }, (_, index) => `IMG_${index + 1}.jpg`);
		const batchSize = 4;

		beforeAll(async () => {
			await mkdir(join(studio.workFolder, 'shoot'));
			for (const photo of [...shoot, 'img_12.JPEG'])
				await cp(join(cameraFiles, photos[0]), join(studio.workFolder, 'shoot', photo));
		});

		beforeEach(async () => await studio.control.reset());

		it('the template large-shoot-in-batches edits a folder as one project and delivers it, with one batch on the disk of n8n at most', async () => {
			const workflow = await setUpShoot('whole shoot', shoot);
			const { result, most } = await mostInFolder(filesOf(workflow), async () => await end(workflow));
			expect(result).toMatchObject({ status: 'success', error: undefined });
			await expectInFolder('whole shoot', { edits: 1, exports: 1 }, shoot);
			expect(await photosInProjects()).toEqual([shoot.length]);
			expect(most.bytes).toBeGreaterThan(0);
			expect(most.bytes).toBeLessThanOrEqual(batchSize * (await photoBytes()));
			expect(await folderSize(filesOf(workflow))).toEqual({ files: 0, bytes: 0 });
		});

		it('the template large-shoot-in-batches, run again, delivers again, and uploads and pays nothing', async () => {
			const workflow = await setUpShoot('run again', shoot);
			for (const _ of ['once', 'again']) expect((await end(workflow)).status).toBe('success');
			expect(await uploads()).toHaveLength(shoot.length);
			await expectInFolder('run again', { edits: 1, exports: 1 }, shoot);
		});

		it('the template large-shoot-in-batches, run again after a batch failed, uploads all photos again and pays one edit', async () => {
			const workflow = await setUpShoot('failed batch', shoot);
			await refuse('IMG_6.jpg');
			expect((await end(workflow)).status).toBe('error');
			await studio.control.clearFaults();
			expect((await end(workflow)).status).toBe('success');
			await expectInFolder('failed batch', { edits: 1, exports: 1 }, shoot);
			expect(await photosInProjects()).toEqual([shoot.length]);
			expect(await uploads('IMG_1.jpg')).toHaveLength(2);
		});

		it('the template large-shoot-in-batches goes on at the failed batch where n8n retries the execution', async () => {
			const workflow = await setUpShoot('retried batch', shoot);
			await studio.client.activate(workflow);
			await refuse('IMG_6.jpg');
			const failed = await end(workflow);
			await studio.control.clearFaults();
			await studio.client.retry(failed.id);
			await until(async () => (await delivered('retried batch')).length === shoot.length);
			await expectInFolder('retried batch', { edits: 1, exports: 1 }, shoot);
			expect(await uploads('IMG_1.jpg')).toHaveLength(1);
		});

		it('the template large-shoot-in-batches stops before the edit where photos of two batches have one name', async () => {
			const { status, error } = await end(await setUpShoot('same name', [...shoot, 'img_12.JPEG']));
			expect({ status, error }).toMatchObject({
				status: 'error',
				error: { message: expect.stringContaining('the same name') },
			});
			await expectInFolder('same name', { edits: 0, exports: 0 }, []);
		});

		async function setUpShoot(name: string, files: string[]): Promise<Workflow> {
			const to = `=${name} {{ $json.file_name }}`;
			const folders = { from: 'shoot', to };
			return await studio.import(
				await largeShootInFolders({ name, photos: files, ...folders, batchSize, profile: jpegProfile }),
			);
		}
	});

	// The last one: its trigger keeps polling and would see every project that is edited.
	it('the template no-public-url delivers the edits that it finds completed', async () => {
		await publish('no-public-url', { 'Edit Completed': { pollTimes } });
		await until(async () => (await looks()) > 0);
		await photosArrive('no-public-url');
		await expectDelivered('no-public-url', { edits: 1, exports: 0 });
	});

	it.each(templates)('the template %s uses only nodes and parameters that n8n has', async (name) => {
		const types = await studio.client.nodeTypes();
		for (const templateNode of (await template(name)).nodes) {
			const type = typeOf(templateNode, types);
			expect({ [templateNode.name]: knownParameters(templateNode, type) }).toMatchObject({
				[templateNode.name]: templateNode.parameters,
			});
		}
	});
});

async function end(workflow: Workflow): Promise<Execution> {
	return await studio.client.executionEnd(await studio.client.run(workflow, 'Start'));
}

/** Where n8n keeps the files of a workflow. */
const filesOf = ({ id }: Workflow) => join(storage, 'workflows', id);

async function photoBytes(): Promise<number> {
	return (await readFile(join(cameraFiles, photos[0]))).length;
}

/** How many photos each project has. */
async function photosInProjects(): Promise<number[]> {
	return (await studio.control.projects()).map((project) => project.photos.length);
}

/** The requests that brought photos to Imagen's storage: all, or those of one photo. */
async function uploads(photo = '') {
	return (await studio.control.requests()).filter(({ call, path }) => call === 'put' && path.includes(photo));
}

/** Has Imagen's storage refuse a photo. */
async function refuse(fileName: string): Promise<void> {
	await studio.control.addFaults({ kind: 'status', call: 'put', status: 403, times: 'always', fileName });
}

async function delivered(name: string): Promise<string[]> {
	return (await readdir(studio.workFolder)).filter((file) => file.startsWith(name)).sort();
}

async function publish(name: string, changes: Changes): Promise<void> {
	await studio.client.activate(await setUp(name, changes));
}

/** The template with nodes of n8n's own in place of accounts elsewhere; `changes` are what a user sets up. */
async function setUp(name: string, changes: Changes, more: Record<string, TestNode> = {}): Promise<Workflow> {
	const { nodes, connections } = await template(name);
	const stands = { ...standIns(name), ...more };
	const definition = {
		name,
		connections,
		nodes: nodes
			.map((templateNode) => stands[templateNode.name] ?? templateNode)
			.map((templateNode) => ({
				...templateNode,
				parameters: {
					...templateNode.parameters,
					...('profile' in templateNode.parameters && { profile: byId(jpegProfile) }),
					...changes[templateNode.name],
				},
			})),
	};
	return await studio.import(definition);
}

const httpRequest = (name: string, parameters: Record<string, unknown>) =>
	node(name, 'n8n-nodes-base.httpRequest', 4.2, parameters);

function standIns(name: string): Record<string, TestNode> {
	const webhook = node('New Photos', 'n8n-nodes-base.webhook', 2, { httpMethod: 'POST', path: name });
	const read = { operation: 'read', fileSelector: 'arrived/*.jpg', options: {} };
	const write = { operation: 'write', fileName: `=${name} {{ $json.file_name }}`, options: {} };
	return {
		'New Photos': { ...webhook, webhookId: name },
		'Fetch Photos': node('Fetch Photos', 'n8n-nodes-base.readWriteFile', 1, read),
		'List Photos': node('List Photos', 'n8n-nodes-base.noOp', 1, {}),
		Deliver: node('Deliver', 'n8n-nodes-base.readWriteFile', 1, write),
		'Tell the Studio': { ...recordRun(studio.recorder), id: 'studio', name: 'Tell the Studio' },
		'Tell Slack': { ...recordRun(studio.recorder), id: 'slack', name: 'Tell Slack' },
	};
}

async function template(name: string): Promise<IWorkflowBase & { nodes: TestNode[] }> {
	return JSON.parse(await readFile(join(root, 'templates', `${name}.json`), 'utf8'));
}

async function photosArrive(name: string): Promise<void> {
	await studio.control.reset();
	await startAgain(name);
}

async function startAgain(name: string): Promise<void> {
	await fetch(`${studio.n8n.url}/webhook/${name}`, { method: 'POST' });
}

/** What the workflow tells after this moment: the items of each run. */
async function recordedItems(): Promise<RecordedRun['items'][]> {
	const before = studio.recorder.runs.length;
	await until(() => studio.recorder.runs.length > before);
	await studio.settled();
	return studio.recorder.runs.slice(before).map(({ items }) => items);
}

interface Bill {
	edits: number;
	exports: number;
}

/** All photos are delivered, and the mail was written once. */
async function expectDelivered(name: string, bill: Bill, expected = photos): Promise<void> {
	const [items, ...more] = await recordedItems();
	expect([items.length, more]).toEqual([expected.length, []]);
	await expectInFolder(name, bill, expected);
}

/** All photos are in the folder that stands for the other account. */
async function expectInFolder(name: string, bill: Bill, expected = photos): Promise<void> {
	expect(await delivered(name)).toEqual(expected.map((file) => `${name} ${file}`).sort());
	const { edits, exports } = await studio.control.billing();
	expect({ edits, exports }).toEqual(bill);
}

async function looks(): Promise<number> {
	return (await studio.control.requests()).filter(({ call }) => call === 'projects').length;
}

function typeOf({ type, typeVersion }: INode, types: INodeTypeDescription[]): INodeTypeDescription {
	const found = types.find(
		({ name, version }) => name === type && [version].flat().some((one) => one === typeVersion),
	);
	if (!found) throw new Error(`n8n has no ${type} of version ${typeVersion}`);
	return found;
}

/**
 * What n8n keeps of a node's parameters: it drops those that its operation does not have. Notices hold nothing,
 * and the n8n-workflow here does not know all that newer ones depend on.
 */
function knownParameters(templateNode: INode, type: INodeTypeDescription): INodeParameters | null {
	return NodeHelpers.getNodeParameters(
		type.properties.filter((property) => property.type !== 'notice'),
		templateNode.parameters,
		true,
		false,
		templateNode,
		type,
	);
}
