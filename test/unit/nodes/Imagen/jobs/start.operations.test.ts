import type { INode, INodeParameters } from 'n8n-workflow';

import { forgetRecentRecords } from '../../../../../nodes/Imagen/memory';
import { waitingWorkflow } from '../../../../support/callbacks';
import { photo, type NodeOptions, type WorkflowJson } from '../../../../support/engine';
import { minutesPassed, pauses, useClock } from '../../../../support/clock';
import {
	byId,
	fromList,
	hintsOf,
	jsonOf,
	linksOf,
	NODE_TYPE,
	projectItem,
	runImagen,
	runImagenWorkflow,
} from '../../../../support/imagen';
import {
	api,
	apiCreatesProject,
	apiDescribes,
	apiListsProfiles,
	apiStarts,
	apiReportsStatus,
	bodyOf,
	count,
	headersOf,
	requests,
	connectionReset,
	useImagenApi,
	wrapped,
} from '../../../../support/imagenApi';

useImagenApi();
useClock();

beforeEach(forgetRecentRecords);

const EDIT = 'POST /projects/p-1/edit';
const EXPORT = 'POST /projects/p-1/export';

const startEdit = async (parameters: INodeParameters = {}, options: Partial<NodeOptions> = {}) =>
	await runImagen(
		'edit.start',
		{ profile: byId(14715), ...parameters },
		{ items: [projectItem('p-1')], ...options },
	);

const startExport = async (parameters: INodeParameters = {}, options: Partial<NodeOptions> = {}) =>
	await runImagen('export.start', parameters, { items: [projectItem('p-1')], ...options });

