import { openCallbackReceiver } from '../../test/support/callbackReceiver.mts';
import { SandboxClient, get, jpegProfile, put } from '../sandboxClient.mts';
import type { ReadyProject, Settings } from '../sandboxControl.mts';
import { until } from '../until.mts';

let imagen: SandboxClient;
beforeAll(async () => {
	imagen = await SandboxClient.start({ plainResults: true, editSeconds: 0, exportSeconds: 0 });
});
beforeEach(async () => await imagen.control.reset());
afterAll(async () => await imagen.close());

const advance = async (seconds: number) => await imagen.control.advance(seconds);
const set = async (settings: Partial<Settings>) => await imagen.control.set(settings);

const names = (count: number, ending: string) =>
	Array.from({ length: count }, (_, index) => `${String.fromCharCode(97 + index)}.${ending}`);
const photos = (count: number, ending = 'nef') =>
	Object.fromEntries(names(count, ending).map((name) => [name, Buffer.from(name)]));

const dataOf = async (path: string) => (await imagen.call('GET', path)).data;
const projectOf = async (uuid: string) => await dataOf(`/projects/${uuid}`);
const statusOf = async (uuid: string, job = 'edit') =>
	(await dataOf(`/projects/${uuid}/${job}/status`)).status;
const listOf = async (path: string) =>
	(await dataOf(`${path}/get_temporary_download_links`)).files_list.map((file: any) => file.file_name);
const editsOf = async (uuid: string) => await listOf(`/projects/${uuid}/edit`);
const exportsOf = async (uuid: string) => await listOf(`/projects/${uuid}/export`);
const startExport = async (uuid: string) => await imagen.call('POST', `/projects/${uuid}/export`);

/** Sends an edit and lets it end. */
const edit = async (uuid: string) => {
	await imagen.startEdit(uuid);
	await advance(0);
};

describe('statusLagSeconds', () => {
	it('a status that lags says what it said before the first edit, in every answer', async () => {
		await set({ statusLagSeconds: 60 });
		const uuid = await imagen.projectWith(photos(1));
		await edit(uuid);
		await advance(50);
		expect(await statusOf(uuid)).toBe('Pending');
		expect((await projectOf(uuid)).status).toBe('Pending');
		expect((await dataOf('/projects')).projects[0].status).toBe('Pending');
		const list = await imagen.call('GET', `/projects/${uuid}/edit/get_temporary_download_links`);
		expect(list.status).toBe(400);
		await advance(10);
		expect(await statusOf(uuid)).toBe('Completed');
		expect((await projectOf(uuid)).status).toBe('Completed');
		expect(await editsOf(uuid)).toEqual(['a.xmp']);
	});

	it('a status that lags still says Completed after a second edit, and the old results are listed', async () => {
		await set({ statusLagSeconds: 60, editSeconds: 100 });
		const uuid = await imagen.projectWith(photos(1));
		await imagen.startEdit(uuid);
		await advance(100);
		await startExport(uuid);
		await advance(60);
		await imagen.upload(uuid, { 'b.nef': Buffer.from('b') });
		await imagen.startEdit(uuid);
		await advance(50);
		expect([await statusOf(uuid), await statusOf(uuid, 'export')]).toEqual(['Completed', 'Completed']);
		expect(await projectOf(uuid)).toMatchObject({ status: 'Completed', export_status: 'Completed' });
		expect([await editsOf(uuid), await exportsOf(uuid)]).toEqual([['a.xmp'], ['a.jpg']]);
		expect((await imagen.download(uuid)).get('a.xmp')).toHaveLength(2000);
		await advance(10);
		expect(await statusOf(uuid)).toBe('In Progress');
		expect((await imagen.call('GET', `/projects/${uuid}/export/status`)).status).toBe(400);
		await advance(40);
		expect(await editsOf(uuid)).toEqual(['a.xmp', 'b.xmp']);
	});

	it('an export can be sent when the edit is completed, although its status lags', async () => {
		await set({ statusLagSeconds: 60 });
		const uuid = await imagen.projectWith(photos(1));
		await edit(uuid);
		expect((await startExport(uuid)).status).toBe(200);
		await advance(30);
		expect((await imagen.call('GET', `/projects/${uuid}/export/status`)).status).toBe(400);
		expect((await projectOf(uuid)).export_status).toBeNull();
		await advance(30);
		expect(await statusOf(uuid, 'export')).toBe('Completed');
	});

	it('the status of Smart Editing lags too', async () => {
		await set({ statusLagSeconds: 60 });
		const uuid = await imagen.smartProjectWith(photos(1, 'jpg'));
		await imagen.startSmartEdit(uuid);
		await advance(50);
		expect((await dataOf(`/i2i/projects/${uuid}`)).status).toBe('Pending');
		expect((await dataOf('/i2i/projects')).projects[0].status).toBe('Pending');
		await advance(10);
		expect((await dataOf(`/i2i/projects/${uuid}`)).status).toBe('Completed');
	});
});

