import {
	sleep,
	type IDataObject,
	type IExecuteFunctions,
	type INode,
	type INodeParameters,
} from 'n8n-workflow';

import { readBinary, type NodeOptions, type WorkflowJson } from '../../../../../support/engine';
import { useClock } from '../../../../../support/clock';
import {
	byId,
	jsonOf,
	linksOf,
	NODE_TYPE,
	projectItem,
	runImagen,
	runImagenWorkflow,
	hintsOf,
} from '../../../../../support/imagen';
import {
	apiDescribesProjects,
	api,
	API_KEY,
	apiGivesDownloadLinks,
	apiReportsStatus,
	count,
	EXPIRED,
	linkTo,
	requests,
	connectionReset as brokenConnection,
	storageGives,
	storageHolds,
	useImagenApi,
	wrapped,
} from '../../../../../support/imagenApi';
import {
	apiAwaitsFinalize,
	apiAwaitsReset,
	apiAwaitsVersion,
	apiGivesTools,
	apiHasSmartResult,
	apiMakesVersion,
	finalized,
	made,
	TOOLS,
} from '../../../../../support/retouchApi';
import { retouch } from '../../../../../../nodes/Imagen/api/retouch';
import { Imagen } from '../../../../../../nodes/Imagen/Imagen.node';
import type { ApiContext } from '../../../../../../nodes/Imagen/api/types';

useImagenApi();
useClock();

const TOOL_TYPE = 'n8n-nodes-imagen-ai.imagenTool';

const photoItem = (file_name: string, json: IDataObject = {}) => projectItem('p-1', { file_name, ...json });

const instruct = async (parameters: INodeParameters = {}, options: Partial<NodeOptions> = {}) =>
	await runImagen(
		'retouch.applyInstruction',
		{ instruction: 'More light', ...parameters },
		{ items: [photoItem('a.jpg')], ...options },
	);

/** Instructions that the items tell. */
const BY_ITEM = { instruction: '={{ $json.say }}' };

/** Nodes in a row, as n8n exports them. */
function inARow(
	steps: Array<[operation: string, parameters: INodeParameters]>,
	type = NODE_TYPE,
): WorkflowJson {
	const node = (name: string, nodeType: string, parameters: INodeParameters): INode => ({
		id: name,
		name,
		type: nodeType,
		typeVersion: 1,
		position: [0, 0],
		parameters,
	});
	const names = ['Start', ...steps.map((_, index) => `Step ${index + 1}`)];
	return {
		nodes: [
			node('Start', 'n8n-nodes-base.manualTrigger', {}),
			...steps.map(([operation, parameters], index) =>
				node(names[index + 1], type, { resource: 'retouch', operation, ...parameters }),
			),
		],
		connections: Object.fromEntries(
			names
				.slice(0, -1)
				.map((name, index) => [name, { main: [[{ node: names[index + 1], type: 'main', index: 0 }]] }]),
		),
	};
}

