import type { INodeExecutionData } from 'n8n-workflow';
import { readBinary } from '../support/engine/index.ts';
import { byId } from '../support/imagen.ts';
import {
	continuing,
	create,
	download,
	errorOutput,
	exportDownload,
	exportStart,
	exportWait,
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
	type Step,
} from './studio.mts';

const studio = useStudio();

const ITEMS = photos('A_1.NEF', 'A_2.NEF', 'A_3.NEF', 'A_4.NEF');

/** From photos to results, in every way; the last step gives the results of the job. */
const exporting = [create('Anna'), upload(), start(), exportStart(), exportWait(), exportDownload()];
const ways: Array<{ way: string; job: 'edit' | 'export'; steps: Step[] }> = [
	{ way: 'nodes in a row', job: 'edit', steps: nodesInARow('Anna') },
	{ way: 'Shoot', job: 'edit', steps: [shoot('Anna')] },
	{ way: 'nodes in a row, Smart Editing', job: 'edit', steps: nodesInARow('Anna', { flow: 'I2I' }) },
	{ way: 'Shoot, Smart Editing', job: 'edit', steps: [shoot('Anna', { flow: 'I2I' })] },
	{ way: 'nodes in a row, exported', job: 'export', steps: exporting },
	{ way: 'Shoot, exported', job: 'export', steps: [shoot('Anna', { results: 'exported' })] },
];
const THEIRS = ['B_1.NEF', 'B_2.NEF', 'B_3.NEF', 'B_4.NEF'];

/** Where one of each kind is enough. */
const someWays = [ways[0], ways[3], ways[5]];

const lastOf = (steps: Step[]) => steps.at(-1)!.name;

/** The same steps, of which the last one has these settings. */
const ending = (steps: Step[], settings: Step['settings']): Step[] =>
	steps.map((step) => (step === steps.at(-1) ? { ...step, settings } : step));

/** Download alone, by the project's name. */
const downloadOnly = (settings?: Step['settings']): Step => {
	const step = download({ settings });
	return { ...step, parameters: { ...step.parameters, project: { ...byId('Anna'), mode: 'name' } } };
};

describe.each([400, 404])('a list of results that is refused with %i just after Completed', (status) => {
	const refuse = async (call: 'editLinks' | 'exportLinks', times: number | 'always') =>
		await studio.control.addFaults({
			kind: 'status',
			call,
			status,
			body: { error: { message: 'Project has no results yet.' } },
			times,
		});

	test.each([
		{ way: 'nodes', steps: nodesInARow('Anna'), call: 'editLinks' as const, last: 'Download' },
		{ way: 'Shoot', steps: [shoot('Anna')], call: 'editLinks' as const, last: 'Shoot' },
		{
			way: 'Shoot with exports',
			steps: [shoot('Anna', { results: 'exported' })],
			call: 'exportLinks' as const,
			last: 'Shoot',
		},
	])('by $way: is waited for as an empty one is', async ({ steps, call, last }) => {
		await refuse(call, 2);
		const run = await studio.run(steps, photos('A_1.NEF', 'A_2.NEF'));
		expect(run.words).toBe('');
		expect((await run.files(last)).size).toBe(2);
	});

	test("for longer than an empty one is waited for: the error has the API's words", async () => {
		await refuse('editLinks', 'always');
		const before = Date.now();
		const run = await studio.run(nodesInARow('Anna'), photos('A_1.NEF', 'A_2.NEF'));
		expect(run.words).toContain(
			"The edit of project 'Anna' is Completed, but Imagen AI lists no files: Project has no results yet.\n",
		);
		expect((Date.now() - before) / 60_000).toBeLessThan(15);
	});
});

describe('a list of results that still fills for minutes', () => {
	beforeEach(async () => await studio.control.set({ fillSeconds: 200 }));

	test.each(ways)('by $way: every result comes, with its bytes', async ({ steps, job }) => {
		const run = await studio.run(steps, ITEMS);
		expect(run.words).toBe('');
		const files = await run.files(lastOf(steps));
		expect(files.size).toBe(4);
		expect(files).toEqual(await studio.resultsOf('Anna', job));
		expect(await studio.requests('editLinks', 'smartLinks', 'exportLinks')).toBeLessThan(60);
	});

	test('of a project that this n8n has never seen: every result comes', async () => {
		await studio.control.createProject({
			name: 'Anna',
			photos: THEIRS,
			state: 'edited',
		});
		const run = await studio.run([downloadOnly()], [{ json: {} }]);
		expect(run.words).toBe('');
		expect(namesOf(await run.files('Download'))).toEqual(['B_1.xmp', 'B_2.xmp', 'B_3.xmp', 'B_4.xmp']);
	});

	test('Get download links for edited photos gives a link for every photo', async () => {
		await studio.control.createProject({
			name: 'Anna',
			photos: THEIRS,
			state: 'edited',
		});
		const step = { ...downloadOnly(), operation: 'edit.getDownloadLinks' as const };
		expect((await studio.run([step], [{ json: {} }])).json('Download')).toHaveLength(4);
	});

	test('does not make Shoot believe that photos came after the edit', async () => {
		await studio.control.createProject({
			name: 'Anna',
			photos: ['A_1.NEF', 'A_2.NEF', 'A_3.NEF', 'A_4.NEF'],
			state: 'edited',
		});
		const run = await studio.run([shoot('Anna', { profile: otherProfile })], ITEMS);
		expect(run.words).toBe('');
		expect((await run.files('Shoot')).size).toBe(4);
		expect(await studio.bill()).toMatchObject({ edits: 0 });
	});
});