describe('countLagSeconds', () => {
	it('a photo is counted from its upload on, or so many seconds later', async () => {
		const uuid = await imagen.create();
		const [link] = await imagen.uploadLinks(uuid, 'a.nef', 'b.nef');
		const count = async () => (await projectOf(uuid)).number_of_images;
		expect(await count()).toBe(0);
		await put(link, Buffer.from('a'));
		expect(await count()).toBe(1);
		await set({ countLagSeconds: 60 });
		expect(await count()).toBe(0);
		await advance(50);
		await put(link, Buffer.from('again'));
		expect(await count()).toBe(0);
		await advance(10);
		expect(await count()).toBe(1);
	});

	it('the photos of Smart Editing are counted as late', async () => {
		await set({ countLagSeconds: 60 });
		const uuid = await imagen.smartProjectWith(photos(2, 'jpg'));
		const count = async () => (await dataOf(`/i2i/projects/${uuid}`)).number_of_images;
		expect(await count()).toBe(0);
		await advance(60);
		expect(await count()).toBe(2);
	});
});

describe('statusBeforeStart', () => {
	it('the status before the first edit can be another word', async () => {
		await set({ statusBeforeStart: 'Created', exportStatusBeforeStart: 'Pending' });
		const [uuid, smart] = [await imagen.create(), await imagen.createSmart()];
		expect([await statusOf(uuid), await statusOf(uuid, 'export')]).toEqual(['Created', 'Pending']);
		expect(await projectOf(uuid)).toMatchObject({ status: 'Created', export_status: 'Pending' });
		expect((await dataOf(`/i2i/projects/${smart}`)).status).toBe('Created');
	});

	it('the status call before the first edit can be 404, although the project exists', async () => {
		await set({ statusBeforeStart: '404', exportStatusBeforeStart: '404' });
		const uuid = await imagen.projectWith(photos(1));
		for (const job of ['edit', 'export']) {
			expect((await imagen.call('GET', `/projects/${uuid}/${job}/status`)).status).toBe(404);
		}
		const project = await projectOf(uuid);
		expect(project).toMatchObject({ project_uuid: uuid, export_status: null });
		expect(project).not.toHaveProperty('status');
		await edit(uuid);
		expect(await statusOf(uuid)).toBe('Completed');
	});

	it('the answer to a status call before the first edit can have no status', async () => {
		await set({ statusBeforeStart: '', exportStatusBeforeStart: '' });
		const uuid = await imagen.create();
		for (const job of ['edit', 'export']) {
			expect(await dataOf(`/projects/${uuid}/${job}/status`)).toEqual({ project_uuid: uuid });
		}
		expect(await projectOf(uuid)).not.toHaveProperty('status');
	});
});

