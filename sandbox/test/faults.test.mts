import { readFile } from 'node:fs/promises';
import { callNames } from '../calls.mts';
import { faultStages, type FaultKind } from '../faults/faultRules.mts';
import { SandboxClient, get, put } from '../sandboxClient.mts';
import { until } from '../until.mts';
import { photo } from './helpers/cameraFiles.mts';

let imagen: SandboxClient;
let project: string;
let nef: Buffer;
beforeAll(async () => {
	imagen = await SandboxClient.start({ editSeconds: 0, exportSeconds: 0 });
	nef = await photo('Nikon D70.nef');
});
beforeEach(async () => {
	await imagen.control.reset();
	project = await imagen.projectWith({ 'a.nef': nef, 'b.nef': nef });
	await imagen.control.clearRequests();
});
afterAll(async () => await imagen.close());

/** What fetch says when a connection breaks, at whatever point. */
const brokenConnection = /fetch failed|terminated/;

const edited = async () => {
	await imagen.edit(project);
	const { data } = await imagen.call('GET', editLinks());
	return data.files_list.map((file: { download_link: string }) => file.download_link) as string[];
};
const editLinks = () => `/projects/${project}/edit/get_temporary_download_links`;
const editStatus = async () => await imagen.call('GET', `/projects/${project}/edit/status`);
const billedEdits = async () => (await imagen.control.billing()).edits;

describe('asking for faults', () => {
	it('a fault meets the next request of its call, once', async () => {
		await imagen.control.addFaults({ kind: 'status', call: 'profiles', status: 503 });
		expect((await editStatus()).status).toBe(200);
		expect((await imagen.call('GET', '/profiles')).status).toBe(503);
		expect((await imagen.call('GET', '/profiles')).status).toBe(200);
		expect(await imagen.control.faults()).toEqual([]);
	});

	it('a fault meets as many requests as its rule says, or all', async () => {
		await imagen.control.addFaults(
			{ kind: 'status', call: 'profiles', times: 2 },
			{ kind: 'status', call: 'projects', times: 'always' },
		);
		const statuses = async (path: string) => {
			const seen = [];
			for (let n = 0; n < 3; n++) seen.push((await imagen.call('GET', path)).status);
			return seen;
		};
		expect(await statuses('/profiles')).toEqual([500, 500, 200]);
		expect(await statuses('/projects')).toEqual([500, 500, 500]);
		await imagen.control.clearFaults();
		expect((await imagen.call('GET', '/projects')).status).toBe(200);
	});

	it('a fault can be for one project and one file', async () => {
		const other = await imagen.create();
		await imagen.control.addFaults(
			{ kind: 'status', call: 'editStatus', project: other },
			{ kind: 'status', call: 'put', fileName: 'b.nef', status: 503 },
		);
		expect((await editStatus()).status).toBe(200);
		expect((await imagen.call('GET', `/projects/${other}/edit/status`)).status).toBe(500);
		const [a, b] = await imagen.uploadLinks(project, 'a.nef', 'b.nef');
		expect((await put(a, nef)).status).toBe(200);
		expect((await put(b, nef)).status).toBe(503);
	});

	it('the request log shows which fault a request met', async () => {
		await imagen.control.addFaults({ kind: 'status', call: 'profiles', status: 502 });
		await imagen.call('GET', '/profiles');
		const [entry] = await imagen.control.requests();
		expect(entry).toMatchObject({ call: 'profiles', status: 502, fault: 'status' });
	});

	it('a fault of an unknown kind or call is refused', async () => {
		await expect(imagen.control.addFaults({ kind: 'gremlins' as FaultKind, call: 'get' })).rejects.toThrow(
			'No fault "gremlins"',
		);
		await expect(imagen.control.addFaults({ kind: 'status', call: 'coffee' as 'get' })).rejects.toThrow(
			'No call "coffee"',
		);
	});

	it('the README names every fault and every call', async () => {
		const readme = await readFile('sandbox/README.md', 'utf8');
		for (const name of [...Object.keys(faultStages), ...callNames]) expect(readme).toContain(`\`${name}\``);
	});
});

