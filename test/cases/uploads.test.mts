import type { CallName } from '../../sandbox/calls.mts';
import { readBinary } from '../support/engine/index.ts';
import {
	FLOWS,
	continuing,
	create,
	download,
	lateNames,
	namesOf,
	photos,
	retrying,
	shoot,
	start,
	upload,
	useStudio,
	wait,
	type Step,
} from './studio.mts';

const studio = useStudio();

describe.each(FLOWS)('batches of a loop that bring photos to one project (%s)', (flow) => {
	const row = (options = {}, settings?: Step['settings']) => [
		create('Anna', { flow }),
		upload({ parameters: { options }, settings }),
	];
	const repeating = [...photos('A_1.NEF', 'A_2.NEF'), ...photos('A_1.NEF', 'A_3.NEF')];

	test('a name of an earlier batch is an error before anything of the later one is sent', async () => {
		const run = await studio.run(row(), repeating, { batchSize: 2 });
		expect(run.words).toContain("'A_1.NEF' has the same name as another photo, one that was uploaded before");
		expect(await studio.requests('put')).toBe(2);
	});

	test('a name of an earlier batch is an error item with Continue, and the others of the batch arrive', async () => {
		const run = await studio.run(row({}, continuing), repeating, { batchSize: 2 });
		expect(run.words).toBe('');
		expect(run.errors('Upload')).toEqual([expect.stringContaining("'A_1.NEF'")]);
		expect(await studio.photoNames('Anna')).toEqual(['A_1.NEF', 'A_2.NEF', 'A_3.NEF']);
	});

	test('Make Unique gives a name of its own to a photo of a later batch', async () => {
		const run = await studio.run(row({ ifNamesRepeat: 'makeUnique' }), repeating, { batchSize: 2 });
		expect(run.words).toBe('');
		expect(await studio.photoNames('Anna')).toEqual(['A_1-2.NEF', 'A_1.NEF', 'A_2.NEF', 'A_3.NEF']);
	});

	test('a name whose result would overwrite that of an earlier batch is found as well', async () => {
		const run = await studio.run(row(), [...photos('A_1.NEF'), ...photos('a_1.CR2')], { batchSize: 1 });
		expect(run.words).toContain("'a_1.CR2' has the same name as another photo");
	});

	test('photos of different names all arrive, and one edit after the loop holds all', async () => {
		const items = photos('A_1.NEF', 'A_2.NEF', 'A_3.NEF', 'A_4.NEF');
		expect((await studio.run(row(), items, { batchSize: 2 })).words).toBe('');
		const run = await studio.run(
			[create('Anna', { flow }), start({ flow }), wait(), download()],
			[{ json: {} }],
		);
		expect(run.words).toBe('');
		expect((await run.files('Download')).size).toBe(4);
		expect(await studio.bill()).toMatchObject({ edits: 1, photos: 4 });
	});

	test('a Start inside the loop edits the first batch, and the second one is an error that names its photos', async () => {
		const items = photos('A_1.NEF', 'A_2.NEF', 'A_3.NEF', 'A_4.NEF');
		const run = await studio.run([...row(), start({ flow })], items, { batchSize: 2 });
		expect(lateNames(run.words)).toEqual(['A_3.NEF', 'A_4.NEF']);
		expect(await studio.bill()).toMatchObject({ edits: 1, photos: 2 });
	});

	test('Retry On Fail in a loop does not take its own photos for those of an earlier batch', async () => {
		const call: CallName = flow === 'I2I' ? 'smartUploadLinks' : 'uploadLinks';
		await studio.control.addFaults({
			kind: 'status',
			call: 'put',
			status: 400,
			fileName: 'A_4.NEF',
			times: 1,
		});
		const items = photos('A_1.NEF', 'A_2.NEF', 'A_3.NEF', 'A_4.NEF');
		const run = await studio.run(row({}, retrying), items, { batchSize: 2 });
		expect(run.words).toBe('');
		expect(await studio.photoNames('Anna')).toEqual(['A_1.NEF', 'A_2.NEF', 'A_3.NEF', 'A_4.NEF']);
		expect(await studio.requests(call)).toBe(3);
	});

	test('a later execution may bring a photo of the same name again', async () => {
		expect((await studio.run(row(), photos('A_1.NEF'))).words).toBe('');
		expect((await studio.run(row(), photos('A_1.NEF'))).words).toBe('');
		expect(await studio.photoNames('Anna')).toEqual(['A_1.NEF']);
	});
});

