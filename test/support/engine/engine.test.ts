import { NodeConnectionTypes, NodeOperationError } from 'n8n-workflow';
import type {
	ICredentialType,
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
} from 'n8n-workflow';
import nock from 'nock';

import {
	listSearch,
	loadOptions,
	photo,
	readBinary,
	runNode,
	runWorkflow,
	type SavedCredential,
	testCredential,
} from './index';

const API = 'https://api.test';
const STORAGE = 'https://storage.test';

const keyInHeader: ICredentialType['authenticate'] = {
	type: 'generic',
	properties: { headers: { 'x-api-key': '={{ $credentials.apiKey }}' } },
};

function credential(authenticate = keyInHeader): SavedCredential {
	const type: ICredentialType = {
		name: 'photoApi',
		displayName: 'Photo API',
		properties: [
			{
				displayName: 'API Key',
				name: 'apiKey',
				type: 'string',
				typeOptions: { password: true },
				default: '',
			},
			{ displayName: 'Region', name: 'region', type: 'string', default: 'eu' },
		],
		authenticate,
		test: { request: { baseURL: API, url: '=/{{ $credentials.region }}/me' } },
	};
	return { type, data: { apiKey: 'a-key' } };
}

function nodeThat(execute: INodeType['execute'], methods?: INodeType['methods']): INodeType {
	return {
		description: {
			displayName: 'Photo',
			name: 'photo',
			group: ['transform'],
			version: 1,
			description: '',
			defaults: { name: 'Photo' },
			inputs: [NodeConnectionTypes.Main],
			outputs: [NodeConnectionTypes.Main],
			credentials: [{ name: 'photoApi', required: true }],
			properties: [{ displayName: 'Name', name: 'name', type: 'string', default: '={{ $json.name }}' }],
		},
		methods,
		execute,
	};
}

/** One item out for each item in, made by `give`. */
function nodePerItem(
	give: (context: IExecuteFunctions, itemIndex: number) => Promise<IDataObject> | IDataObject,
) {
	return nodeThat(async function () {
		const items = this.getInputData().map(async (_, item): Promise<INodeExecutionData> => {
			return { json: await give(this, item), pairedItem: { item } };
		});
		return [await Promise.all(items)];
	});
}

const uploader = nodePerItem(async (context, item) => {
	const { id, data } = context.helpers.assertBinaryData(item, 'data');
	const bytes = await context.helpers.getBinaryDataBuffer(item, 'data');
	await context.helpers.httpRequest({
		method: 'PUT',
		url: `${STORAGE}/bucket/photo?signature=abc`,
		body: id ? await context.helpers.getBinaryStream(id) : Buffer.from(data, 'base64'),
		headers: { 'Content-Type': '', 'Content-Length': bytes.length },
		disableFollowRedirect: true,
	});
	return {};
});

const downloader = nodeThat(async function () {
	const body = await this.helpers.httpRequest({ url: `${STORAGE}/bucket/result`, encoding: 'stream' });
	const data = await this.helpers.prepareBinaryData(body, 'IMG_1.xmp', 'application/rdf+xml');
	return [[{ json: {}, binary: { data }, pairedItem: { item: 0 } }]];
});

const failing = nodeThat(async function () {
	throw new NodeOperationError(this.getNode(), 'No such project');
});

afterEach(() => {
	const pending = nock.pendingMocks();
	nock.cleanAll();
	expect(pending).toEqual([]);
});