describe('an edit', () => {
	test('an edit is sent once its status was read, as JSON under an empty Content-Type', async () => {
		apiListsProfiles();
		apiReportsStatus('edit', 'p-1', 'Pending');
		apiStarts('edit', 'p-1');
		const result = await startEdit({
			aiTools: { crop: true, cropAspectRatio: '4X5', hdrMerge: false, skyReplacement: true },
			options: { export: true, photographyType: 'WEDDING' },
		});
		expect(result.error).toBeUndefined();
		expect(jsonOf(result)).toMatchObject([
			{
				project_uuid: 'p-1',
				status: 'In Progress',
				profile_key: 14715,
				sent: true,
				message: 'edit started',
			},
		]);
		expect(requests()).toEqual(['GET /profiles', 'GET /projects/p-1/edit/status', EDIT]);
		expect(headersOf(EDIT)).toMatchObject({ 'content-type': '' });
		expect(bodyOf(EDIT)).toEqual({
			profile_key: 14715,
			photography_type: 'WEDDING',
			crop: true,
			crop_aspect_ratio: '4X5',
			hdr_merge: false,
			sky_replacement: true,
			export: true,
		});
	});

	test('an edit uses the AI Profile even in a node that was set to another operation before, on a project of Smart Editing', async () => {
		apiListsProfiles();
		apiReportsStatus('edit', 'p-1', 'Pending');
		apiStarts('edit', 'p-1');
		const left: INodeParameters = {
			options: { projectSource: 'I2I', ifNotReady: 'fail', versionOutput: 'file' },
		};
		expect((await startEdit(left)).error).toBeUndefined();
		expect(bodyOf(EDIT)).toMatchObject({ profile_key: 14715 });
	});

	test.each([
		['nothing', ''],
		['a text', 'queued'],
		['null', wrapped(null)],
	])('an edit counts as sent whatever a successful answer of the API holds: %s', async (_what, body) => {
		apiListsProfiles();
		apiReportsStatus('edit', 'p-1', 'PENDING');
		api().post('/projects/p-1/edit').reply(200, body);
		expect(jsonOf(await startEdit())).toMatchObject([{ status: 'In Progress', sent: true }]);
	});

	test('an edit is sent once for a project, however many items name it', async () => {
		apiListsProfiles();
		apiReportsStatus('edit', 'p-1', 'Pending');
		apiStarts('edit', 'p-1');
		apiReportsStatus('edit', 'p-2', 'Pending');
		apiStarts('edit', 'p-2');
		const items = [projectItem('p-1'), projectItem('p-2'), projectItem('p-1')];
		const result = await startEdit({}, { items });
		expect(jsonOf(result).map(({ project_uuid }) => project_uuid)).toEqual(['p-1', 'p-2', 'p-1']);
		expect(linksOf(result.output[0])).toEqual([[0], [1], [2]]);
		expect(count(EDIT)).toBe(1);
	});

	test('Start hands Imagen the callback URL that is set', async () => {
		apiListsProfiles();
		apiReportsStatus('edit', 'p-1', 'Pending');
		apiStarts('edit', 'p-1');
		const callbackUrl = 'https://n8n.example.com/webhook/done';
		await startEdit({ whenFinished: 'notifyUrl', callbackUrl, options: { addToken: false } });
		expect(bodyOf(EDIT)).toMatchObject({ callback_url: callbackUrl });
	});

	describe('an edit that is refused', () => {
		test.each<[string, INodeParameters, string]>([
			[
				'with tools that exclude each other',
				{ aiTools: { crop: true, portraitCrop: true } },
				"'AI Tools' can't be used as they are set: 'Crop' and 'Portrait Crop' can't be used together",
			],
			[
				'with a profile of another account',
				{ profile: fromList(5) },
				'There is no profile 5 in this Imagen account',
			],
			[
				'with an address that Imagen cannot call',
				{ whenFinished: 'notifyUrl', callbackUrl: 'http://localhost:5678/webhook' },
				"Imagen can't notify the 'Callback URL': it does not start with https://",
			],
		])('an edit %s is refused before anything is sent', async (_what, parameters, message) => {
			apiListsProfiles();
			const { error } = await startEdit(parameters);
			expect(error).toMatchObject({ message, description: expect.any(String), context: { itemIndex: 0 } });
			expect(requests()).toEqual(['GET /profiles']);
		});

		test('an edit with a key that is entered by hand and is not listed is started with it, and a hint says what was not checked', async () => {
			apiListsProfiles();
			apiReportsStatus('edit', 'p-1', 'Pending');
			apiStarts('edit', 'p-1', { profile_key: 990001, photography_type: 'NO_TYPE' });
			const result = await startEdit(
				{ profile: byId(990001) },
				{ items: [projectItem('p-1', { image_type: 'JPG' })] },
			);
			expect(jsonOf(result)).toMatchObject([{ sent: true, profile_key: 990001 }]);
			expect(hintsOf(result)).toEqual([
				"Profile 990001 is not in the list of this account's profiles. It is used as entered, but n8n can't check whether it edits RAW or JPEG photos.",
				expect.stringMatching(/^Started the edit of 1 project /),
			]);
		});

		test('an edit without the tools that Imagen recommends for its photos is started as it is set, and a hint names them', async () => {
			apiListsProfiles();
			apiReportsStatus('edit', 'p-1', 'Pending');
			apiStarts('edit', 'p-1', { profile_key: 14715, photography_type: 'SPORTS', portrait_crop: true });
			const result = await startEdit({
				aiTools: { portraitCrop: true },
				options: { photographyType: 'SPORTS' },
			});
			expect(hintsOf(result)).toEqual([
				"For Sports, Imagen's SDK also recommends 'Crop', 'Straighten' and 'Subject Mask' instead of 'Portrait Crop'. This node uses 'AI Tools' as you set them.",
				expect.stringMatching(/^Started the edit of 1 project /),
			]);
		});

		test('an edit with a profile for the other kind of photos is refused before anything is sent', async () => {
			apiListsProfiles();
			const { error } = await startEdit({}, { items: [projectItem('p-1', { image_type: 'JPG' })] });
			expect(error?.message).toBe(
				"The profile 'Warm weddings' edits RAW photos, but the project has JPEG photos",
			);
			expect(requests()).toEqual(['GET /profiles']);
		});

		test('no project is edited before the mistake of the last one is found', async () => {
			apiListsProfiles();
			const items = [projectItem('p-1', { image_type: 'RAW' }), projectItem('p-2', { image_type: 'JPG' })];
			const { error } = await startEdit({}, { items });
			expect(error).toMatchObject({ context: { itemIndex: 1 } });
			expect(requests()).toEqual(['GET /profiles']);
		});

		test('an edit whose status cannot be read is not sent', async () => {
			apiListsProfiles();
			api().get('/projects/p-1/edit/status').reply(404, { detail: 'Not found' });
			expect((await startEdit()).error?.message).toBe(
				'Imagen AI could not get the edit status of project p-1: Not found',
			);
			expect(count(EDIT)).toBe(0);
		});
	});

	test('an edit that fails leaves those of other projects alone where the node continues on fail', async () => {
		apiListsProfiles();
		apiReportsStatus('edit', 'p-1', 'Pending');
		api()
			.post('/projects/p-1/edit')
			.reply(422, { detail: [{ loc: ['body', 'crop'], msg: 'no' }] });
		apiReportsStatus('edit', 'p-2', 'Pending');
		apiStarts('edit', 'p-2');
		const result = await startEdit(
			{},
			{ items: [projectItem('p-1'), projectItem('p-2')], onError: 'continueErrorOutput' },
		);
		expect(jsonOf(result)).toMatchObject([{ project_uuid: 'p-2', sent: true }]);
		expect(jsonOf(result, 1)).toMatchObject([
			{ project_uuid: 'p-1', error: 'Imagen AI could not start the edit of project p-1: crop: no' },
		]);
	});
});

