import { photo } from '../support/engine/index.ts';
import { photoBytes } from '../support/photoBytes.ts';
import { create, photos, retouch, shoot, useStudio } from './studio.mts';

const studio = useStudio();

beforeEach(async () => {
	await studio.run([shoot('Anna', { results: 'exported' })], photos('Müller.NEF'));
});

test('Retouch finds a photo by its name in the Unicode form of a Mac', async () => {
	const parameters = { photos: 'one', instruction: 'Brighter', fileName: 'Mu\u0308ller.jpg' };
	const run = await studio.run([create('Anna'), { ...retouch, parameters }], [{ json: {} }]);
	expect(run.words).toBe('');
});

test.each(['Mu\u0308ller.jpg', 'MÜLLER.JPG'])('Replace finds a photo by its name as %j', async (fileName) => {
	const item = photo('new.jpg', photoBytes('new.jpg'));
	const step = { name: 'Replace', operation: 'export.replacePhoto' as const, parameters: { fileName } };
	const run = await studio.run([create('Anna'), step], [item]);
	expect(run.words).toBe('');
	expect(run.json('Replace')).toMatchObject([{ file_name: 'Müller.jpg' }]);
});
