import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { photo, type PausedExecution } from '../../../support/engine';
import { byId, jsonOf, linksOf, projectItem, runImagen, runImagenWorkflow } from '../../../support/imagen';
import { callback, deliver, staysPaused, waitingWorkflow } from '../../../support/callbacks';
import {
	api,
	apiGivesUploadLinks,
	apiListsProfiles,
	apiStarts as apiStartsJob,
	apiReportsStatus,
	bodyOf,
	count,
	linkTo,
	requests,
	storageGives,
	storageTakes,
	useImagenApi,
	wrapped,
} from '../../../support/imagenApi';
import { photoBytes } from '../../../support/photoBytes';
import { minutesPassed, useClock } from '../../../support/clock';

useImagenApi();
useClock();

const SMART = { project_name: 'House', project_source: 'I2I' };
const shot = (fileName: string, json: IDataObject = {}) => photo(fileName, photoBytes(fileName), json);
const smartItem = (uuid: string, json: IDataObject = {}) => projectItem(uuid, { ...SMART, ...json });

function apiCreates(uuid: string, body: IDataObject = {}): void {
	if (body.name) apiChecksName(String(body.name), { is_valid: true });
	api()
		.post('/i2i/projects/', body as never)
		.reply(200, wrapped({ project_uuid: uuid }));
}

function apiChecksName(name: string, answer: boolean | IDataObject): void {
	api().get('/i2i/projects/is_valid_name').query({ name }).reply(200, { data: answer });
}

function apiTakes(uuid: string, ...names: string[]): void {
	const files_list = names.map((file_name) => ({ file_name, upload_link: linkTo(uuid, file_name) }));
	api()
		.post(`/i2i/projects/${uuid}/get_temporary_upload_links`, {
			client_type: 'API',
			files_list: names.map((file_name) => ({ file_name })),
		} as never)
		.reply(200, wrapped({ files_list }));
	storageTakes(uuid, ...names);
}

const told = new Map<string, string[]>();
beforeEach(() => told.clear());
beforeEach(() => counts.clear());

/** How many photos a project has, as its results show it. */
const counts = new Map<string, number>();

/** The API tells these statuses one after the other, and the last one from then on. */
function apiTells(uuid: string, ...statuses: string[]): void {
	const isNew = !told.has(uuid);
	told.set(uuid, statuses);
	if (!isNew) return;
	api()
		.persist()
		.get(`/i2i/projects/${uuid}`)
		.reply(() => {
			const left = told.get(uuid) as string[];
			const status = left.length > 1 ? left.shift() : left[0];
			return [200, wrapped({ project_uuid: uuid, status, number_of_images: counts.get(uuid) })];
		});
}

function apiStarts(uuid: string): void {
	api().post(`/i2i/projects/${uuid}/edit`).reply(200, { message: 'sent' });
}

function apiGives(uuid: string, ...names: string[]): void {
	apiListsResults(uuid, ...names);
	for (const name of names) storageGives(uuid, name, `edit of ${name}`);
}

function apiListsResults(uuid: string, ...names: string[]): void {
	counts.set(uuid, names.length);
	const files_list = names.map((file_name) => ({ file_name, download_link: linkTo(uuid, file_name) }));
	api().get(`/i2i/projects/${uuid}/get_temporary_download_links`).reply(200, wrapped({ files_list }));
}

function apiLists(page: number, names: string[], total: number): void {
	const projects = names.map((name) => ({ project_uuid: `uuid-of-${name}`, name, status: 'Pending' }));
	api()
		.get('/i2i/projects')
		.query({ size: 100, page, is_archived: false })
		.reply(200, wrapped({ projects, pagination: { total } }));
}

const EDIT = 'POST /i2i/projects/s-1/edit';

