import { jpegProfile } from '../../sandbox/sandboxClient.mts';
import { photo, readBinary, type InputItem } from '../support/engine/index.ts';
import { byId } from '../support/imagen.ts';
import { photoBytes } from '../support/photoBytes.ts';
import { withAnswers, type Rewrite } from './rewritten.mts';
import {
	continuing,
	create,
	download,
	errorOutput,
	expression,
	nodesInARow,
	retouch,
	shoot,
	start,
	upload,
	useStudio,
	wait,
	type Ended,
} from './studio.mts';

const studio = useStudio();

/** A photo whose item has a word of its own. */
const of = (name: string, word = `item of ${name}`): InputItem =>
	photo(name, photoBytes(name, word.padEnd(300, '\0')), { of: word });
const THREE = ['A_1.NEF', 'A_2.NEF', 'A_3.NEF'].map((name) => of(name));
const NO_PHOTO: InputItem = { json: { of: 'no photo' } };
const PHOTO = expression('Photo', "$('Photos').item.json.of");
const UNIQUE = { ifNamesRepeat: 'makeUnique' };

/** What `$('Photos').item` is after each result, by what the result says of its source. */
const found = (run: Ended, step = 'Download') =>
	run.items(step).map(({ json }, index) => {
		const { value, error } = run.json('Photo')[index];
		return [json.source_file_name, value ?? error];
	});
const right = (names: string[]) => names.map((name) => [name, `item of ${name}`]);
const words = (run: Ended, step: string) =>
	[...run.json(step), ...run.json(step, 1)].map(({ of: word }) => word);

describe('a turn of a loop that brings items back, with Make Unique', () => {
	test('bills each photo of two memory cards once, though all of them come back for one that was refused', async () => {
		await studio.control.addFaults({
			kind: 'status',
			call: 'put',
			status: 400,
			fileName: 'A_3.NEF',
			times: 1,
		});
		const items = [of('A_1.NEF', 'card 1'), of('A_1.NEF', 'card 2'), of('A_3.NEF')];
		const step = shoot('Anna', { settings: errorOutput, options: UNIQUE });
		const run = await studio.run([step], [...items, ...items], { batchSize: 3 });
		expect(run.words).toBe('');
		expect(await studio.photoNames('Anna')).toEqual(['A_1-2.NEF', 'A_1.NEF', 'A_3.NEF']);
		expect(await studio.bill()).toMatchObject({ edits: 1, photos: 3 });
	});
});

describe('no item is lost', () => {
	const edit = { editWithoutFailed: true };
	test('one without a file is an error item, also where its shoot is refused for a repeated name', async () => {
		const items = [of('A_1.NEF', 'card 1'), of('A_1.NEF', 'card 2'), NO_PHOTO];
		const run = await studio.run([shoot('Anna', { settings: errorOutput, options: edit })], items);
		expect(words(run, 'Shoot')).toContain('no photo');
	});
	test('one without a file is an error item, also where the profile is of the other kind', async () => {
		const run = await studio.run(
			[shoot('Anna', { settings: errorOutput, options: edit })],
			[of('A_1.JPG'), NO_PHOTO],
		);
		expect(words(run, 'Shoot')).toContain('no photo');
	});
	test('one without a file is an error item, also where only one half of a split shoot is edited', async () => {
		const options = { ...edit, ifMixed: 'split', jpegProfile: byId(jpegProfile) };
		const items = [of('A_1.NEF', 'card 1'), of('A_1.NEF', 'card 2'), NO_PHOTO, of('B.JPG')];
		const run = await studio.run([shoot('Anna', { settings: errorOutput, options })], items);
		expect(words(run, 'Shoot')).toContain('no photo');
	});
	test.each(['Upload', 'Shoot'])(
		'%s makes an item without any file an error item where all binary fields are taken',
		async (way) => {
			const one = shoot('Anna', { settings: errorOutput, options: edit });
			const steps =
				way === 'Shoot'
					? [{ ...one, parameters: { ...one.parameters, binaryPropertyName: '*' } }]
					: [create('Anna'), upload({ settings: errorOutput, parameters: { binaryPropertyName: '*' } })];
			const run = await studio.run(steps, [THREE[0], NO_PHOTO, THREE[1]]);
			const links = [...run.items(way), ...run.items(way, 1)].flatMap(({ pairedItem = [] }) => pairedItem);
			expect(links.map((link) => (typeof link === 'object' ? link.item : link))).toContain(1);
		},
	);
	test('a skipped file is listed also where Upload gives one item per photo', async () => {
		const parameters = { options: { uploadOutput: 'photo' } };
		const run = await studio.run([create('Anna'), upload({ parameters })], [THREE[0], of('A_1.xmp')]);
		expect(JSON.stringify(run.json('Upload'))).toContain('A_1.xmp');
	});
});

