import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { ImagenPollTrigger } from '../../../../../nodes/Imagen/ImagenPollTrigger.node';
import { activate, photo, readBinary, type ActiveTrigger } from '../../../../support/engine';
import { useClock } from '../../../../support/clock';
import { credential, runImagen } from '../../../../support/imagen';
import {
	api,
	apiDescribes,
	apiGivesDownloadLinks,
	apiGivesUploadLinks,
	storageGives,
	storageTakes,
	useImagenApi,
	wrapped,
} from '../../../../support/imagenApi';

useImagenApi();
useClock();

const ALL = ['editCompleted', 'editFailed', 'exportCompleted', 'exportFailed'];

const trigger = async (parameters: INodeParameters = {}) =>
	await activate({
		node: new ImagenPollTrigger(),
		parameters: { events: ALL, ...parameters },
		credentials: [credential],
	});

type Project = IDataObject;

const project = (project_uuid: string, status: string, export_status?: string): Project => ({
	project_uuid,
	status,
	...(export_status && { export_status }),
});

/** The API lists these projects, for one look, on as many pages. */
function apiLists(...pages: Project[][]): void {
	const total = pages.flat().length;
	pages.forEach((projects, page) => {
		api()
			.get('/projects')
			.query({ size: 100, page, client_type: 'API', is_archived: false })
			.reply(200, wrapped({ projects, pagination: { total, size: 100, page } }));
	});
}

/** One look at these projects: what was told, as `project action status`. */
async function look(active: ActiveTrigger, ...pages: Project[][]): Promise<string[] | null> {
	apiLists(...pages);
	const items = await active.poll();
	return items && items.map(({ json }) => `${json.project_uuid} ${json.action} ${json.status}`);
}

test('the first look of the polling trigger takes note and reports nothing, whatever ended before', async () => {
	const active = await trigger();
	const before = [project('old', 'Completed', 'Failed'), project('new', 'In Progress')];
	expect(await look(active, before)).toBeNull();
	expect(await look(active, before)).toBeNull();
});

test('the polling trigger reports an end once', async () => {
	const active = await trigger();
	await look(active, [project('p-1', 'In Progress')]);
	expect(await look(active, [project('p-1', 'In Progress')])).toBeNull();
	expect(await look(active, [project('p-1', 'COMPLETED')])).toEqual(['p-1 edit Completed']);
	expect(await look(active, [project('p-1', 'Completed')])).toBeNull();
});

test('the polling trigger looks at the projects of Smart Editing where that is chosen', async () => {
	const active = await trigger({ editingFlow: 'I2I' });
	for (const status of ['In Progress', 'Completed']) {
		const projects = [project('s-1', status)];
		api()
			.get('/i2i/projects')
			.query({ size: 100, page: 0, is_archived: false })
			.reply(200, { projects, pagination: { total: 1 } });
		const items = await active.poll();
		if (status === 'In Progress') expect(items).toBeNull();
		else expect(items).toMatchObject([{ json: { project_uuid: 's-1', project_source: 'I2I', status } }]);
	}
});

test('the polling trigger reports a project that came and ended between two looks', async () => {
	const active = await trigger();
	await look(active, []);
	expect(await look(active, [project('p-1', 'Failed')])).toEqual(['p-1 edit Failed']);
});

test('the polling trigger reports an edit and its export each at its time', async () => {
	const active = await trigger();
	await look(active, [project('p-1', 'In Progress', 'Pending')]);
	expect(await look(active, [project('p-1', 'Completed', 'Pending')])).toEqual(['p-1 edit Completed']);
	expect(await look(active, [project('p-1', 'Completed', 'Failed')])).toEqual(['p-1 export Failed']);
	expect(await look(active, [project('p-1', 'Completed', 'Completed')])).toEqual(['p-1 export Completed']);
});

test('the polling trigger reports only chosen events', async () => {
	const active = await trigger({ events: ['exportCompleted'] });
	await look(active, []);
	expect(
		await look(active, [project('p-1', 'Completed', 'In Progress'), project('p-2', 'Failed')]),
	).toBeNull();
	expect(await look(active, [project('p-1', 'Completed', 'Completed')])).toEqual(['p-1 export Completed']);
});

