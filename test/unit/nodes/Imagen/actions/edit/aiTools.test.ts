import type { INodeProperties } from 'n8n-workflow';

import { AI_TOOLS, type AiTool } from '../../../../../../nodes/Imagen/actions/edit/aiTools';
import { Imagen } from '../../../../../../nodes/Imagen/Imagen.node';
import { byId, projectItem, runImagen } from '../../../../../support/imagen';
import {
	apiListsProfiles,
	apiStarts,
	apiReportsStatus,
	bodyOf,
	requests,
	useImagenApi,
} from '../../../../../support/imagenApi';

/** A tool that Imagen does not have, added in the one place where tools are added. */
jest.mock('../../../../../../nodes/Imagen/actions/edit/aiTools', () => {
	const module = jest.requireActual<{ AI_TOOLS: AiTool[] }>(
		'../../../../../../nodes/Imagen/actions/edit/aiTools',
	);
	module.AI_TOOLS.push({
		field: { displayName: 'Add Snow', name: 'addSnow', type: 'boolean', default: true },
		apiField: 'add_snow',
		editingFlows: ['REGULAR', 'I2I'],
		needs: 'skyReplacement',
	});
	return module;
});

useImagenApi();

const start = async (aiTools: Record<string, boolean>) =>
	await runImagen('edit.start', { profile: byId(14715), aiTools }, { items: [projectItem('p-1')] });

test.each([
	['edit', 'aiTools'],
	['edit', 'smartTools'],
	['shoot', 'aiTools'],
	['shoot', 'smartTools'],
])("a tool that is added to the table is in the panel, in its place: %s, '%s'", (resource, parameter) => {
	const field = new Imagen().description.properties.find(
		({ name, displayOptions }) => name === parameter && displayOptions?.show?.resource?.includes(resource),
	)!;
	const labels = (field.options as INodeProperties[]).map(({ displayName }) => displayName);
	expect(labels[0]).toBe('Add Snow');
	expect(labels).toEqual([...labels].sort((one, other) => one.localeCompare(other)));
});

test('a tool that is added to the table is in the request', async () => {
	apiListsProfiles();
	apiReportsStatus('edit', 'p-1', 'Pending');
	apiStarts('edit', 'p-1');
	expect((await start({ addSnow: true, skyReplacement: true })).error).toBeUndefined();
	expect(bodyOf('POST /projects/p-1/edit')).toMatchObject({ add_snow: true, sky_replacement: true });
});

test('a tool that is added to the table is checked with the others', async () => {
	apiListsProfiles();
	expect((await start({ addSnow: true })).error).toMatchObject({
		message: "'AI Tools' can't be used as they are set: 'Add Snow' needs 'Sky Replacement'",
		description: "In 'AI Tools', add 'Sky Replacement'. Nothing was started or billed.",
	});
	expect(requests()).toEqual(['GET /profiles']);
});

test('a tool that is not in the table is an error before anything is sent', async () => {
	const node = new Imagen();
	const added = AI_TOOLS.pop()!;
	apiListsProfiles();
	const { error } = await runImagen(
		'edit.start',
		{ profile: byId(14715), aiTools: { crop: true, addSnow: true } },
		{ node, items: [projectItem('p-1')] },
	);
	AI_TOOLS.push(added);
	expect(error?.message).toBe("'AI Tools' has 'addSnow', which this version of the node doesn't know");
	expect(error?.description).toContain("Update the Imagen AI node, or remove 'addSnow' from 'AI Tools'.");
	expect(requests()).toEqual(['GET /profiles']);
});