describe('the flow travels with the items', () => {
	test('Create says in its items which editing flow the project has', async () => {
		apiCreates('s-1', { name: 'House' });
		const result = await runImagen('project.create', { name: 'House', editingFlow: 'I2I' });
		expect(jsonOf(result)).toEqual([{ project_uuid: 's-1', ...SMART, created: true }]);
	});

	test.each([false, { is_valid: false }])(
		'Create stops at a name that Imagen does not accept (%j), before anything is created',
		async (answer) => {
			apiChecksName('House', answer);
			apiLists(0, ['Flat'], 1);
			const { error } = await runImagen('project.create', { name: 'House', editingFlow: 'I2I' });
			expect(error?.message).toBe("Imagen AI does not accept 'House' as the name of a Smart Editing project");
			expect(count('POST /i2i/projects/')).toBe(0);
		},
	);

	test('Create takes the project of a name that Imagen does not accept because it is there', async () => {
		apiChecksName('House', { is_valid: false });
		apiLists(0, ['House'], 1);
		const parameters = { name: 'House', editingFlow: 'I2I', ifNameExists: 'useExisting' };
		expect(jsonOf(await runImagen('project.create', parameters))).toMatchObject([
			{ project_uuid: 'uuid-of-House', created: false },
		]);
	});

	test('Create does not need the check of its name', async () => {
		api().get('/i2i/projects/is_valid_name').query({ name: 'House' }).reply(404, { detail: 'Not Found' });
		api()
			.post('/i2i/projects/', { name: 'House' })
			.reply(200, wrapped({ project_uuid: 's-1' }));
		const result = await runImagen('project.create', { name: 'House', editingFlow: 'I2I' });
		expect(jsonOf(result)).toMatchObject([{ project_uuid: 's-1', created: true }]);
	});

	test('Start says how many photos Smart Editing needs where its edit breaks the API', async () => {
		apiTells('s-1', 'Pending');
		counts.set('s-1', 2);
		api().post('/i2i/projects/s-1/edit').reply(500, { detail: 'Internal server error' });
		const { error } = await runImagen('edit.start', { editingFlow: 'I2I' }, { items: [smartItem('s-1')] });
		expect(error?.description).toContain('Add photos first: Smart Editing needs at least 5; there are 2.');
		expect(error?.description).toContain('and run this node again.');
	});

	test('Upload takes the editing flow from its items, hands it on, and says that few photos may be too few', async () => {
		apiTells('s-1', 'Pending');
		apiTakes('s-1', '1.NEF', '2.NEF');
		const items = ['1.NEF', '2.NEF'].map((name) => shot(name, { project_uuid: 's-1', ...SMART }));
		const result = await runImagen('photo.upload', {}, { items });
		expect(jsonOf(result)).toMatchObject([{ project_uuid: 's-1', ...SMART, number_of_photos: 2 }]);
		expect(JSON.stringify(result.run.data.resultData)).toContain(
			'at least 5 photos, but only 2 were uploaded in this run',
		);
	});

	test('Upload to Smart Editing is silent about enough photos', async () => {
		const names = ['1.jpg', '2.jpg', '3.jpg', '4.jpg', '5.jpg'];
		apiTells('s-1', 'Pending');
		apiTakes('s-1', ...names);
		const items = names.map((name) => shot(name, { project_uuid: 's-1', ...SMART }));
		const result = await runImagen('photo.upload', {}, { items });
		expect(JSON.stringify(result.run.data.resultData)).not.toContain('at least 5 photos');
	});

	test('Upload to an AI Profile project is silent about few photos', async () => {
		apiGivesUploadLinks('p-1', ['1.jpg']);
		storageTakes('p-1', '1.jpg');
		const result = await runImagen('photo.upload', {}, { items: [shot('1.jpg', { project_uuid: 'p-1' })] });
		expect(result.error).toBeUndefined();
		expect(JSON.stringify(result.run.data.resultData)).not.toContain('at least 5 photos');
	});

	test('Get edit status, Wait for edit, Get download links for edited photos and Download edited photos take the editing flow from their items', async () => {
		apiTells('s-1', 'IN PROGRESS');
		expect(jsonOf(await runImagen('edit.getStatus', {}, { items: [smartItem('s-1')] }))).toEqual([
			{ project_uuid: 's-1', ...SMART, status: 'In Progress' },
		]);

		apiTells('s-1', 'Pending', 'In Progress', 'Completed');
		const waited = await runImagen('edit.wait', {}, { items: [smartItem('s-1')] });
		expect(jsonOf(waited)).toEqual([{ project_uuid: 's-1', ...SMART, status: 'Completed' }]);
		expect(minutesPassed()).toBeGreaterThan(0);

		apiTells('s-1', 'Completed');
		apiGives('s-1', '1.jpg');
		const files = await runImagen('edit.download', {}, { items: [smartItem('s-1')] });
		expect(jsonOf(files)).toEqual([{ project_uuid: 's-1', ...SMART, file_name: '1.jpg', bytes: 13 }]);

		apiTells('s-1', 'Completed');
		apiListsResults('s-1', '1.jpg');
		const links = await runImagen('edit.getDownloadLinks', {}, { items: [smartItem('s-1')] });
		expect(jsonOf(links)).toMatchObject([{ project_uuid: 's-1', ...SMART, file_name: '1.jpg' }]);
	});

	test('the editing flow can be set where no item has it', async () => {
		apiTells('s-1', 'Completed');
		const result = await runImagen(
			'edit.getStatus',
			{ options: { projectSource: 'I2I' } },
			{ items: [projectItem('s-1')] },
		);
		expect(jsonOf(result)).toMatchObject([{ project_source: 'I2I', status: 'Completed' }]);
	});

	test('each project of an input with both editing flows is asked for at its own place', async () => {
		apiTells('s-1', 'Completed');
		api()
			.get('/projects/p-1/edit/status')
			.reply(200, wrapped({ status: 'Failed' }));
		const items = [projectItem('p-1'), smartItem('s-1')];
		expect(jsonOf(await runImagen('edit.getStatus', {}, { items }))).toEqual([
			{ project_uuid: 'p-1', status: 'Failed' },
			{ project_uuid: 's-1', ...SMART, status: 'Completed' },
		]);
	});
});

