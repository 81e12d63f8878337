/** Situations that are close to those of the other files, each with the least that shows it. */
import {
	FLOWS,
	continuing,
	create,
	download,
	errorOutput,
	namesOf,
	nodesInARow,
	otherProfile,
	photos,
	retrying,
	shoot,
	start,
	upload,
	useStudio,
	wait,
} from './studio.mts';

const studio = useStudio();
const ITEMS = photos('A_1.NEF', 'A_2.NEF');

describe.each(FLOWS)('Retry On Fail of Upload (%s)', (flow) => {
	const FIVE = ['A_1.NEF', 'A_2.NEF', 'A_3.NEF', 'A_4.NEF', 'A_5.NEF'];
	const settingsOf = [
		{ named: 'with Continue', settings: { ...retrying, ...continuing } },
		{ named: 'with the error output', settings: { ...retrying, ...errorOutput } },
	];

	test.each(settingsOf)(
		'$named: a file that is no photo, whichever comes first, has no photo uploaded twice',
		async ({ settings }) => {
			for (const order of [
				['.DS_Store', ...FIVE],
				[...FIVE, '.DS_Store'],
			]) {
				await studio.begin();
				const strict = upload({ settings, parameters: { options: { ifNotPhoto: 'fail' } } });
				const run = await studio.run([create('Anna', { flow }), strict], photos(...order));
				expect(run.errors('Upload')).toEqual([expect.stringContaining('.DS_Store')]);
				expect(await studio.photoNames('Anna')).toEqual(FIVE);
				expect(await studio.requests('put')).toBe(5);
			}
		},
	);

	test('a file that is no photo is no failure, and is listed', async () => {
		const steps = [create('Anna', { flow }), upload({ settings: retrying })];
		const run = await studio.run(steps, photos('.DS_Store', ...FIVE));
		expect(run.words).toBe('');
		expect(run.json('Upload')).toMatchObject([{ skipped: [{ file_name: '.DS_Store' }] }]);
		expect(await studio.requests('put')).toBe(5);
	});

	test('of Upload sends only the photo that was refused again', async () => {
		await studio.control.addFaults({
			kind: 'status',
			call: 'put',
			fileName: 'A_3.NEF',
			status: 400,
			times: 2,
		});
		const run = await studio.run([create('Anna', { flow }), upload({ settings: retrying })], photos(...FIVE));
		expect(run.words).toBe('');
		expect(run.json('Upload')).toMatchObject([{ number_of_photos: 5 }]);
		expect(await studio.requests('put')).toBe(5 + 2);
	});

	test('of Upload with a photo that is always refused sends the four others once', async () => {
		await studio.control.addFaults({
			kind: 'status',
			call: 'put',
			fileName: 'A_3.NEF',
			status: 400,
			times: 'always',
		});
		const run = await studio.run([create('Anna', { flow }), upload({ settings: retrying })], photos(...FIVE));
		expect(run.words).toContain('A_3.NEF');
		expect(await studio.requests('put')).toBe(4 + 3);
	});
});

test.each(['Queued', 'Processing'])(
	'a new project whose status is %s before its first edit is edited',
	async (word) => {
		await studio.control.set({ statusBeforeStart: word });
		const run = await studio.run([shoot('Anna')], ITEMS);
		expect(await studio.bill()).toMatchObject({ edits: 1 });
		expect(run.words).toBe('');
	},
);

test('a page of results is not taken for a photo that came later, with the advice to pay again', async () => {
	await studio.control.set({ linksPerPage: 1 });
	await studio.control.createProject({ name: 'Anna', photos: ['A_1.NEF', 'A_2.NEF'], state: 'edited' });
	const run = await studio.run([shoot('Anna', { profile: otherProfile })], ITEMS);
	expect(run.words).not.toContain('Start Again');
});