describe('status', () => {
	it.each([400, 401, 403, 404, 409, 429, 500, 502, 503])(
		"the fault status answers with %d in the API's own words",
		async (status) => {
			await imagen.control.addFaults({ kind: 'status', call: 'profiles', status });
			const answer = await imagen.call('GET', '/profiles');
			expect(answer.status).toBe(status);
			expect(answer.body).toEqual({ detail: expect.any(String) });
			expect(answer.headers.get('retry-after')).toBeNull();
		},
	);

	it('the fault status answers with a 422 list where its rule has one', async () => {
		await imagen.control.addFaults({ kind: 'status', call: 'edit', status: 422 });
		const { body } = await imagen.startEdit(project);
		expect(body.detail[0]).toEqual({
			loc: ['body', 'profile_key'],
			msg: 'field required',
			type: expect.any(String),
		});
	});

	it('the fault status sends Retry-After with a 429', async () => {
		await imagen.control.addFaults({ kind: 'status', call: 'profiles', status: 429, retryAfter: 7 });
		expect((await imagen.call('GET', '/profiles')).headers.get('retry-after')).toBe('7');
	});

	it('the fault status sends a body of choice', async () => {
		await imagen.control.addFaults(
			{ kind: 'status', call: 'profiles', status: 400, body: { error: 'a string' } },
			{ kind: 'status', call: 'profiles', status: 400, body: 'plain words' },
		);
		expect((await imagen.call('GET', '/profiles')).body).toEqual({ error: 'a string' });
		expect((await imagen.call('GET', '/profiles')).text).toBe('plain words');
	});

	it("the fault status answers in S3's words on the storage", async () => {
		await imagen.control.addFaults({ kind: 'status', call: 'put', status: 503 });
		const [link] = await imagen.uploadLinks(project, 'a.nef');
		const { status, text } = await put(link, nef);
		expect(status).toBe(503);
		expect(text).toContain('<Code>SlowDown</Code>');
	});

	it('the fault status answers before or after the request is carried out', async () => {
		await imagen.control.addFaults({ kind: 'status', call: 'edit', status: 500 });
		expect((await imagen.startEdit(project)).status).toBe(500);
		expect(await billedEdits()).toBe(0);

		await imagen.control.addFaults({ kind: 'status', call: 'edit', status: 500, done: true });
		expect((await imagen.startEdit(project)).status).toBe(500);
		expect(await billedEdits()).toBe(1);
	});
});

describe('connections that break', () => {
	it('the fault resetBefore breaks the connection with nothing done', async () => {
		await imagen.control.addFaults({ kind: 'resetBefore', call: 'edit' });
		await expect(imagen.startEdit(project)).rejects.toThrow(brokenConnection);
		expect(await billedEdits()).toBe(0);
	});

	it('the fault resetAfter breaks the connection after the request was carried out', async () => {
		await imagen.control.addFaults({ kind: 'resetAfter', call: 'edit' });
		await expect(imagen.startEdit(project)).rejects.toThrow(brokenConnection);
		expect(await billedEdits()).toBe(1);
	});

	it('the fault resetMidBody breaks the connection in the middle of an answer', async () => {
		const [link] = await edited();
		await imagen.control.addFaults({ kind: 'resetMidBody', call: 'get' });
		await expect(get(link)).rejects.toThrow(brokenConnection);
		expect((await get(link)).status).toBe(200);
	});

	it('the fault resetMidBody breaks an upload half-way, and stores nothing', async () => {
		const [link] = await imagen.uploadLinks(project, 'new.nef');
		await imagen.control.addFaults({ kind: 'resetMidBody', call: 'put' });
		await expect(put(link, nef)).rejects.toThrow(brokenConnection);
		const [{ photos }] = await imagen.control.projects();
		expect(photos).toContainEqual({ file_name: 'new.nef', bytes: null });
		expect((await put(link, nef)).status).toBe(200);
	});

	it('the fault hang never answers, though the request was carried out', async () => {
		await imagen.control.addFaults({ kind: 'hang', call: 'edit' });
		const init = { signal: AbortSignal.timeout(300) };
		await expect(
			imagen.call('POST', `/projects/${project}/edit`, { profile_key: 196 }, init),
		).rejects.toThrow('timeout');
		await until(async () => (await billedEdits()) === 1);
	});

	it('the fault hang can leave the request undone', async () => {
		await imagen.control.addFaults({ kind: 'hang', call: 'edit', done: false, seconds: 0.1 });
		await expect(imagen.startEdit(project)).rejects.toThrow(brokenConnection);
		expect(await billedEdits()).toBe(0);
	});
});

