import { photo } from '../support/engine/index.ts';
import { byId } from '../support/imagen.ts';
import { jpegProfile } from '../../sandbox/sandboxClient.mts';
import { withAnswers, type Rewrite } from './rewritten.mts';
import {
	continuing,
	create,
	errorOutput,
	exportDownload,
	finalize,
	FLOWS,
	otherProfile,
	photos,
	retouch,
	preview,
	shoot,
	start,
	upload,
	useStudio,
	wait,
} from './studio.mts';

jest.setTimeout(120_000);

const studio = useStudio();
const NO_PHOTOS = [{ json: {} }];
const JPEG = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(200)]);

const named = (count: number, extension: string) =>
	photos(...Array.from({ length: count }, (_, index) => `A_${index}.${extension}`));
const jpeg = (name: string) => photo(name, JPEG);
const empty = (name: string) => photo(name, Buffer.alloc(0));
const sizeOf = (value: unknown) => JSON.stringify(value).length;

describe('RAW photos and JPEGs in two projects', () => {
	const split = shoot('Anna', { options: { ifMixed: 'split', jpegProfile: byId(jpegProfile) } });

	test('are paid once, though a JPEG comes later', async () => {
		expect((await studio.run([split], named(3, 'NEF'))).words).toBe('');
		expect((await studio.run([split], [...named(3, 'NEF'), jpeg('B.JPG')])).words).toBe('');
		expect(await studio.bill()).toMatchObject({ photos: 4 });
	});

	test('are paid once, though a later run has RAW photos alone', async () => {
		expect((await studio.run([split], [...named(3, 'NEF'), jpeg('B.JPG')])).words).toBe('');
		expect((await studio.run([split], named(3, 'NEF'))).words).toBe('');
		expect(await studio.bill()).toMatchObject({ photos: 4 });
	});

	test("are not made of a Mac's shadow file", async () => {
		const run = await studio.run([split], [...named(3, 'NEF'), ...photos('._A_0.JPG')]);
		expect(run.words).toBe('');
		expect(await studio.control.projects()).toHaveLength(1);
	});
});

test.each([
	['Smith 24.05', 'a name that holds a dot'],
	['IMG_1.jpg ', 'a blank after the extension'],
	['IMG_1.jpg?dl=1', 'the query of a link'],
	['IMG_1.jpe', 'another extension for JPEG'],
])('a JPEG by its type is uploaded under the name %j, with %s', async (name) => {
	const item = jpeg(name);
	Object.assign(item.files!.data, { mimeType: 'image/jpeg' });
	const run = await studio.run([create('Anna'), upload()], [item]);
	expect(run.words).toBe('');
	expect(await studio.photoNames('Anna')).toEqual([expect.stringMatching(/\.jpg$/)]);
});

describe.each(['DSC_1.jpg_original', 'DSC_1.jpg.bak', 'DSC_1.jpg.tmp', 'MVI_1.THM'])(
	'%s beside a JPEG',
	(name) => {
		const items = [jpeg('DSC_1.jpg'), jpeg(name)];
		Object.assign(items[1].files!.data, { mimeType: 'image/jpeg' });

		test('is skipped and listed, although its bytes are those of a photo', async () => {
			const run = await studio.run([create('Anna'), upload()], items);
			expect(run.words).toBe('');
			expect(await studio.photoNames('Anna')).toEqual(['DSC_1.jpg']);
			expect(run.json('Upload')).toMatchObject([{ skipped: [{ file_name: name }] }]);
		});

		test('is refused where If Not a Photo is Fail', async () => {
			const options = { ifNotPhoto: 'fail' };
			const run = await studio.run([shoot('Anna', { profile: jpegProfile, options })], items);
			expect(run.words).toContain(`'${name}' is a .`);
		});
	},
);

test.each(FLOWS)(
	'a shoot that was edited without a failed photo gives its results again (%s)',
	async (flow) => {
		const step = shoot('Anna', { flow, options: { editWithoutFailed: true } });
		const items = [...named(5, 'NEF'), empty('B.NEF')];
		for (const _run of ['first', 'again']) {
			const run = await studio.run([step], items);
			expect(run.words).toBe('');
			expect(run.json('Shoot')).toHaveLength(5);
			expect(run.json('Shoot')[0]).toMatchObject({ photos_failed: ['B.NEF'] });
		}
		expect(await studio.bill()).toMatchObject({ edits: 1, photos: 5 });
	},
);

test.each(FLOWS)('Wait does not wait for a day for a start that may have been lost (%s)', async (flow) => {
	const call = flow === 'I2I' ? 'smartEdit' : 'edit';
	await studio.control.addFaults({ kind: 'status', call, status: 500, times: 'always' });
	const startStep = start({ flow, settings: continuing });
	const waitStep = wait({ options: { timeoutMinutes: 1440 } });
	const run = await studio.run([create('Anna', { flow }), upload(), startStep, waitStep], named(5, 'NEF'));
	expect(run.words).toContain('its start had no clear answer, and its status is still Pending');
});