describe('an edit that was sent before', () => {
	const withOption = (ifAlreadyStarted: string) => ({ options: { ifAlreadyStarted } });

	test.each(['In Progress', 'COMPLETED'])(
		'an edit that is %s already is not paid for again',
		async (status) => {
			apiListsProfiles();
			apiReportsStatus('edit', 'p-1', status);
			expect(jsonOf(await startEdit())).toMatchObject([{ project_uuid: 'p-1', sent: false }]);
			expect(count(EDIT)).toBe(0);
		},
	);

	test('an edit that was sent before stops the node where If Already Sent says so', async () => {
		apiListsProfiles();
		apiReportsStatus('edit', 'p-1', 'Completed');
		const { error } = await startEdit(withOption('fail'));
		expect(error).toMatchObject({
			message: 'The edit of project p-1 was already started: its status is Completed',
			description: expect.stringContaining('It was not started or billed again.'),
		});
	});

	test('an edit that was sent before is sent again where If Already Sent says so', async () => {
		apiListsProfiles();
		apiReportsStatus('edit', 'p-1', 'Completed');
		apiStarts('edit', 'p-1');
		expect(jsonOf(await startEdit(withOption('startAgain')))).toMatchObject([{ sent: true }]);
	});

	test('an edit that failed is sent again', async () => {
		apiListsProfiles();
		apiReportsStatus('edit', 'p-1', 'Failed');
		apiStarts('edit', 'p-1');
		expect(jsonOf(await startEdit())).toMatchObject([{ sent: true }]);
	});
});

