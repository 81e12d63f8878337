import { hintsOf } from '../support/imagen.ts';
import { photo, type InputItem } from '../support/engine/index.ts';
import { LinkServer } from '../support/linkServer.mts';
import { photoBytes } from '../support/photoBytes.ts';
import { create, photos, shoot, upload, useStudio, type Step } from './studio.mts';

const studio = useStudio();

const bytes = photoBytes('A_1.NEF', 'the same photo'.padEnd(300, '\0'));
const copies = (...names: string[]): InputItem[] => names.map((name) => photo(name, bytes));
const ways: Array<[way: string, steps: (options?: Record<string, string>) => Step[]]> = [
	['Upload', (options = {}) => [create('Anna'), upload({ parameters: { options } })]],
	['Shoot', (options = {}) => [shoot('Anna', { results: 'none', options })]],
];

describe.each(ways)('the same photo twice, by %s', (_way, steps) => {
	test.each([
		['under two names', copies('A_1.NEF', 'A_1 (1).NEF'), {}],
		[
			'from both cards of a camera, with Make Unique',
			copies('A_1.NEF', 'A_1.NEF'),
			{ ifNamesRepeat: 'makeUnique' },
		],
	])('%s: a hint says that Imagen bills each', async (_what, items, options) => {
		const run = await studio.run(steps(options), [...items, ...photos('B_1.NEF')]);
		expect(run.words).toBe('');
		const hints = hintsOf(run.result).join('\n');
		expect(hints).toMatch(/1 photo is identical to others .* bills each: 'A_1.*NEF' \('A_1.*NEF'\)/);
	});

	test('under one name: the error says to remove one, not to make their names unique', async () => {
		const run = await studio.run(steps(), copies('A_1.NEF', 'A_1.NEF'));
		expect(run.words).toContain(
			"'A_1.NEF' is in the input twice: it is identical to another photo, that of item 1",
		);
		expect(run.words).not.toContain('Make Unique');
	});

	test('different photos are no copies', async () => {
		const run = await studio.run(steps(), photos('A_1.NEF', 'A_2.NEF'));
		expect(hintsOf(run.result).join('\n')).not.toContain('identical');
	});
});

test('one link for all items is hinted at', async () => {
	const drive = await LinkServer.open();
	const link = drive.keep('A_1.NEF', photoBytes('A_1.NEF', 'x\0'.repeat(3000)));
	const step = shoot('Anna', { results: 'none' });
	const items = ['A_1.NEF', 'A_2.NEF', 'A_3.NEF'].map((name) => ({ json: { name } }));
	const run = await studio.run(
		[{ ...step, parameters: { ...step.parameters, photosFrom: 'links', link } }],
		items,
	);
	await drive.close();
	expect(hintsOf(run.result).join('\n')).toContain('2 photos are identical to others');
});