describe('Start', () => {
	const start = async (parameters: INodeParameters = {}, items = [smartItem('s-1')]) =>
		await runImagen('edit.start', { editingFlow: 'I2I', ...parameters }, { items });

	test('Start sends the tools of Smart Editing, and no profile, under an empty Content-Type', async () => {
		apiTells('s-1', 'Pending');
		apiStarts('s-1');
		const smartTools = {
			hdrMerge: true,
			perspectiveCorrection: true,
			skyReplacement: true,
			skyReplacementTemplateId: 3,
		};
		const result = await start({ smartTools, aiTools: { crop: true } });
		expect(result.error).toBeUndefined();
		expect(bodyOf(EDIT)).toEqual({
			hdr_merge: true,
			perspective_correction: true,
			sky_replacement: true,
			sky_replacement_template_id: 3,
		});
		expect(jsonOf(result)).toMatchObject([
			{ project_uuid: 's-1', ...SMART, status: 'In Progress', sent: true },
		]);
		expect(requests()).toEqual(['GET /i2i/projects/s-1', 'GET /i2i/projects/s-1', EDIT]);
	});

	test('Start sends an edit of Smart Editing once, though its answer was lost', async () => {
		apiTells('s-1', 'Pending');
		api()
			.post('/i2i/projects/s-1/edit')
			.replyWithError(Object.assign(new Error('reset'), { code: 'ECONNRESET' }));
		// As a description, as the state before, and after the answer was lost.
		apiTells('s-1', 'Pending', 'Pending', 'In Progress');
		expect(jsonOf(await start())).toMatchObject([{ status: 'In Progress', sent: true }]);
		expect(count(EDIT)).toBe(1);
	});

	test('Start does not send an edit of Smart Editing that is running or done', async () => {
		apiTells('s-1', 'Completed');
		expect(jsonOf(await start())).toMatchObject([{ status: 'Completed', sent: false }]);
	});

	test('Start says that a project was made for the other flow, before anything is sent', async () => {
		apiListsProfiles();
		const { error } = await runImagen('edit.start', { profile: byId(14715) }, { items: [smartItem('s-1')] });
		expect(error).toMatchObject({
			message: "Project 'House' was created for Smart Editing, but 'Editing Flow' is AI Profile",
			description: expect.stringContaining("Set 'Editing Flow' to Smart Editing"),
			context: { itemIndex: 0 },
		});
		expect(requests()).toEqual(['GET /profiles']);
	});
});

