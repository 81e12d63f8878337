import { jpegProfile } from '../../sandbox/sandboxClient.mts';
import { photo, type InputItem } from '../support/engine/index.ts';
import { LinkServer } from '../support/linkServer.mts';
import { byId } from '../support/imagen.ts';
import { photoBytes } from '../support/photoBytes.ts';
import { advanceMinutes } from '../faults/quickTime.mts';
import { create, photos, retrying, shoot, start, upload, useStudio, type Step } from './studio.mts';

const studio = useStudio();

const NOW = "{{ $now.toFormat('yyyy-MM-dd HH:mm') }}";

const of = (name: string, client: string): InputItem => ({
	...photo(name, photoBytes(name, `photo ${name}\n`.padEnd(300, '\0'))),
	json: { client },
});
const ANNA = ['A_1.NEF', 'A_2.NEF'].map((name) => of(name, 'Anna'));
const BEN = of('B_1.NEF', 'Ben');

describe('Retry On Fail of a shoot whose name has the time, a few minutes later', () => {
	const failOnce = async (fileName: string) => {
		await studio.control.addFaults({ kind: 'status', call: 'get', status: 400, fileName, times: 1 });
		await studio.control.set({ editSeconds: 300 });
	};

	test.each([
		['Group By', '', { groupBy: `={{ $json.client }} ${NOW}` }],
		['Project Name', `={{ $json.client }} ${NOW}`, {}],
		['Project Name, with Use Existing', `={{ $json.client }} ${NOW}`, { ifNameExists: 'useExisting' }],
	])('goes on in the project of the first try: %s', async (_field, name, options) => {
		await failOnce('A_1.xmp');
		const step = shoot(name, { settings: retrying, options: { ifNameExists: 'fail', ...options } });
		const run = await studio.run([step], ANNA);
		expect(run.words).toBe('');
		expect(await studio.control.projects()).toHaveLength(1);
		expect(await studio.bill()).toMatchObject({ edits: 1, photos: 2 });
	});

	test('takes for each of several shoots its own project', async () => {
		await failOnce('B_1.xmp');
		const options = { ifNameExists: 'fail', groupBy: `={{ $json.client }} ${NOW}` };
		const run = await studio.run([shoot('', { settings: retrying, options })], [...ANNA, BEN]);
		expect(run.words).toBe('');
		const projects = await studio.control.projects();
		expect(projects.map(({ photos: its }) => its.map(({ file_name }) => file_name).sort()).sort()).toEqual([
			['A_1.NEF', 'A_2.NEF'],
			['B_1.NEF'],
		]);
		expect(await studio.bill()).toMatchObject({ edits: 2, photos: 3 });
	});

	test('takes for the RAW photos and the JPEGs of a shoot the project of their kind', async () => {
		await failOnce('A_1.xmp');
		const options = { ifNameExists: 'fail', ifMixed: 'split', jpegProfile: byId(jpegProfile) };
		const step = shoot(`={{ $json.client }} ${NOW}`, { settings: retrying, options });
		const run = await studio.run([step], [...ANNA, of('C_1.JPG', 'Anna')]);
		expect(run.words).toBe('');
		expect(await studio.control.projects()).toHaveLength(2);
		expect(await studio.bill()).toMatchObject({ edits: 2, photos: 3 });
	});

	test('goes on in the project that the first try has found by its name', async () => {
		const tenMinutes = 600_000;
		advanceMinutes((tenMinutes - (Date.now() % tenMinutes)) / 60_000);
		const name = String(Math.floor(Date.now() / tenMinutes));
		await studio.control.createProject({ name, photos: [], state: 'empty' });
		await failOnce('A_1.xmp');
		await studio.control.set({ editSeconds: 1500 });
		const step = shoot(`={{ Math.floor($now.toMillis() / ${tenMinutes}) }}`, { settings: retrying });
		const run = await studio.run([step], ANNA);
		expect(run.words).toBe('');
		expect(await studio.control.projects()).toHaveLength(1);
		expect(await studio.bill()).toMatchObject({ edits: 1, photos: 2 });
	});

	test('keeps the turns of a loop apart', async () => {
		await failOnce('B_1.xmp');
		const options = { ifNameExists: 'fail' };
		const step = shoot(`={{ $json.client }} ${NOW}`, { settings: retrying, options });
		const run = await studio.run([step], [ANNA[0], BEN], { batchSize: 1 });
		expect(run.words).toBe('');
		expect(await studio.photoNames((await studio.control.projects())[0].name)).toHaveLength(1);
		expect(await studio.bill()).toMatchObject({ edits: 2, photos: 2 });
	});
});

describe('Retry On Fail of Create whose name has the time', () => {
	const CREATE = create('=Shoot {{ $now.toISO() }}', { settings: retrying });

	test('finds the project that the first try created without an answer', async () => {
		await studio.control.addFaults({ kind: 'status', call: 'create', status: 503, done: true });
		const run = await studio.run([CREATE, upload()], photos('A_1.NEF'));
		expect(run.words).toBe('');
		expect(await studio.control.projects()).toHaveLength(1);
		expect(await studio.photoNames(String(run.json('Create')[0].project_name))).toEqual(['A_1.NEF']);
	});

	test('creates each of several projects once', async () => {
		await studio.control.addFaults({ kind: 'status', call: 'create', status: 503, done: true, times: 2 });
		const items = ['Anna', 'Ben'].map((client) => ({ json: { client } }));
		const run = await studio.run(
			[create('={{ $json.client }} {{ $now.toISO() }}', { settings: retrying })],
			items,
		);
		expect(run.words).toBe('');
		const names = (await studio.control.projects()).map(({ name }) => name.split(' ')[0]);
		expect(names.sort()).toEqual(['Anna', 'Ben']);
	});
});

describe('Retry On Fail of photos from links, whose File Name has the time', () => {
	let drive: LinkServer;
	beforeAll(async () => {
		drive = await LinkServer.open();
	});
	afterAll(async () => await drive.close());

	const NAMES = ['A_1.NEF', 'A_2.NEF', 'A_3.NEF'];
	const links = () =>
		NAMES.map((name) => ({
			json: { name, url: drive.keep(name, photoBytes(name, `${name}\0`.repeat(1000))) },
		}));
	const fromLinks = (step: Step): Step => ({
		...step,
		settings: retrying,
		parameters: {
			...step.parameters,
			photosFrom: 'links',
			link: "={{ $('Photos').item.json.url }}",
			fileName: "={{ $now.toMillis() }}_{{ $('Photos').item.json.name }}",
		},
	});

	test.each([
		['Upload', [create('Anna'), fromLinks(upload()), start()]],
		['Shoot', [fromLinks(shoot('Anna'))]],
	])('keeps the names of the first try: %s', async (_node, steps) => {
		await studio.control.addFaults({ kind: 'status', call: 'put', status: 400, times: 1 });
		const run = await studio.run(steps, links());
		expect(run.words).toBe('');
		expect(await studio.photoNames('Anna')).toHaveLength(3);
		expect(await studio.bill()).toMatchObject({ edits: 1, photos: 3 });
	});
});