describe('a list of results of which one page is all that comes', () => {
	beforeEach(async () => {
		await studio.control.set({ linksPerPage: 3 });
		// Nothing says that there are more of them.
		for (const call of ['editLinks', 'exportLinks', 'smartLinks'] as const)
			await studio.control.addFaults({ kind: 'missingKey', key: 'pagination', call, times: 'always' });
	});

	test.each(ways)('by $way: the run does not end well without the others', async ({ steps }) => {
		const run = await studio.run(steps, ITEMS);
		expect(run.words).toContain("no result for 'A_4.NEF'");
		expect(await studio.bill()).toMatchObject({ edits: 1 });
	});

	test('of a project that this n8n has never seen: the error says how many are missing', async () => {
		await studio.control.createProject({ name: 'Anna', photos: THEIRS, state: 'edited' });
		const run = await studio.run([downloadOnly()], [{ json: {} }]);
		expect(run.words).toContain('no result for 1 of 4 photos');
	});
});

describe('a photo whose result never comes', () => {
	beforeEach(async () => await studio.control.set({ missingResults: 1 }));

	test.each(ways)('by $way: an error names it, and nothing is sent again', async ({ steps }) => {
		const run = await studio.run(steps, ITEMS);
		expect(run.words).toContain("no result for 'A_4.NEF'");
		expect(run.words).not.toContain("'A_3.NEF'");
		expect(await studio.bill()).toMatchObject({ edits: 1, photos: 4 });
	});

	test.each(ways)(
		'by $way, with Continue: it is an error item beside the results of the others',
		async ({ steps, job }) => {
			const run = await studio.run(ending(steps, continuing), ITEMS);
			expect(run.words).toBe('');
			expect(run.errors(lastOf(steps))).toEqual([expect.stringContaining("no result for 'A_4.NEF'")]);
			expect(await run.files(lastOf(steps))).toEqual(await studio.resultsOf('Anna', job));
		},
	);

	test.each(someWays)('by $way, with the error output: it leaves there', async ({ steps }) => {
		const run = await studio.run(ending(steps, errorOutput), ITEMS);
		const last = lastOf(steps);
		expect(run.json(last)).toHaveLength(3);
		expect(run.json(last, 1)).toMatchObject([{ error: expect.stringContaining("'A_4.NEF'") }]);
	});

	test.each(someWays)('by $way, with Retry On Fail: nothing is paid again', async ({ steps }) => {
		const run = await studio.run(ending(steps, retrying), ITEMS);
		expect(run.words).toContain("no result for 'A_4.NEF'");
		expect(await studio.bill()).toMatchObject({ edits: 1, photos: 4 });
		expect((await studio.bill()).exports).toBeLessThanOrEqual(1);
	});

	test('a later execution that only downloads names it as well, also after a restart', async () => {
		await studio.run(nodesInARow('Anna'), ITEMS);
		expect((await studio.run([downloadOnly()], [{ json: {} }])).words).toContain("'A_4.NEF'");
		studio.restart();
		expect((await studio.run([downloadOnly()], [{ json: {} }])).words).toContain("'A_4.NEF'");
	});

	test('where the photos are not known, the error says how many are missing', async () => {
		await studio.control.createProject({ name: 'Anna', photos: ['B_1.NEF', 'B_2.NEF'], state: 'edited' });
		const run = await studio.run([downloadOnly()], [{ json: {} }]);
		expect(run.words).toContain('no result for 1 of 2 photos');
		const going = await studio.run([downloadOnly(continuing)], [{ json: {} }]);
		expect(going.errors('Download')).toHaveLength(1);
		expect(namesOf(await going.files('Download'))).toEqual(['B_1.xmp']);
	});

	test('File Names that ask for others are given those, without an error', async () => {
		const steps = [
			...nodesInARow('Anna').slice(0, -1),
			download({ options: { fileNames: 'A_1.*, A_2.xmp' } }),
		];
		const run = await studio.run(steps, ITEMS);
		expect(run.words).toBe('');
		expect(namesOf(await run.files('Download'))).toEqual(['A_1.xmp', 'A_2.xmp']);
	});
});