test('an error item that comes first does not take the check of the profile away', async () => {
	const items = [empty('B.JPG'), jpeg('A_1.JPG')];
	const run = await studio.run([create('Anna'), upload({ settings: continuing }), start()], items);
	expect(run.words).toContain('edits RAW photos, but the project has JPEG photos');
	expect(await studio.requests('edit')).toBe(0);
});

describe.each(['export.getDownloadLinks', 'export.download'] as const)('%s', (operation) => {
	test('gives all files where each item names one of them', async () => {
		await studio.control.createProject({ name: 'Anna', photos: ['A_0.NEF', 'A_1.NEF'], state: 'exported' });
		const step = exportDownload({ options: { fileNames: '={{ $json.file }}' } });
		const project = { ...byId('Anna'), mode: 'name' };
		const steps = [{ ...step, operation, parameters: { ...step.parameters, project } }];
		const run = await studio.run(steps, [{ json: { file: 'A_0.jpg' } }, { json: { file: 'A_1.jpg' } }]);
		expect(run.json(step.name).map(({ file_name }) => file_name)).toEqual(['A_0.jpg', 'A_1.jpg']);
	});
});

test('a final file that is listed twice does not stand for the one that is missing', async () => {
	const flow = 'I2I';
	await studio.run([create('Anna', { flow }), upload(), start({ flow }), wait()], named(5, 'NEF'));
	const firstTwice: Rewrite = ({ path, body }) => {
		if (!path.endsWith('/finalize')) return undefined;
		const { files_list: files } = body.data;
		return { data: { files_list: [...files.slice(0, 4), files[0]] } };
	};
	const steps = [create('Anna', { flow }), retouch, finalize];
	const run = await withAnswers(studio.client.sandbox.apiUrl, firstTwice, async (apiUrl) =>
		studio.run(steps, NO_PHOTOS, { apiUrl }),
	);
	expect(run.words).toContain("'A_4.jpg'");
});

describe('outputs of large shoots', () => {
	test('name the files that were skipped once, and not in every item', async () => {
		const run = await studio.run(
			[shoot('Anna', { options: { ifMixed: 'rawOnly' } })],
			[...named(300, 'NEF'), ...named(300, 'JPG')],
		);
		expect(run.json('Shoot')[0].skipped).toHaveLength(300);
		expect(sizeOf(run.json('Shoot'))).toBeLessThan(300_000);
	});

	test.each([
		['photos of one name', {}, [...named(200, 'NEF'), ...named(200, 'NEF')]],
		['files that are no photos', { ifNotPhoto: 'fail' }, [...named(200, 'NEF'), ...named(200, 'xmp')]],
	])('hold %s in errors that do not grow with the shoot', async (_what, options, items) => {
		const run = await studio.run([shoot('Anna', { options, settings: errorOutput })], items);
		expect(run.errors('Shoot').length).toBeGreaterThan(0);
		expect(sizeOf(run.json('Shoot', 1))).toBeLessThan(1_500_000);
	});
});

test.each([
	[{}, 0],
	[{ editWithoutFailed: true }, 3],
])('a preview with %j bills %i photos where one of four is empty', async (options, billed) => {
	const run = await studio.run([preview('Anna', { options })], [...named(3, 'NEF'), empty('B.NEF')]);
	expect(run.json('Shoot')).toMatchObject([
		{ photos_billed: billed, photos_failed: [{ file_name: 'B.NEF', reason: 'is empty (0 bytes)' }] },
	]);
	const warning = String(run.json('Shoot')[0].warning ?? '');
	expect(warning.includes("1 of 4 photos can't be uploaded, so Edit shoot would stop")).toBe(billed === 0);
});

test('a replacement that fails names the photo, its project and the new file', async () => {
	await studio.control.createProject({ name: 'Anna', photos: ['A_0.NEF'], state: 'exported' });
	const { project_uuid: uuid } = await studio.project('Anna');
	await studio.control.addFaults({ kind: 'status', call: 'put', status: 400, times: 'always' });
	const item = photo('new.jpg', JPEG, { project_uuid: uuid, file_name: 'A_0.jpg' });
	const run = await studio.run([{ name: 'Replace', operation: 'export.replacePhoto' }], [item]);
	expect(run.words).toContain("replace 'A_0.jpg' in project 'Anna' with 'new.jpg'");
});

test('a preview knows that an edit was started before with another profile', async () => {
	await studio.run([shoot('Anna')], named(1, 'NEF'));
	const run = await studio.run([preview('Anna', { profile: otherProfile })], named(1, 'NEF'));
	expect(run.json('Shoot')).toMatchObject([
		{
			project: expect.stringContaining('already exists, and Edit shoot would fail: The edit of project'),
			photos_billed: 0,
		},
	]);
});