describe('an instruction', () => {
	test('an instruction makes a version of the photo that the item names', async () => {
		apiMakesVersion('v1');
		const result = await instruct({ instruction: '  More light ' });
		expect(result.error).toBeUndefined();
		expect(jsonOf(result)).toEqual([
			{
				project_uuid: 'p-1',
				file_name: 'a.jpg',
				version_id: 'v1',
				parent_version_id: null,
				status: 'Completed',
				instruction: 'More light',
			},
		]);
		expect(linksOf(result.output[0])).toEqual([[0]]);
		expect(requests()).toEqual(['POST /projects/p-1/images/a.jpg/copilot']);
	});

	test('an instruction reaches a photo of Smart Editing, under a name of any form', async () => {
		apiDescribesProjects('I2I');
		apiMakesVersion('v1', { file: 'Ann & Bén/1.jpg', source: 'I2I' });
		const items = [photoItem('Ann & Bén/1.jpg', { project_source: 'I2I' })];
		expect(jsonOf(await instruct({}, { items }))).toMatchObject([
			{ project_uuid: 'p-1', project_source: 'I2I', file_name: 'Ann & Bén/1.jpg' },
		]);
	});

	test('an instruction of 255 characters is sent, however many bytes they have', async () => {
		const instruction = '🌞'.repeat(255);
		apiMakesVersion('v1', { what: { instruction } });
		expect((await instruct({ instruction })).error).toBeUndefined();
	});

	test.each([
		['x'.repeat(256), "'Instruction' is 256 characters long"],
		['  ', "'Instruction' is empty for this item: the expression {{ $json.say }} has no value"],
	])('the instruction %j is refused before anything is sent for any item: %s', async (say, message) => {
		const items = [photoItem('a.jpg', { say: 'More light' }), photoItem('b.jpg', { say })];
		const { error } = await instruct(BY_ITEM, { items });
		expect(error).toMatchObject({ message, context: { itemIndex: 1 } });
		expect(requests()).toEqual([]);
	});

	test('an instruction without a photo is refused, and all mistakes are listed at once', async () => {
		const items = [
			photoItem('a.jpg', { say: 'x'.repeat(300) }),
			projectItem('p-1', { say: 'More light' }),
			photoItem('c.jpg', { say: 'More light' }),
		];
		const { error } = await instruct(BY_ITEM, { items });
		expect(error).toMatchObject({ message: "2 items can't be processed" });
		expect(error?.description).toContain('Nothing was changed.');
		expect(error?.description).toContain("Item 1: 'Instruction' is 300 characters long.");
		expect(error?.description).toContain(
			"Item 2: 'File Name' is empty for this item: the expression {{ $json.file_name }} has no value.",
		);
		expect(requests()).toEqual([]);
	});

	test('an instruction that is too long does not stop the others where the node continues on fail', async () => {
		apiMakesVersion('v1', { file: 'b.jpg' });
		const items = [photoItem('a.jpg', { say: 'x'.repeat(300) }), photoItem('b.jpg', { say: 'More light' })];
		const result = await instruct(BY_ITEM, { items, onError: 'continueErrorOutput' });
		expect(jsonOf(result)).toMatchObject([{ file_name: 'b.jpg', version_id: 'v1' }]);
		expect(jsonOf(result, 1)).toMatchObject([
			{ file_name: 'a.jpg', error: "'Instruction' is 300 characters long" },
		]);
	});

	test('an instruction that cannot be read does not stop the others where the node continues on fail', async () => {
		apiMakesVersion('v-1', { file: 'b.jpg' });
		const items = [photoItem('a.jpg'), photoItem('b.jpg', { say: 'More light' })];
		const instruction = '={{ $json.say ?? $("Gone").item.json.say }}';
		const result = await instruct({ instruction }, { items, onError: 'continueErrorOutput' });
		expect(jsonOf(result)).toMatchObject([{ file_name: 'b.jpg', version_id: 'v-1' }]);
		expect(linksOf(result.output[1])).toEqual([[0]]);
	});

	test('an instruction may take five minutes', async () => {
		let timeout: unknown;
		const context = {
			getCredentials: async () => ({ environment: 'production', apiKey: API_KEY }),
			helpers: {
				httpRequestWithAuthentication: async (_type: string, options: IDataObject) => {
					timeout = options.timeout;
					return { statusCode: 200, headers: {}, body: made('v1') };
				},
			},
		} as unknown as ApiContext;
		await retouch(context, { uuid: 'p-1', editingFlow: 'REGULAR' }, 'a.jpg', { instruction: 'x' }, null);
		expect(timeout).toBe(300_000);
	});
});

describe('a tool', () => {
	test('a retouch tool makes a version as an instruction does', async () => {
		apiMakesVersion('v1', { what: { tool_id: 'declutter' } });
		const result = await runImagen(
			'retouch.applyTool',
			{ tool: 'declutter' },
			{ items: [photoItem('a.jpg')] },
		);
		expect(jsonOf(result)).toMatchObject([{ version_id: 'v1', tool_id: 'declutter', status: 'Completed' }]);
	});

	test('a retouch tool that is not chosen is asked for', async () => {
		const { error } = await runImagen(
			'retouch.applyTool',
			{ tool: '={{ $json.tool }}' },
			{ items: [photoItem('a.jpg')] },
		);
		expect(error).toMatchObject({
			message: "'Tool Name or ID' is empty for this item: the expression {{ $json.tool }} has no value",
		});
	});
});

