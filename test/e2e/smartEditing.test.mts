import { cp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import type { Execution, Item, WorkflowDefinition } from '../support/n8n/n8nClient.mts';
import { cameraFiles } from '../support/root.mts';
import { openStudio, withCredential, type Studio } from '../support/studio.mts';
import { digest, digestsOf, filesBelow } from './helpers/digests.mts';
import { useStudio } from './helpers/useStudio.mts';
import { photoName, writePhotos } from '../support/photoFolder.mts';
import { until } from '../../sandbox/until.mts';
import {
	connections,
	imagen,
	inARow,
	manualStart,
	readFiles,
	type TestNode,
} from '../support/n8n/workflowNodes.mts';

const brackets = [
	'Canon 350D.cr2',
	'Canon M50.cr3',
	'Fujifilm S5Pro.raf',
	'Nikon D70.nef',
	'Panasonic LX3.rw2',
];
const large = photoName(5);
const mebibyte = 1024 * 1024;

let studio: Studio;

useStudio(
	async () => await openStudio({ sandbox: { editSeconds: 1 } }),
	async (opened) => {
		studio = opened;
		const house = join(studio.workFolder, 'house');
		for (const photo of brackets) await cp(join(cameraFiles, photo), join(house, photo));
		// The last one is over 64 MiB, the others are under it.
		await writePhotos(join(studio.workFolder, 'large'), 5, 70 * mebibyte);
	},
);

beforeEach(async () => await studio.control.reset());

const start = manualStart();
const photosIn = (name: string) => readFiles('Photos', `${name}/*.*`);
const create = imagen('Create', 'project', 'create', { editingFlow: 'I2I', name: 'House' });
const upload = imagen('Upload', 'photo', 'upload');

function workflow(...nodes: TestNode[]): WorkflowDefinition {
	return { name: 'Smart Editing', nodes, connections: connections(inARow(nodes)) as object };
}

/** Has n8n run nodes in a row. Gives the execution's id. */
async function begin(...nodes: TestNode[]): Promise<string> {
	const { client, credential } = studio;
	const saved = await client.createWorkflow(withCredential(workflow(start, ...nodes), credential));
	return await client.run(saved, 'Start');
}

async function run(...nodes: TestNode[]): Promise<Execution> {
	return await studio.client.executionEnd(await begin(...nodes));
}

const itemsOf = ({ runs }: Execution, name: string): Item[] => runs[name]?.at(-1)?.data?.main[0] ?? [];

async function fileOf({ binary }: Item): Promise<Buffer> {
	return await studio.client.download(binary!.data);
}

describe('Smart Editing', () => {
	it('Smart Editing goes from photos to JPEGs by single operations, paused meanwhile, without a setting after Start', async () => {
		const execution = await run(
			photosIn('house'),
			create,
			upload,
			imagen('Start Edit', 'edit', 'start', {
				editingFlow: 'I2I',
				smartTools: { perspectiveCorrection: true, skyReplacement: true, skyReplacementTemplateId: 2 },
				whenFinished: 'resume',
			}),
			imagen('Wait', 'edit', 'wait'),
			imagen('Download', 'edit', 'download'),
		);
		expect(execution.error).toBeUndefined();
		const files = itemsOf(execution, 'Download');
		expect(files.map(({ json }) => json.file_name).sort()).toEqual(
			brackets.map((name) => name.replace(/\.\w+$/, '.jpg')).sort(),
		);
		for (const file of files) {
			expect(file.json).toMatchObject({ project_source: 'I2I' });
			expect(await sharp(await fileOf(file)).metadata()).toMatchObject({ format: 'jpeg' });
		}
		expect(await studio.control.billing()).toMatchObject({ edits: 1, exports: 0, photos: brackets.length });
		const calls = (await studio.control.requests()).filter(({ call }) => call === 'callback');
		expect(calls).toMatchObject([{ status: 200 }]);
	});

	it('Smart Editing goes from photos to JPEGs in one node, and is paid once when it is run again by its name', async () => {
		const shoot = imagen('Shoot', 'shoot', 'editPhotos', {
			editingFlow: 'I2I',
			smartTools: { hdrMerge: false },
			projectName: 'House',
			ifNameExists: 'useExisting',
		});
		for (const _run of ['first', 'second']) {
			const execution = await run(photosIn('house'), shoot);
			expect(execution.error).toBeUndefined();
			expect(itemsOf(execution, 'Shoot')).toHaveLength(brackets.length);
		}
		expect(await studio.control.billing()).toMatchObject({ edits: 1, photos: brackets.length });
	});
});

describe('a photo of more than 64 MiB', () => {
	const store = () => filesBelow(join(studio.sandboxFolder, 'imagen'));

	it('a photo of more than 64 MiB is uploaded in parts and arrives unchanged, though parts have to be sent again', async () => {
		await studio.control.addFaults(
			{ kind: 'resetMidBody', call: 'part' },
			{ kind: 'status', call: 'part', status: 503 },
		);
		const execution = await run(photosIn('large'), create, upload);
		expect(execution.error).toBeUndefined();
		expect(await studio.control.uploads()).toMatchObject([
			{ file_name: large, part_count: 2, parts_received: [1, 2], state: 'completed' },
		]);
		const sent = Object.values(await digestsOf(await filesBelow(join(studio.workFolder, 'large'))));
		const stored = await Promise.all((await store()).map(async (path) => digest(await readFile(path))));
		expect(stored).toEqual(expect.arrayContaining(sent));
	});

	it('a part that cannot be sent fails its photo by name, leaves no upload open, and the other photos arrive', async () => {
		await studio.control.addFaults({ kind: 'status', call: 'part', status: 400, times: 'always' });
		const execution = await run(photosIn('large'), create, upload);
		expect(execution.error?.message).toContain(`could not upload '${large}'`);
		expect(await studio.control.uploads()).toMatchObject([{ file_name: large, state: 'aborted' }]);
		const [{ photos }] = await studio.control.projects();
		expect(photos.filter(({ bytes }) => bytes !== null)).toHaveLength(4);
	});

	it('a stopped execution leaves no upload in parts open', async () => {
		await studio.control.addFaults({ kind: 'hang', call: 'part', times: 'always', done: false });
		const execution = await begin(photosIn('large'), create, upload);
		await until(async () => (await studio.control.uploads()).some(({ state }) => state === 'open'));
		await until(async () => (await studio.control.requests()).some(({ call }) => call === 'part'));
		await studio.client.stop(execution);
		await until(async () => (await studio.control.uploads()).every(({ state }) => state === 'aborted'));
	});
});

describe('projects and skies', () => {
	it('a project is found by its name, and Get many projects lists all pages', async () => {
		await studio.control.createProjects(230, 'Wedding');
		const byName = { project: { __rl: true, mode: 'name', value: 'Wedding 150' } };
		const execution = await run(
			imagen('Get', 'project', 'get', byName),
			imagen('Get Many', 'project', 'getAll', { returnAll: true }),
		);
		expect(execution.error).toBeUndefined();
		expect(itemsOf(execution, 'Get')).toMatchObject([{ json: { name: 'Wedding 150', status: 'Pending' } }]);
		const names = itemsOf(execution, 'Get Many').map(({ json }) => json.name);
		expect(new Set(names).size).toBe(230);
	});

	it('archived projects are listed apart', async () => {
		await studio.control.createProjects(3, 'Wedding');
		const [{ project_uuid }] = await studio.control.projects();
		await studio.control.archive(project_uuid);
		const list = (archived: boolean) =>
			imagen(archived ? 'Archived' : 'Current', 'project', 'getAll', {
				returnAll: true,
				filters: { which: archived ? 'archived' : 'current' },
			});
		const execution = await run(list(true));
		expect(itemsOf(execution, 'Archived')).toMatchObject([{ json: { project_uuid } }]);
		expect(itemsOf(await run(list(false)), 'Current')).toHaveLength(2);
	});

	it('the sky templates are listed', async () => {
		const execution = await run(imagen('Skies', 'skyTemplate', 'getAll', { returnAll: true }));
		expect(itemsOf(execution, 'Skies')).toMatchObject([
			{ json: { id: 1, is_default: true } },
			{ json: { id: 2 } },
			{ json: { id: 3 } },
		]);
	});
});