describe.each(['filesystem', 'default'] as const)('with binaries kept in mode %s', (binaryMode) => {
	test('a photo goes up with the headers that its link was signed for', async () => {
		const bytes = Buffer.from('raw photo bytes');
		const sent: Array<{ headers: Record<string, string>; body: string }> = [];
		nock(STORAGE)
			.put('/bucket/photo?signature=abc')
			.reply(function (_uri, body) {
				sent.push({ headers: this.req.headers, body: String(body) });
				return [200];
			});

		const { error } = await runNode({
			node: uploader,
			items: [photo('IMG_1.NEF', bytes)],
			credentials: [credential()],
			binaryMode,
		});

		expect(error).toBeUndefined();
		expect(sent).toHaveLength(1);
		expect(sent[0].body).toBe('raw photo bytes');
		expect(sent[0].headers).toMatchObject({ 'content-type': '', 'content-length': String(bytes.length) });
		expect(sent[0].headers).not.toHaveProperty('transfer-encoding');
		expect(sent[0].headers).not.toHaveProperty('x-api-key');
	});

	test('a downloaded file can be read back byte for byte', async () => {
		const bytes = Buffer.from([0, 1, 2, 253, 254, 255]);
		nock(STORAGE).get('/bucket/result').reply(200, bytes);

		const { output } = await runNode({ node: downloader, credentials: [credential()], binaryMode });

		const { data } = output[0][0].binary ?? {};
		expect(data).toMatchObject({ fileName: 'IMG_1.xmp', mimeType: 'application/rdf+xml' });
		expect(data.id === undefined).toBe(binaryMode === 'default');
		expect(await readBinary(data)).toEqual(bytes);
	});
});

describe('credentials', () => {
	const caller = nodePerItem(async (context) => {
		const request = { url: `${API}/me`, json: true };
		return await context.helpers.httpRequestWithAuthentication.call(context, 'photoApi', request);
	});

	test('a credential that names its header signs the request', async () => {
		nock(API, { reqheaders: { 'x-api-key': 'a-key' } })
			.get('/me')
			.reply(200, { ok: true });
		const { output } = await runNode({ node: caller, credentials: [credential()] });
		expect(output[0][0].json).toEqual({ ok: true });
	});

	test('a credential with a function signs the request, from its saved fields and its defaults', async () => {
		nock(API, { reqheaders: { 'x-signed-by': 'a-key in eu' } })
			.get('/me')
			.reply(200, {});
		const signing = credential(async ({ apiKey, region }, request) => ({
			...request,
			headers: { 'x-signed-by': `${String(apiKey)} in ${String(region)}` },
		}));
		const { error } = await runNode({ node: caller, credentials: [signing] });
		expect(error).toBeUndefined();
	});

	test('what the function refuses reaches the user in its own words', async () => {
		const refusing = credential(async () => {
			throw new NodeOperationError({ name: '' } as never, 'The URL must be https');
		});
		const { error } = await runNode({ node: caller, credentials: [refusing] });
		expect(error?.message).toBe('The URL must be https');
	});

	test('the test request runs as it does when a user saves the credential', async () => {
		nock(API).get('/eu/me').reply(200, {});
		expect(await testCredential(credential())).toEqual({ error: undefined });

		nock(API).get('/eu/me').twice().reply(401);
		expect((await testCredential(credential())).error?.message).toMatch(/authorization/i);
	});
});

