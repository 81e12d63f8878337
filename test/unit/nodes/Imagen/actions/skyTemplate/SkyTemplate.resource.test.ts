import { useClock } from '../../../../../support/clock';
import { byId, jsonOf, linksOf, projectItem, runImagen } from '../../../../../support/imagen';
import {
	api,
	apiListsProfiles,
	apiStarts,
	apiReportsStatus,
	bodyOf,
	useImagenApi,
	wrapped,
} from '../../../../../support/imagenApi';

useImagenApi();
useClock();

const SKIES = [
	{ id: 3, is_default: false },
	{ id: 7, is_default: true },
];

const apiGivesSkies = (body: unknown) =>
	api()
		.get('/projects/sky_replacement/templates')
		.reply(200, body as object);

describe('Get many sky templates', () => {
	test.each([
		['as documented', wrapped({ templates: SKIES })],
		['as a bare list', SKIES],
		['with IDs as text', { templates: [{ id: '3' }, { id: '7', is_default: true }] }],
	])('Get many sky templates lists the skies, answered %s', async (_form, body) => {
		apiGivesSkies(body);
		const result = await runImagen('skyTemplate.getAll', { returnAll: true });
		expect(jsonOf(result)).toEqual(SKIES);
		expect(linksOf(result.output[0])).toEqual([[0], [0]]);
	});

	test('Get many sky templates lists no more than the limit', async () => {
		apiGivesSkies(wrapped({ templates: SKIES }));
		expect(jsonOf(await runImagen('skyTemplate.getAll', { limit: 1 }))).toEqual([SKIES[0]]);
	});
});

describe('the sky of an edit', () => {
	const start = async (sky: number | string, options = {}) =>
		await runImagen(
			'edit.start',
			{ profile: byId(14715), aiTools: { skyReplacement: true, skyReplacementTemplateId: sky } },
			{ items: [projectItem('p-1', { sky: 'blue' })], ...options },
		);

	test.each([
		[7, { sky_replacement: true, sky_replacement_template_id: 7 }],
		[0, { sky_replacement: true, sky_replacement_template_id: 0 }],
		['7', { sky_replacement: true, sky_replacement_template_id: 7 }],
		['', { sky_replacement: true }],
	])('the sky of an edit chosen as %j is sent as a whole number, or not at all', async (sky, sent) => {
		apiListsProfiles();
		apiReportsStatus('edit', 'p-1', 'Pending');
		apiStarts('edit', 'p-1');
		expect((await start(sky)).error).toBeUndefined();
		expect(bodyOf('POST /projects/p-1/edit')).toEqual({
			profile_key: 14715,
			photography_type: 'NO_TYPE',
			...sent,
		});
	});

	test('the sky of an edit that is no number is refused before anything is sent', async () => {
		apiListsProfiles();
		const { error } = await start('={{ $json.sky }}');
		expect(error?.message).toContain("'Sky Template Name or ID' is not a whole number");
	});
});
