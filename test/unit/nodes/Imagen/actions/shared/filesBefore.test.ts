import type { IExecuteFunctions, INodeType } from 'n8n-workflow';

import { passThroughNode, type InputItem } from '../../../../../support/engine/nodes';
import { byId, NODE_TYPE, runImagen, runImagenWorkflow } from '../../../../../support/imagen';
import {
	apiCreatesProject,
	apiListsProfiles,
	JPG_PROFILE,
	RAW_PROFILE,
	requests,
	useImagenApi,
} from '../../../../../support/imagenApi';
import { shot } from '../../../../../support/shoots';

useImagenApi();

/** Passes on the JSON of its items alone, as Edit Fields does. */
const droppingNode: INodeType = {
	...passThroughNode,
	async execute(this: IExecuteFunctions) {
		return [this.getInputData().map(({ json }, item) => ({ json, pairedItem: { item } }))];
	},
};

const EDIT_FIELDS = 'n8n-nodes-base.set';
const CODE = 'n8n-nodes-base.code';

interface Step {
	name: string;
	type: string;
	typeVersion?: number;
	parameters?: object;
}

const upload: Step = {
	name: 'Upload',
	type: NODE_TYPE,
	parameters: { resource: 'photo', operation: 'upload', project: byId('p-1') },
};

/** Runs nodes in a row, after one that gives the items. */
async function runInARow(steps: Step[], items: InputItem[]) {
	const row: Step[] = [{ name: 'Get Files', type: 'n8n-nodes-base.manualTrigger' }, ...steps];
	const nodes = row.map(({ typeVersion = 1, parameters = {}, ...step }) => ({
		id: step.name,
		typeVersion,
		position: [0, 0] as [number, number],
		parameters: parameters as never,
		...step,
	}));
	const connections = Object.fromEntries(
		row
			.slice(0, -1)
			.map(({ name }, index) => [
				name,
				{ main: [[{ node: row[index + 1].name, type: 'main' as const, index: 0 }]] },
			]),
	);
	const nodeTypes = { [EDIT_FIELDS]: droppingNode, [CODE]: droppingNode };
	return (await runImagenWorkflow({ nodes, connections }, { items, nodeTypes })).error;
}

const json = { project_uuid: 'p-1' };
const files = [shot('1.NEF', json), shot('2.NEF', json)];

test.each([
	[3.4, "turn on 'Include Other Input Fields', and add the option 'Strip Binary Data', turned off"],
	[3.3, "add the option 'Include Binary File'"],
])(
	'an upload after Edit Fields %d names the node that dropped the files, and its option',
	async (typeVersion, option) => {
		const editFields = { name: 'Set Client', type: EDIT_FIELDS, typeVersion };
		const error = await runInARow([editFields, upload], files);
		expect(error?.message).toBe("2 items can't be uploaded");
		expect(error?.description).toContain(`In 'Set Client', ${option}.`);
		expect(error?.description).toContain('Nothing was uploaded or billed.');
		expect(error?.description).toContain(
			"<li>'Set Client' did not pass on the file in 'data': item 1, item 2.</li>",
		);
		expect(requests()).toEqual([]);
	},
);

test('the node that dropped the files is named also where others stand between it and the upload', async () => {
	apiCreatesProject('p-1');
	const code = { name: 'My Code', type: CODE };
	const create = {
		name: 'Create',
		type: NODE_TYPE,
		parameters: { resource: 'project', operation: 'create' },
	};
	const error = await runInARow([code, create, upload], [files[0]]);
	expect(error?.message).toBe("'My Code' did not pass on the file in 'data'");
	expect(error?.description).toContain("Make 'My Code' pass on the files");
});

test('where no node had the files, none is blamed', async () => {
	const error = await runInARow([{ name: 'Code', type: CODE }, upload], [{ json }]);
	expect(error?.message).toBe("The item from 'Code' has no file in 'data'");
	expect(error?.description).toContain(
		'Add a node before this one that gets the files themselves, not just their names',
	);
});

test('an empty item of a node that found nothing says that it found no files', async () => {
	const error = await runInARow([{ name: 'Fetch Photos', type: CODE }, upload], [{ json: {} }]);
	expect(error?.message).toBe("'Fetch Photos' found no files");
	expect(error?.description).toMatch(/^Check its path or folder\./);
});

test('the empty item of a trigger is not taken for files that were not found', async () => {
	const error = await runInARow([upload], [{ json: {} }]);
	expect(error?.message).not.toContain('found no files');
});

test('an item whose files are in another field says in which', async () => {
	const { error } = await runImagen('photo.upload', { binaryPropertyName: 'photo' }, { items: [files[0]] });
	expect(error?.message).toBe("The item from 'Start' has no file in 'photo', only in 'data'");
	expect(error?.description).toContain(
		"In 'Input Binary Field', enter the name of the field with the photo, or * for all fields of each item.",
	);
});

const shoot = { profile: byId(RAW_PROFILE.profile_key), results: 'none' };

test.each([
	['photo.upload', {}, "3 items can't be uploaded"],
	['shoot.editPhotos', { ...shoot, profile: byId(JPG_PROFILE.profile_key) }, "3 items can't be edited"],
	['export.replacePhoto', { fileName: '1.jpg' }, "3 items can't be processed"],
] as const)(
	'%s names all items that lack a file, as the panel counts them',
	async (operation, parameters, message) => {
		if (operation === 'shoot.editPhotos') apiListsProfiles();
		const jpeg = (name: string) => ({
			...shot(name, json),
			files: { data: { fileName: name, bytes: JPEG } },
		});
		const items = [{ json }, jpeg('1.jpg'), { json }, jpeg('2.jpg'), { json }];
		const { error } = await runImagen(operation, parameters, { items });
		expect(error?.message).toBe(message);
		expect(error?.description).toContain("has no file in 'data': item 1, item 3, item 5.");
	},
);

const JPEG = Buffer.from([0xff, 0xd8, 0xff, 0xe0]);

test.each(['photo.upload', 'shoot.editPhotos'] as const)(
	'%s names all files of pinned items that n8n has deleted',
	async (operation) => {
		if (operation === 'shoot.editPhotos') apiListsProfiles();
		const lost = (fileName: string): InputItem => ({
			json,
			binary: {
				data: {
					fileName,
					mimeType: 'image/x-nikon-nef',
					data: 'filesystem-v2',
					id: 'filesystem-v2:workflows/1/executions/1/binary_data/lost',
				},
			},
		});
		const parameters = operation === 'shoot.editPhotos' ? shoot : {};
		const { error } = await runImagen(operation, parameters, {
			items: [lost('1.NEF'), files[1], lost('3.NEF')],
		});
		expect(error?.description).toContain("n8n no longer has 2 photos: '1.NEF' (item 1), '3.NEF' (item 3).");
		expect(error?.description).toMatch(/Nothing was (uploaded|created, sent) or billed\./);
	},
);