describe('a second edit by Start Again, while the status still tells of the first one', () => {
	const again = { ifAlreadyStarted: 'startAgain' };
	const sent: Array<{ way: string; first: Step[]; second: Step[]; jobs: Array<'edit' | 'export'> }> = [
		{
			way: 'nodes in a row',
			first: nodesInARow('Anna'),
			second: nodesInARow('Anna', { options: again }),
			jobs: ['edit'],
		},
		{ way: 'Shoot', first: [shoot('Anna')], second: [shoot('Anna', { options: again })], jobs: ['edit'] },
		{
			way: 'nodes in a row, Smart Editing',
			first: nodesInARow('Anna', { flow: 'I2I' }),
			second: nodesInARow('Anna', { flow: 'I2I', options: again }),
			jobs: ['edit'],
		},
		{
			way: 'Shoot, Smart Editing',
			first: [shoot('Anna', { flow: 'I2I' })],
			second: [shoot('Anna', { flow: 'I2I', options: again })],
			jobs: ['edit'],
		},
		{
			way: 'nodes in a row, exported',
			first: exporting,
			second: [
				create('Anna'),
				upload(),
				start({ options: again }),
				exportStart(),
				exportWait(),
				exportDownload(),
			],
			jobs: ['export'],
		},
		{
			way: 'Shoot, edited and exported',
			first: [shoot('Anna', { results: 'both' })],
			second: [shoot('Anna', { results: 'both', options: again })],
			jobs: ['edit', 'export'],
		},
	];

	describe.each([
		{ when: 'at once', passTime: () => {} },
		{ when: 'after a restart of n8n', passTime: () => studio.restart() },
	])('$when', ({ passTime }) => {
		test.each(sent)('by $way: only the results of the second one come', async ({ first, second, jobs }) => {
			await studio.control.set({ editSeconds: 20, exportSeconds: 20, statusLagSeconds: 30 });
			expect((await studio.run(first, ITEMS)).words).toBe('');
			const paid = await studio.bill();
			passTime();
			const run = await studio.run(second, ITEMS);
			expect(run.words).toBe('');
			const results = [];
			for (const job of jobs) results.push(...(await studio.resultsOf('Anna', job)));
			expect(await run.files(lastOf(second))).toEqual(new Map(results));
			expect(await studio.bill()).toEqual({ edits: 2, photos: 8, exports: 2 * paid.exports });
		});
	});

	test('a Start export in a later execution exports what the second edit made', async () => {
		await studio.control.set({ editSeconds: 20, exportSeconds: 20, statusLagSeconds: 30 });
		await studio.run(exporting, ITEMS);
		await studio.run([create('Anna'), start({ options: again })], ITEMS);
		studio.restart();
		const run = await studio.run([create('Anna'), exportStart(), exportWait(), exportDownload()], ITEMS);
		expect(run.words).toBe('');
		expect(run.json('Export Start')[0]).toMatchObject({ sent: true });
		expect(await run.files('Export Download')).toEqual(await studio.resultsOf('Anna', 'export'));
		expect(await studio.bill()).toMatchObject({ edits: 2, exports: 2 });
	});
});

describe('words for a status that nobody documents', () => {
	test.each(ways)(
		'by $way: an end called "Failed with errors" is the end, and the error says so',
		async ({ steps, job }) => {
			await studio.control.set({ failedWord: 'Failed with errors' });
			await studio.control.addFaults({
				kind: 'endsFailed',
				call:
					job === 'export'
						? 'export'
						: steps.some(({ parameters }) => parameters?.editingFlow === 'I2I')
							? 'smartEdit'
							: 'edit',
			});
			const run = await studio.run(steps, ITEMS);
			expect(run.words).toMatch(/^Imagen AI could not (edit|export) project 'Anna': Failed by order/);
			expect(await studio.requests('editStatus', 'exportStatus', 'smartProject')).toBeLessThan(40);
		},
	);

	const patience = { options: { timeoutMinutes: 1440 } };
	test.each([
		{ way: 'Wait', steps: [create('Anna'), upload(), start(), wait(patience)] },
		{ way: 'Shoot', steps: [shoot('Anna', patience)] },
		{
			way: 'Download, Smart Editing',
			steps: [create('Anna', { flow: 'I2I' }), upload(), start({ flow: 'I2I' }), download(patience)],
		},
	])(
		'by $way: an end called "Edited" is waited for in vain for two hours, and the error has the word',
		async (way) => {
			await studio.control.set({ completedWord: 'Edited' });
			const before = Date.now();
			const run = await studio.run(way.steps, ITEMS);
			expect(run.words).toMatch(
				/^The edit of project 'Anna' has the status 'Edited', which this node does not know/,
			);
			expect((Date.now() - before) / 3_600_000).toBeLessThan(3);
			expect(await studio.bill()).toMatchObject({ edits: 1 });
		},
	);

	test.each(someWays)('by $way: "PROCESSING" while the job runs is waited for', async ({ steps, job }) => {
		await studio.control.set({ runningWord: 'PROCESSING', editSeconds: 60, exportSeconds: 60 });
		const run = await studio.run(steps, ITEMS);
		expect(run.words).toBe('');
		expect(await run.files(lastOf(steps))).toEqual(await studio.resultsOf('Anna', job));
	});
});

