import type { INodeParameters } from 'n8n-workflow';

import { loadOptions } from '../../../../support/engine';
import { byId, credential } from '../../../../support/imagen';
import { api, useImagenApi, wrapped } from '../../../../support/imagenApi';
import { apiGivesTools, TOOLS } from '../../../../support/retouchApi';
import { Imagen } from '../../../../../nodes/Imagen/Imagen.node';

useImagenApi();

const load = async (method: string, parameters: INodeParameters = {}) =>
	await loadOptions({ node: new Imagen(), credentials: [credential], method, parameters });

test('the panel lists skies by their numbers, with the one that Imagen takes without a choice first', async () => {
	api()
		.get('/projects/sky_replacement/templates')
		.reply(
			200,
			wrapped({
				templates: [
					{ id: 3, is_default: true },
					{ id: 7, is_default: false },
				],
			}),
		);
	expect(await load('getSkyTemplates')).toEqual([
		{ name: "Imagen's Default Sky (Sky 3)", value: '' },
		{ name: 'Sky 3', value: 3 },
		{ name: 'Sky 7', value: 7 },
	]);
});

describe('the retouch tools', () => {
	const OPTIONS = [
		{ name: 'Declutter', value: 'declutter' },
		{ name: 'Virtual twilight', value: 'virtual_twilight' },
	];
	const tools = async (parameters: INodeParameters) =>
		await load('getRetouchTools', { resource: 'retouch', operation: 'applyTool', ...parameters });

	test('the panel lists retouch tools by their labels, as the chosen project has them', async () => {
		apiGivesTools('p-1', TOOLS, 'I2I');
		expect(await tools({ project: byId('p-1'), options: { projectSource: 'I2I' } })).toEqual(OPTIONS);
	});

	test('the panel lists the retouch tools of the project whose name or address is entered', async () => {
		api()
			.get('/projects/Anna/uuid')
			.reply(200, wrapped({ project_uuid: 'p-1' }));
		apiGivesTools('p-1', TOOLS);
		apiGivesTools('p-2', TOOLS);
		const parameter = (mode: string, value: string) => ({ __rl: true, mode, value }) as INodeParameters;
		expect(await tools({ project: parameter('name', 'Anna') })).toEqual(OPTIONS);
		const url = parameter('url', 'https://app.imagen-ai.com/projects/p-2');
		expect(await tools({ project: url })).toEqual(OPTIONS);
	});

	test("the panel lists the retouch tools of the account's newest project, where the project comes from the input", async () => {
		api()
			.get('/projects')
			.query(true)
			.reply(200, wrapped({ projects: [{ project_uuid: 'p-new' }, { project_uuid: 'p-old' }] }));
		apiGivesTools('p-new', TOOLS);
		expect(await tools({ project: byId('={{ $json.project_uuid }}') })).toEqual(OPTIONS);
	});

	test('the panel lists no retouch tools in an account without projects', async () => {
		api()
			.get('/projects')
			.query(true)
			.reply(200, wrapped({ projects: [] }));
		expect(await tools({ project: byId('') })).toEqual([]);
	});
});
