import { withAnswers, type Rewrite } from './rewritten.mts';
import {
	continuing,
	create,
	download,
	exportDownload,
	exportStart,
	exportWait,
	nodesInARow,
	otherProfile,
	photos,
	preview,
	shoot,
	start,
	upload,
	useStudio,
	wait,
} from './studio.mts';

jest.setTimeout(60_000);

const studio = useStudio();
const ITEMS = photos('A_1.NEF', 'A_2.NEF');
const NO_PHOTOS = [{ json: {} }];

/** Another workflow uploads a photo to the project. */
const otherUpload = async () =>
	await studio.run([create('Anna'), upload()], photos('B_1.NEF'), { workflow: 'other', executionId: '77' });

describe('a Shoot in a project in which others have photos', () => {
	test('does not bill one of theirs in place of its own that failed', async () => {
		await studio.control.createProject({ name: 'Anna', photos: ['X_1.NEF'], state: 'uploaded' });
		await studio.control.addFaults({
			kind: 'status',
			call: 'put',
			status: 400,
			fileName: 'A_2.NEF',
			times: 'always',
		});
		const run = await studio.run([shoot('Anna', { options: { editWithoutFailed: true } })], ITEMS);
		expect(run.words).toContain("Project 'Anna' has 2 photos, but the shoot has 1");
		expect(await studio.bill()).toMatchObject({ edits: 0 });
	});

	test('puts nothing into a project that surely holds theirs: it has more photos than the shoot', async () => {
		await studio.control.createProject({
			name: 'Anna',
			photos: ['X_1.NEF', 'X_2.NEF', 'X_3.NEF'],
			state: 'uploaded',
		});
		const run = await studio.run([shoot('Anna')], ITEMS);
		expect(run.words).toContain("Project 'Anna' has 3 photos, but the shoot has 2");
		expect(run.words).toContain('Nothing was uploaded or billed');
		expect(await studio.photoNames('Anna')).toEqual(['X_1.NEF', 'X_2.NEF', 'X_3.NEF']);
	});

	test('puts nothing into a project to which another workflow has uploaded', async () => {
		await otherUpload();
		const run = await studio.run([shoot('Anna')], ITEMS);
		expect(run.words).toContain("Project 'Anna' has photos that are not in the shoot: 'B_1.NEF'");
		expect(await studio.photoNames('Anna')).toEqual(['B_1.NEF']);
	});

	test('does not bill theirs while Imagen does not count its own yet', async () => {
		await studio.control.createProject({ name: 'Anna', photos: ['X_1.NEF'], state: 'uploaded' });
		await studio.control.set({ countLagSeconds: 40 });
		const run = await studio.run([shoot('Anna')], ITEMS);
		expect(run.words).toContain("Project 'Anna' has 3 photos, but the shoot has 2");
		expect(await studio.bill()).toMatchObject({ edits: 0 });
	});

	test('stops where Imagen does not count its own for long', async () => {
		await studio.control.createProject({ name: 'Anna', photos: ['X_1.NEF'], state: 'uploaded' });
		await studio.control.set({ countLagSeconds: 600 });
		const run = await studio.run([shoot('Anna')], ITEMS);
		expect(run.words).toContain("Imagen counts 0 photos in project 'Anna', but 2 were uploaded");
		expect(await studio.bill()).toMatchObject({ edits: 0 });
	});

	test('does not bill one that another workflow has brought to it meanwhile', async () => {
		let isDone = false;
		const meanwhile: Rewrite = async ({ path }) => {
			if (isDone || !path.endsWith('/get_temporary_upload_links')) return;
			isDone = true;
			await otherUpload();
		};
		const run = await withAnswers(studio.client.sandbox.apiUrl, meanwhile, async (apiUrl) =>
			studio.run([shoot('Anna')], ITEMS, { apiUrl }),
		);
		expect(run.words).toContain("Project 'Anna' has 3 photos, but the shoot has 2");
		expect(await studio.bill()).toMatchObject({ edits: 0 });
	});

	test('gives the results of its own photos only', async () => {
		await studio.control.createProject({ name: 'Anna', photos: ['A_1.NEF', 'X_1.NEF'], state: 'edited' });
		const run = await studio.run([shoot('Anna', { profile: otherProfile })], photos('A_1.NEF'));
		expect(run.json('Shoot').map(({ file_name }) => file_name)).toEqual(['A_1.xmp']);
	});
});