describe('downloads', () => {
	let link: string;
	let whole: string;
	beforeEach(async () => {
		[link] = await edited();
		whole = (await get(link)).text;
	});

	it('the fault truncatedDownload ends a file half-way, with its whole length announced', async () => {
		await imagen.control.addFaults({ kind: 'truncatedDownload', call: 'get' });
		const response = await fetch(link);
		expect(Number(response.headers.get('content-length'))).toBe(Buffer.byteLength(whole));
		await expect(response.text()).rejects.toThrow(brokenConnection);
	});

	it('the fault truncatedDownload can end a file half-way without announcing its length', async () => {
		await imagen.control.addFaults({ kind: 'truncatedDownload', call: 'get', contentLength: false });
		const response = await fetch(link);
		expect(response.headers.get('content-length')).toBeNull();
		expect(response.headers.get('transfer-encoding')).toBeNull();
		const text = await response.text();
		expect(text.length).toBeLessThan(whole.length);
		expect(whole.startsWith(text)).toBe(true);
	});

	it('the fault stall sends the first half of a file and then nothing more', async () => {
		await imagen.control.addFaults({ kind: 'stall', call: 'get', seconds: 0.2 });
		const response = await fetch(link);
		expect(Number(response.headers.get('content-length'))).toBe(Buffer.byteLength(whole));
		const begin = Date.now();
		await expect(response.text()).rejects.toThrow(brokenConnection);
		expect(Date.now() - begin).toBeGreaterThan(150);
	});

	it('the fault wrongLength announces fewer bytes than the file has', async () => {
		await imagen.control.addFaults({ kind: 'wrongLength', call: 'get' });
		const response = await fetch(link);
		expect(Number(response.headers.get('content-length'))).toBe(Math.floor(Buffer.byteLength(whole) / 2));
		await response.body?.cancel();
	});

	it('the fault expiredLinks refuses a download as S3 refuses an expired link', async () => {
		await imagen.control.addFaults({ kind: 'expiredLinks', call: 'get' });
		const { status, text } = await get(link);
		expect(status).toBe(403);
		expect(text).toContain('Request has expired');
	});
});