describe("while a list of results fills, another photo's result is not taken for one of another name", () => {
	beforeEach(async () => await studio.control.set({ fillSeconds: 20 }));

	test.each(['edited', 'exported'])(
		'by a Shoot of some of the photos that were edited: %s',
		async (results) => {
			await studio.run([create('Anna'), upload(), start()], photos('A_1.NEF', 'A_2.NEF'));
			const run = await studio.run([shoot('Anna', { results })], photos('A_2.NEF'));
			expect(run.words).toBe('');
			expect(namesOf(await run.files('Shoot')).map((name) => name.split('.')[0])).toContain('A_2');
		},
	);

	test('by Download of a project in which there are photos of somebody else', async () => {
		await studio.control.createProject({ name: 'Anna', photos: ['A_1.NEF', 'A_2.NEF'], state: 'uploaded' });
		await studio.control.set({ countLagSeconds: 60 });
		const steps = [create('Anna'), upload(), start(), download()];
		const run = await studio.run(steps, photos('A_2.NEF'));
		expect(run.words).toBe('');
		expect(namesOf(await run.files('Download'))).toEqual(['A_1.xmp', 'A_2.xmp']);
	});
});

test('a list in pages is read to its end', async () => {
	await studio.control.set({ linksPerPage: 1 });
	expect((await studio.run([shoot('Anna')], ITEMS)).words).toBe('');
});

test('a shoot whose edit was exported by itself gives the exported photos', async () => {
	await studio.run([create('Anna'), upload(), start({ options: { export: true } }), wait()], ITEMS);
	const run = await studio.run([shoot('Anna', { results: 'exported' })], ITEMS);
	expect(run.words).toBe('');
});

test.each([90, 300])(
	'a second edit by Start Again gives its own results, with a status that lags %i s',
	async (lag) => {
		await studio.control.set({ editSeconds: 20, statusLagSeconds: lag });
		await studio.run([shoot('Anna')], ITEMS);
		const before = await studio.resultsOf('Anna');
		const run = await studio.run([shoot('Anna', { options: { ifAlreadyStarted: 'startAgain' } })], ITEMS);
		const same = [...(await run.files('Shoot'))].filter(([name, bytes]) => before.get(name)?.equals(bytes));
		expect(same.map(([name]) => name)).toEqual([]);
	},
);

describe.each(FLOWS)('photos of the same names and sizes, with other bytes (%s)', (flow) => {
	const others = ITEMS.map((item) => ({
		...item,
		files: { data: { ...item.files!.data, bytes: Buffer.alloc(300, 'x') } },
	}));

	test('in a loop of Shoot do not get the results of the first ones', async () => {
		const run = await studio.run([shoot('Anna', { flow })], [...ITEMS, ...others], { batchSize: 2 });
		expect(run.words).not.toBe('');
	});

	test('in a later execution do not get the results of the first ones', async () => {
		await studio.run(nodesInARow('Anna', { flow }), ITEMS);
		expect((await studio.run(nodesInARow('Anna', { flow }), others)).words).not.toBe('');
	});
});

test.each(['', '404'])(
	'Smart Editing with the status "%s" before: a later execution sends what an earlier one uploaded',
	async (word) => {
		await studio.control.set({ statusBeforeStart: word });
		await studio.run([create('Anna', { flow: 'I2I' }), upload()], ITEMS);
		const run = await studio.run([create('Anna', { flow: 'I2I' }), start({ flow: 'I2I' })], ITEMS);
		expect(run.words).toBe('');
	},
);

test.each(['', '404'])(
	'Smart Editing with the status "%s" before: a Shoot that broke off is gone on with',
	async (word) => {
		await studio.control.set({ statusBeforeStart: word });
		await studio.control.addFaults({
			kind: 'status',
			call: 'put',
			fileName: 'A_2.NEF',
			status: 400,
			times: 1,
		});
		expect((await studio.run([shoot('Anna', { flow: 'I2I' })], ITEMS)).words).not.toBe('');
		expect((await studio.run([shoot('Anna', { flow: 'I2I' })], ITEMS)).words).toBe('');
	},
);