describe('results of one name', () => {
	test('of two photos that differ in their endings only: each result comes with its own bytes', async () => {
		await studio.control.createProject({
			name: 'Anna',
			photos: ['A_1.NEF', 'A_1.CR2', 'A_2.NEF'],
			state: 'edited',
		});
		const run = await studio.run([downloadOnly()], [{ json: {} }]);
		expect(run.words).toBe('');
		const { project_uuid: uuid } = await studio.project('Anna');
		const { data } = await studio.client.call('GET', `/projects/${uuid}/edit/get_temporary_download_links`);
		const made = await Promise.all(
			(data.files_list as Array<{ download_link: string }>).map(async ({ download_link }) =>
				Buffer.from(await (await fetch(download_link)).arrayBuffer()).toString('hex'),
			),
		);
		const got = await Promise.all(run.items('Download').map(async (item) => await hexOf(item)));
		expect(new Set(got)).toEqual(new Set(made));
		expect(new Set(got).size).toBe(3);
		expect(new Set(run.items('Download').map(({ binary }) => binary!.data.fileName)).size).toBe(3);
	});

	test.each(ways)(
		'by $way: two photos whose results would have one name are found before anything is sent',
		async ({ steps }) => {
			const run = await studio.run(steps, photos('A_1.NEF', 'A_1.CR2'));
			expect(run.words).toContain("'A_1.CR2' has the same name as another photo");
			expect(await studio.requests('put', 'edit', 'smartEdit')).toBe(0);
		},
	);
});

const hexOf = async ({ binary }: INodeExecutionData) => (await readBinary(binary!.data)).toString('hex');

describe.each([403, 400])(
	'download links that have expired, which the storage refuses as %i',
	(expiredLinkStatus) => {
		const linksOf = (steps: Step[], job: string) =>
			job === 'export' ? 'exportLinks' : JSON.stringify(steps).includes('I2I') ? 'smartLinks' : 'editLinks';

		test.each(ways)('by $way: they are renewed, and every file comes', async ({ steps, job }) => {
			await studio.control.set({ expiredLinkStatus });
			await studio.control.addFaults({ kind: 'expiredLinks', call: linksOf(steps, job) });
			const run = await studio.run(steps, ITEMS);
			expect(run.words).toBe('');
			expect(await run.files(lastOf(steps))).toEqual(await studio.resultsOf('Anna', job));
			expect(await studio.requests(linksOf(steps, job))).toBeLessThanOrEqual(6);
		});

		test('one file that is always refused does not keep the others from new links', async () => {
			await studio.control.set({ expiredLinkStatus });
			await studio.control.addFaults(
				{ kind: 'status', call: 'get', fileName: 'A_1.xmp', status: 403, times: 'always' },
				{ kind: 'expiredLinks', call: 'editLinks' },
			);
			const run = await studio.run(ending(nodesInARow('Anna'), continuing), ITEMS);
			expect(run.errors('Download')).toEqual([expect.stringContaining('A_1.xmp')]);
			expect(namesOf(await run.files('Download'))).toEqual(['A_2.xmp', 'A_3.xmp', 'A_4.xmp']);
			expect(await studio.requests('get')).toBeLessThan(16);
		});

		test('upload links that have expired are renewed, though one photo is always refused', async () => {
			await studio.control.set({ expiredLinkStatus });
			await studio.control.addFaults(
				{ kind: 'status', call: 'put', fileName: 'A_1.NEF', status: 403, times: 'always' },
				{ kind: 'expiredLinks', call: 'uploadLinks' },
			);
			const run = await studio.run([create('Anna'), upload({ settings: continuing })], ITEMS);
			expect(run.errors('Upload')).toEqual([expect.stringContaining('A_1.NEF')]);
			expect(run.json('Upload')).toContainEqual(expect.objectContaining({ number_of_photos: 3 }));
		});
	},
);