describe('Export', () => {
	test.each(['start', 'getStatus', 'wait', 'getDownloadLinks', 'download'])(
		'the export operation %s says that Smart Editing has no export',
		async (operation) => {
			const { error } = await runImagen(`export.${operation}`, {}, { items: [smartItem('s-1')] });
			expect(error).toMatchObject({
				message: "Project 'House' uses Smart Editing, which has no export",
				description: expect.stringContaining('Download edited photos'),
			});
		},
	);

	test.each<[operation: string, prepare: () => void]>([
		[
			'start',
			() => {
				apiReportsStatus('edit', 'p-1', 'Completed');
				apiReportsStatus('export', 'p-1', 'Pending');
				apiStartsJob('export', 'p-1');
			},
		],
		['getStatus', () => apiReportsStatus('export', 'p-1', 'Completed')],
		['wait', () => apiReportsStatus('export', 'p-1', 'Completed')],
	])(
		'the export operation %s says that Smart Editing has no export for that project alone where the node continues on fail',
		async (operation, prepare) => {
			prepare();
			const items = [smartItem('s-1'), projectItem('p-1'), smartItem('s-1')];
			const result = await runImagen(`export.${operation}`, {}, { items, onError: 'continueErrorOutput' });
			expect(jsonOf(result)).toMatchObject([{ project_uuid: 'p-1' }]);
			expect(linksOf(result.output[0])).toEqual([[1]]);
			const error = "Project 'House' uses Smart Editing, which has no export";
			expect(jsonOf(result, 1)).toMatchObject([{ error }, { error }]);
			expect(linksOf(result.output[1])).toEqual([[0], [2]]);
		},
	);
});

describe('Shoot', () => {
	const names = ['1.jpg', '2.jpg', '3.jpg', '4.jpg', '5.jpg'];

	test('Shoot takes photos through Smart Editing to finished JPEGs without a profile', async () => {
		apiCreates('s-1');
		apiTakes('s-1', ...names);
		apiTells('s-1', 'Pending', 'Pending', 'In Progress', 'Completed');
		apiStarts('s-1');
		apiGives('s-1', ...names);
		const result = await runImagen(
			'shoot.editPhotos',
			{ editingFlow: 'I2I', smartResults: 'edited', smartTools: { perspectiveCorrection: true } },
			{ items: names.map((name) => shot(name)) },
		);
		expect(result.error).toBeUndefined();
		expect(jsonOf(result)[0]).toEqual({
			project_uuid: 's-1',
			project_source: 'I2I',
			result: 'edited',
			file_name: '1.jpg',
			bytes: 13,
			source_file_name: '1.jpg',
			matched_by: 'name',
		});
		expect(linksOf(result.output[0])).toEqual([[0], [1], [2], [3], [4]]);
		expect(bodyOf(EDIT)).toEqual({ perspective_correction: true });
		expect(count(EDIT)).toBe(1);
	});

	test('the preview of Smart Editing warns about few photos, and asks for no profile', async () => {
		const result = await runImagen('shoot.preview', { editingFlow: 'I2I' }, { items: [shot('1.jpg')] });
		expect(jsonOf(result)).toMatchObject([
			{ edit: {}, edits_billed: 1, warning: expect.stringContaining('at least 5 photos') },
		]);
		expect(requests()).toEqual([]);
	});

	test('Shoot goes on with the Smart Editing project of its name, which it finds on whatever page', async () => {
		const error = { message: "Project with name 'House' already exists" };
		apiChecksName('House', { is_valid: true });
		api().post('/i2i/projects/').reply(400, { error });
		apiLists(
			0,
			Array.from({ length: 100 }, (_, index) => `Other ${index}`),
			101,
		);
		apiLists(1, ['House'], 101);
		apiTells('uuid-of-House', 'Completed');
		apiListsResults('uuid-of-House', '1.jpg');
		const result = await runImagen(
			'shoot.editPhotos',
			{
				editingFlow: 'I2I',
				smartResults: 'none',
				projectName: 'House',
				ifNameExists: 'useExisting',
			},
			{ items: [shot('1.jpg')] },
		);
		expect(jsonOf(result)).toMatchObject([
			{ project_uuid: 'uuid-of-House', sent: false, status: 'Completed' },
		]);
	});
});

