import { randomBytes } from 'node:crypto';
import sharp from 'sharp';
import { openCallbackReceiver, type CallbackReceiver } from '../../test/support/callbackReceiver.mts';
import { SandboxClient, put } from '../sandboxClient.mts';
import { until } from '../until.mts';
import { photo } from './helpers/cameraFiles.mts';

let imagen: SandboxClient;
let nef: Buffer;
let jpeg: Buffer;
beforeAll(async () => {
	imagen = await SandboxClient.start();
	nef = await photo('Nikon D70.nef');
	jpeg = await photo('Pentax K10D.jpg');
});
beforeEach(async () => await imagen.control.reset());
afterAll(async () => await imagen.close());

const jpegProject = async () => await imagen.smartProjectWith({ 'a.jpg': jpeg });
const projectOf = async (uuid: string) => (await imagen.call('GET', `/i2i/projects/${uuid}`)).data;
const links = async (uuid: string) =>
	await imagen.call('GET', `/i2i/projects/${uuid}/get_temporary_download_links`);

describe('a project of Smart Editing', () => {
	it('a Smart Editing project is created with or without a name, and with or without a slash at the end of the path', async () => {
		for (const path of ['/i2i/projects', '/i2i/projects/']) {
			const { status, data } = await imagen.call('POST', path);
			expect(status).toBe(200);
			expect(data).toEqual({ project_uuid: expect.stringMatching(/^[0-9a-f]{24}$/) });
		}
		const uuid = await imagen.createSmart('Beach house');
		expect(await projectOf(uuid)).toMatchObject({ name: 'Beach house' });
		expect(await imagen.control.projects()).toContainEqual(
			expect.objectContaining({ project_uuid: uuid, editing_flow: 'I2I' }),
		);
	});

	it('a name is taken for both flows, whichever has it first', async () => {
		await imagen.create('Smith wedding');
		const taken = await imagen.call('POST', '/i2i/projects', { name: 'Smith wedding' });
		expect(taken.status).toBe(400);
		expect(taken.text).toContain("Project with name 'Smith wedding' already exists");
		await imagen.createSmart('Beach house');
		expect((await imagen.call('POST', '/projects', { name: 'Beach house' })).status).toBe(400);
		expect((await imagen.call('POST', '/i2i/projects', { name: 7 })).status).toBe(422);
	});

	it('a Smart Editing project is found by its name, and is not in the list of regular ones', async () => {
		const uuid = await imagen.createSmart('Beach house');
		const { data } = await imagen.call('GET', `/projects/${encodeURIComponent('Beach house')}/uuid`);
		expect(data).toEqual({ project_uuid: uuid });
		const regular = await imagen.create();
		const { data: list } = await imagen.call('GET', '/projects');
		expect(list.projects.map((project: any) => project.project_uuid)).toEqual([regular]);
		expect(list.pagination.total).toBe(1);
	});

	it('Smart Editing projects have a list of their own, newest first and in pages', async () => {
		await imagen.create();
		const [older, newer] = [await imagen.createSmart(), await imagen.createSmart()];
		const uuids = async (query: string) => {
			const { data } = await imagen.call('GET', `/i2i/projects?${query}`);
			return [data.projects.map((project: any) => project.project_uuid), data.pagination.total];
		};
		expect(await uuids('size=1&page=0')).toEqual([[newer], 2]);
		expect(await uuids('size=1&page=1')).toEqual([[older], 2]);
	});

	it('a project exists for the calls of its own flow only', async () => {
		const smart = await jpegProject();
		const regular = await imagen.projectWith({ 'a.nef': nef });
		const files_list = [{ file_name: 'b.nef' }];
		const calls: Array<[method: string, path: string, body?: object]> = [
			['GET', `/projects/${smart}`],
			['POST', `/projects/${smart}/get_temporary_upload_links`, { files_list }],
			['POST', `/projects/${smart}/edit`, { profile_key: 29132 }],
			['GET', `/projects/${smart}/edit/status`],
			['GET', `/projects/${smart}/edit/get_temporary_download_links`],
			['POST', `/projects/${smart}/export`],
			['GET', `/projects/${smart}/export/status`],
			['GET', `/i2i/projects/${regular}`],
			['POST', `/i2i/projects/${regular}/get_temporary_upload_links`, { files_list }],
			['POST', `/i2i/projects/${regular}/edit`],
			['GET', `/i2i/projects/${regular}/get_temporary_download_links`],
		];
		for (const [method, path, body] of calls) {
			const { status } = await imagen.call(method, path, body);
			expect({ method, path, status }).toEqual({ method, path, status: 404 });
		}
	});

	it('a Smart Editing project shows its state at every step', async () => {
		const uuid = await imagen.createSmart('Told');
		const fresh = {
			project_uuid: uuid,
			name: 'Told',
			status: 'Pending',
			created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
			number_of_images: 0,
			profile: null,
			ai_tools: null,
			project_id: expect.any(Number),
			customer_reference_id: expect.any(Number),
			thumbnail_src: null,
		};
		expect(await projectOf(uuid)).toEqual(fresh);
		await put((await imagen.smartUploadLinks(uuid, 'a.jpg'))[0], jpeg);
		await imagen.smartEdit(uuid, { perspective_correction: true });
		expect(await projectOf(uuid)).toEqual({
			...fresh,
			ai_tools: ['perspective_correction'],
			status: 'Completed',
			number_of_images: 1,
			progress: 100,
		});
	});

	it('Smart Editing goes from Pending to In Progress to Completed in the time that edits take', async () => {
		await imagen.control.set({ editSeconds: 1.5 });
		const uuid = await jpegProject();
		await imagen.startSmartEdit(uuid);
		const words: string[] = [];
		await until(async () => words[words.push((await projectOf(uuid)).status) - 1] === 'Completed');
		expect(words.filter((word, n) => word !== words[n - 1])).toEqual(['Pending', 'In Progress', 'Completed']);
	});
});

