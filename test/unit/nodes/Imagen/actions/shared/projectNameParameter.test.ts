import { jsonOf, runImagen } from '../../../../../support/imagen';
import { apiListsProfiles, requests, useImagenApi } from '../../../../../support/imagenApi';
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

test('a field that is empty lets Imagen name the project, also where a cell of a table is empty', async () => {
	apiListsProfiles();
	const empty = { items: [shot('1.NEF', { client: '' })] };
	const result = await preview({ options: { projectName: '={{ $json.client }}' } }, empty);
	expect(jsonOf(result)).toMatchObject([{ project_name: null, photos_billed: 1 }]);
});