describe('a paused execution', () => {
	async function pausedExecution(): Promise<{ execution: PausedExecution; url: string }> {
		apiTells('s-1', 'Pending', 'Pending', 'In Progress');
		apiStarts('s-1');
		const workflow = waitingWorkflow({ editingFlow: 'I2I', whenFinished: 'resume' }, {});
		const { paused: execution, error } = await runImagenWorkflow(workflow, { items: [smartItem('s-1')] });
		expect(error).toBeUndefined();
		const { callback_url: url } = bodyOf(EDIT) as { callback_url: string };
		return { execution: execution as PausedExecution, url };
	}

	test('an execution paused for Smart Editing is resumed when Imagen notifies it and the project is Completed', async () => {
		const { execution, url } = await pausedExecution();
		apiTells('s-1', 'Completed', 'Completed');
		const { resumed } = await deliver(execution, { url, body: callback('s-1') });
		expect(JSON.stringify(resumed)).toContain('"project_source":"I2I"');
	});

	test('an execution paused for Smart Editing is not resumed by an address of the other flow: its token is for this one', async () => {
		const { execution, url } = await pausedExecution();
		const other = url.replace('&imagen_source=I2I', '');
		expect(other).not.toBe(url);
		expect(await deliver(execution, { url: other, body: callback('s-1') })).toEqual(staysPaused(401));
	});
});

describe('projects of Smart Editing', () => {
	test('projects of Smart Editing are listed by Get many projects', async () => {
		apiLists(0, ['House', 'Flat'], 2);
		const result = await runImagen('project.getAll', { editingFlow: 'I2I', returnAll: true });
		expect(jsonOf(result)).toMatchObject([
			{ name: 'House', ...SMART },
			{ name: 'Flat', ...SMART, project_name: 'Flat' },
		]);
	});

	test('projects of Smart Editing are found by name', async () => {
		apiLists(0, ['House', 'Flat'], 2);
		apiTells('uuid-of-Flat', 'Completed');
		const project = { __rl: true, mode: 'name', value: 'Flat' } as INodeParameters;
		const result = await runImagen('project.get', { project, options: { projectSource: 'I2I' } });
		expect(jsonOf(result)).toMatchObject([{ project_uuid: 'uuid-of-Flat', project_source: 'I2I' }]);
	});

	test('a name that no project of Smart Editing has is an error that says so', async () => {
		apiLists(0, ['House'], 1);
		const project = { __rl: true, mode: 'name', value: 'Flat' } as INodeParameters;
		const { error } = await runImagen('project.get', { project, options: { projectSource: 'I2I' } });
		expect(error?.message).toBe("No Smart Editing project is named 'Flat'");
		expect(error?.description).toMatch(/^Check the spelling, .* If it is archived, restore it in Imagen\.$/);
	});
});
