import { advanceMinutes } from '../faults/quickTime.mts';
import { withAnswers, type Rewrite } from './rewritten.mts';
import {
	continuing,
	create,
	download,
	exportDownload,
	exportStart,
	exportWait,
	finalize,
	FLOWS,
	namesOf,
	nodesInARow,
	otherProfile,
	photos,
	retouch,
	start,
	upload,
	useStudio,
	wait,
	type Step,
} from './studio.mts';

jest.setTimeout(60_000);

const studio = useStudio();
const ITEMS = photos('A_1.NEF', 'A_2.NEF');
const NO_PHOTOS = [{ json: {} }];
const startAgain = { ifAlreadyStarted: 'startAgain' };

const retouchOne: Step = {
	...retouch,
	parameters: { ...retouch.parameters, photos: 'one', fileName: 'A_1.jpg' },
};

/** The names of files that are what they were before. */
const unchanged = (files: Map<string, Buffer>, before: Map<string, Buffer>) =>
	namesOf(files).filter((name) => before.get(name)?.equals(files.get(name)!));

describe('after an edit was sent again, with an export at its end', () => {
	test('no export of the edit before is given, though it is called Completed until the new one begins', async () => {
		await studio.run(
			[create('Anna'), upload(), start({ options: { export: true } }), wait(), exportWait()],
			ITEMS,
		);
		const before = await studio.resultsOf('Anna', 'export');
		const { project_uuid: uuid } = await studio.project('Anna');
		const links = await studio.client.call('GET', `/projects/${uuid}/export/get_temporary_download_links`);
		await studio.control.set({ editSeconds: 1200 });

		let isSent = false;
		let endedAt = Infinity;
		const keepOldExport: Rewrite = ({ method, path, body }) => {
			isSent ||= method === 'POST' && path.endsWith('/edit');
			const hasEnded = isSent && path.endsWith('/edit/status') && body.data.status === 'Completed';
			if (hasEnded) endedAt = Math.min(endedAt, Date.now());
			if (Date.now() > endedAt + 60_000) return undefined;
			if (path.endsWith('/export/status')) return { data: { status: 'Completed' } };
			return path.includes('/export/get_temporary') ? links.body : undefined;
		};
		const again = start({ profile: otherProfile, options: { export: true, ...startAgain } });
		const run = await withAnswers(studio.client.sandbox.apiUrl, keepOldExport, async (apiUrl) =>
			studio.run([create('Anna'), again, exportStart(), exportWait(), exportDownload()], NO_PHOTOS, {
				apiUrl,
			}),
		);
		expect(run.words).toBe('');
		const files = await run.files('Export Download');
		expect(namesOf(files)).toEqual(['A_1.jpg', 'A_2.jpg']);
		expect(unchanged(files, before)).toEqual([]);
	});
});

describe.each(FLOWS)('after an edit was sent again, whose status lags (%s)', (flow) => {
	const exported = flow === 'I2I' ? [] : [exportStart(), exportWait()];

	test.each([
		{ what: 'retouch all photos', step: retouch },
		{ what: 'retouch one photo', step: retouchOne },
		{ what: 'finalize', step: finalize },
	])('$what: the photos of before are not taken', async ({ step }) => {
		await studio.run([create('Anna', { flow }), upload(), start({ flow }), wait(), ...exported], ITEMS);
		advanceMinutes(60);
		await studio.control.set({ statusLagSeconds: 120, editSeconds: 600 });
		const run = await studio.run(
			[create('Anna', { flow }), start({ flow, options: startAgain }), step],
			NO_PHOTOS,
		);
		expect(run.words).toContain('is not finished');
		expect(await studio.requests('copilot', 'finalize')).toBe(0);
	});

	test('one status without a meaning does not make the Completed of before that of the new edit', async () => {
		await studio.run(nodesInARow('Anna', { flow }), ITEMS);
		const before = await studio.resultsOf('Anna');
		advanceMinutes(60);
		await studio.control.set({ statusLagSeconds: 240, editSeconds: 1000 });

		let reads = 0;
		const oneOddStatus: Rewrite = ({ method, path, body }) => {
			const isStatus = method === 'GET' && /\/status$|\/i2i\/projects\/\w+$/.test(path);
			return isStatus && ++reads === 4 ? { data: { ...body.data, status: 'Syncing' } } : undefined;
		};
		const settings = flow === 'I2I' ? { tools: { perspectiveCorrection: true } } : { profile: otherProfile };
		const again = start({ flow, ...settings, options: startAgain });
		const run = await withAnswers(studio.client.sandbox.apiUrl, oneOddStatus, async (apiUrl) =>
			studio.run([create('Anna', { flow }), again, wait(), download()], NO_PHOTOS, { apiUrl }),
		);
		expect(run.json('Download')).toHaveLength(2);
		expect(unchanged(await run.files('Download'), before)).toEqual([]);
	});
});

test('an export that somebody has made of the second edit is found, where the first one had failed', async () => {
	await studio.control.addFaults({ kind: 'endsFailed', call: 'edit' });
	await studio.run(nodesInARow('Anna'), ITEMS);
	await studio.run([create('Anna'), start(), wait()], NO_PHOTOS);
	await studio.client.export((await studio.project('Anna')).project_uuid);
	const run = await studio.run([create('Anna'), exportDownload()], NO_PHOTOS);
	expect([run.words, run.json('Export Download').length]).toEqual(['', 2]);
});

test('a loop that comes to Start once more after the edit has failed sends it again', async () => {
	await studio.control.addFaults({ kind: 'endsFailed', call: 'edit' });
	const passOn = wait({ options: { ifFailed: 'passOn' } });
	const steps = [create('Anna'), upload(), start(), passOn, download({ settings: continuing })];
	const run = await studio.run(steps, ITEMS, { batchSize: 1 });
	expect(run.words).toBe('');
	expect(run.json('Start')).toMatchObject([{ sent: true }]);
	expect(run.json('Download').map(({ file_name }) => file_name)).toEqual(['A_1.xmp', 'A_2.xmp']);
	expect(await studio.bill()).toMatchObject({ edits: 2, photos: 3 });
});

test('another Start behind an edit that has failed does not send it again in the same run', async () => {
	await studio.control.addFaults({ kind: 'endsFailed', call: 'edit' });
	const passOn = wait({ options: { ifFailed: 'passOn' } });
	const steps = [create('Anna'), upload(), start(), passOn, start({ name: 'Start again' })];
	const run = await studio.run(steps, ITEMS);
	expect(run.json('Start again')).toMatchObject([{ sent: false, status: 'Failed' }]);
	expect(await studio.bill()).toMatchObject({ edits: 1 });
});
