import type { EditingFlow } from '../../nodes/Imagen/api/projectRef.ts';
import { until } from '../../sandbox/until.mts';
import { advanceMinutes } from '../faults/quickTime.mts';
import {
	continuing,
	create,
	errorOutput,
	namesOf,
	nodesInARow,
	otherProfile,
	photos,
	retrying,
	preview,
	shoot,
	start,
	upload,
	useStudio,
	wait,
	download,
	type Step,
} from './studio.mts';

const studio = useStudio();

const ITEMS = photos('A_1.NEF', 'A_2.NEF');
const FAIL = { options: { ifNameExists: 'fail' } };

/** The same shoot in either way, with If Name Exists set to Fail. */
const ways = (['REGULAR', 'I2I'] as const).flatMap((flow) => {
	const named = flow === 'I2I' ? ', Smart Editing' : '';
	const call = flow === 'I2I' ? ('smartCreate' as const) : ('create' as const);
	return [
		{
			way: `nodes in a row${named}`,
			flow,
			call,
			steps: [
				create('Anna', { flow, ifNameExists: 'fail', settings: retrying }),
				upload(),
				start({ flow }),
				wait(),
				download(),
			],
		},
		{ way: `Shoot${named}`, flow, call, steps: [shoot('Anna', { flow, ...FAIL, settings: retrying })] },
	];
});

describe('a name that belongs to another shoot, of which a first try of Retry On Fail learned nothing', () => {
	const states = ['uploaded', 'editing', 'edited', 'exported'] as const;

	test.each(
		states.flatMap((state) =>
			ways.filter(({ flow }) => flow === 'REGULAR').map((way) => ({ ...way, state })),
		),
	)('by $way: a project that is $state is not taken for the own one', async ({ steps, call, state }) => {
		await studio.control.set({ editSeconds: 1000, numbersAsText: true });
		await studio.control.createProject({ name: 'Anna', photos: ['B_1.NEF'], state });
		await studio.control.addFaults({ kind: 'status', call, status: 503 });
		const run = await studio.run(steps, ITEMS);
		expect(run.words).toContain("A project named 'Anna' already exists");
		expect((await studio.project('Anna')).photos.map(({ file_name }) => file_name)).toEqual(['B_1.NEF']);
		expect(await studio.requests('edit', 'uploadLinks')).toBe(0);
		expect(await studio.bill()).toMatchObject({ edits: 0, photos: 0 });
	});

	test('an empty project that is older than the first try is not taken for the own one', async () => {
		await studio.control.createProject({ name: 'Anna', photos: [], state: 'empty' });
		advanceMinutes(1);
		await studio.control.addFaults({ kind: 'status', call: 'create', status: 503 });
		const run = await studio.run([shoot('Anna', { ...FAIL, settings: retrying })], ITEMS);
		expect(run.words).toContain("A project named 'Anna' already exists");
	});

	test('a project of Smart Editing with photos of somebody else is not taken for the own one', async () => {
		const uuid = await studio.client.createSmart('Anna');
		const [link] = await studio.client.smartUploadLinks(uuid, 'B_1.NEF');
		await fetch(link, { method: 'PUT', body: 'raw', headers: { 'Content-Type': '' } });
		await studio.control.clearRequests();
		await studio.control.addFaults({ kind: 'status', call: 'smartCreate', status: 503 });
		const run = await studio.run([shoot('Anna', { flow: 'I2I', ...FAIL, settings: retrying })], ITEMS);
		expect(run.words).toContain("A project named 'Anna' already exists");
		expect(await studio.requests('smartEdit', 'smartUploadLinks')).toBe(0);
	});

	test.each(ways)(
		'by $way: the project that the first try created without an answer is the own one',
		async (way) => {
			await studio.control.addFaults({ kind: 'status', call: way.call, status: 503, done: true });
			const run = await studio.run(way.steps, ITEMS);
			expect(run.words).toBe('');
			expect(await studio.control.projects()).toHaveLength(1);
			expect(await studio.bill()).toMatchObject({ edits: 1, photos: 2 });
		},
	);
});