describe('an edit whose outcome is unknown', () => {
	const startAgain = { options: { ifAlreadyStarted: 'startAgain' } };

	test.each([
		['a broken connection', () => api().post('/projects/p-1/edit').replyWithError(connectionReset())],
		['a time-out', () => api().post('/projects/p-1/edit').replyWithError(connectionReset('ECONNABORTED'))],
		['a fault of the server', () => api().post('/projects/p-1/edit').reply(500, 'Oops')],
		["a gateway's time-out", () => api().post('/projects/p-1/edit').reply(504)],
		["a proxy's page", () => api().post('/projects/p-1/edit').reply(200, '<html>Hello</html>')],
	])(
		'an edit that ended with %s is not sent again: the status shows that it arrived',
		async (_what, ends) => {
			apiListsProfiles();
			apiReportsStatus('edit', 'p-1', 'Pending', 'Pending', 'In Progress');
			ends();
			expect(jsonOf(await startEdit())).toMatchObject([{ status: 'In Progress', sent: true }]);
			expect(count(EDIT)).toBe(1);
			expect(pauses).toEqual([5, 7.5]);
		},
	);

	test('an edit without an answer that is not seen within a minute stops the node, which says what to do', async () => {
		apiListsProfiles();
		api().get('/projects/p-1/edit/status').times(6).reply(200, { status: 'Pending' });
		api().post('/projects/p-1/edit').reply(500, 'Oops');
		const { error } = await startEdit();
		expect(error).toMatchObject({
			message: 'It is unclear whether Imagen AI has started the edit of project p-1: Oops',
			description: expect.stringContaining('Nothing was sent a second time.'),
		});
		expect(minutesPassed()).toBe(1);
		expect(count(EDIT)).toBe(1);
	});

	test('an edit without an answer is not sent again though the API is out for a while', async () => {
		apiListsProfiles();
		apiReportsStatus('edit', 'p-1', 'Pending');
		api().post('/projects/p-1/edit').reply(502);
		api().get('/projects/p-1/edit/status').times(5).reply(502);
		apiReportsStatus('edit', 'p-1', 'In Progress');
		expect(jsonOf(await startEdit())).toMatchObject([{ sent: true }]);
		expect(count(EDIT)).toBe(1);
	});

	test('an edit is neither sent nor silently left out when its status does not show whether it was started', async () => {
		apiListsProfiles();
		apiReportsStatus('edit', 'p-1', 'Uploading');
		const { error } = await startEdit();
		expect(error).toMatchObject({
			message: expect.stringContaining("has the status 'Uploading'"),
			description: expect.stringContaining('Nothing was started or billed.'),
		});
		expect(count(EDIT)).toBe(0);
	});

	test('an edit of a project that this execution has created is sent, whatever its status is called', async () => {
		apiCreatesProject('p-1', { name: 'Anna' });
		apiListsProfiles();
		apiReportsStatus('edit', 'p-1', 'Waiting for photos');
		apiStarts('edit', 'p-1');
		const { nodes, connections } = waitingWorkflow({}, {});
		const create = { ...nodes[1], id: 'Create', name: 'Create' };
		create.parameters = { resource: 'project', operation: 'create', name: 'Anna' } as never;
		const link = (node: string) => ({ main: [[{ node, type: 'main' as const, index: 0 }]] });
		const workflow = {
			nodes: [nodes[0], create, nodes[1]],
			connections: { ...connections, Projects: link('Create'), Create: link('Start'), Start: { main: [] } },
		};
		const { output } = await runImagenWorkflow(workflow, { items: [{ json: {} }] });
		expect(output('Start')[0][0].json).toMatchObject({ project_uuid: 'p-1', sent: true });
	});

	test('an edit whose outcome is unknown is not sent again by Retry On Fail', async () => {
		apiListsProfiles();
		apiListsProfiles();
		apiReportsStatus('edit', 'p-1', 'Pending', ...Array(6).fill('Pending'), 'Pending', 'In Progress');
		api().post('/projects/p-1/edit').reply(502);
		const result = await startEdit({}, { retryOnFail: true, maxTries: 3 });
		expect(jsonOf(result)).toMatchObject([{ status: 'In Progress', sent: true }]);
		expect(count(EDIT)).toBe(1);
	});

	test('an edit whose outcome is unknown is not sent again by Retry On Fail, even with Start Again', async () => {
		for (let tries = 1; tries <= 3; tries++) apiListsProfiles();
		api().get('/projects/p-1/edit/status').times(18).reply(200, { status: 'Completed' });
		api().post('/projects/p-1/edit').replyWithError(connectionReset());
		const { error } = await startEdit(startAgain, { retryOnFail: true, maxTries: 3 });
		expect(error?.message).toContain('It is unclear');
		expect(count(EDIT)).toBe(1);
	});

	test('an edit that the server never saw is sent again by Retry On Fail', async () => {
		apiListsProfiles();
		apiListsProfiles();
		apiReportsStatus('edit', 'p-1', 'Pending', 'Pending');
		api().post('/projects/p-1/edit').replyWithError(connectionReset('ECONNREFUSED'));
		apiStarts('edit', 'p-1');
		const result = await startEdit({}, { retryOnFail: true, maxTries: 3 });
		expect(jsonOf(result)).toMatchObject([{ sent: true }]);
	});

	test('an edit that was sent is not lost when another project makes the node try again', async () => {
		apiListsProfiles();
		apiListsProfiles();
		apiReportsStatus('edit', 'p-1', 'Pending', 'Pending');
		apiStarts('edit', 'p-1');
		api().get('/projects/p-2/edit/status').reply(404, { detail: 'Not yet' });
		apiReportsStatus('edit', 'p-2', 'Pending');
		apiStarts('edit', 'p-2');
		const items = [projectItem('p-1'), projectItem('p-2')];
		const result = await startEdit(startAgain, { items, retryOnFail: true, maxTries: 3 });
		expect(jsonOf(result)).toMatchObject([{ sent: true }, { sent: true }]);
		expect(count(EDIT)).toBe(1);
	});
});

