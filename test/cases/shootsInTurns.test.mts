import { continuing, errorOutput, FLOWS, photos, preview, shoot, useStudio, type Ended } from './studio.mts';

const studio = useStudio();

const ITEMS = photos('A_1.NEF', 'A_2.NEF', 'A_3.NEF', 'A_4.NEF', 'A_5.NEF', 'A_6.NEF');
const batchSize = 3;

/** The storage takes none of this photo's tries in the first turn. */
async function refuse(fileName: string): Promise<void> {
	await studio.control.addFaults({ kind: 'status', call: 'put', status: 400, fileName, times: 1 });
}

const allRuns = (run: Ended) =>
	run.result.run.data.resultData.runData.Shoot.map(({ data }) =>
		(data?.main[0] ?? []).map(({ json }) => json),
	);

describe.each(FLOWS)('a Shoot in a loop (%s)', (flow) => {
	test.each(['fail', 'useExisting'])(
		'says that its edit was sent in an earlier turn, and what to do, before it uploads anything more (If Name Exists: %s)',
		async (ifNameExists) => {
			const run = await studio.run([shoot('Anna', { flow, options: { ifNameExists } })], ITEMS, {
				batchSize,
			});
			expect(run.words).toMatch(/^3 photos are not in the edit .* started earlier in the loop: 'A_4.NEF'/);
			expect(run.words).toContain('put Upload photos into the loop and Start edit after it');
			expect(await studio.photoNames('Anna')).toEqual(['A_1.NEF', 'A_2.NEF', 'A_3.NEF']);
			expect(await studio.bill()).toMatchObject({ edits: 1, photos: 3 });
		},
	);

	test.each(['fail', 'useExisting'])(
		'adds to its project as long as its edit was not sent (If Name Exists: %s)',
		async (ifNameExists) => {
			await refuse('A_2.NEF');
			const step = shoot('Anna', { flow, options: { ifNameExists }, settings: continuing });
			const run = await studio.run([step], ITEMS, { batchSize });
			const [first, second] = allRuns(run);
			expect(first.every(({ error }) => String(error).includes("could not upload 'A_2.NEF'"))).toBe(true);
			expect(second.map(({ source_file_name }) => source_file_name).sort()).toEqual([
				'A_4.NEF',
				'A_5.NEF',
				'A_6.NEF',
			]);
			expect(await studio.bill()).toMatchObject({ edits: 1, photos: 5 });
			const hints = run.result.run.data.resultData.runData.Shoot[1].hints?.map(({ message }) => message);
			expect(hints?.join()).toContain('also includes 2 photos from earlier in the loop');
		},
	);

	test('takes its failed photos a second time, as they are the same', async () => {
		await refuse('A_2.NEF');
		const again = [...ITEMS.slice(0, 3), ...ITEMS.slice(0, 3)];
		const run = await studio.run([shoot('Anna', { flow, settings: continuing })], again, { batchSize });
		const sources = run.json('Shoot').map(({ source_file_name }) => source_file_name);
		expect(sources.sort()).toEqual(['A_1.NEF', 'A_2.NEF', 'A_3.NEF']);
		expect(await studio.bill()).toMatchObject({ edits: 1, photos: 3 });
	});

	test('knows the names of earlier turns: another photo of such a name is not put in its place', async () => {
		await refuse('A_2.NEF');
		const [same, ...rest] = ITEMS.slice(0, 3);
		const other = { ...same, files: { data: { ...same.files!.data, bytes: Buffer.alloc(300, 'x\0') } } };
		const steps = [shoot('Anna', { flow, settings: continuing })];
		const run = await studio.run(steps, [same, ...rest, other, ...ITEMS.slice(3, 5)], { batchSize });
		expect(run.errors('Shoot')[0]).toContain(
			"'A_1.NEF' has the same name as another photo, one that was uploaded before",
		);
		expect(await studio.bill()).toMatchObject({ edits: 0 });
	});
});

describe('an item without a photo', () => {
	const items = [...ITEMS.slice(0, 2), { json: { of: 'no photo' } }, ...ITEMS.slice(2)];
	const without = { options: { editWithoutFailed: true } };

	test('fails alone on the error output, and the others are edited', async () => {
		const run = await studio.run([shoot('Anna', { ...without, settings: errorOutput })], items);
		expect(run.words).toBe('');
		expect(run.json('Shoot')).toHaveLength(6);
		expect(run.json('Shoot', 1)).toEqual([
			expect.objectContaining({ of: 'no photo', error: expect.stringContaining("'data'") }),
		]);
		expect(await studio.bill()).toMatchObject({ edits: 1, photos: 6 });
	});

	test('is told at the output where the node does not continue on fail', async () => {
		const run = await studio.run([shoot('Anna', without)], items);
		expect(run.words).toBe('');
		expect(run.json('Shoot')).toHaveLength(6);
		const hints = run.result.run.data.resultData.runData.Shoot[0].hints?.map(({ message }) => message);
		expect(hints?.join()).toContain('is edited without 1 photo.');
	});

	test('is among the items of a shoot that is not edited without it', async () => {
		const run = await studio.run([shoot('Anna', { settings: errorOutput })], items);
		expect(run.json('Shoot', 1)).toHaveLength(7);
		expect(await studio.bill()).toMatchObject({ edits: 0 });
	});

	test('is named by the plan', async () => {
		const run = await studio.run([preview('Anna', without)], items);
		expect(run.json('Shoot')).toMatchObject([
			{ photos_billed: 6, photos_failed: [{ item: 2, reason: expect.stringContaining("'data'") }] },
		]);
	});
});