describe('versions build on each other', () => {
	test('versions of one photo build on each other from item to item, in order; another photo has its own', async () => {
		apiMakesVersion('a1', { what: { instruction: 'one' } });
		apiMakesVersion('b1', { what: { instruction: 'two' }, file: 'b.jpg' });
		apiMakesVersion('a2', { what: { instruction: 'three' }, parent: 'a1' });
		apiMakesVersion('a3', { what: { instruction: 'four' }, parent: 'a2' });
		const items = [
			photoItem('a.jpg', { say: 'one' }),
			photoItem('b.jpg', { say: 'two' }),
			photoItem('a.jpg', { say: 'three' }),
			photoItem('a.jpg', { say: 'four' }),
		];
		const result = await instruct(BY_ITEM, { items });
		expect(
			jsonOf(result).map(({ version_id, parent_version_id }) => [version_id, parent_version_id]),
		).toEqual([
			['a1', null],
			['b1', null],
			['a2', 'a1'],
			['a3', 'a2'],
		]);
		expect(linksOf(result.output[0])).toEqual([[0], [1], [2], [3]]);
	});

	test.each([
		['v1', 'v2'],
		[17, 18],
		[{ branch: 'main', number: 1 }, 'v2'],
	])('versions build on each other from node to node, with the ID %j as it came', async (first, second) => {
		apiMakesVersion(first);
		apiMakesVersion(second, { what: { tool_id: 'declutter' }, parent: first });
		const { output, error } = await runImagenWorkflow(
			inARow([
				['applyInstruction', { instruction: 'More light' }],
				['applyTool', { tool: 'declutter' }],
			]),
			{ items: [photoItem('a.jpg')] },
		);
		expect(error).toBeUndefined();
		expect(output('Step 2')[0][0].json).toMatchObject({ version_id: second, parent_version_id: first });
	});

	test('versions build on the version that the item names, of this photo only', async () => {
		apiMakesVersion('v2', { parent: 'v1' });
		apiMakesVersion('w1', { file: 'b.jpg' });
		const items = [
			photoItem('a.jpg', { version_id: 'v1', target: 'a.jpg' }),
			photoItem('a.jpg', { version_id: 'v1', target: 'b.jpg' }),
		];
		await instruct({ fileName: '={{ $json.target }}' }, { items });
		expect(requests()).toHaveLength(2);
	});

	test('versions build on what this execution made last, before what the item names', async () => {
		apiMakesVersion('v2', { parent: 'v1' });
		apiMakesVersion('v3', { parent: 'v2' });
		const items = [photoItem('a.jpg', { version_id: 'v1' }), photoItem('a.jpg', { version_id: 'v1' })];
		expect((await instruct({}, { items })).error).toBeUndefined();
	});

	test('versions do not build on each other when they start from the original', async () => {
		apiMakesVersion('v1');
		apiMakesVersion('v2');
		const items = [photoItem('a.jpg', { version_id: 'v0' }), photoItem('a.jpg')];
		expect((await instruct({ options: { startFrom: 'original' } }, { items })).error).toBeUndefined();
	});

	test('versions build on a version that is chosen', async () => {
		apiMakesVersion('v9', { parent: 7 });
		const items = [photoItem('a.jpg', { chosen: 7, version_id: 'v0' })];
		await instruct({ options: { startFrom: 'version', versionId: '={{ $json.chosen }}' } }, { items });
		const { error } = await instruct({ options: { startFrom: 'version' } });
		expect(error).toMatchObject({
			message: "'Version ID' is empty for this item: the expression {{ $json.version_id }} has no value",
			context: { itemIndex: 0 },
		});
	});

	test('versions build on each other over the calls of an AI agent', async () => {
		apiMakesVersion('v1', { what: { instruction: 'Brighter' } });
		apiMakesVersion('v2', { what: { instruction: 'Brighter' }, parent: 'v1' });
		const call: [string, INodeParameters] = [
			'applyInstruction',
			{ project: byId('p-1'), fileName: 'a.jpg', instruction: 'Brighter' },
		];
		const { output } = await runImagenWorkflow(inARow([call, call], TOOL_TYPE), {
			nodeTypes: { [TOOL_TYPE]: new Imagen() },
		});
		expect(output('Step 2')[0][0].json).toMatchObject({ version_id: 'v2', parent_version_id: 'v1' });
	});

	test('versions build on each other over calls that an AI agent makes at the same moment', async () => {
		apiAwaitsVersion({ what: { instruction: 'Brighter' } })
			.delay(50)
			.reply(200, made('v1'));
		apiMakesVersion('v2', { what: { instruction: 'Brighter' }, parent: 'v1' });
		const imagen = new Imagen();
		const callTwice = async function (this: IExecuteFunctions) {
			const asTool = Object.create(this, { isToolExecution: { value: () => true } }) as IExecuteFunctions;
			const call = async () => (await imagen.execute.call(asTool))[0];
			return [(await Promise.all([call(), call()])).flat()];
		};
		const result = await instruct({ instruction: 'Brighter' }, { node: { ...imagen, execute: callTwice } });
		expect(jsonOf(result)).toMatchObject([{ version_id: 'v1' }, { parent_version_id: 'v1' }]);
	});

	test('different photos are retouched three at a time while versions of one photo wait for each other', async () => {
		let open = 0;
		let most = 0;
		const files = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => `${name}.jpg`);
		for (const file of files) {
			apiAwaitsVersion({ file }).reply(async () => {
				most = Math.max(most, ++open);
				await sleep(20);
				open--;
				return [200, made('v1', file)] as const;
			});
		}
		const result = await instruct({}, { items: files.map((file) => photoItem(file)) });
		expect(jsonOf(result).map(({ file_name }) => file_name)).toEqual(files);
		expect(most).toBe(3);
	});
});