describe('a project that an earlier run left empty', () => {
	/** Nothing arrives. */
	const failing = async (flow: EditingFlow, steps: Step[], mode: 'manual' | 'trigger' = 'trigger') => {
		const call = flow === 'I2I' ? ('smartUploadLinks' as const) : ('uploadLinks' as const);
		await studio.control.addFaults({ kind: 'status', call, status: 400, times: 'always' });
		const run = await studio.run(steps, ITEMS, { mode });
		await studio.control.clearFaults();
		expect(run.words).not.toBe('');
		expect(await studio.bill()).toMatchObject({ edits: 0 });
	};

	describe.each([
		{ when: 'at once', passTime: () => {} },
		{ when: 'after a restart of n8n', passTime: () => studio.restart() },
	])('$when', ({ passTime }) => {
		test.each(ways)(
			'by $way: it is used by the next run, which is no other project',
			async ({ steps, flow }) => {
				await failing(flow, steps);
				passTime();
				const second = await studio.run(steps, ITEMS);
				expect(second.words).toBe('');
				expect(await second.files(steps.at(-1)!.name)).toEqual(await studio.resultsOf('Anna'));
				expect(await studio.control.projects()).toHaveLength(1);
				expect(await studio.bill()).toMatchObject({ edits: 1, photos: 2 });
			},
		);
	});

	test('after a run by hand: it is used by the next one', async () => {
		const steps = [shoot('Anna', FAIL)];
		await failing('REGULAR', steps, 'manual');
		expect((await studio.run(steps, ITEMS, { mode: 'manual' })).words).toBe('');
		expect(await studio.control.projects()).toHaveLength(1);
	});

	test('it is used under Add Timestamp, so that no empty project stays', async () => {
		const steps = [shoot('Anna', { options: { ifNameExists: 'addTimestamp' } })];
		await failing('REGULAR', steps);
		expect((await studio.run(steps, ITEMS)).words).toBe('');
		expect((await studio.control.projects()).map(({ name }) => name)).toEqual(['Anna']);
	});

	test('it is not used where somebody has brought photos to it meanwhile', async () => {
		const steps = [shoot('Anna', FAIL)];
		await failing('REGULAR', steps);
		const { project_uuid: uuid } = await studio.project('Anna');
		await studio.client.upload(uuid, { 'B_1.NEF': Buffer.from('raw') });
		expect((await studio.run(steps, ITEMS)).words).toContain("A project named 'Anna' already exists");
		expect(await studio.bill()).toMatchObject({ edits: 0 });
	});

	test('it is not used while the run that made it goes on', async () => {
		await studio.control.addFaults({ kind: 'hang', call: 'uploadLinks', seconds: 1, done: false });
		const steps = [shoot('Anna', FAIL)];
		const first = studio.run(steps, ITEMS);
		await until(async () => (await studio.requests('uploadLinks')) > 0);
		const second = await studio.run(steps, photos('B_1.NEF'));
		expect(second.words).toContain("A project named 'Anna' already exists");
		expect((await first).words).toBe('');
		expect(await studio.bill()).toMatchObject({ edits: 1, photos: 2 });
	});

	test('a project that some photos have reached is not taken for an empty one', async () => {
		const steps = [shoot('Anna', FAIL)];
		await studio.control.addFaults({
			kind: 'status',
			call: 'put',
			status: 400,
			times: 'always',
			fileName: 'A_2.NEF',
		});
		expect((await studio.run(steps, ITEMS)).words).toContain('A_2.NEF');
		await studio.control.clearFaults();
		expect((await studio.run(steps, ITEMS)).words).toContain("A project named 'Anna' already exists");
		expect(await studio.control.projects()).toHaveLength(1);
	});
});

describe('a name that is taken by a project which the node cannot use', () => {
	const items = photos('A_1.JPG', 'A_2.JPG', 'A_3.JPG', 'A_4.JPG', 'A_5.JPG');
	const taken = {
		'of the other flow': async (flow: EditingFlow) =>
			await studio.run([create('Anna', { flow: flow === 'I2I' ? 'REGULAR' : 'I2I' })], [{ json: {} }]),
		archived: async (flow: EditingFlow) => {
			await studio.run([create('Anna', { flow }), upload()], items);
			await studio.control.archive((await studio.project('Anna')).project_uuid);
		},
	};
	const everyWay = (['of the other flow', 'archived'] as const).flatMap((whose) =>
		(['useExisting', 'fail'] as const).map((ifNameExists) => ({ whose, ifNameExists })),
	);

	test.each(everyWay)(
		'the error says that a project $whose may have it, with $ifNameExists of Smart Editing',
		async ({ whose, ifNameExists }) => {
			await taken[whose]('I2I');
			studio.restart();
			for (const step of [
				create('Anna', { flow: 'I2I', ifNameExists }),
				shoot('Anna', { flow: 'I2I', options: { ifNameExists } }),
			]) {
				const { words } = await studio.run([step], items);
				expect(words).toContain("'Anna'");
				expect(words).toContain('a project of the other editing flow (AI Profile');
				expect(words).toContain('an archived one');
				expect(words).toContain("set 'If Name Exists' to Add Timestamp");
				expect(words).not.toMatch(/simpler name|Check the spelling|No Smart Editing project is named/);
			}
			expect(await studio.control.projects()).toHaveLength(1);
		},
	);

	test('Use Existing says the same where Imagen does not check names before', async () => {
		await taken['of the other flow']('I2I');
		studio.restart();
		await studio.control.addFaults({ kind: 'status', call: 'smartNameCheck', status: 404, times: 'always' });
		const { words } = await studio.run([create('Anna', { flow: 'I2I' })], [{ json: {} }]);
		expect(words).toContain("The name 'Anna' is taken, but not by a project that this node can use");
	});
});