describe.each(FLOWS)('Shoot in a loop with one project name (%s)', (flow) => {
	const items = photos('A_1.NEF', 'A_2.NEF', 'A_3.NEF', 'A_4.NEF');

	test('makes a project for each batch with Add Timestamp', async () => {
		const run = await studio.run(
			[shoot('Anna', { flow, options: { ifNameExists: 'addTimestamp' } })],
			items,
			{
				batchSize: 2,
			},
		);
		expect(run.words).toBe('');
		expect(await studio.control.projects()).toHaveLength(2);
		expect(await studio.bill()).toMatchObject({ edits: 2, photos: 4 });
	});

	test('does not give the results of the first batch for photos of the same names with other bytes', async () => {
		const other = photos('A_1.NEF', 'A_2.NEF').map((item) => ({
			...item,
			files: { data: { ...item.files!.data, bytes: Buffer.alloc(999, 'x\0') } },
		}));
		const run = await studio.run([shoot('Anna', { flow })], [...photos('A_1.NEF', 'A_2.NEF'), ...other], {
			batchSize: 2,
		});
		for (const name of ['A_1.NEF', 'A_2.NEF'])
			expect(run.words).toMatch(new RegExp(`'${name}' \\(item \\d, like one that was uploaded before\\)`));
		expect(await studio.bill()).toMatchObject({ edits: 1, photos: 2 });
	});
});

describe.each(FLOWS)('Retry On Fail (%s)', (flow) => {
	const FIVE = ['A_1.NEF', 'A_2.NEF', 'A_3.NEF', 'A_4.NEF', 'A_5.NEF'];
	test('of Shoot sends only the photo that was refused again, and bills once', async () => {
		await studio.control.addFaults({
			kind: 'status',
			call: 'put',
			fileName: 'A_3.NEF',
			status: 400,
			times: 2,
		});
		const run = await studio.run([shoot('Anna', { flow, settings: retrying })], photos(...FIVE));
		expect(run.words).toBe('');
		expect(await studio.requests('put')).toBe(5 + 2);
		expect(await studio.bill()).toMatchObject({ edits: 1, photos: 5 });
	});

	test('of Shoot with a photo that is always refused, with Continue: nothing is sent twice', async () => {
		await studio.control.addFaults({
			kind: 'status',
			call: 'put',
			fileName: 'A_1.NEF',
			status: 400,
			times: 'always',
		});
		const settings = { ...retrying, ...continuing };
		const options = { editWithoutFailed: true };
		const run = await studio.run([shoot('Anna', { flow, settings, options })], photos(...FIVE));
		expect(run.errors('Shoot')).toEqual([expect.stringContaining('A_1.NEF')]);
		expect((await run.files('Shoot')).size).toBe(4);
		expect(await studio.bill()).toMatchObject({ edits: 1, photos: 4 });
	});

	test('of Download, where one file is always refused, gives the others and bills nothing', async () => {
		const first = flow === 'I2I' ? 'A_1.jpg' : 'A_1.xmp';
		await studio.control.addFaults({
			kind: 'status',
			call: 'get',
			fileName: first,
			status: 400,
			times: 'always',
		});
		const steps = [
			create('Anna', { flow }),
			upload(),
			start({ flow }),
			wait(),
			download({ settings: { ...retrying, ...continuing } }),
		];
		const run = await studio.run(steps, photos(...FIVE));
		expect(namesOf(await run.files('Download'))).toHaveLength(4);
		expect(run.errors('Download')).toEqual([expect.stringContaining(first)]);
		expect(await studio.bill()).toMatchObject({ edits: 1, photos: 5 });
	});
});

test('the photos arrive with their bytes whatever is tried again', async () => {
	await studio.control.addFaults(
		{ kind: 'status', call: 'put', fileName: 'A_1.jpg', status: 400 },
		{ kind: 'resetMidBody', call: 'put', fileName: 'A_2.jpg', times: 3 },
	);
	const items = photos('A_1.jpg', 'A_2.jpg', 'A_3.jpg');
	const run = await studio.run([create('Anna'), upload({ settings: retrying })], items);
	expect(run.words).toBe('');
	const sizes = (await studio.project('Anna')).photos.map(({ bytes }) => bytes);
	expect(sizes).toEqual([300, 300, 300]);
	const [{ binary }] = run.items('Create');
	expect((await readBinary(binary!.data)).length).toBe(300);
});