describe('the edited files of a shoot', () => {
	const results = (given: IDataObject = {}) => [
		photoItem('a.jpg', { result: 'exported', ...given }),
		photoItem('a-2.jpg', { result: 'edited', ...given }),
		photoItem('b-2.jpg', { result: 'edited', ...given }),
	];

	test('are refused before anything is sent, with what to do', async () => {
		const { error } = await instruct({}, { items: results() });
		expect(error?.message).toBe("2 items can't be processed");
		expect(error?.description).toMatch(
			/^Set 'Results' of Edit shoot to Exported Photos, or filter by result = exported\./,
		);
		expect(error?.description).toContain(
			"2 photos are edited files, not exported ones: 'a-2.jpg' (item 2), 'b-2.jpg' (item 3).",
		);
		expect(requests()).toEqual([]);
	});

	test('are named where there is one', async () => {
		const { error } = await instruct({}, { items: results().slice(0, 2) });
		expect(error?.message).toBe("'a-2.jpg' is the edited file, not the exported one");
		expect(requests()).toEqual([]);
	});

	test('are what Smart Editing has finished', async () => {
		for (const file of ['a.jpg', 'a-2.jpg', 'b-2.jpg']) apiMakesVersion('v1', { file, source: 'I2I' });
		const { error } = await instruct(
			{},
			{ items: results({ project_source: 'I2I', project_name: 'House' }) },
		);
		expect(error).toBeUndefined();
	});
});

describe('All Photos of Project', () => {
	test('retouching all photos of a project takes the photos of the export', async () => {
		apiReportsStatus('export', 'p-1', 'Completed');
		apiGivesDownloadLinks('export', 'p-1', ['a.jpg', 'b.jpg']);
		apiMakesVersion('a1');
		apiMakesVersion('b1', { file: 'b.jpg' });
		const result = await instruct({ photos: 'all' }, { items: [projectItem('p-1')] });
		expect(jsonOf(result)).toMatchObject([{ version_id: 'a1' }, { version_id: 'b1' }]);
		expect(linksOf(result.output[0])).toEqual([[0], [0]]);
	});

	test('retouching all photos of a project takes the edited photos of Smart Editing', async () => {
		apiHasSmartResult('a.jpg');
		apiMakesVersion('a1', { source: 'I2I' });
		const result = await instruct(
			{ photos: 'all', options: { projectSource: 'I2I' } },
			{ items: [projectItem('p-1')] },
		);
		expect(jsonOf(result)).toMatchObject([{ version_id: 'a1', project_source: 'I2I' }]);
	});

	test('retouching all photos of a project that is not exported says what to do first', async () => {
		api()
			.get('/projects/p-1/export/status')
			.reply(400, { error: { message: 'Project has not been exported yet.' } });
		const { error } = await instruct({ photos: 'all' }, { items: [projectItem('p-1')] });
		expect(error?.message).toBe('The export of project p-1 is not finished: its status is Pending');
		expect(error?.description).toContain('Put Start export and Wait for export before this node');
	});

	test('retouching all photos of a project lists them once, and does what each item says to each of them', async () => {
		apiReportsStatus('export', 'p-1', 'Completed');
		apiGivesDownloadLinks('export', 'p-1', ['a.jpg', 'b.jpg']);
		for (const file of ['a.jpg', 'b.jpg']) {
			apiMakesVersion(`${file} 1`, { file, what: { instruction: 'one' } });
			apiMakesVersion(`${file} 2`, { file, what: { instruction: 'two' }, parent: `${file} 1` });
		}
		const items = [projectItem('p-1', { say: 'one' }), projectItem('p-1', { say: 'two' })];
		const result = await instruct({ ...BY_ITEM, photos: 'all' }, { items });
		expect(jsonOf(result).map(({ version_id }) => version_id)).toEqual([
			'a.jpg 1',
			'b.jpg 1',
			'a.jpg 2',
			'b.jpg 2',
		]);
	});
});

describe('what comes out', () => {
	test('a retouch returns a link to the photo, where that is wanted', async () => {
		apiMakesVersion('v1');
		expect(jsonOf(await instruct({ options: { versionOutput: 'link' } }))).toMatchObject([
			{ version_id: 'v1', download_link: linkTo('p-1', 'a.jpg') },
		]);
	});

	test.each(['filesystem', 'default'] as const)(
		'a retouch returns the photo, where binaries are kept in mode %s',
		async (binaryMode) => {
			apiMakesVersion('v1');
			storageGives('p-1', 'a.jpg', 'retouched');
			const { output } = await instruct(
				{ options: { versionOutput: 'file', outputBinaryField: 'photo' } },
				{ binaryMode },
			);
			const [{ json, binary }] = output[0];
			expect(json).toMatchObject({ file_name: 'a.jpg', version_id: 'v1', bytes: 9 });
			expect(binary?.photo).toMatchObject({ fileName: 'a.jpg', mimeType: 'image/jpeg' });
			expect((await readBinary(binary!.photo)).toString()).toBe('retouched');
		},
	);

	test('a retouch returns the version alone to an AI agent', async () => {
		apiMakesVersion('v1');
		const { output } = await instruct({ options: { versionOutput: 'file' } }, { type: TOOL_TYPE });
		expect(output[0]).toMatchObject([{ json: { version_id: 'v1' } }]);
		expect(output[0][0].binary).toBeUndefined();
	});

	test('a retouch returns nothing but an error where the API gave no link, and a file is wanted', async () => {
		apiAwaitsVersion().reply(200, wrapped({ status: 'success', version_id: 'v1' }));
		const result = await instruct(
			{ options: { versionOutput: 'file' } },
			{ onError: 'continueRegularOutput' },
		);
		expect(jsonOf(result)).toMatchObject([
			{ version_id: 'v1', error: "Imagen AI returned no link to the new version of 'a.jpg'" },
		]);
	});
});