describe('a Preview of a shoot', () => {
	test('says as Edit shoot does that the project holds photos of others', async () => {
		await studio.control.createProject({
			name: 'Anna',
			photos: ['X_1.NEF', 'X_2.NEF', 'X_3.NEF'],
			state: 'uploaded',
		});
		const run = await studio.run([preview('Anna')], ITEMS);
		expect(run.json('Shoot')).toMatchObject([
			{ project: expect.stringContaining("would fail: Project 'Anna' has 3 photos"), photos_billed: 0 },
		]);
	});

	test('warns of photos that may be of others', async () => {
		await studio.control.createProject({ name: 'Anna', photos: ['X_1.NEF'], state: 'uploaded' });
		const run = await studio.run([preview('Anna')], ITEMS);
		expect(run.json('Shoot')).toMatchObject([
			{ warning: expect.stringContaining("Project 'Anna' already has 1 photo. If") },
		]);
	});

	test('knows that a project that was left empty is used', async () => {
		const options = { ifNameExists: 'fail' };
		await studio.control.addFaults({ kind: 'status', call: 'uploadLinks', status: 400, times: 'always' });
		await studio.run([shoot('Anna', { options })], ITEMS);
		await studio.control.clearFaults();
		const run = await studio.run([preview('Anna', { options })], ITEMS);
		expect(run.json('Shoot')).toMatchObject([
			{ project: 'already exists and will be used', photos_billed: 2 },
		]);
		expect((await studio.run([shoot('Anna', { options })], ITEMS)).words).toBe('');
		expect(await studio.bill()).toMatchObject({ photos: 2 });
	});
});

test('a photo that another workflow uploads after the edit was started keeps nobody from the results', async () => {
	await studio.control.set({ editSeconds: 600 });
	let reads = 0;
	const meanwhile: Rewrite = async ({ path }) => {
		if (path.endsWith('/status') && ++reads === 3) await otherUpload();
	};
	const steps = [...nodesInARow('Anna'), exportStart(), exportWait(), exportDownload()];
	const run = await withAnswers(studio.client.sandbox.apiUrl, meanwhile, async (apiUrl) =>
		studio.run(steps, ITEMS, { apiUrl }),
	);
	expect(run.words).toBe('');
	expect(run.json('Download')).toHaveLength(2);
	expect(run.json('Export Download')).toHaveLength(2);
});

test('Add Timestamp gives every turn of a loop a project, also within a second', async () => {
	const step = shoot('Anna', { results: 'none', options: { ifNameExists: 'addTimestamp' } });
	const items = photos('A_1.NEF', 'A_2.NEF', 'A_3.NEF', 'A_4.NEF');
	expect((await studio.run([step], items, { batchSize: 1 })).words).toBe('');
	expect(await studio.control.projects()).toHaveLength(4);
});

test('Queued before the first edit of a project that an earlier execution has made: the error has the word', async () => {
	await studio.control.set({ statusBeforeStart: 'Queued' });
	await studio.run([create('Anna'), upload()], photos('A_1.NEF'));
	const run = await studio.run(nodesInARow('Anna'), photos('A_2.NEF'));
	expect(run.words).toContain("has the status 'Queued', which does not show whether it was started");
	expect(run.words).toContain('Start Again');
	expect(await studio.bill()).toMatchObject({ edits: 0 });
});

test('an edit with another profile, found by a Start that continues, is not taken for the one that is asked for', async () => {
	await studio.run(nodesInARow('Anna'), ITEMS);
	const other = start({ profile: otherProfile, settings: continuing });
	const steps = [create('Anna'), other, wait({ settings: continuing }), download({ settings: continuing })];
	const run = await studio.run(steps, NO_PHOTOS);
	expect((await run.files('Download')).size).toBe(0);
	expect(run.errors('Download')).toHaveLength(1);
});

test('an export at the end of an edit that has none says how to export, not how to pay again', async () => {
	await studio.run(nodesInARow('Anna'), ITEMS);
	const run = await studio.run([create('Anna'), start({ options: { export: true } })], NO_PHOTOS);
	expect(run.words).toContain("Switch off 'Export When Done' and put Start export after the edit");
	expect(run.words).not.toContain('Start Again');
});
