import { jpegProfile } from '../../sandbox/sandboxClient.mts';
import { withAnswers, type Rewrite } from './rewritten.mts';
import { create, FLOWS, photos, preview, shoot, start, upload, useStudio, type Step } from './studio.mts';

const studio = useStudio();

const RAW = photos('A_1.NEF', 'A_2.NEF');
const JPEG = photos('B_1.JPG', 'B_2.JPG');
const PAIRS = photos('A_1.JPG', 'A_2.JPG');
const ONE_KIND = '2 JPEG photos, but the project already has 2 RAW photos, and a project takes one kind';

describe.each(FLOWS)('RAW photos and JPEGs in two batches of one project (%s)', (flow) => {
	const row = (options = {}): Step[] => [create('Anna', { flow }), upload({ parameters: { options } })];

	test.each([
		['of other names', JPEG, {}],
		['of the same names', PAIRS, {}],
		['of the same names, with Make Unique', PAIRS, { ifNamesRepeat: 'makeUnique' }],
	])('Upload refuses JPEGs %s before it uploads them', async (_what, jpegs, options) => {
		const run = await studio.run(row(options), [...RAW, ...jpegs], { batchSize: 2 });
		expect(run.words).toContain(ONE_KIND);
		expect(run.words).toContain("'If Mixed' and set it to RAW Only");
		expect(await studio.photoNames('Anna')).toEqual(['A_1.NEF', 'A_2.NEF']);
	});

	test('Shoot refuses them in a loop as well', async () => {
		const step = shoot('Anna', { flow, results: 'none' });
		const run = await studio.run([step], [...RAW, ...JPEG], { batchSize: 2 });
		expect(run.words).toContain(ONE_KIND);
		expect(await studio.photoNames('Anna')).toEqual(['A_1.NEF', 'A_2.NEF']);
	});

	test('a later execution refuses them, by Upload and by Shoot, and Preview says so', async () => {
		await studio.run(row(), RAW);
		expect((await studio.run(row(), JPEG)).words).toContain(ONE_KIND);
		const profile = jpegProfile;
		expect((await studio.run([shoot('Anna', { flow, profile })], JPEG)).words).toContain(ONE_KIND);
		const run = await studio.run([preview('Anna', { flow, profile })], JPEG);
		expect(run.json('Shoot')).toMatchObject([{ project: expect.stringContaining(ONE_KIND) }]);
		expect(await studio.photoNames('Anna')).toEqual(['A_1.NEF', 'A_2.NEF']);
	});
});

describe('Start checks its profile against all photos that are known to be in the project', () => {
	test('of another execution', async () => {
		await studio.run([create('Anna'), upload()], JPEG);
		const run = await studio.run([create('Anna'), start()], [{ json: {} }]);
		expect(run.words).toContain('edits RAW photos, but the project has JPEG photos');
		expect(await studio.requests('edit')).toBe(0);
	});

	test('of both kinds, which two executions have brought at the same time', async () => {
		let isDone = false;
		const meanwhile: Rewrite = async ({ path }) => {
			if (isDone || !path.endsWith('/get_temporary_upload_links')) return;
			isDone = true;
			await studio.run([create('Anna'), upload()], JPEG, { workflow: 'other' });
		};
		await withAnswers(studio.client.sandbox.apiUrl, meanwhile, async (apiUrl) =>
			studio.run([create('Anna'), upload()], RAW, { apiUrl }),
		);
		const run = await studio.run([create('Anna'), start()], [{ json: {} }]);
		expect(run.words).toContain("Project 'Anna' has RAW and JPEG photos, but a project takes one kind");
		expect(await studio.requests('edit')).toBe(0);
	});
});