test('the polling trigger reports an edit that is sent again another time', async () => {
	const active = await trigger();
	await look(active, [project('p-1', 'Completed')]);
	expect(await look(active, [project('p-1', 'In Progress')])).toBeNull();
	expect(await look(active, [project('p-1', 'Completed')])).toEqual(['p-1 edit Completed']);
});

test('the polling trigger looks through all pages', async () => {
	const active = await trigger();
	const page = (status: string) =>
		Array.from({ length: 100 }, (_, index) => project(`p-${index}`, index < 98 ? 'Completed' : status));
	await look(active, page('Pending'), [project('last', 'Pending')]);
	expect(await look(active, page('Completed'), [project('last', 'Completed')])).toEqual([
		'p-98 edit Completed',
		'p-99 edit Completed',
		'last edit Completed',
	]);
});

test('the polling trigger reports a project once that slips to the next page while they are read', async () => {
	const active = await trigger();
	await look(active, []);
	const [a, b] = [project('a', 'Completed'), project('b', 'Completed')];
	expect(await look(active, [a, b], [b])).toEqual(['a edit Completed', 'b edit Completed']);
});

test('the polling trigger reports a project that slips between two pages at the next look, or not again', async () => {
	const active = await trigger();
	const [told, untold] = [project('told', 'Completed'), project('untold', 'Completed')];
	await look(active, [project('told', 'Completed'), project('untold', 'In Progress')]);
	expect(await look(active, [project('other', 'Pending')])).toBeNull();
	expect(await look(active, [told, untold])).toEqual(['untold edit Completed']);
});

test('after a restart of n8n, the polling trigger reports what ended meanwhile, and nothing twice', async () => {
	const active = await trigger();
	await look(active, [project('p-1', 'In Progress'), project('p-2', 'In Progress')]);
	await look(active, [project('p-1', 'Completed'), project('p-2', 'In Progress')]);
	active.restart();
	expect(await look(active, [project('p-1', 'Completed'), project('p-2', 'Completed')])).toEqual([
		'p-2 edit Completed',
	]);
});

test("an n8n that is restarted before any report has not forgotten the polling trigger's first look", async () => {
	const active = await trigger();
	await look(active, [project('p-1', 'In Progress')]);
	active.restart();
	expect(await look(active, [project('p-1', 'Completed')])).toEqual(['p-1 edit Completed']);
});

test('a look of the polling trigger that fails on a later page reports nothing, and the next one reports all', async () => {
	const active = await trigger();
	await look(active, []);
	const projects = Array.from({ length: 100 }, (_, index) => project(`p-${index}`, 'Completed'));
	const pageOf = (page: number) =>
		api().get('/projects').query({ size: 100, page, client_type: 'API', is_archived: false });
	pageOf(0).reply(200, wrapped({ projects, pagination: { total: 101 } }));
	pageOf(1).reply(403, { error: 'no' });
	await expect(active.poll()).rejects.toThrow('Imagen AI could not list the projects: no');
	expect(await look(active, projects)).toHaveLength(100);
});

test('a first look of the polling trigger that fails leaves the first look to the next', async () => {
	const active = await trigger();
	api().get('/projects').query(true).reply(401, { error: 'bad key' });
	await expect(active.poll()).rejects.toThrow('bad key');
	expect(await look(active, [project('p-1', 'Completed')])).toBeNull();
});

test('a slow look of the polling trigger is not overtaken by the next, which would report the same again', async () => {
	const active = await trigger();
	await look(active, []);
	apiLists([project('p-1', 'Completed')]);
	const [slow, next] = await Promise.all([active.poll(), active.poll()]);
	expect(slow).toHaveLength(1);
	expect(next).toBeNull();
	expect(await look(active, [project('p-1', 'Completed')])).toBeNull();
});

