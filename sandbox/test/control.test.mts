import { Studio, get, photo, put } from './helpers/studio.mts';

let studio: Studio;
beforeAll(async () => {
	studio = await Studio.open({ editSeconds: 0.2 });
});
beforeEach(async () => await studio.control.reset());
afterAll(async () => await studio.close());

describe('the request log', () => {
	it('names every request of the main job, in order', async () => {
		await studio.call('GET', '/profiles');
		const uuid = await studio.projectWith({ 'a.nef': await photo('Nikon D70.nef') });
		await studio.edit(uuid);
		await studio.download(uuid);
		await studio.export(uuid);
		await studio.download(uuid, 'export');

		const calls = (await studio.control.requests()).map(({ call }) => call);
		expect(calls.filter((call, n) => call !== calls[n - 1])).toEqual([
			'profiles',
			'create',
			'uploadLinks',
			'put',
			'edit',
			'editStatus',
			'editLinks',
			'get',
			'export',
			'exportStatus',
			'exportLinks',
			'get',
		]);
	});

	it('tells project, file, length and Content-Type of an upload, and no query', async () => {
		const nef = await photo('Nikon D70.nef');
		const uuid = await studio.create();
		const [link] = await studio.uploadLinks(uuid, 'a.nef');
		await put(link, nef);
		const entry = (await studio.control.requests()).at(-1);
		expect(entry).toEqual({
			when: expect.stringMatching(/^\d{4}-/),
			to: 'storage',
			call: 'put',
			method: 'PUT',
			path: new URL(link).pathname,
			project_uuid: uuid,
			file_name: 'a.nef',
			status: 200,
			api_key: false,
			content_type: '',
			content_length: nef.length,
			fault: null,
		});
	});

	it('tells when a key reaches the storage, in whatever header', async () => {
		const uuid = await studio.create();
		const [link] = await studio.uploadLinks(uuid, 'a.nef');
		await put(link, Buffer.from('a'), { 'x-api-key': 'some key' });
		await put(link, Buffer.from('a'), { Referer: studio.sandbox.apiKey });
		await put(link, Buffer.from('a'));
		await get(`${link}&key=${studio.sandbox.apiKey}`);
		const toStorage = (await studio.control.requests()).filter(({ to }) => to === 'storage');
		expect(toStorage.map(({ api_key }) => api_key)).toEqual([true, true, false, true]);
	});

	it('leaves out its own endpoints, and can be emptied', async () => {
		await studio.call('GET', '/profiles');
		await studio.control.billing();
		expect(await studio.control.requests()).toHaveLength(1);
		await studio.control.clearRequests();
		expect(await studio.control.requests()).toEqual([]);
	});

	it('holds no key', async () => {
		await studio.call('GET', '/profiles');
		expect(JSON.stringify(await studio.control.requests())).not.toContain(studio.sandbox.apiKey);
	});
});

describe('settings', () => {
	it('change what is given, and tell all', async () => {
		expect(await studio.control.set({ linkSeconds: 5 })).toEqual({
			editSeconds: 0.2,
			exportSeconds: 0.1,
			retouchSeconds: 0,
			linkSeconds: 5,
			exportCallbacks: false,
			callbackDelaySeconds: 0,
			callbackAttempts: 1,
		});
	});

	it('refuse what does not exist or has the wrong type', async () => {
		await expect(studio.control.set({ speed: 3 } as object)).rejects.toThrow('No setting "speed"');
		await expect(studio.control.set({ editSeconds: 'soon' } as object)).rejects.toThrow(
			'"editSeconds" must be a number',
		);
	});
});

it('the projects show every file and whether it arrived', async () => {
	const nef = await photo('Nikon D70.nef');
	const uuid = await studio.create('Shown');
	await studio.upload(uuid, { 'a.nef': nef });
	await studio.uploadLinks(uuid, 'b.nef');
	await studio.edit(uuid);
	expect(await studio.control.projects()).toEqual([
		{
			project_uuid: uuid,
			name: 'Shown',
			source: 'REGULAR',
			archived: false,
			edit_status: 'Completed',
			export_status: 'Pending',
			photos: [
				{ file_name: 'a.nef', bytes: nef.length },
				{ file_name: 'b.nef', bytes: null },
			],
			edited: ['a.xmp'],
			exported: [],
			retouched: [],
		},
	]);
});

it('a reset brings back the start, an edit under way or not', async () => {
	const uuid = await studio.projectWith({ 'a.nef': await photo('Nikon D70.nef') });
	const [link] = await studio.uploadLinks(uuid, 'a.nef');
	await studio.control.set({ editSeconds: 60 });
	await studio.startEdit(uuid);
	await studio.control.addFaults({ kind: 'html', call: 'profiles' });
	await studio.control.reset();

	expect(await studio.control.projects()).toEqual([]);
	expect(await studio.control.billing()).toEqual({
		edits: 0,
		exports: 0,
		photos: 0,
		retouches: 0,
		projects: [],
	});
	expect(await studio.control.faults()).toEqual([]);
	expect(await studio.control.requests()).toEqual([]);
	expect((await studio.control.set({})).editSeconds).toBe(0.2);
	expect((await put(link, Buffer.from('late'))).status).toBe(404);
});