describe('Smart Editing is refused', () => {
	it.each<[string, Record<string, unknown>, string]>([
		['with a profile', { profile_key: 196 }, 'profile_key'],
		['with a crop', { crop: true }, 'crop'],
		['with a field of edits that says nothing', { photography_type: null }, 'photography_type'],
		['with an export', { export: true }, 'export'],
		['with a switch that is no boolean', { hdr_merge: 'yes' }, 'hdr_merge'],
		[
			'with a template that is no number',
			{ sky_replacement_template_id: '1' },
			'sky_replacement_template_id',
		],
		[
			'with a template that does not exist',
			{ sky_replacement_template_id: 9 },
			'sky_replacement_template_id',
		],
		['with a callback over http to elsewhere', { callback_url: 'http://example.com' }, 'callback_url'],
	])('Smart Editing is refused with a 422 list: %s', async (_case, body, field) => {
		const { status, body: answer } = await imagen.startSmartEdit(await jpegProject(), body);
		expect(status).toBe(422);
		expect(answer.detail).toEqual([
			{ loc: ['body', field], msg: expect.any(String), type: expect.any(String) },
		]);
		expect(await imagen.control.billing()).toMatchObject({ edits: 0, photos: 0 });
	});

	it.each(['', 'text/plain'])(
		'Smart Editing is refused with a body under Content-Type "%s"',
		async (type) => {
			const headers = { 'x-api-key': imagen.sandbox.apiKey, 'Content-Type': type };
			const path = `/i2i/projects/${await jpegProject()}/edit`;
			expect((await imagen.call('POST', path, {}, { headers })).status).toBe(422);
		},
	);

	it('Smart Editing before a photo is uploaded is refused', async () => {
		const uuid = await imagen.createSmart();
		await imagen.smartUploadLinks(uuid, 'a.jpg');
		expect((await imagen.startSmartEdit(uuid)).status).toBe(500);
	});

	it('Smart Editing of RAW and JPEG in one project is refused', async () => {
		const uuid = await imagen.smartProjectWith({ 'a.nef': nef, 'b.jpg': jpeg });
		const { status, text } = await imagen.startSmartEdit(uuid);
		expect(status).toBe(400);
		expect(text).toContain('RAW and JPEG');
	});
});

describe('Smart Editing is taken', () => {
	it.each([
		['nothing', undefined],
		['an empty body', {}],
		[
			'all that there is, and nulls',
			{
				hdr_merge: null,
				perspective_correction: true,
				sky_replacement: true,
				sky_replacement_template_id: 2,
				callback_url: null,
			},
		],
	])('Smart Editing is accepted with %s', async (_case, body) => {
		const uuid = await jpegProject();
		expect((await imagen.call('POST', `/i2i/projects/${uuid}/edit/`, body)).status).toBe(200);
		expect(await imagen.waitSmart(uuid)).toBe('Completed');
	});

	it('Smart Editing is billed for each photo, each time it is started', async () => {
		const uuid = await imagen.smartProjectWith({ 'a.jpg': jpeg, 'b.jpg': jpeg });
		await imagen.smartEdit(uuid);
		await imagen.smartEdit(uuid);
		expect(await imagen.control.billing()).toMatchObject({
			edits: 2,
			exports: 0,
			photos: 4,
			projects: [{ project_uuid: uuid, edits: 2, photos_billed: 4 }],
		});
	});
});