describe('runningWord, completedWord and failedWord', () => {
	const words = { runningWord: 'Processing', completedWord: 'Done', failedWord: 'Error' };

	it('statuses have other words in every answer', async () => {
		await set({ ...words, editSeconds: 100, exportSeconds: 100 });
		const [uuid, smart] = [
			await imagen.projectWith(photos(1)),
			await imagen.smartProjectWith(photos(1, 'jpg')),
		];
		await imagen.startEdit(uuid);
		await imagen.startSmartEdit(smart);
		const all = async () => [
			await statusOf(uuid),
			(await projectOf(uuid)).status,
			(await dataOf(`/i2i/projects/${smart}`)).status,
		];
		await advance(50);
		expect(await all()).toEqual(['Processing', 'Processing', 'Processing']);
		await advance(50);
		expect(await all()).toEqual(['Done', 'Done', 'Done']);
		await startExport(uuid);
		await advance(50);
		expect((await projectOf(uuid)).export_status).toBe('Processing');
		await advance(50);
		expect(await statusOf(uuid, 'export')).toBe('Done');
		expect(await exportsOf(uuid)).toEqual(['a.jpg']);
	});

	it('a failed edit has another word, also in its callback, and the control endpoints keep theirs', async () => {
		await set(words);
		const receiver = await openCallbackReceiver();
		const uuid = await imagen.projectWith(photos(1));
		await imagen.control.addFaults({ kind: 'endsFailed', call: 'edit' });
		await imagen.startEdit(uuid, { callback_url: receiver.url });
		await until(() => receiver.received.length === 1);
		expect(receiver.received[0].body.status).toBe('Error');
		expect(await statusOf(uuid)).toBe('Error');
		expect((await imagen.control.projects())[0].edit_status).toBe('Failed');
		await receiver.close();
	});
});

describe('fillSeconds', () => {
	it('a list of results grows evenly from empty to whole after Completed', async () => {
		await set({ fillSeconds: 100, editSeconds: 10, exportSeconds: 10 });
		const uuid = await imagen.projectWith(photos(4));
		await imagen.startEdit(uuid);
		await advance(10);
		expect(await statusOf(uuid)).toBe('Completed');
		expect(await editsOf(uuid)).toEqual([]);
		await advance(50);
		expect(await editsOf(uuid)).toEqual(['a.xmp', 'b.xmp']);
		await advance(50);
		expect(await editsOf(uuid)).toHaveLength(4);
		await startExport(uuid);
		await advance(35);
		expect(await exportsOf(uuid)).toEqual(['a.jpg']);
	});

	it('the results of Smart Editing fill as slowly', async () => {
		await set({ fillSeconds: 100 });
		const uuid = await imagen.smartProjectWith(photos(4, 'jpg'));
		await imagen.startSmartEdit(uuid);
		await advance(80);
		expect(await listOf(`/i2i/projects/${uuid}`)).toEqual(['a.jpg', 'b.jpg', 'c.jpg']);
	});
});

describe('linksPerPage', () => {
	it('a list of download links is its first page, unless another one is asked for', async () => {
		await set({ linksPerPage: 2 });
		const uuid = await imagen.projectWith(photos(5));
		await edit(uuid);
		await startExport(uuid);
		await advance(0);
		const page = async (path: string) => await dataOf(`/projects/${uuid}/${path}`);
		const first = await page('edit/get_temporary_download_links');
		expect(first.files_list.map((file: any) => file.file_name)).toEqual(['a.xmp', 'b.xmp']);
		expect(first.pagination).toEqual({ total: 5, size: 2, page: 0 });
		const pages = [];
		for (const number of [0, 1, 2, 3]) {
			pages.push((await page(`export/get_temporary_download_links?page=${number}`)).files_list.length);
		}
		expect(pages).toEqual([2, 2, 1, 0]);
		const wrong = await imagen.call('GET', `/projects/${uuid}/edit/get_temporary_download_links?page=-1`);
		expect(wrong.status).toBe(422);
	});

	it('the results of Smart Editing come in pages too', async () => {
		await set({ linksPerPage: 2 });
		const uuid = await imagen.smartProjectWith(photos(3, 'jpg'));
		await imagen.smartEdit(uuid);
		expect(await listOf(`/i2i/projects/${uuid}`)).toEqual(['a.jpg', 'b.jpg']);
	});
});

