import { photo, type InputItem } from '../support/engine/index.ts';
import { photoBytes } from '../support/photoBytes.ts';
import {
	continuing,
	create,
	download,
	namesOf,
	nodesInARow,
	preview,
	retrying,
	shoot,
	start,
	upload,
	useStudio,
	wait,
	type Step,
} from './studio.mts';

jest.setTimeout(60_000);

const studio = useStudio();

/** A photo of a card: two cards have other pictures under the same names. */
const of = (card: string, name: string): InputItem =>
	photo(name, photoBytes(name, `${card} ${name}`.padEnd(300, '\0')));
const CARD_1 = [of('card 1', 'A_1.NEF'), of('card 1', 'A_2.NEF')];
const CARD_2 = [of('card 2', 'A_1.NEF'), of('card 2', 'A_3.NEF')];

const ways: Array<{ way: string; steps: Step[] }> = [
	{ way: 'Upload', steps: [create('Anna'), upload()] },
	{ way: 'Shoot', steps: [shoot('Anna', { results: 'none' })] },
];
/** An execution that brings photos to the project, and edits nothing. */
const firstUpload = async (items = CARD_1, options = {}) =>
	await studio.run([create('Anna'), upload({ parameters: { options } })], items);

describe.each(ways)(
	'another picture under the name of one that an earlier execution uploaded, by $way',
	({ steps }) => {
		test('is an error that names photo and project, and replaces nothing', async () => {
			await firstUpload();
			await studio.control.clearRequests();
			const run = await studio.run(steps, CARD_2);
			expect(run.words).toContain(
				"'A_1.NEF' has the same name as another photo, one that an earlier execution uploaded to project 'Anna'",
			);
			expect(run.words).toContain('Use another project');
			expect(run.words).toContain('Nothing was uploaded or billed.');
			expect(await studio.requests('put')).toBe(0);
		});

		test('is an error after a restart of n8n as well', async () => {
			await firstUpload();
			studio.restart();
			expect((await studio.run(steps, CARD_2)).words).toContain("'A_1.NEF' has the same name");
		});

		test('is uploaded where the earlier one had failed', async () => {
			await studio.control.addFaults({
				kind: 'status',
				call: 'put',
				status: 400,
				fileName: 'A_1.NEF',
				times: 1,
			});
			expect((await firstUpload()).words).not.toBe('');
			const run = await studio.run(steps, [of('mended', 'A_1.NEF'), CARD_1[1]]);
			expect(run.words).toBe('');
		});

		test('is no error where the picture is the same', async () => {
			await firstUpload();
			expect((await studio.run(steps, CARD_1)).words).toBe('');
			expect(await studio.photoNames('Anna')).toEqual(['A_1.NEF', 'A_2.NEF']);
		});
	},
);

test('Make Unique gives the other picture a name of its own, and the first one keeps its own', async () => {
	const unique = { ifNamesRepeat: 'makeUnique' };
	await firstUpload(CARD_1, unique);
	await firstUpload(CARD_2, unique);
	expect(await studio.photoNames('Anna')).toEqual(['A_1-2.NEF', 'A_1.NEF', 'A_2.NEF', 'A_3.NEF']);
	await firstUpload([...CARD_2, ...CARD_1], unique);
	expect(await studio.photoNames('Anna')).toEqual(['A_1-2.NEF', 'A_1.NEF', 'A_2.NEF', 'A_3.NEF']);
});

test('a second run of two cards with Make Unique, in another order, gives each photo the name that it had', async () => {
	const cards = [CARD_1[0], CARD_2[0]];
	const step = shoot('Anna', { options: { ifNamesRepeat: 'makeUnique' } });
	const first = await studio.run([step], cards);
	const second = await studio.run([step], cards.toReversed());
	expect(second.words).toBe('');
	expect(await second.files('Shoot')).toEqual(await first.files('Shoot'));
	expect(await studio.bill()).toMatchObject({ edits: 1, photos: 2 });
});

test('with Continue, Upload uploads the others, and the photo is an error item', async () => {
	await firstUpload();
	const run = await studio.run([create('Anna'), upload({ settings: continuing })], CARD_2);
	expect(run.errors('Upload')).toEqual([expect.stringContaining("'A_1.NEF'")]);
	expect(await studio.photoNames('Anna')).toEqual(['A_1.NEF', 'A_2.NEF', 'A_3.NEF']);
});

test('Retry On Fail with Make Unique uploads nothing twice', async () => {
	await firstUpload();
	await studio.control.addFaults({ kind: 'status', call: 'put', status: 400, fileName: 'A_3.NEF', times: 1 });
	const parameters = { options: { ifNamesRepeat: 'makeUnique' } };
	const run = await studio.run([create('Anna'), upload({ parameters, settings: retrying })], CARD_2);
	expect(run.words).toBe('');
	expect(await studio.photoNames('Anna')).toEqual(['A_1-2.NEF', 'A_1.NEF', 'A_2.NEF', 'A_3.NEF']);
});

test('the whole job in a row ends before it edits, and the first card is edited with its own pictures', async () => {
	await firstUpload();
	expect((await studio.run(nodesInARow('Anna'), CARD_2)).words).toContain("'A_1.NEF'");
	expect(await studio.bill()).toMatchObject({ edits: 0 });
	const run = await studio.run([create('Anna'), start(), wait(), download()], [{ json: {} }]);
	expect(namesOf(await run.files('Download'))).toEqual(['A_1.xmp', 'A_2.xmp']);
});

test('files without a name are not taken for each other', async () => {
	const nameless = (text: string): InputItem => ({
		json: {},
		files: {
			data: { fileName: '', bytes: photoBytes('x.jpg', text.padEnd(300, '\0')), mimeType: 'image/jpeg' },
		},
	});
	await firstUpload([nameless('one')]);
	expect((await firstUpload([nameless('two')])).words).toContain("'data-1.jpg' has the same name");
});

test('Preview says that Edit shoot would fail', async () => {
	await firstUpload();
	const run = await studio.run([preview('Anna')], CARD_2);
	expect(run.json('Shoot')).toMatchObject([
		{ project: expect.stringContaining("would fail: 'A_1.NEF' has the same name"), photos_billed: 0 },
	]);
});