describe('the results of Smart Editing', () => {
	it.each<[string, string]>([
		['Nikon D70.nef', 'Nikon D70.jpg'],
		['Canon 350D converted.dng', 'Canon 350D converted.jpg'],
		['Pentax K10D.jpg', 'Pentax K10D.jpg'],
	])('Smart Editing turns %s into a JPEG that decodes, %s', async (name, result) => {
		const uuid = await imagen.smartProjectWith({ [name]: await photo(name) });
		await imagen.smartEdit(uuid);
		const files = await imagen.downloadSmart(uuid);
		expect([...files.keys()]).toEqual([result]);
		expect(await sharp(files.get(result)).metadata()).toMatchObject({ format: 'jpeg' });
		await expect(sharp(files.get(result)).stats()).resolves.toBeDefined();
	});

	it('Smart Editing merges brackets into one JPEG for each set, named after its first photo', async () => {
		const frames = Array.from({ length: 4 }, (_, n) => [`frame-${n}.nef`, randomBytes(1000)] as const);
		const uuid = await imagen.smartProjectWith(Object.fromEntries(frames));
		await imagen.smartEdit(uuid, { hdr_merge: true });
		const files = await imagen.downloadSmart(uuid);
		expect([...files.keys()]).toEqual(['frame-0-HDR.jpg', 'frame-3-HDR.jpg']);
		for (const bytes of files.values())
			expect(await sharp(bytes).metadata()).toMatchObject({ format: 'jpeg' });
	});

	it('the results of Smart Editing are an error until it is completed', async () => {
		const uuid = await jpegProject();
		expect((await links(uuid)).status).toBe(400);
		await imagen.control.set({ editSeconds: 60 });
		await imagen.startSmartEdit(uuid);
		expect((await links(uuid)).status).toBe(400);
	});
});

describe('callbacks of Smart Editing', () => {
	let receiver: CallbackReceiver;
	beforeEach(async () => {
		receiver = await openCallbackReceiver();
	});
	afterEach(async () => await receiver.close());

	it('Smart Editing has the same callbacks as edits', async () => {
		const uuid = await jpegProject();
		await imagen.startSmartEdit(uuid, { callback_url: receiver.url });
		await until(() => receiver.received.length > 0);
		const body = { project_uuid: uuid, status: 'Completed', action: 'edit' };
		expect(receiver.received.map((callback) => callback.body)).toEqual([body]);
		expect((await projectOf(uuid)).status).toBe('Completed');
	});

	it('the faults callbackEarly and endsFailed also meet Smart Editing', async () => {
		await imagen.control.addFaults(
			{ kind: 'callbackEarly', call: 'callback' },
			{ kind: 'endsFailed', call: 'smartEdit' },
		);
		const uuid = await jpegProject();
		await imagen.startSmartEdit(uuid, { callback_url: receiver.url });
		await until(() => receiver.received.length === 2);
		expect(receiver.received.map(({ body }) => body.status)).toEqual(['Completed', 'Failed']);
	});
});

describe('faults of Smart Editing', () => {
	it('the fault endsFailed meets Smart Editing by its own call only', async () => {
		await imagen.control.addFaults({ kind: 'endsFailed', call: 'edit' });
		const uuid = await jpegProject();
		await imagen.smartEdit(uuid);
		expect((await projectOf(uuid)).status).toBe('Completed');

		await imagen.control.addFaults({ kind: 'endsFailed', call: 'smartEdit' });
		await imagen.startSmartEdit(uuid);
		expect(await imagen.waitSmart(uuid)).toBe('Failed');
		expect(await projectOf(uuid)).toMatchObject({ status: 'Failed', details: expect.any(String) });
		expect((await links(uuid)).status).toBe(400);
	});

	it('a fault meets each call of Smart Editing by its name and project', async () => {
		const uuid = await jpegProject();
		const other = await jpegProject();
		await imagen.control.clearRequests();
		await imagen.control.addFaults(
			{ kind: 'status', call: 'smartProject', project: uuid, status: 503 },
			{ kind: 'resetAfter', call: 'smartEdit' },
			{ kind: 'expiredLinks', call: 'smartUploadLinks' },
			{ kind: 'emptyList', call: 'smartLinks' },
		);
		expect(await projectOf(other)).toMatchObject({ status: 'Pending' });
		expect((await imagen.call('GET', `/i2i/projects/${uuid}/`)).status).toBe(503);
		await expect(imagen.startSmartEdit(uuid)).rejects.toThrow('fetch failed');
		expect((await imagen.control.billing()).edits).toBe(1);
		const [expired] = await imagen.smartUploadLinks(uuid, 'late.jpg');
		expect((await put(expired, jpeg)).text).toContain('Request has expired');
		await imagen.waitSmart(uuid);
		expect((await links(uuid)).data).toEqual({ files_list: [] });
		expect((await links(uuid)).data.files_list).toHaveLength(1);
	});

	it('faults and the log name every call of Smart Editing', async () => {
		const uuid = await jpegProject();
		await imagen.smartEdit(uuid);
		await imagen.downloadSmart(uuid);
		const calls = (await imagen.control.requests()).map(({ call }) => call);
		expect(calls.filter((call, n) => call !== calls[n - 1])).toEqual([
			'smartCreate',
			'smartUploadLinks',
			'put',
			'smartEdit',
			'smartProject',
			'smartLinks',
			'get',
		]);
	});
});