describe('what the API refuses', () => {
	const refusal = (message: string) => ({ error: { message } });

	test.each([
		[
			'REGULAR',
			'Project has not been exported yet.',
			'Put Start export and Wait for export before this node',
		],
		['I2I', 'Project has not been exported yet.', 'so that the edit is finished'],
		[
			'REGULAR',
			'Only realistic editing requests are supported.',
			'ask Imagen support to change your account',
		],
	] as const)(
		'a retouch that the API refuses in a project of kind %s is an error that says: %s %s',
		async (source, words, nextStep) => {
			apiDescribesProjects(source);
			apiAwaitsVersion({ source }).reply(400, refusal(words));
			const { error } = await instruct({ options: { projectSource: source } });
			expect(error?.message).toBe(
				`Imagen AI could not apply the instruction to 'a.jpg' of project p-1: ${words}`,
			);
			expect(error?.description).toContain(nextStep);
		},
	);

	test('a retouch of a photo that the API does not know says what to check', async () => {
		apiAwaitsVersion().reply(404, refusal('Image "a.jpg" not found'));
		const { error } = await instruct();
		expect(error?.description).toContain("a finished photo with exactly this 'File Name'");
	});

	test.each([
		[{ status: 'FAILED', message: 'No face found' }, 'No face found'],
		[{ status: 'REJECTED', version_id: null }, 'the status is REJECTED'],
	])('a retouch that is refused under a good status code is an error: %j', async (answer, words) => {
		apiAwaitsVersion().reply(200, wrapped(answer));
		const { error } = await instruct();
		expect(error?.message).toContain(`'a.jpg' of project p-1: ${words}`);
		expect(error?.description).toContain('No version was made');
	});

	test.each([
		['an answer of 503', 503],
		['a broken connection', undefined],
	])(
		'a retouch after %s is not tried again by itself, and the error says what may have come of it',
		async (_what, status) => {
			if (status) apiAwaitsVersion().reply(status, '');
			else apiAwaitsVersion().replyWithError(brokenConnection());
			const { error } = await instruct();
			expect(error?.description).toContain('Imagen may already have made this version');
			expect(requests()).toHaveLength(1);
		},
	);

	test('a retouch that is refused for one photo does not stop the others; the error names it, and says that they are done', async () => {
		apiMakesVersion('a1');
		apiAwaitsVersion({ file: 'b.jpg' }).reply(400, refusal('Too dark'));
		apiMakesVersion('c1', { file: 'c.jpg' });
		const items = ['a.jpg', 'b.jpg', 'b.jpg', 'c.jpg'].map((file) => photoItem(file));
		const { error } = await instruct({}, { items });
		expect(error).toMatchObject({
			message: 'Imagen AI could not retouch 1 of 3 photos',
			context: { itemIndex: undefined },
		});
		expect(error?.description).toContain('The other 2 are done, and not repeated by Retry On Fail.');
		expect(error?.description).toContain("Item 2: Imagen AI could not apply the instruction to 'b.jpg'");
		expect(error?.description).toContain("Item 3: 'b.jpg' could not be changed further");
	});

	test('a retouch that is refused for one item does not stop the others where the node continues on fail', async () => {
		apiAwaitsVersion().reply(400, refusal('Too dark'));
		apiMakesVersion('a1');
		apiMakesVersion('c1', { file: 'c.jpg' });
		const items = ['a.jpg', 'a.jpg', 'c.jpg'].map((file) => photoItem(file));
		const result = await instruct({}, { items, onError: 'continueRegularOutput' });
		expect(jsonOf(result)).toMatchObject([
			{ project_uuid: 'p-1', file_name: 'a.jpg', error: expect.stringContaining('Too dark') },
			{ version_id: 'a1' },
			{ version_id: 'c1' },
		]);
		expect(linksOf(result.output[0])).toEqual([[0], [1], [2]]);
	});
});