describe('errors', () => {
	const items = [{ json: { name: 'good' } }, { json: { name: 'bad' } }];
	const secondFails = nodeThat(async function () {
		const error = new NodeOperationError(this.getNode(), 'No such photo', { itemIndex: 1 });
		return [
			[
				{ json: { ok: true }, pairedItem: { item: 0 } },
				{ json: {}, error, pairedItem: { item: 1 } },
			],
		];
	});

	test('an error that nobody continues from ends the execution', async () => {
		const { run, error, output } = await runNode({ node: failing, credentials: [credential()] });
		expect(run.status).toBe('error');
		expect(error?.message).toBe('No such project');
		expect(output).toEqual([]);
	});

	test('with an error output, a failed item leaves through it and the others go on', async () => {
		const { run, output } = await runNode({
			node: secondFails,
			items,
			onError: 'continueErrorOutput',
			credentials: [credential()],
		});
		expect(run.status).toBe('success');
		expect(output.map((list) => list.map(({ json }) => json))).toEqual([
			[{ ok: true }],
			[{ error: 'No such photo' }],
		]);
	});

	test('with Continue On Fail, a failed item stays in its place', async () => {
		const { output } = await runNode({
			node: secondFails,
			items,
			onError: 'continueRegularOutput',
			credentials: [credential()],
		});
		expect(output).toHaveLength(1);
		expect(output[0][1]).toMatchObject({ json: { error: 'No such photo' }, pairedItem: { item: 1 } });
	});

	test('with Retry On Fail, the node runs again and finds what it left in its context', async () => {
		const node = nodeThat(async function () {
			const context = this.getContext('node');
			context.tries = Number(context.tries ?? 0) + 1;
			if (context.tries < 3) throw new NodeOperationError(this.getNode(), 'Not yet');
			return [[{ json: { tries: context.tries } }]];
		});
		const { output } = await runNode({ node, retryOnFail: true, maxTries: 3, credentials: [credential()] });
		expect(output[0][0].json).toEqual({ tries: 3 });
	});
});

test('a request that the test does not answer never leaves the machine', async () => {
	const node = nodePerItem(
		async (context) => (await context.helpers.httpRequest({ url: `${API}/me` })) as IDataObject,
	);
	const { error } = await runNode({ node, credentials: [credential()] });
	expect(error?.message).toMatch(/Disallowed net connect/);
});

test('stopping an execution reaches a request under way', async () => {
	const stop = new AbortController();
	nock(API)
		.get('/me')
		.reply(200, () => {
			stop.abort();
			return new Promise(() => {});
		});
	const node = nodeThat(async function () {
		const abortSignal = this.getExecutionCancelSignal();
		return [[{ json: await this.helpers.httpRequest({ url: `${API}/me`, abortSignal }) }]];
	});
	const { run } = await runNode({ node, abortSignal: stop.signal, credentials: [credential()] });
	expect(run.status).toBe('canceled');
});

test('each execution has an id, and expressions see it, the workflow settings and custom data', async () => {
	const node = nodePerItem((context, item) => {
		context.evaluateExpression('{{ $execution.customData.set("project", "p-1") }}', item);
		return {
			id: context.getExecutionId(),
			seen: context.evaluateExpression('{{ $execution.id }}', item),
			timezone: context.getTimezone(),
		};
	});
	const run = async () => {
		const options = { node, credentials: [credential()], settings: { timezone: 'Europe/Berlin' } };
		return await runNode(options);
	};
	const [first, second] = [await run(), await run()];
	const { id, seen, timezone } = first.output[0][0].json;
	expect(seen).toBe(id);
	expect(second.output[0][0].json.id).not.toBe(id);
	expect(timezone).toBe('Europe/Berlin');
	expect(first.run.data.resultData.metadata).toEqual({ project: 'p-1' });
});

test('a workflow runs as n8n exports it: expressions reach the node before, items stay linked to their origin', async () => {
	const upper = nodePerItem((context, item) => ({
		upper: String(context.getNodeParameter('name', item)).toUpperCase(),
	}));
	const origin = nodePerItem((context, item) => ({ origin: context.getNodeParameter('name', item) }));
	const node = (name: string, type: string, parameters = {}) => ({
		id: name,
		name,
		type,
		typeVersion: 1,
		position: [0, 0] as [number, number],
		parameters,
	});
	const to = (name: string) => ({ main: [[{ node: name, type: NodeConnectionTypes.Main, index: 0 }]] });

	const { output, error } = await runWorkflow(
		{
			nodes: [
				node('Files', 'n8n-nodes-base.manualTrigger'),
				node('Upper', 'test.upper'),
				node('Origin', 'test.origin', { name: '={{ $("Files").item.json.name }} was {{ $json.upper }}' }),
			],
			connections: { Files: to('Upper'), Upper: to('Origin') },
		},
		{
			nodeTypes: { 'test.upper': upper, 'test.origin': origin },
			items: [{ json: { name: 'a' } }, { json: { name: 'b' } }],
			credentials: [credential()],
		},
	);

	expect(error).toBeUndefined();
	expect(output('Origin')[0].map(({ json }) => json)).toEqual([{ origin: 'a was A' }, { origin: 'b was B' }]);
});