describe('the right photo is named', () => {
	const cut =
		(name: string): Rewrite =>
		({ body }) => {
			const { data } = (body ?? {}) as { data?: { files_list?: Array<Record<string, string>> } };
			if (!data?.files_list?.some((file) => file.download_link)) return undefined;
			return { data: { files_list: data.files_list.filter((file) => file.file_name !== name) } };
		};
	test.each(['edit.download', 'edit.getDownloadLinks'] as const)(
		'%s gives the error of a photo without a result with the item of that photo',
		async (operation) => {
			const steps = [
				create('Anna'),
				upload({ parameters: { options: { uploadOutput: 'photo' } } }),
				start(),
				wait(),
				{ ...download({ settings: errorOutput }), operation },
			];
			const { apiUrl } = studio.client.sandbox;
			const run = await withAnswers(apiUrl, cut('A_3.xmp'), async (url) =>
				studio.run(steps, THREE, { apiUrl: url }),
			);
			const [item] = run.items('Download', 1);
			expect(item.json.error).toContain("'A_3.NEF'");
			expect(item.json.source_file_name).toBe('A_3.NEF');
		},
	);
	test('a photo that was refused for its name is no source of what was uploaded under that name', async () => {
		const items = [of('A_1.NEF', 'card 1'), of('A_2.NEF'), of('A_1.NEF', 'card 2, refused')];
		const run = await studio.run([create('Anna'), upload({ settings: continuing }), start(), wait()], items);
		const ofRefused = run
			.items('Wait')
			.filter(({ pairedItem }) => JSON.stringify(pairedItem) === '{"item":1}');
		expect(ofRefused[0].json.source_file_name).toBeUndefined();
	});
	test('where names hold what Windows forbids, each file names the photo that it was made from', async () => {
		const items = [of('A?.NEF'), of('A_.NEF'), of('B"x".NEF')];
		const run = await studio.run([...nodesInARow('Anna'), PHOTO], items);
		const theirs = await studio.resultsOf('Anna');
		for (const { json, binary } of run.items('Download')) {
			const bytes = await readBinary(binary!.data);
			const [resultName] = [...theirs].find(([, other]) => other.equals(bytes))!;
			expect([resultName, json.source_file_name]).toEqual([resultName, resultName.replace('.xmp', '.NEF')]);
		}
	});
});

describe('the photo behind each result is found', () => {
	test('where another one could not be uploaded, and Upload continues on its regular output', async () => {
		await studio.control.addFaults({
			kind: 'status',
			call: 'put',
			status: 400,
			fileName: 'A_2.NEF',
			times: 'always',
		});
		const run = await studio.run(
			[create('Anna'), upload({ settings: continuing }), start(), wait(), download(), PHOTO],
			THREE,
		);
		expect(found(run).sort()).toEqual(right(['A_1.NEF', 'A_3.NEF']));
	});
	test('where another one was refused for its name', async () => {
		const items = [...THREE, of('A_1.NEF', 'card 2, refused')];
		const run = await studio.run(
			[create('Anna'), upload({ settings: continuing }), start(), wait(), download(), PHOTO],
			items,
		);
		expect(found(run).sort()).toEqual(right(['A_1.NEF', 'A_2.NEF', 'A_3.NEF']));
	});
	test('after Retouch of all photos behind Shoot', async () => {
		const run = await studio.run([shoot('Anna', { results: 'exported' }), retouch, PHOTO], THREE.slice(0, 2));
		for (const [source, item] of found(run, 'Retouch')) expect(item).toBe(`item of ${source}`);
	});
});