describe('two Starts in branches of one execution', () => {
	const start = (name: string, ifAlreadyStarted: string): INode => ({
		id: name,
		name,
		type: NODE_TYPE,
		typeVersion: 1,
		position: [0, 0],
		parameters: {
			resource: 'edit',
			operation: 'start',
			profile: byId(14715),
			options: { ifAlreadyStarted },
		},
	});

	const branches = (ifAlreadyStarted: string): WorkflowJson => ({
		nodes: [
			{
				id: 'Start',
				name: 'Start',
				type: 'n8n-nodes-base.manualTrigger',
				typeVersion: 1,
				position: [0, 0],
				parameters: {},
			},
			start('First', ifAlreadyStarted),
			start('Second', ifAlreadyStarted),
		],
		connections: {
			Start: {
				main: [
					[
						{ node: 'First', type: 'main', index: 0 },
						{ node: 'Second', type: 'main', index: 0 },
					],
				],
			},
		},
	});

	test('two branches that start the same edit pay once, though the API still says Pending', async () => {
		apiListsProfiles();
		apiListsProfiles();
		apiReportsStatus('edit', 'p-1', 'Pending', 'Pending');
		apiStarts('edit', 'p-1');
		const { output } = await runImagenWorkflow(branches('skip'), { items: [projectItem('p-1')] });
		expect(output('Second')[0][0].json).toMatchObject({ project_uuid: 'p-1', sent: true });
		expect(count(EDIT)).toBe(1);
	});

	test('two branches that start the same edit pay twice where both are set to Start Again', async () => {
		apiListsProfiles();
		apiListsProfiles();
		apiReportsStatus('edit', 'p-1', 'Pending', 'In Progress');
		apiStarts('edit', 'p-1');
		apiStarts('edit', 'p-1');
		await runImagenWorkflow(branches('startAgain'), { items: [projectItem('p-1')] });
		expect(count(EDIT)).toBe(2);
	});
});