describe('Retry On Fail', () => {
	const retry = { retryOnFail: true, maxTries: 2 };

	test('Retry On Fail makes only the versions that are missing, in their order', async () => {
		apiMakesVersion('a1', { what: { instruction: 'one' } });
		apiAwaitsVersion({ what: { instruction: 'two' }, parent: 'a1' }).reply(503, '');
		apiMakesVersion('b1', { what: { instruction: 'one' }, file: 'b.jpg' });
		apiMakesVersion('a2', { what: { instruction: 'two' }, parent: 'a1' });
		apiMakesVersion('a3', { what: { instruction: 'three' }, parent: 'a2' });
		const items = [
			photoItem('a.jpg', { say: 'one' }),
			photoItem('a.jpg', { say: 'two' }),
			photoItem('a.jpg', { say: 'three' }),
			photoItem('b.jpg', { say: 'one' }),
		];
		const result = await instruct(BY_ITEM, { items, ...retry });
		expect(result.error).toBeUndefined();
		expect(
			jsonOf(result).map(({ version_id, parent_version_id }) => [version_id, parent_version_id]),
		).toEqual([
			['a1', null],
			['a2', 'a1'],
			['a3', 'a2'],
			['b1', null],
		]);
	});

	test('Retry On Fail starts from the version that the lost try started from', async () => {
		apiAwaitsVersion({ parent: 'v1' }).reply(503, '');
		apiMakesVersion('v2', { parent: 'v1' });
		const items = [photoItem('a.jpg', { version_id: 'v1' })];
		expect(jsonOf(await instruct({}, { items, ...retry }))).toMatchObject([{ parent_version_id: 'v1' }]);
	});

	test('Retry On Fail fetches a file that did not arrive, and makes no second version', async () => {
		apiMakesVersion('v1');
		storageHolds('p-1', 'a.jpg').reply(404, '');
		storageGives('p-1', 'a.jpg', 'retouched');
		const result = await instruct({ options: { versionOutput: 'file' } }, retry);
		expect(jsonOf(result)).toMatchObject([{ version_id: 'v1', parent_version_id: null, bytes: 9 }]);
	});

	test('Retry On Fail of a retouch leaves no link in what n8n saves of the execution', async () => {
		apiMakesVersion('v1');
		storageHolds('p-1', 'a.jpg').times(2).reply(404, '');
		expect((await instruct({ options: { versionOutput: 'file' } }, retry)).error?.message).toMatch(
			/could not download 'a.jpg'/,
		);
	});
});

describe('versions', () => {
	test('a version whose ID is digits in a text is sent as the number that the API wants', async () => {
		apiMakesVersion(8, { parent: 7 });
		const result = await runImagen(
			'retouch.applyInstruction',
			{ instruction: 'More light', options: { startFrom: 'version', versionId: '7' } },
			{ items: [photoItem('a.jpg')] },
		);
		expect(jsonOf(result)).toMatchObject([{ version_id: 8, parent_version_id: '7' }]);
	});

	test('a version without an ID is made, and a hint says that nothing can build on it', async () => {
		apiMakesVersion(null);
		const result = await runImagen(
			'retouch.applyInstruction',
			{ instruction: 'More light' },
			{ items: [photoItem('a.jpg')] },
		);
		expect(jsonOf(result)).toMatchObject([{ version_id: null, status: 'Completed' }]);
		expect(hintsOf(result)[0]).toContain("Imagen AI returned no ID for the new version of 'a.jpg'");
	});

	test.each([
		[
			'applyInstruction',
			{ instruction: 'More light' },
			/^Put all changes into one instruction, or add the option 'Start From' /,
		],
		['applyTool', { tool: 'declutter' }, /^Add the option 'Start From' and set it to Original/],
	])(
		'%s after a version without an ID does not begin with the original, but says what to do',
		async (operation, parameters, remedy) => {
			const { json } = photoItem('a.jpg');
			const items = [{ json: { ...json, version_id: null, parent_version_id: null } }];
			const { error } = await runImagen(`retouch.${operation}`, parameters, { items });
			expect(error?.message).toBe(
				"Imagen AI returned no ID for the latest version of 'a.jpg', so no change can build on it",
			);
			expect(error?.description).toMatch(remedy);
		},
	);

	test('a step after a version without an ID does not begin with the original either', async () => {
		apiMakesVersion(null);
		const items = [photoItem('a.jpg'), photoItem('a.jpg')];
		const { error } = await runImagen('retouch.applyInstruction', { instruction: 'More light' }, { items });
		expect(error?.message).toContain('returned no ID for the latest version');
	});

	test('an item with a version without an ID is not taken for one of the original in a later execution either', async () => {
		const { json } = photoItem('a.jpg');
		const items = [{ json: { ...json, version_id: null, parent_version_id: null } }];
		const { error } = await runImagen('retouch.applyInstruction', { instruction: 'More light' }, { items });
		expect(error?.message).toContain('returned no ID for the latest version');
	});

	test('a photo that was reset begins with the original', async () => {
		apiMakesVersion(1);
		const { json } = photoItem('a.jpg');
		const items = [{ json: { ...json, version_id: null, status: 'Completed' } }];
		const result = await runImagen('retouch.applyInstruction', { instruction: 'More light' }, { items });
		expect(jsonOf(result)).toMatchObject([{ version_id: 1, parent_version_id: null }]);
	});
});

