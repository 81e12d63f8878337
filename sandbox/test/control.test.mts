import { readFile } from 'node:fs/promises';
import { SandboxClient, get, put } from '../sandboxClient.mts';
import { defaultSettings } from '../settings.mts';
import { photo } from './helpers/cameraFiles.mts';

let imagen: SandboxClient;
beforeAll(async () => {
	imagen = await SandboxClient.start({ editSeconds: 0.2 });
});
beforeEach(async () => await imagen.control.reset());
afterAll(async () => await imagen.close());

describe('the request log', () => {
	it('the request log names every request from photos to results, in order', async () => {
		await imagen.call('GET', '/profiles');
		const uuid = await imagen.projectWith({ 'a.nef': await photo('Nikon D70.nef') });
		await imagen.edit(uuid);
		await imagen.download(uuid);
		await imagen.export(uuid);
		await imagen.download(uuid, 'export');

		const calls = (await imagen.control.requests()).map(({ call }) => call);
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

	it('the request log shows project, file, length and Content-Type of an upload, and no query', async () => {
		const nef = await photo('Nikon D70.nef');
		const uuid = await imagen.create();
		const [link] = await imagen.uploadLinks(uuid, 'a.nef');
		await put(link, nef);
		const entry = (await imagen.control.requests()).at(-1);
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

	it('the request log shows when a key reaches the storage, in whatever header', async () => {
		const uuid = await imagen.create();
		const [link] = await imagen.uploadLinks(uuid, 'a.nef');
		await put(link, Buffer.from('a'), { 'x-api-key': 'some key' });
		await put(link, Buffer.from('a'), { Referer: imagen.sandbox.apiKey });
		await put(link, Buffer.from('a'));
		await get(`${link}&key=${imagen.sandbox.apiKey}`);
		const toStorage = (await imagen.control.requests()).filter(({ to }) => to === 'storage');
		expect(toStorage.map(({ api_key }) => api_key)).toEqual([true, true, false, true]);
	});

	it('the request log leaves the control endpoints out, and can be cleared', async () => {
		await imagen.call('GET', '/profiles');
		await imagen.control.billing();
		expect(await imagen.control.requests()).toHaveLength(1);
		await imagen.control.clearRequests();
		expect(await imagen.control.requests()).toEqual([]);
	});

	it('the request log holds no key', async () => {
		await imagen.call('GET', '/profiles');
		expect(JSON.stringify(await imagen.control.requests())).not.toContain(imagen.sandbox.apiKey);
	});
});

describe('settings', () => {
	it('changing some settings leaves the others, and answers with all of them', async () => {
		expect(await imagen.control.set({ linkSeconds: 5 })).toEqual({
			...defaultSettings,
			editSeconds: 0.2,
			exportSeconds: 0.1,
			leastSmartPhotos: 1,
			linkSeconds: 5,
		});
	});

	it('a setting that does not exist or has the wrong type is refused', async () => {
		await expect(imagen.control.set({ speed: 3 } as object)).rejects.toThrow('No setting "speed"');
		await expect(imagen.control.set({ editSeconds: 'soon' } as object)).rejects.toThrow(
			'"editSeconds" must be a number',
		);
		await expect(imagen.control.set({ expiredLinkStatus: 404 })).rejects.toThrow(
			'"expiredLinkStatus" must be 403 or 400',
		);
	});

	it('the README names every setting and what it is from the start', async () => {
		const readme = await readFile('sandbox/README.md', 'utf8');
		for (const [name, value] of Object.entries(defaultSettings)) {
			expect(readme).toMatch(new RegExp(`\\| \`${name}\` +\\| ${value} +\\|`));
		}
	});
});

it('the list of projects shows every file and whether it was uploaded', async () => {
	const nef = await photo('Nikon D70.nef');
	const uuid = await imagen.create('Shown');
	await imagen.upload(uuid, { 'a.nef': nef });
	await imagen.uploadLinks(uuid, 'b.nef');
	await imagen.edit(uuid);
	expect(await imagen.control.projects()).toEqual([
		{
			project_uuid: uuid,
			name: 'Shown',
			editing_flow: 'REGULAR',
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

it('a reset restores the initial state, even while an edit runs', async () => {
	const uuid = await imagen.projectWith({ 'a.nef': await photo('Nikon D70.nef') });
	const [link] = await imagen.uploadLinks(uuid, 'a.nef');
	await imagen.control.set({ editSeconds: 60 });
	await imagen.startEdit(uuid);
	await imagen.control.addFaults({ kind: 'html', call: 'profiles' });
	await imagen.control.reset();

	expect(await imagen.control.projects()).toEqual([]);
	expect(await imagen.control.billing()).toEqual({
		edits: 0,
		exports: 0,
		photos: 0,
		retouches: 0,
		projects: [],
	});
	expect(await imagen.control.faults()).toEqual([]);
	expect(await imagen.control.requests()).toEqual([]);
	expect((await imagen.control.set({})).editSeconds).toBe(0.2);
	expect((await put(link, Buffer.from('late'))).status).toBe(404);
});