describe('two executions', () => {
	test('two executions pay for one edit once, though the second comes before the status shows the first', async () => {
		apiListsProfiles();
		apiListsProfiles();
		apiReportsStatus('edit', 'p-1', 'Pending', 'Pending');
		apiStarts('edit', 'p-1');
		expect(jsonOf(await startEdit())).toMatchObject([{ sent: true }]);
		expect(jsonOf(await startEdit())).toMatchObject([{ status: 'Pending', sent: false }]);
		expect(count(EDIT)).toBe(1);
	});

	test('two executions pay for one edit once, though the first ended without an answer', async () => {
		apiListsProfiles();
		apiListsProfiles();
		api().get('/projects/p-1/edit/status').times(6).reply(200, { status: 'Pending' });
		apiReportsStatus('edit', 'p-1', 'Pending', 'In Progress');
		api().post('/projects/p-1/edit').replyWithError(connectionReset());
		expect((await startEdit()).error?.message).toContain('It is unclear');
		expect(jsonOf(await startEdit())).toMatchObject([{ status: 'In Progress', sent: false }]);
		expect(count(EDIT)).toBe(1);
	});

	test('two executions may both pay for an edit where the second is set to Start Again', async () => {
		apiListsProfiles();
		apiListsProfiles();
		apiReportsStatus('edit', 'p-1', 'Pending', 'In Progress');
		apiStarts('edit', 'p-1');
		apiStarts('edit', 'p-1');
		await startEdit();
		await startEdit({ options: { ifAlreadyStarted: 'startAgain' } });
		expect(count(EDIT)).toBe(2);
	});
});

describe('after an upload of which nothing arrived', () => {
	const node = (name: string, parameters: INodeParameters, more: Partial<INode> = {}): INode => ({
		id: name,
		name,
		type: NODE_TYPE,
		typeVersion: 1,
		position: [0, 0],
		parameters,
		...more,
	});

	const nodes = [
		node('Start', {}, { type: 'n8n-nodes-base.manualTrigger' }),
		node('Create', { resource: 'project', operation: 'create', name: 'Anna' }),
		node('Upload', { resource: 'photo', operation: 'upload' }, { onError: 'continueRegularOutput' }),
		node('Edit', { resource: 'edit', operation: 'start', profile: byId(14715) }),
	];

	/** Runs these nodes one after the other, with a file that Imagen does not edit. */
	async function run(...names: string[]) {
		const chain = ['Start', ...names];
		const links = names.map((name, index) => [
			chain[index],
			{ main: [[{ node: name, type: 'main', index: 0 }]] },
		]);
		return await runImagenWorkflow(
			{
				nodes: nodes.filter(({ name }) => chain.includes(name)),
				connections: Object.fromEntries(links) as WorkflowJson['connections'],
			},
			{ items: [photo('notes.txt', Buffer.from('not a photo'), { project_uuid: 'p-1' })] },
		);
	}

	test('the edit of a project that the workflow created is not started without photos', async () => {
		apiCreatesProject('p-1', { name: 'Anna' });
		apiListsProfiles();
		apiReportsStatus('edit', 'p-1', 'Pending');
		const { error } = await run('Create', 'Upload', 'Edit');
		expect(error?.message).toContain("Project 'Anna' has no photos");
		expect(count(EDIT)).toBe(0);
	});

	test('the edit of a project without photos is not started, and the error says that none arrived', async () => {
		apiListsProfiles();
		apiDescribes('p-1', { number_of_images: 0 });
		apiReportsStatus('edit', 'p-1', 'Pending');
		const { error } = await run('Upload', 'Edit');
		expect(error?.message).toBe(
			'Project p-1 has no photos: none of the photos that this workflow tried to upload arrived',
		);
		expect(count(EDIT)).toBe(0);
	});

	test('the edit of a project that holds photos from before is started', async () => {
		apiListsProfiles();
		apiDescribes('p-1', { number_of_images: 3 });
		apiReportsStatus('edit', 'p-1', 'Pending');
		apiStarts('edit', 'p-1');
		const { output } = await run('Upload', 'Edit');
		expect(output('Edit')[0][0].json).toMatchObject({ project_uuid: 'p-1', sent: true });
	});
});