describe('Reset', () => {
	const reset = async (parameters: INodeParameters = {}, options: Partial<NodeOptions> = {}) =>
		await runImagen('retouch.reset', parameters, { items: [photoItem('a.jpg')], ...options });

	test('Reset takes a photo back, once however many items name it', async () => {
		apiAwaitsReset('a.jpg').reply(204);
		apiAwaitsReset('b.jpg').reply(200, wrapped({}));
		const result = await reset({}, { items: ['a.jpg', 'b.jpg', 'a.jpg'].map((file) => photoItem(file)) });
		expect(jsonOf(result)).toEqual(
			['a.jpg', 'b.jpg', 'a.jpg'].map((file_name) => ({
				project_uuid: 'p-1',
				file_name,
				version_id: null,
				status: 'Completed',
			})),
		);
		expect(linksOf(result.output[0])).toEqual([[0], [1], [2]]);
	});

	test('Reset takes all photos of a project back', async () => {
		apiReportsStatus('export', 'p-1', 'Completed');
		apiGivesDownloadLinks('export', 'p-1', ['a.jpg', 'b.jpg']);
		apiAwaitsReset('a.jpg').reply(204);
		apiAwaitsReset('b.jpg').reply(204);
		expect(jsonOf(await reset({ photos: 'all' }, { items: [projectItem('p-1')] }))).toHaveLength(2);
	});

	test('Reset is tried again when the network breaks', async () => {
		apiAwaitsReset('a.jpg').replyWithError(brokenConnection());
		apiAwaitsReset('a.jpg').reply(204);
		expect((await reset()).error).toBeUndefined();
	});

	test('Reset forgets the versions: the next one starts from the original', async () => {
		apiMakesVersion('v1');
		apiAwaitsReset('a.jpg').reply(204);
		apiMakesVersion('v2');
		const again = { instruction: 'More light' };
		const { output } = await runImagenWorkflow(
			inARow([
				['applyInstruction', again],
				['reset', {}],
				['applyInstruction', again],
			]),
			{ items: [photoItem('a.jpg')] },
		);
		expect(output('Step 3')[0][0].json).toMatchObject({ version_id: 'v2', parent_version_id: null });
	});

	test('Reset names the photos that it could not take back', async () => {
		apiAwaitsReset('a.jpg').reply(204);
		apiAwaitsReset('b.jpg').reply(404, { error: 'no such image' });
		const { error } = await reset({}, { items: [photoItem('a.jpg'), photoItem('b.jpg')] });
		expect(error?.message).toBe("Imagen AI could not reset 'b.jpg' of project p-1: no such image");
	});
});

