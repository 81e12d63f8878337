import { byId } from '../support/imagen.ts';
import { withAnswers, type Rewrite } from './rewritten.mts';
import { download, nodesInARow, photos, shoot, useStudio, type Step } from './studio.mts';

const studio = useStudio();

/** Works with an API that writes the names of results in another way. */
async function runWhereNamed(
	change: (name: string) => string,
	steps: Step[],
	items = photos(...NAMES),
	workflow = 'workflow',
) {
	const rename: Rewrite = ({ path, body }) =>
		path.includes('get_temporary_download_links') && body?.data?.files_list
			? {
					data: {
						files_list: body.data.files_list.map((file: { file_name: string }) => ({
							...file,
							file_name: change(file.file_name),
						})),
					},
				}
			: undefined;
	return await withAnswers(studio.client.sandbox.apiUrl, rename, async (apiUrl) =>
		studio.run(steps, items, { apiUrl, workflow }),
	);
}

const NAMES = ['A 1.NEF', 'A_2.NEF', 'A_3.NEF'];
const encoded = (name: string) => name.replaceAll(' ', '%20');
const underscored = (name: string) => name.replaceAll(' ', '_');
const ways: Array<{ way: string; steps: Step[]; last: string }> = [
	{ way: 'nodes in a row', steps: nodesInARow('Anna'), last: 'Download' },
	{ way: 'Shoot', steps: [shoot('Anna')], last: 'Shoot' },
	{ way: 'nodes in a row, Smart Editing', steps: nodesInARow('Anna', { flow: 'I2I' }), last: 'Download' },
];

test.each(
	ways.flatMap((way) => [
		{ ...way, name: 'A%201', change: encoded },
		{ ...way, name: 'A_1', change: underscored },
	]),
)(
	"the result of 'A 1' that Imagen calls $name is not missing, and every file comes, by $way",
	async ({ steps, last, change }) => {
		const run = await runWhereNamed(change, steps);
		expect(run.words).toBe('');
		expect((await run.files(last)).size).toBe(3);
	},
);

test('the only result of a shoot with another name is that of the only photo left', async () => {
	const run = await runWhereNamed(encoded, [shoot('Anna')]);
	expect(run.json('Shoot')).toContainEqual(
		expect.objectContaining({
			file_name: 'A%201.xmp',
			source_file_name: 'A 1.NEF',
			matched_by: 'only one left',
		}),
	);
});

test('several results of a shoot with other names come without a source', async () => {
	const run = await runWhereNamed(encoded, [shoot('Anna')], photos('A 1.NEF', 'A 2.NEF', 'A_3.NEF'));
	const results = run.json('Shoot');
	expect(results).toHaveLength(3);
	expect(results.filter(({ source_file_name: source }) => source === undefined)).toHaveLength(2);
});

test('a result that is missing is missed among results with other names', async () => {
	await studio.control.set({ missingResults: 1 });
	const run = await runWhereNamed(encoded, nodesInARow('Anna'), photos('A 1.NEF', 'A 2.NEF', 'A 3.NEF'));
	expect(run.words).toContain('no result for 1 of 3 photos');
});

test('Shoot of an edit that nobody remembers does not call photos later ones whose results have other names', async () => {
	const items = photos('A 1.NEF', 'A 2.NEF');
	await studio.run([shoot('Anna')], items);
	studio.restart();
	const run = await runWhereNamed(encoded, [shoot('Anna')], items, 'other');
	expect(run.words).not.toContain('Start Again');
	expect((await studio.bill()).edits).toBe(1);
});

describe('a number of photos that Imagen has not brought up to date', () => {
	test.each([0, 1])('%i of 4 does not end the wait for a list that still fills', async (number) => {
		await studio.control.set({ fillSeconds: 40 });
		const names = ['B_1.NEF', 'B_2.NEF', 'B_3.NEF', 'B_4.NEF'];
		await studio.control.createProject({ name: 'Anna', photos: names, state: 'edited' });
		await studio.control.advance(21);
		const outdated: Rewrite = ({ path, body }) =>
			/\/projects\/\w+$/.test(path.split('?')[0])
				? { data: { ...body.data, number_of_images: number } }
				: undefined;
		const byName = download();
		const step = {
			...byName,
			parameters: { ...byName.parameters, project: { ...byId('Anna'), mode: 'name' } },
		};
		const run = await withAnswers(studio.client.sandbox.apiUrl, outdated, async (apiUrl) =>
			studio.run([step], [{ json: {} }], { apiUrl }),
		);
		expect(run.words).toBe('');
		expect((await run.files('Download')).size).toBe(4);
	});
});