describe('a status from before a start', () => {
	const again = { options: { ifAlreadyStarted: 'startAgain' } };
	const waitByPolling = { waitBy: 'poll' };

	test.each(['Completed', 'Failed'])(
		'a %s from before does not end the wait for an edit that was sent again',
		async (before) => {
			apiReportsStatus('edit', 'p-1', before, before, 'In Progress', 'Completed');
			apiListsProfiles();
			apiStarts('edit', 'p-1');
			const items = [projectItem('p-1')];
			const { output } = await runImagenWorkflow(waitingWorkflow(again, waitByPolling), { items });
			expect(output('Wait')[0][0].json).toMatchObject({ status: 'Completed' });
			expect(pauses).toEqual([5, 7.5]);
		},
	);

	test('a Completed that stays counts once the API has had ten minutes to show another status', async () => {
		apiListsProfiles();
		api().get('/projects/p-1/edit/status').times(17).reply(200, { status: 'Completed' });
		apiStarts('edit', 'p-1');
		const items = [projectItem('p-1')];
		const { output } = await runImagenWorkflow(waitingWorkflow(again, waitByPolling), { items });
		expect(output('Wait')[0][0].json).toMatchObject({ status: 'Completed' });
		expect(minutesPassed()).toBeGreaterThanOrEqual(10);
		expect(minutesPassed()).toBeLessThan(11);
	});

	test('a Completed ends the wait at once where the edit was the first one', async () => {
		apiListsProfiles();
		apiReportsStatus('edit', 'p-1', 'Pending', 'Completed');
		apiStarts('edit', 'p-1');
		const items = [projectItem('p-1')];
		const { output } = await runImagenWorkflow(waitingWorkflow({}, waitByPolling), { items });
		expect(output('Wait')[0][0].json).toMatchObject({ status: 'Completed' });
		expect(pauses).toEqual([]);
	});
});