describe('missingResults', () => {
	it('the last photos of a project never get a result, and are billed all the same', async () => {
		await set({ missingResults: 2 });
		const uuid = await imagen.projectWith(photos(3));
		await edit(uuid);
		expect(await editsOf(uuid)).toEqual(['a.xmp']);
		expect((await imagen.control.billing()).photos).toBe(3);
		await startExport(uuid);
		await advance(0);
		expect(await exportsOf(uuid)).toEqual(['a.jpg']);
	});

	it('an export can miss results that the edit has', async () => {
		const uuid = await imagen.projectWith(photos(3));
		await edit(uuid);
		await set({ missingResults: 1 });
		await startExport(uuid);
		await advance(0);
		expect(await editsOf(uuid)).toHaveLength(3);
		expect(await exportsOf(uuid)).toEqual(['a.jpg', 'b.jpg']);
	});

	it('a project can be completed without a single result', async () => {
		await set({ missingResults: 9, editSeconds: 100 });
		const uuid = await imagen.smartProjectWith(photos(2, 'jpg'));
		await imagen.startSmartEdit(uuid);
		await advance(50);
		expect(await dataOf(`/i2i/projects/${uuid}`)).toMatchObject({ status: 'In Progress', progress: 50 });
		await advance(50);
		expect(await listOf(`/i2i/projects/${uuid}`)).toEqual([]);
	});
});

describe('expiredLinkStatus', () => {
	it("an expired link can be S3's 400 ExpiredToken, for uploads, downloads and parts", async () => {
		await set({ expiredLinkStatus: 400 });
		const uuid = await imagen.smartProjectWith(photos(1, 'jpg'));
		await imagen.smartEdit(uuid);
		const [upload] = await imagen.smartUploadLinks(uuid, 'b.jpg');
		const parts = await imagen.call('POST', `/i2i/projects/${uuid}/multipart_uploads`, {
			file_name: 'c.jpg',
			part_count: 1,
		});
		const results = await dataOf(`/i2i/projects/${uuid}/get_temporary_download_links`);
		await advance(3700);
		const answers = [
			await put(upload, Buffer.from('b')),
			await put(parts.data.parts[0].upload_url, Buffer.from('c')),
			await get(results.files_list[0].download_link),
		];
		for (const { status, text } of answers) {
			expect(status).toBe(400);
			expect(text).toContain('<Code>ExpiredToken</Code>');
		}
	});

	it('the fault expiredLinks can be a 400 that says the request has expired', async () => {
		await imagen.control.addFaults({ kind: 'expiredLinks', call: 'put', status: 400 });
		const [link] = await imagen.uploadLinks(await imagen.create(), 'a.nef');
		const { status, text } = await put(link, Buffer.from('a'));
		expect(status).toBe(400);
		expect(text).toContain('<Message>Request has expired</Message>');
	});
});

describe('largestLinksRequest', () => {
	it('a request for more upload links than that is 413 in either flow', async () => {
		await set({ largestLinksRequest: 2 });
		const ask = async (path: string, count: number) => {
			const files_list = names(count, 'jpg').map((file_name) => ({ file_name }));
			return (await imagen.call('POST', `${path}/get_temporary_upload_links`, { files_list })).status;
		};
		const paths = [`/projects/${await imagen.create()}`, `/i2i/projects/${await imagen.createSmart()}`];
		for (const path of paths) expect([await ask(path, 2), await ask(path, 3)]).toEqual([200, 413]);
	});
});