describe('answers that are not what they should be', () => {
	it('the fault html answers with a web page instead of JSON', async () => {
		await imagen.control.addFaults({ kind: 'html', call: 'profiles' });
		const { status, headers, text } = await imagen.call('GET', '/profiles');
		expect(status).toBe(200);
		expect(headers.get('content-type')).toBe('text/html');
		expect(text).toContain('<h1>');
	});

	it('the fault truncatedJson answers with half of the JSON', async () => {
		await imagen.control.addFaults({ kind: 'truncatedJson', call: 'profiles' });
		const { status, text, body } = await imagen.call('GET', '/profiles');
		expect(status).toBe(200);
		expect(text).toMatch(/^\{"data"/);
		expect(body).toBeUndefined();
	});

	it('the fault unwrapped answers without the envelope', async () => {
		await imagen.control.addFaults({ kind: 'unwrapped', call: 'profiles' });
		const { body } = await imagen.call('GET', '/profiles');
		expect(Object.keys(body)).toEqual(['profiles']);
	});

	it('the fault missingKey leaves a key out of the answer', async () => {
		await imagen.control.addFaults({ kind: 'missingKey', call: 'uploadLinks', key: 'upload_link' });
		const files_list = [{ file_name: 'c.nef' }];
		const path = `/projects/${project}/get_temporary_upload_links`;
		const { data } = await imagen.call('POST', path, { files_list });
		expect(data).toEqual({ files_list });
	});

	it('the fault upperCaseStatus answers with the status in capitals', async () => {
		await imagen.edit(project);
		await imagen.control.addFaults({ kind: 'upperCaseStatus', call: 'editStatus' });
		expect((await editStatus()).data).toMatchObject({ status: 'COMPLETED' });
	});

	it('the fault unknownStatus answers with a status word that nobody knows', async () => {
		await imagen.control.addFaults(
			{ kind: 'unknownStatus', call: 'editStatus' },
			{ kind: 'unknownStatus', call: 'editStatus', word: 'Dreaming' },
		);
		expect((await editStatus()).data.status).toBe('Queued');
		expect((await editStatus()).data.status).toBe('Dreaming');
	});

	it('the fault uploadLinkKey answers with upload_link for download_link', async () => {
		await edited();
		await imagen.control.addFaults({ kind: 'uploadLinkKey', call: 'editLinks' });
		const { data } = await imagen.call('GET', editLinks());
		expect(Object.keys(data.files_list[0]).sort()).toEqual(['file_name', 'upload_link']);
		expect((await get(data.files_list[0].upload_link)).status).toBe(200);
	});

	it('the fault emptyList answers with a list that is empty right after Completed, and full later', async () => {
		await edited();
		await imagen.control.addFaults({ kind: 'emptyList', call: 'editLinks', times: 2 });
		const lengths = [];
		for (let n = 0; n < 3; n++) lengths.push((await imagen.call('GET', editLinks())).data.files_list.length);
		expect(lengths).toEqual([0, 0, 2]);
	});

	it('the fault expiredLinks gives out links that have expired, for downloads and for uploads', async () => {
		await edited();
		await imagen.control.addFaults(
			{ kind: 'expiredLinks', call: 'editLinks' },
			{ kind: 'expiredLinks', call: 'uploadLinks' },
		);
		const { data } = await imagen.call('GET', editLinks());
		expect((await get(data.files_list[0].download_link)).text).toContain('Request has expired');
		const [link] = await imagen.uploadLinks(project, 'c.nef');
		expect((await put(link, nef)).text).toContain('Request has expired');
	});

	it('the fault redirect leads to another host, and the log shows whether the key came along', async () => {
		await imagen.control.addFaults({ kind: 'redirect', call: 'profiles' });
		const init = { headers: { 'x-api-key': imagen.sandbox.apiKey }, redirect: 'manual' as const };
		const { status, headers } = await imagen.call('GET', '/profiles', undefined, init);
		expect(status).toBe(307);
		const location = headers.get('location') ?? '';
		expect(new URL(location).origin).toBe(imagen.sandbox.storageUrl);

		await fetch(location, { headers: { 'x-api-key': imagen.sandbox.apiKey } });
		await fetch(location);
		const arrived = (await imagen.control.requests()).filter(({ to }) => to === 'storage');
		expect(arrived.map(({ api_key }) => api_key)).toEqual([true, false]);
	});
});

describe('jobs', () => {
	it('the fault endsFailed makes one edit fail, and the next one succeeds', async () => {
		await imagen.control.addFaults({ kind: 'endsFailed', call: 'edit' });
		await imagen.startEdit(project);
		expect(await imagen.wait(project)).toBe('Failed');
		expect((await imagen.call('GET', editLinks())).status).toBe(400);
		await imagen.startEdit(project);
		expect(await imagen.wait(project)).toBe('Completed');
	});

	it('the fault endsFailed makes an export fail', async () => {
		await imagen.edit(project);
		await imagen.control.addFaults({ kind: 'endsFailed', call: 'export' });
		await imagen.call('POST', `/projects/${project}/export`);
		expect(await imagen.wait(project, 'export')).toBe('Failed');
	});
});

it('the option chance decides on requests that no rule is for', async () => {
	const asked: string[] = [];
	const lucky = await SandboxClient.start({
		plainResults: true,
		chance: (stage, { call }) => {
			asked.push(`${stage} ${call}`);
			return call === 'profiles' ? { kind: 'status', call, status: 503 } : undefined;
		},
	});
	try {
		expect((await lucky.call('GET', '/profiles')).status).toBe(503);
		await lucky.control.addFaults({ kind: 'status', call: 'profiles', status: 429 });
		expect((await lucky.call('GET', '/profiles')).status).toBe(429);
		expect((await lucky.call('GET', '/profiles')).status).toBe(503);
		expect(asked).toEqual(['wire profiles', 'wire profiles']);
	} finally {
		await lucky.close();
	}
});

it('a request that meets a fault is carried out once, not twice', async () => {
	await imagen.control.addFaults({ kind: 'unwrapped', call: 'edit' });
	await imagen.startEdit(project);
	expect(await billedEdits()).toBe(1);
	const requests = await imagen.control.requests();
	expect(requests.filter(({ call }) => call === 'edit')).toHaveLength(1);
});