describe('an export', () => {
	const notYet = { error: { message: 'Project has not been exported yet.' } };

	test('an export is sent when the edit is done', async () => {
		apiReportsStatus('edit', 'p-1', 'COMPLETED');
		api().get('/projects/p-1/export/status').reply(400, notYet);
		apiStarts('export', 'p-1', {});
		const result = await startExport();
		expect(jsonOf(result)).toMatchObject([
			{ project_uuid: 'p-1', status: 'In Progress', sent: true, message: 'export started' },
		]);
		expect(requests()).toEqual(['GET /projects/p-1/edit/status', 'GET /projects/p-1/export/status', EXPORT]);
	});

	test('an export waits for the edit', async () => {
		apiReportsStatus('edit', 'p-1', 'In Progress', 'Completed');
		apiReportsStatus('export', 'p-1', 'Pending');
		apiStarts('export', 'p-1');
		expect(jsonOf(await startExport())).toMatchObject([{ sent: true }]);
		expect(pauses).toEqual([5]);
	});

	test.each([
		['In Progress', 'The edit of project p-1 is not finished: its status is In Progress'],
		['Failed', 'Imagen AI could not edit project p-1'],
	])('an export of an edit that is %s is not sent where the node is not to wait', async (status, message) => {
		apiReportsStatus('edit', 'p-1', status);
		expect((await startExport({ options: { ifNotReady: 'fail' } })).error?.message).toBe(message);
		expect(count(EXPORT)).toBe(0);
	});

	test('an export that was sent with the edit is not sent again while its status lags', async () => {
		apiListsProfiles();
		apiReportsStatus('edit', 'p-1', 'Pending', 'Completed');
		apiStarts('edit', 'p-1');
		await startEdit({ options: { export: true } });
		apiReportsStatus('export', 'p-1', 'Pending');
		expect(jsonOf(await startExport())).toMatchObject([{ status: 'Pending', sent: false }]);
		expect(count(EXPORT)).toBe(0);
	});

	test('an export that was sent with another edit is not taken for one of before that is still called Completed', async () => {
		apiListsProfiles();
		apiReportsStatus('edit', 'p-1', 'Completed', 'In Progress', 'Completed');
		apiStarts('edit', 'p-1');
		await startEdit({ options: { export: true, ifAlreadyStarted: 'startAgain' } });
		apiReportsStatus('export', 'p-1', 'Completed');
		expect(jsonOf(await startExport())).toMatchObject([{ status: 'In Progress', sent: false }]);
		expect(count(EXPORT)).toBe(0);
	});

	test('an export is sent after an edit with an export that Imagen refused', async () => {
		apiListsProfiles();
		apiReportsStatus('edit', 'p-1', 'Pending', 'Completed');
		api().post('/projects/p-1/edit').reply(400, { error: 'no' });
		await startEdit({ options: { export: true } });
		apiReportsStatus('export', 'p-1', 'Pending');
		apiStarts('export', 'p-1');
		expect(jsonOf(await startExport())).toMatchObject([{ sent: true }]);
	});

	test('an export of before is sent again by itself when the edit was sent again', async () => {
		apiListsProfiles();
		apiReportsStatus('edit', 'p-1', 'Completed', 'In Progress', 'Completed', 'Completed');
		apiStarts('edit', 'p-1');
		await startEdit({ options: { ifAlreadyStarted: 'startAgain' } });
		apiReportsStatus('export', 'p-1', 'Completed', 'In Progress');
		apiStarts('export', 'p-1');
		expect(jsonOf(await startExport())).toMatchObject([{ sent: true }]);
		expect(jsonOf(await startExport())).toMatchObject([{ sent: false }]);
		expect(count(EXPORT)).toBe(1);
	});

	test('an export that is done is not sent again after the first edit of a project', async () => {
		apiListsProfiles();
		apiReportsStatus('edit', 'p-1', 'Pending', 'Completed');
		apiStarts('edit', 'p-1');
		await startEdit();
		apiReportsStatus('export', 'p-1', 'Completed');
		expect(jsonOf(await startExport())).toMatchObject([{ status: 'Completed', sent: false }]);
		expect(count(EXPORT)).toBe(0);
	});

	test('an export that is done is not sent again', async () => {
		apiReportsStatus('edit', 'p-1', 'Completed');
		apiReportsStatus('export', 'p-1', 'Completed');
		expect(jsonOf(await startExport())).toMatchObject([{ status: 'Completed', sent: false }]);
	});

	test('an export is not sent twice after a server error', async () => {
		apiReportsStatus('edit', 'p-1', 'Completed', 'Completed');
		apiReportsStatus('export', 'p-1', ...Array(7).fill('Pending'), 'Completed');
		api().post('/projects/p-1/export').reply(503);
		const result = await startExport({}, { retryOnFail: true, maxTries: 2 });
		expect(jsonOf(result)).toMatchObject([{ status: 'Completed', sent: true }]);
		expect(count(EXPORT)).toBe(1);
	});
});

test('an export that Imagen was to begin at the end of the edit, and has not after ten minutes, is sent by Start export', async () => {
	apiListsProfiles();
	apiReportsStatus('edit', 'p-1', 'Pending');
	apiStarts('edit', 'p-1');
	await startEdit({ options: { export: true } });
	const look = async () => {
		apiReportsStatus('edit', 'p-1', 'Completed');
		apiReportsStatus('export', 'p-1', 'Pending');
		return jsonOf(await startExport());
	};
	expect(await look()).toMatchObject([{ sent: false, status: 'Pending' }]);
	jest.setSystemTime(Date.now() + 10 * 60_000);
	apiStarts('export', 'p-1');
	expect(await look()).toMatchObject([{ sent: true }]);
});