describe('what an execution leaves for a later one', () => {
	const workflow = (staticData?: IDataObject) => ({
		nodes: ['n8n-nodes-base.manualTrigger', 'test.node'].map((type) => ({
			id: type,
			name: type,
			type,
			typeVersion: 1,
			position: [0, 0] as [number, number],
			parameters: {},
		})),
		connections: {
			'n8n-nodes-base.manualTrigger': {
				main: [[{ node: 'test.node', type: NodeConnectionTypes.Main, index: 0 }]],
			},
		},
		staticData,
	});
	const run = async (node: INodeType, staticData?: IDataObject, mode: 'manual' | 'trigger' = 'trigger') => {
		const options = { nodeTypes: { 'test.node': node }, credentials: [credential()], mode };
		return await runWorkflow(workflow(staticData), options);
	};
	const counter = nodePerItem((context) => {
		const data = context.getWorkflowStaticData('global');
		data.count = Number(data.count ?? 0) + 1;
		return { count: data.count };
	});

	test('the static data of the workflow is saved, unless it was run by hand', async () => {
		const first = await run(counter);
		const second = await run(counter, first.staticData);
		expect(second.output('test.node')[0][0].json).toEqual({ count: 2 });
		expect((await run(counter, second.staticData, 'manual')).staticData).toBeUndefined();
		expect((await run(nodePerItem(() => ({})))).staticData).toBeUndefined();
	});

	test('a retry goes on with the saved data, in an execution of its own', async () => {
		let tries = 0;
		const node = nodePerItem((context) => {
			const known = context.getContext('flow');
			known.tries = [...((known.tries as string[]) ?? []), context.getExecutionId()];
			if (++tries < 2) throw new NodeOperationError(context.getNode(), 'Not yet');
			return {
				tries: known.tries,
				mode: context.getMode(),
				count: context.getWorkflowStaticData('global').count,
			};
		});
		const failed = await run(node);
		expect(failed.error?.message).toBe('Not yet');

		const { output, error } = await failed.retry({ staticData: { global: { count: 7 } } });
		expect(error).toBeUndefined();
		const [{ json }] = output('test.node')[0];
		expect(json).toEqual({ tries: [expect.any(String), expect.any(String)], mode: 'retry', count: 7 });
		expect(new Set(json.tries as string[]).size).toBe(2);
	});
});

test("the panel's lists ask the API with the user's credential and the fields filled in so far", async () => {
	nock(API, { reqheaders: { 'x-api-key': 'a-key' } })
		.get('/projects')
		.query({ find: 'wed', page: '2' })
		.reply(200, [{ name: 'Wedding', value: 'p-1' }]);
	const node = nodeThat(undefined, {
		listSearch: {
			async searchProjects(find, page) {
				const request = { url: `${API}/projects`, qs: { find, page } };
				return { results: await this.helpers.httpRequestWithAuthentication.call(this, 'photoApi', request) };
			},
		},
		loadOptions: {
			async templates() {
				return [{ name: String(this.getCurrentNodeParameter('name')), value: 1 }];
			},
		},
	});
	const credentials = [credential()];

	const found = { node, credentials, method: 'searchProjects', filter: 'wed', paginationToken: '2' };
	expect(await listSearch(found)).toEqual({ results: [{ name: 'Wedding', value: 'p-1' }] });

	const options = { node, credentials, method: 'templates', parameters: { name: 'Sunset' } };
	expect(await loadOptions(options)).toEqual([{ name: 'Sunset', value: 1 }]);
});