describe('several shoots of which one has a name that exists', () => {
	const items = ['Anna', 'Ben'].map((client) => {
		const [item] = photos(`${client}_1.NEF`);
		return { ...item, json: { client } };
	});
	const GROUPED = { projectName: '', groupBy: '={{ $json.client }}', ifNameExists: 'fail' };
	const both = (settings?: Step['settings']) => [shoot('', { options: GROUPED, settings })];

	test('nothing is uploaded or billed before the error, whichever comes first', async () => {
		await studio.control.createProject({ name: 'Ben', photos: ['B_1.NEF'], state: 'edited' });
		for (const order of [items, items.toReversed()]) {
			const run = await studio.run(both(), order);
			expect(run.words).toContain("A project named 'Ben' already exists");
		}
		expect(await studio.requests('edit', 'uploadLinks', 'put')).toBe(0);
		expect(await studio.bill()).toEqual({ edits: 0, photos: 0, exports: 0 });
	});

	test('Retry On Fail bills nothing either', async () => {
		await studio.control.createProject({ name: 'Ben', photos: ['B_1.NEF'], state: 'uploaded' });
		const run = await studio.run(both(retrying), items);
		expect(run.words).toContain("A project named 'Ben' already exists");
		expect(await studio.requests('edit', 'put')).toBe(0);
	});

	test('with Continue the other shoot is edited, and the one with the name is an error item', async () => {
		await studio.control.createProject({ name: 'Ben', photos: ['B_1.NEF'], state: 'edited' });
		const run = await studio.run(both(continuing), items);
		expect(run.errors('Shoot')).toEqual(["A project named 'Ben' already exists"]);
		expect(namesOf(await run.files('Shoot'))).toEqual(['Anna_1.xmp']);
		expect(await studio.bill()).toMatchObject({ edits: 1, photos: 1 });
	});

	test('the error output has the one, the regular output the results of the other', async () => {
		await studio.control.createProject({ name: 'Ben', photos: ['B_1.NEF'], state: 'edited' });
		const run = await studio.run(both(errorOutput), items);
		expect(run.json('Shoot', 1)).toMatchObject([{ client: 'Ben' }]);
		expect(namesOf(await run.files('Shoot'))).toEqual(['Anna_1.xmp']);
	});

	test('once the name is free, the next run goes on in the project that the first one had made for the other shoot', async () => {
		await studio.control.createProject({ name: 'Ben', photos: ['B_1.NEF'], state: 'edited' });
		await studio.run(both(), items);
		const [anna] = items;
		const run = await studio.run(both(), [anna]);
		expect(run.words).toBe('');
		expect(namesOf(await run.files('Shoot'))).toEqual(['Anna_1.xmp']);
		expect((await studio.control.projects()).map(({ name }) => name).sort()).toEqual(['Anna', 'Ben']);
	});

	test('a preview says the same before', async () => {
		await studio.control.createProject({ name: 'Ben', photos: ['B_1.NEF'], state: 'edited' });
		const run = await studio.run([preview('', { options: GROUPED })], items);
		expect(run.json('Shoot')).toMatchObject([
			{ project_name: 'Anna', project: 'will be created', photos_billed: 1 },
			{ project_name: 'Ben', project: 'already exists, so Edit shoot would fail', photos_billed: 0 },
		]);
	});
});

test('an edited project of somebody else is neither edited once more, nor taken for the photos that come after', async () => {
	await studio.control.createProject({ name: 'Anna', photos: ['A_1.NEF', 'A_2.NEF'], state: 'edited' });
	const run = await studio.run(nodesInARow('Anna', { profile: otherProfile }), ITEMS);
	expect(run.words).toContain('are not in the edit of project');
	expect(await studio.bill()).toMatchObject({ edits: 0 });
});