describe('the polling trigger run by hand', () => {
	test('the polling trigger run by hand returns the latest event, whenever it was, and keeps nothing of it', async () => {
		const active = await trigger({ events: ['editCompleted'] });
		await look(active, [project('p-2', 'In Progress')]);
		apiLists([project('p-3', 'Pending'), project('p-2', 'Completed'), project('p-1', 'Completed')]);
		expect(await active.pollByHand()).toMatchObject([{ json: { project_uuid: 'p-2' } }]);
		expect(await look(active, [project('p-2', 'Completed')])).toEqual(['p-2 edit Completed']);
	});

	test('the polling trigger run by hand returns nothing where there is nothing yet', async () => {
		const active = await trigger();
		apiLists([project('p-1', 'Pending')]);
		expect(await active.pollByHand()).toBeNull();
	});
});

describe('the polling trigger with files', () => {
	const noLinks = (uuid: string) =>
		api().get(`/projects/${uuid}/edit/get_temporary_download_links`).reply(404, { error: 'no files' });

	test('the polling trigger with files returns one item for each file', async () => {
		const active = await trigger({ output: 'files' });
		await look(active, []);
		apiLists([{ ...project('p-1', 'Completed'), name: 'Anna and Ben' }]);
		apiGivesDownloadLinks('edit', 'p-1', ['IMG_1.xmp']);
		storageGives('p-1', 'IMG_1.xmp', '<one/>');
		const items = (await active.poll()) ?? [];
		expect(items.map(({ json }) => json)).toEqual([
			{
				project_uuid: 'p-1',
				project_name: 'Anna and Ben',
				status: 'Completed',
				action: 'edit',
				file_name: 'IMG_1.xmp',
				bytes: 6,
			},
		]);
		expect(String(await readBinary(items[0].binary!.data))).toBe('<one/>');
	});

	test('the polling trigger names the photo of each file that was uploaded by this n8n', async () => {
		apiGivesUploadLinks('p-1', ['IMG_1.NEF', 'IMG_1-2.NEF']);
		storageTakes('p-1', 'IMG_1.NEF', 'IMG_1-2.NEF');
		const shot = () => photo('IMG_1.NEF', Buffer.from('x'), { project_uuid: 'p-1' });
		const uploading = { options: { ifNamesRepeat: 'makeUnique' } };
		await runImagen('photo.upload', uploading, { items: [shot(), shot()] });
		const active = await trigger({ output: 'links' });
		await look(active, []);
		apiLists([project('p-1', 'Completed')]);
		apiDescribes('p-1', { number_of_images: 2, ai_tools: [] });
		apiGivesDownloadLinks('edit', 'p-1', ['IMG_1.xmp', 'IMG_1-2.xmp']);
		expect(((await active.poll()) ?? []).map(({ json }) => json)).toMatchObject([
			{ file_name: 'IMG_1.xmp', source_file_name: 'IMG_1.NEF' },
			{ file_name: 'IMG_1-2.xmp', source_file_name: 'IMG_1-2.NEF', original_file_name: 'IMG_1.NEF' },
		]);
	});

	test('the polling trigger reports an event whose files cannot be had yet at a later look', async () => {
		const active = await trigger({ output: 'links' });
		await look(active, []);
		apiLists([project('p-1', 'Completed')]);
		noLinks('p-1');
		await expect(active.poll()).rejects.toThrow('no files');
		apiGivesDownloadLinks('edit', 'p-1', ['IMG_1.xmp']);
		expect(await look(active, [project('p-1', 'Completed')])).toEqual(['p-1 edit Completed']);
	});

	test("a project whose files cannot be had does not hold up the polling trigger's others", async () => {
		const active = await trigger({ output: 'links' });
		await look(active, []);
		const projects = [project('p-1', 'Completed'), project('p-2', 'Completed')];
		noLinks('p-1');
		apiGivesDownloadLinks('edit', 'p-2', ['IMG_2.xmp']);
		expect(await look(active, projects)).toEqual(['p-2 edit Completed']);
		apiGivesDownloadLinks('edit', 'p-1', ['IMG_1.xmp']);
		expect(await look(active, projects)).toEqual(['p-1 edit Completed']);
	});
});