describe('numbersAsText', () => {
	it('the numbers of every answer can come as strings', async () => {
		await set({ numbersAsText: true });
		const uuid = await imagen.projectWith(photos(1));
		await edit(uuid);
		expect((await dataOf('/profiles')).profiles[0].profile_key).toBe('218401');
		expect((await dataOf(`/projects/${uuid}/edit/status`)).progress).toBe('100');
		const { projects, pagination } = await dataOf('/projects');
		expect(projects[0].number_of_images).toBe('1');
		expect(pagination).toEqual({ total: '1', size: '20', page: '0' });
		expect((await dataOf('/projects/sky_replacement/templates')).templates[0]).toEqual({
			id: '1',
			is_default: true,
		});
	});
});

describe('projects of other people', () => {
	const made = async (state: ReadyProject['state']) =>
		await imagen.control.createProject({
			name: `Smith ${state}`,
			photos: state === 'empty' ? [] : ['A.NEF', 'B.NEF'],
			state,
		});

	it.each([
		['empty', 'Pending', null, 0],
		['uploaded', 'Pending', null, 2],
		['editing', 'In Progress', null, 2],
		['edited', 'Completed', null, 2],
		['failed', 'Failed', null, 2],
		['exported', 'Completed', 'Completed', 2],
	] as const)(
		'a project of other people can be there, %s, unbilled, whatever lags',
		async (state, status, export_status, count) => {
			await set({ editSeconds: 100, statusLagSeconds: 60 });
			const { project_uuid: uuid } = await made(state);
			await advance(50);
			expect(await projectOf(uuid)).toMatchObject({ status, export_status, number_of_images: count });
			expect(await dataOf(`/projects/Smith%20${state}/uuid`)).toEqual({ project_uuid: uuid });
			const taken = await imagen.call('POST', '/projects', { name: `Smith ${state}` });
			expect(taken.status).toBe(400);
			expect(await imagen.control.billing()).toMatchObject({ edits: 0, exports: 0, photos: 0 });
		},
	);

	it('a project of other people has the results of its state, and can be edited again at a cost', async () => {
		const { project_uuid: uuid } = await made('exported');
		expect([...(await imagen.download(uuid)).keys()]).toEqual(['A.xmp', 'B.xmp']);
		expect([...(await imagen.download(uuid, 'export')).keys()]).toEqual(['A.jpg', 'B.jpg']);
		await edit(uuid);
		expect(await imagen.control.billing()).toMatchObject({ edits: 1, photos: 2 });
	});

	it('a project of other people with JPEGs has a profile for JPEGs', async () => {
		const project: ReadyProject = { name: 'Smith', photos: ['a.jpg'], state: 'edited' };
		const { project_uuid: uuid } = await imagen.control.createProject(project);
		expect(await editsOf(uuid)).toEqual(['a.jpg']);
		expect((await imagen.startEdit(uuid, { profile_key: jpegProfile })).status).toBe(200);
	});

	it.each([
		['without a name', { photos: [], state: 'empty' }, '"name" must be a string'],
		['in an unknown state', { name: 'A', photos: ['a.nef'], state: 'lost' }, '"state" must be one of empty,'],
		['empty with photos', { name: 'A', photos: ['a.nef'], state: 'empty' }, '"photos" must be there, unless'],
		['edited without photos', { name: 'A', state: 'edited' }, '"photos" must be there, unless'],
		['with mixed photos', { name: 'A', photos: ['a.nef', 'a.jpg'], state: 'edited' }, 'all RAW or all JPEG'],
		[
			'with files that are no photos',
			{ name: 'A', photos: ['a.txt'], state: 'edited' },
			'all RAW or all JPEG',
		],
	])('a project of other people is refused %s', async (_case, project, message) => {
		await expect(imagen.control.createProject(project as never)).rejects.toThrow(message);
		expect(await imagen.control.projects()).toEqual([]);
	});

	it('a project of other people is refused where its name is taken', async () => {
		await made('empty');
		await expect(made('empty')).rejects.toThrow('There is a project "Smith empty" already');
	});
});