describe('Finalize', () => {
	const finalize = async (parameters: INodeParameters = {}, options: Partial<NodeOptions> = {}) =>
		await runImagen('retouch.finalize', parameters, { items: [projectItem('p-1')], ...options });

	/** The export is done and has these results. */
	function exportHas(...fileNames: string[]): void {
		apiReportsStatus('export', 'p-1', 'Completed');
		apiGivesDownloadLinks('export', 'p-1', fileNames);
	}

	test('Finalize returns the files of a project, once however many items name it', async () => {
		exportHas('a.jpg', 'b.jpg');
		apiAwaitsFinalize().reply(200, finalized('p-1', ['a.jpg', 'b.jpg']));
		storageGives('p-1', 'a.jpg', 'first');
		storageGives('p-1', 'b.jpg', 'second');
		const result = await finalize({}, { items: [photoItem('a.jpg'), photoItem('b.jpg')] });
		expect(result.error).toBeUndefined();
		expect(jsonOf(result)).toEqual([
			{ project_uuid: 'p-1', file_name: 'a.jpg', bytes: 5 },
			{ project_uuid: 'p-1', file_name: 'b.jpg', bytes: 6 },
		]);
		expect((await readBinary(result.output[0][1].binary!.data)).toString()).toBe('second');
		expect(linksOf(result.output[0])).toEqual([[0], [1]]);
	});

	test('Finalize returns links, where those are wanted', async () => {
		apiHasSmartResult('a.jpg');
		apiAwaitsFinalize('p-1', 'I2I').reply(200, finalized('p-1', ['a.jpg']));
		expect(jsonOf(await finalize({ finalOutput: 'links', options: { projectSource: 'I2I' } }))).toEqual([
			{
				project_uuid: 'p-1',
				project_source: 'I2I',
				file_name: 'a.jpg',
				download_link: linkTo('p-1', 'a.jpg'),
			},
		]);
	});

	test.each([
		['where no more is wanted', { finalOutput: 'project' }, {}],
		['for an AI agent', {}, { type: TOOL_TYPE }],
	])('Finalize returns the project alone %s', async (_when, parameters, options) => {
		exportHas('a.jpg', 'b.jpg');
		apiAwaitsFinalize().reply(200, finalized('p-1', ['a.jpg', 'b.jpg']));
		const result = await finalize(parameters, {
			items: [projectItem('p-1'), projectItem('p-1')],
			...options,
		});
		expect(jsonOf(result)).toEqual([{ project_uuid: 'p-1', status: 'Completed', number_of_images: 2 }]);
		expect(linksOf(result.output[0])).toEqual([[0, 1]]);
	});

	test('Finalize is done once by Retry On Fail: only files that did not arrive are fetched again', async () => {
		exportHas('a.jpg');
		exportHas('a.jpg');
		apiAwaitsFinalize().reply(200, finalized('p-1', ['a.jpg']));
		storageHolds('p-1', 'a.jpg').reply(404, '');
		storageGives('p-1', 'a.jpg', 'first');
		const result = await finalize({}, { retryOnFail: true, maxTries: 2 });
		expect(jsonOf(result)).toMatchObject([{ bytes: 5 }]);
	});

	test('Finalize is not repeated by itself', async () => {
		exportHas('a.jpg');
		apiAwaitsFinalize().reply(503, '');
		expect((await finalize()).error?.message).toContain('could not finalize project p-1');
		expect(count('POST /projects/p-1/finalize')).toBe(1);
	});

	test('Finalize is asked for fresh links where those it gave have expired', async () => {
		exportHas('a.jpg');
		apiAwaitsFinalize().reply(200, finalized('p-1', ['a.jpg']));
		storageHolds('p-1', 'a.jpg').reply(403, EXPIRED);
		apiAwaitsFinalize().reply(200, finalized('p-1', ['a.jpg'], 2));
		storageHolds('p-1', 'a.jpg', 2).reply(200, 'first', { 'Content-Length': '5' });
		expect(jsonOf(await finalize())).toMatchObject([{ file_name: 'a.jpg', bytes: 5 }]);
	});

	test('Finalize names the files that did not arrive', async () => {
		exportHas('a.jpg', 'b.jpg');
		apiAwaitsFinalize().reply(200, finalized('p-1', ['a.jpg', 'b.jpg']));
		storageGives('p-1', 'a.jpg', 'first');
		storageHolds('p-1', 'b.jpg').reply(404, '');
		const { error } = await finalize();
		expect(error?.message).toBe("Imagen AI could not download 'b.jpg': the server answered with status 404");
		expect(error?.description).toContain('Nothing of the finalized project p-1 is lost.');
	});
});

describe('Get retouch tools', () => {
	const getTools = async (parameters: INodeParameters = {}) =>
		await runImagen('retouch.getTools', parameters, { items: [projectItem('p-1')] });

	test('Get retouch tools returns each tool as the API lists it, with its project', async () => {
		apiDescribesProjects('I2I');
		apiGivesTools('p-1', TOOLS, 'I2I');
		const result = await getTools({ options: { projectSource: 'I2I' } });
		expect(jsonOf(result)).toEqual(
			TOOLS.prompts.map((tool) => ({ project_uuid: 'p-1', project_source: 'I2I', ...tool })),
		);
		expect(linksOf(result.output[0])).toEqual([[0], [0]]);
	});

	test.each([
		['a version history', { versions: [{ version_id: 'v1' }] }, [{ version_id: 'v1' }]],
		['tools beside another list', { versions: ['v1'], ...TOOLS }, TOOLS.prompts],
		['a bare list', [{ version_id: 'v1' }], [{ version_id: 'v1' }]],
		['names alone', { prompts: ['declutter'] }, [{ value: 'declutter' }]],
		['what holds no list', { enabled: false, reason: 'plan' }, [{ enabled: false, reason: 'plan' }]],
	])('Get retouch tools passes on %s', async (_what, payload, entries) => {
		apiGivesTools('p-1', payload);
		expect(jsonOf(await getTools())).toEqual(entries.map((entry) => ({ project_uuid: 'p-1', ...entry })));
	});

	test("Get retouch tools takes no text for a list: it is cut short, or a proxy's page", async () => {
		api()
			.get('/projects/p-1/ai-tools')
			.query({ project_source: 'REGULAR' })
			.times(5)
			.reply(200, '{"prompts": [{"enha');
		expect(
			(await runImagen('retouch.getTools', {}, { items: [projectItem('p-1')] })).error?.message,
		).toContain('the answer was a text, not a list');
	});
});
