import { byId, jsonOf, runImagen } from '../../../../../support/imagen';
import {
	apiCreatesProject,
	apiListsProfiles,
	requests,
	useImagenApi,
} from '../../../../../support/imagenApi';
import { preview, shoot, shot } from '../../../../../support/shoots';

useImagenApi();

const TYPO = '={{ $json.clientt }}';
const items = [shot('1.NEF', { client: 'Anna' })];

test.each([
	['Project Name', { projectName: TYPO }],
	['Group By', { groupBy: TYPO }],
])(
	'a typo in %s stops a shoot before a project without a name is created and billed',
	async (label, options) => {
		const { error } = await shoot({ options }, { items });
		expect(error?.message).toBe(
			`'${label}' is empty for this item: the expression {{ $json.clientt }} has no value`,
		);
		expect(error?.description).toContain('Nothing was created, sent or billed.');
		expect(requests()).toEqual([]);
	},
);

test('a typo in Name stops Create project', async () => {
	const { error } = await runImagen('project.create', { name: TYPO }, { items });
	expect(error?.message).toContain("'Name' is empty for this item");
	expect(requests()).toEqual([]);
});

test('a field that is empty lets Imagen name the project', async () => {
	apiListsProfiles();
	const result = await preview({ options: { projectName: '' } }, { items });
	expect(jsonOf(result)).toMatchObject([{ project_name: null, photos_billed: 1 }]);
});

describe('a name that an expression leaves a hole in is an error before anything is created', () => {
	const blank = [shot('1.NEF', { client: '', none: null, first: 'Anna' })];
	const EMPTY = 'is empty for this item';
	const INCOMPLETE = 'is incomplete for this item';

	test.each([
		['={{ $json.nope }} ', EMPTY, '{{ $json.nope }}  has no value'],
		['={{ $json.nope }} {{ $json.nor }}', EMPTY, 'has no value'],
		['={{ $json.client }}', EMPTY, '{{ $json.client }} has no value'],
		['={{ $json.nope || "" }}', EMPTY, 'has no value'],
		['={{ `${$json.nope}` }}', EMPTY, 'has no value'],
		['={{ Number($json.nope) }}', EMPTY, 'has no value'],
		['={{ $json.nope }} wedding', INCOMPLETE, '{{ $json.nope }} has no value'],
		['={{ $json.none }} wedding', INCOMPLETE, '{{ $json.none }} has no value'],
		['={{ $json.client }} wedding', INCOMPLETE, '{{ $json.client }} has no value'],
		['={{ $json.first }} {{ $json.nope }}', INCOMPLETE, '{{ $json.nope }} has no value'],
		['={{ Number($json.nope) }} wedding', INCOMPLETE, 'has no value'],
		['={{ $json.nope + " wedding" }}', INCOMPLETE, 'returns text with undefined in it'],
		['={{ `${$json.none} wedding` }}', INCOMPLETE, 'returns text with null in it'],
		['={{ $json }} wedding', INCOMPLETE, 'returns text with [object Object] in it'],
	])('%j', async (expression, what, why) => {
		const fields: Array<[label: string, run: () => Promise<{ error?: Error & { description?: unknown } }>]> =
			[
				['Project Name', async () => await shoot({ options: { projectName: expression } }, { items: blank })],
				['Group By', async () => await shoot({ options: { groupBy: expression } }, { items: blank })],
				['Name', async () => await runImagen('project.create', { name: expression }, { items: blank })],
			];
		for (const [label, run] of fields) {
			const { error } = await run();
			expect(error?.message).toContain(`'${label}' ${what}: the expression `);
			expect(error?.message).toContain(why);
			expect(error?.description).toContain(`To let Imagen name the project, clear '${label}'.`);
			expect(error?.description).toContain('Nothing was created, sent or billed.');
		}
		expect(requests()).toEqual([]);
	});

	test('By Name, nothing is looked up', async () => {
		const project = { __rl: true, mode: 'name', value: '={{ $json.nope }} wedding' };
		const { error } = await runImagen('edit.download', { project }, { items: blank });
		expect(error?.message).toBe(
			"'Project' is incomplete for this item: the expression {{ $json.nope }} has no value",
		);
		expect(requests()).toEqual([]);
	});

	test.each(['={{ $json.nope }}.jpg', '={{ $json.nope + ".jpg" }}'])(
		'File Name of a link: %j',
		async (fileName) => {
			const parameters = {
				project: byId('p-1'),
				photosFrom: 'links',
				link: 'https://example.com/1',
				fileName,
			};
			const { error } = await runImagen('photo.upload', parameters, { items: blank });
			expect(error?.message).toContain(
				"'File Name' is incomplete for this item: the expression {{ $json.nope",
			);
			expect(requests()).toEqual([]);
		},
	);
});

test.each([
	['={{ $json.first }} {{ $json.middle }} {{ $json.last }}', 'Anna  Berg'],
	['=No. {{ $json.number }}', 'No. 0'],
	['={{ $json.word }}', 'undefined terms'],
	['={{ $json.word }} {{ $json.first }}', 'undefined terms Anna'],
	['={{ $json.first + " (" + [1].map((one) => ({ a: { b: one } }).a.b) + ")" }}', 'Anna (1)'],
	['=Shoot \\{{ of {{ $json.first }}', 'Shoot \\{{ of Anna'],
])(
	'a name by %j is %j: an empty part is no hole, and words of the data are not looked at',
	async (name, created) => {
		apiCreatesProject('p-1', { name: created });
		const json = { first: 'Anna', middle: '', last: 'Berg', number: 0, word: 'undefined terms' };
		const { error } = await runImagen('project.create', { name }, { items: [{ json }] });
		expect(error).toBeUndefined();
	},
);

test.each(['.', '..', '={{ "." }}', ' .. '])(
	'a project is not named %j, by which no URL finds it',
	async (name) => {
		for (const { error } of [
			await runImagen('project.create', { name }, { items }),
			await shoot({ options: { projectName: name } }, { items }),
			await runImagen('edit.download', { project: { __rl: true, mode: 'name', value: name } }, { items }),
		])
			expect(error?.message).toMatch(/^A project can't be named '\.\.?'$/);
		expect(requests()).toEqual([]);
	},
);

test('Group By with a fixed text is an error: all photos would become one project of that name', async () => {
	const { error } = await shoot({ options: { groupBy: 'client' } }, { items });
	expect(error?.message).toBe("'Group By' is 'client' for all items, which is not an expression");
	expect(error?.description).toContain(
		"Set 'Group By' to an expression, such as {{ $json.client }}, or clear it.",
	);
	expect(requests()).toEqual([]);
});
