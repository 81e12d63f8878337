import { hintsOf } from '../support/imagen.ts';
import type { InputItem } from '../support/engine/index.ts';
import { photoBytes } from '../support/photoBytes.ts';
import {
	continuing,
	create,
	errorOutput,
	preview,
	shoot,
	upload,
	useStudio,
	type Ended,
	type Step,
} from './studio.mts';

const studio = useStudio();

const file = (fileName: string) => ({
	fileName,
	bytes: photoBytes(fileName, `photo ${fileName}\n`.padEnd(300, '\0')),
});
/** An item with files, by their fields. */
const item = (files: Record<string, string>): InputItem => ({
	json: {},
	files: Object.fromEntries(Object.entries(files).map(([field, name]) => [field, file(name)])),
});
const MAIL = item({ attachment_0: 'A_1.NEF', attachment_1: 'A_2.NEF', attachment_2: 'notes.txt' });

const shootOf = (binaryPropertyName: string, step = shoot('Anna', { results: 'none' })): Step[] => [
	{ ...step, parameters: { ...step.parameters, binaryPropertyName } },
];
const uploadOf = (binaryPropertyName: string, settings?: Step['settings']): Step[] => [
	create('Anna'),
	upload({ parameters: { binaryPropertyName }, settings }),
];
const hintAt = (run: Ended) => hintsOf(run.result).join('\n');

test.each([
	['Upload', uploadOf],
	['Shoot', shootOf],
])('%s takes the photos of all attachments of a mail, or says which it did not', async (_way, steps) => {
	const run = await studio.run(steps('attachment_0'), [MAIL]);
	expect(hintAt(run)).toContain("1 more photo in the input was not used, in 'attachment_1'");
	expect(hintAt(run)).toContain("set 'Input Binary Field' to *");
	await studio.begin();
	const all = await studio.run(steps('*'), [MAIL]);
	expect(hintAt(all)).not.toContain('not used');
	expect(await studio.photoNames('Anna')).toEqual(['A_1.NEF', 'A_2.NEF']);
});

test('a Preview says as well that photos beside data would not be used', async () => {
	const items = [item({ data: 'A_1.NEF', data_1: 'A_2.NEF' }), item({ data: 'A_3.NEF', data_1: 'A_4.NEF' })];
	const run = await studio.run([preview('Anna')], items);
	expect(hintAt(run)).toContain("2 more photos in the input were not used, in 'data_1'");
});

test('where no file is in the field, the error names the fields and *', async () => {
	const run = await studio.run(uploadOf('data'), [MAIL]);
	expect(run.words).toContain(
		"has no file in 'data', only in 'attachment_0', 'attachment_1', 'attachment_2'",
	);
	expect(run.words).toContain('or * for all fields of each item');
});

describe('with two fields, of which an item has one', () => {
	const items = [item({ one: 'A_1.NEF', two: 'A_2.NEF' }), item({ one: 'A_3.NEF' })];
	const step = shoot('Anna', {
		settings: errorOutput,
		results: 'none',
		options: { editWithoutFailed: true },
	});

	test.each([
		['Upload', uploadOf('one, two')],
		['Upload with Continue', uploadOf('one, two', continuing)],
		['Shoot', shootOf('one, two')],
		['Shoot with Edit Without Failed Photos', shootOf('one, two', step)],
	])('%s takes the photo that is there', async (_way, steps) => {
		const run = await studio.run(steps, items);
		expect(run.words).toBe('');
		expect(await studio.photoNames('Anna')).toEqual(['A_1.NEF', 'A_2.NEF', 'A_3.NEF']);
	});

	test('an item that has none of them is an error', async () => {
		const run = await studio.run(uploadOf('one, two'), [...items, item({ three: 'A_4.NEF' })]);
		expect(run.words).toContain("no file in 'one', only in 'three'");
	});
});