test('Retouch of all photos of a project makes one version of each, also where an item per photo asks for it', async () => {
	const run = await studio.run([shoot('Anna', { results: 'exported' }), retouch], THREE);
	expect(run.json('Retouch')).toHaveLength(3);
});

describe('what is right is not refused', () => {
	test('names of an earlier turn do not clash in a project of its own, with Add Timestamp', async () => {
		const step = shoot('Anna', { options: { ifNameExists: 'addTimestamp' } });
		const run = await studio.run([step], [of('A_1.NEF', 'card 1'), of('A_1.NEF', 'card 2')], {
			batchSize: 1,
		});
		expect(run.words).toBe('');
		expect(await studio.bill()).toMatchObject({ edits: 2, photos: 2 });
	});
	test('names of an earlier turn get no numbers in a project of its own, with Add Timestamp', async () => {
		const step = shoot('Anna', { options: { ifNameExists: 'addTimestamp', ...UNIQUE } });
		await studio.run([step], [of('A_1.NEF', 'card 1'), of('A_1.NEF', 'card 2')], { batchSize: 1 });
		const names = (await studio.control.projects()).flatMap(({ photos }) =>
			photos.map(({ file_name: name }) => name),
		);
		expect(names).toEqual(['A_1.NEF', 'A_1.NEF']);
	});
	test.each([[{}], [{ ifNotPhoto: 'fail' }]])(
		'one bad file of a shoot fails alone with Edit Without Failed Photos and the error output: %j',
		async (more) => {
			const bad = 'ifNotPhoto' in more ? of('B.xmp') : of('A_1.NEF', 'card 2');
			const step = shoot('Anna', { settings: errorOutput, options: { editWithoutFailed: true, ...more } });
			const run = await studio.run([step], [...THREE, bad]);
			expect(run.json('Shoot', 1)).toHaveLength(1);
			expect(await studio.bill()).toMatchObject({ photos: 3 });
		},
	);
	test('File Names are found in the Unicode form in which a Mac has them', async () => {
		const name = 'Mu\u0308ller';
		const steps = [...nodesInARow('Anna').slice(0, 4), download({ options: { fileNames: `${name}.xmp` } })];
		const run = await studio.run(steps, [of(`${name}.NEF`)]);
		expect(run.words).toBe('');
		expect(run.json('Download')).toHaveLength(1);
	});
});

describe('an error item', () => {
	test('of a photo that is not edited because of another one says so', async () => {
		const step = shoot('Anna', { settings: errorOutput });
		const run = await studio.run([step], [...THREE, of('A_1.NEF', 'card 2')]);
		const [, second] = run.json('Shoot', 1);
		expect(second.of).toBe('item of A_2.NEF');
		expect(String(second.error)).not.toMatch(/^'A_1.NEF' has the same name as another photo/);
	});
});

test.each([5, 7, 8])('a RAW photo of %i bytes is cut short, and not billed', async (length) => {
	const whole = Buffer.from([0x49, 0x49, 0x2a, 0, 8, 0, 0, 0]);
	const item: InputItem = {
		json: {},
		files: {
			data: { fileName: 'A_9.NEF', bytes: whole.subarray(0, length), mimeType: 'image/x-nikon-nef' },
		},
	};
	const options = { editWithoutFailed: true };
	await studio.run([shoot('Anna', { settings: errorOutput, options })], [...THREE, item]);
	expect(await studio.bill()).toMatchObject({ photos: 3 });
});
