import { byId, jsonOf, runImagen } from '../../../../../support/imagen';
import { api, requests, useImagenApi } from '../../../../../support/imagenApi';
import { shot } from '../../../../../support/shoots';

useImagenApi();

const upload = async (value: string, json = {}) =>
	(await runImagen('photo.upload', { project: byId(value) }, { items: [shot('1.NEF', json)] })).error;

test.each([
	['Anna & Ben', 'a name', 'By Name'],
	['Müller', 'a name', 'By Name'],
	['2026/05 Smith', 'a name', 'By Name'],
	['https://app.imagen-ai.com/projects/65f3a1c09b7e4d2f8a6c1e57', 'a URL', 'By URL'],
])('%s under By ID is refused before any request, with the mode that takes it', async (value, what, mode) => {
	const error = await upload(value);
	expect(error?.message).toBe(`'Project' is set to By ID, but '${value}' looks like ${what}`);
	expect(error?.description).toBe(
		`Set 'Project' to ${mode}, or enter the project_uuid that Create project returns. Nothing was sent.`,
	);
	expect(requests()).toEqual([]);
});

const apiKnowsNoProject = (uuid: string) => {
	api().get(`/projects/${uuid}`).optionally().reply(404, { detail: 'Not found' });
	api().post(`/projects/${uuid}/get_temporary_upload_links`).reply(404, { detail: 'Not found' });
};

test('a name of one word under By ID is asked for, and the error says where names go', async () => {
	apiKnowsNoProject('Smith');
	const error = await upload('Smith');
	expect(error?.description).toMatch(/^If 'Smith' is the name of the project, set 'Project' to By Name\./);
});

test.each(['65f3a1c09b7e4d2f8a6c1e57', '0b8f1a52-6c3d-4e7a-9f10-2d4c6b8a1e35'])(
	'an ID that Imagen does not know is not taken for a name: %s',
	async (uuid) => {
		apiKnowsNoProject(uuid);
		const error = await upload(uuid);
		expect(error?.description).toMatch(/^Check the project/);
		expect(error?.description).not.toContain('By Name');
	},
);

describe('a project By Name', () => {
	const byName = async (value: string) =>
		(await runImagen('edit.getStatus', { project: { __rl: true, mode: 'name', value } })).error;

	test.each([
		[404, { detail: 'Project not found' }, "No project is named 'Nobody'"],
		[404, { detail: 'No access' }, "Imagen AI could not find project 'Nobody': No access"],
		[403, { detail: 'Project not found' }, "Imagen AI could not find project 'Nobody': Project not found"],
	])(
		"that is not found is said once, other words of Imagen's are kept: %s %j",
		async (status, body, message) => {
			api()
				.get(/uuid|by_name|Nobody/)
				.reply(status, body);
			expect((await byName('Nobody'))?.message).toBe(message);
		},
	);
});

test('a project of the node before that is gone is not taken for a name', async () => {
	apiKnowsNoProject('p-1');
	const error = await upload('={{ $json.project_uuid }}', { project_uuid: 'p-1' });
	expect(error?.message).toContain('Not found');
	expect(error?.description).not.toContain('By Name');
});

describe('an expression without a value', () => {
	test('is named, with what to check', async () => {
		const error = await upload('={{ $json.projct_uuid }}', { project_uuid: 'p-1' });
		expect(error?.message).toBe(
			"'Project' is empty for this item: the expression {{ $json.projct_uuid }} has no value",
		);
		expect(error?.description).toMatch(
			/^Check the field name in the expression of 'Project'.* Nothing was sent\.$/,
		);
		expect(requests()).toEqual([]);
	});

	test('is told apart from a field that is empty', async () => {
		expect((await upload(' '))?.message).toBe("'Project' is empty");
	});

	test('is one item with Continue, which says nothing of the others', async () => {
		const items = [shot('1.NEF')];
		const result = await runImagen('photo.upload', {}, { items, onError: 'continueRegularOutput' });
		expect(jsonOf(result)).toEqual([
			{
				error: "'Project' is empty for this item: the expression {{ $json.project_uuid }} has no value",
				message: expect.not.stringContaining('Nothing was sent'),
			},
		]);
	});
});
