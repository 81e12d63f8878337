import type { INode, INodeParameters } from 'n8n-workflow';
import type { DataMatcherMap } from 'nock';

import { Imagen } from '../../../../../../nodes/Imagen/Imagen.node';
import { listSearch, photo, readBinary } from '../../../../../support/engine';
import { useClock } from '../../../../../support/clock';
import {
	byId,
	credential,
	jsonOf,
	linksOf,
	NODE_TYPE,
	projectItem,
	runImagen,
	runImagenWorkflow,
} from '../../../../../support/imagen';
import {
	api,
	apiCreatesProject,
	apiDescribes,
	apiKnowsTheName,
	count,
	requests,
	useImagenApi,
	wrapped,
} from '../../../../../support/imagenApi';

useImagenApi();
useClock();

describe('Create', () => {
	test('Create makes a project of the given name', async () => {
		apiCreatesProject('p-1', { name: 'Anna and Ben' });
		const result = await runImagen('project.create', { name: ' Anna and Ben ' });
		expect(jsonOf(result)).toEqual([{ project_uuid: 'p-1', project_name: 'Anna and Ben', created: true }]);
		expect(linksOf(result.output[0])).toEqual([[0]]);
	});

	test('Create leaves the name to Imagen where there is none', async () => {
		apiCreatesProject('p-1', {});
		expect(jsonOf(await runImagen('project.create'))).toEqual([{ project_uuid: 'p-1', created: true }]);
	});

	test('Create makes one project for each name, and hands the photos on with the items', async () => {
		apiCreatesProject('p-a', { name: 'A' });
		apiCreatesProject('p-b', { name: 'B' });
		const result = await runImagen(
			'project.create',
			{ name: '={{ $json.shoot }}' },
			{
				items: [
					photo('1.NEF', Buffer.from('one'), { shoot: 'A' }),
					photo('2.NEF', Buffer.from('two'), { shoot: 'B' }),
					photo('3.NEF', Buffer.from('three'), { shoot: 'A' }),
				],
			},
		);
		expect(jsonOf(result).map(({ project_uuid }) => project_uuid)).toEqual(['p-a', 'p-b', 'p-a']);
		expect(linksOf(result.output[0])).toEqual([[0], [1], [2]]);
		const files = result.output[0].map(({ binary }) => binary?.data);
		expect(files.map((file) => file?.fileName)).toEqual(['1.NEF', '2.NEF', '3.NEF']);
		expect(await readBinary(files[2]!)).toEqual(Buffer.from('three'));
	});

	test('Create fails alone for an item whose name cannot be read, where the node continues on fail', async () => {
		apiCreatesProject('p-a', { name: 'A' });
		const result = await runImagen(
			'project.create',
			{ name: '={{ $json.shoot ?? $("Gone").item.json.name }}' },
			{ items: [{ json: {} }, { json: { shoot: 'A' } }], onError: 'continueErrorOutput' },
		);
		expect(jsonOf(result)).toMatchObject([{ project_uuid: 'p-a' }]);
		expect(linksOf(result.output[0])).toEqual([[1]]);
		expect(linksOf(result.output[1])).toEqual([[0]]);
	});

	test('Create makes another project when the node runs once more, as in a loop', async () => {
		apiCreatesProject('p-1');
		apiCreatesProject('p-2');
		const node = (name: string, type: string, parameters: INodeParameters = {}): INode => ({
			id: name,
			name,
			type,
			typeVersion: 1,
			position: [0, 0],
			parameters,
		});
		const to = (...names: string[]) => ({
			main: [names.map((name) => ({ node: name, type: 'main' as const, index: 0 }))],
		});
		const { run } = await runImagenWorkflow({
			nodes: [
				node('Start', 'n8n-nodes-base.manualTrigger'),
				node('One', 'n8n-nodes-base.noOp'),
				node('Other', 'n8n-nodes-base.noOp'),
				node('Create', NODE_TYPE, { resource: 'project', operation: 'create' }),
			],
			connections: { Start: to('One', 'Other'), One: to('Create'), Other: to('Create') },
		});
		const made = run.data.resultData.runData.Create.map(({ data }) => data?.main[0]?.[0].json.project_uuid);
		expect(made).toEqual(['p-1', 'p-2']);
	});

	describe('Retry On Fail', () => {
		const twice = { retryOnFail: true, maxTries: 2 };
		// By the test's clock, in UTC, though they do not say so.
		const now = '2026-06-21T10:00:00.000000';
		const aMinuteAgo = '2026-06-21T09:59:00.000000';
		const aMinuteLater = '2026-06-21 10:01:00';

		test('Retry On Fail goes on with the project that the first try created, and does not find it in the way', async () => {
			apiCreatesProject('p-a', { name: 'A' });
			api().post('/projects/').reply(503);
			apiCreatesProject('p-b', { name: 'B' });
			const items = ['A', 'B'].map((shoot) => ({ json: { shoot } }));
			const result = await runImagen('project.create', { name: '={{ $json.shoot }}' }, { items, ...twice });
			expect(jsonOf(result).map(({ project_uuid }) => project_uuid)).toEqual(['p-a', 'p-b']);
		});

		test('Retry On Fail finds the project whose answer the first try had lost', async () => {
			api().post('/projects/').reply(504);
			apiKnowsTheName('Shoot');
			api().get('/projects/Shoot/uuid').reply(200, { project_uuid: 'p-7' });
			apiDescribes('p-7', { status: 'Pending', number_of_images: 0, created_at: now });
			expect(jsonOf(await runImagen('project.create', { name: 'Shoot' }, twice))).toEqual([
				{ project_uuid: 'p-7', project_name: 'Shoot', created: true },
			]);
		});

		test.each([
			['is edited', { status: 'Completed', number_of_images: 0 }],
			['holds photos', { status: 'Pending', number_of_images: 3 }],
			['does not say how many photos it holds', { status: 'Pending' }],
			['is older than the first try', { number_of_images: 0, created_at: aMinuteAgo }],
			['is younger than the last try', { number_of_images: 0, created_at: aMinuteLater }],
			['does not say when it was created', { number_of_images: 0, created_at: undefined }],
		])('Retry On Fail does not take a project of the name for its own that %s', async (_which, project) => {
			api().post('/projects/').reply(504);
			apiKnowsTheName('Shoot');
			api().get('/projects/Shoot/uuid').reply(200, { project_uuid: 'p-7' });
			apiDescribes('p-7', { created_at: now, ...project });
			const { error } = await runImagen('project.create', { name: 'Shoot' }, twice);
			expect(error?.message).toBe("A project named 'Shoot' already exists");
		});
	});

	describe('a name that exists', () => {
		const create = async (ifNameExists: string, options = {}) =>
			await runImagen('project.create', { name: 'Shoot', ifNameExists }, options);

		beforeEach(() => apiKnowsTheName('Shoot'));

		test('Create of a name that exists fails, and says what to choose', async () => {
			const { error } = await create('fail');
			expect(error).toMatchObject({
				message: "A project named 'Shoot' already exists",
				description: expect.stringContaining('Use Existing'),
			});
		});

		test.each([
			['{project_uuid}', { project_uuid: 'p-7' }],
			['{uuid}', wrapped({ uuid: 'p-7' })],
			['a text', JSON.stringify('p-7')],
		])('Create of a name that exists uses the existing project (the API answers %s)', async (_form, body) => {
			api().get('/projects/Shoot/uuid').reply(200, body);
			expect(jsonOf(await create('useExisting'))).toEqual([
				{ project_uuid: 'p-7', project_name: 'Shoot', created: false },
			]);
		});

		test("Create of a name that exists adds the date and time of the workflow's time zone", async () => {
			apiCreatesProject('p-8', { name: 'Shoot 2026-06-21 12.00.00' });
			const result = await create('addTimestamp', { settings: { timezone: 'Europe/Berlin' } });
			expect(jsonOf(result)).toEqual([
				{ project_uuid: 'p-8', project_name: 'Shoot 2026-06-21 12.00.00', created: true },
			]);
		});
	});

	test('Create finds an existing project whatever its name holds', async () => {
		apiKnowsTheName('A/B & C?');
		api()
			.get('/projects/A%2FB%20%26%20C%3F/uuid')
			.reply(200, wrapped({ project_uuid: 'p-7' }));
		const result = await runImagen('project.create', { name: 'A/B & C?', ifNameExists: 'useExisting' });
		expect(jsonOf(result)[0].project_uuid).toBe('p-7');
	});

	test('Create sends an item whose project cannot be made to the error output, and makes the others', async () => {
		apiKnowsTheName('A');
		apiCreatesProject('p-b', { name: 'B' });
		const result = await runImagen(
			'project.create',
			{ name: '={{ $json.shoot }}' },
			{
				items: [{ json: { shoot: 'A' } }, { json: { shoot: 'B' } }, { json: { shoot: 'A' } }],
				onError: 'continueErrorOutput',
			},
		);
		expect(jsonOf(result).map(({ project_uuid }) => project_uuid)).toEqual(['p-b']);
		const failed = { shoot: 'A', error: "A project named 'A' already exists", message: expect.any(String) };
		expect(jsonOf(result, 1)).toEqual([failed, failed]);
		expect(count('POST /projects/')).toBe(2);
	});
});

describe('Get', () => {
	test('Get project returns each project asked for once, however many items name it', async () => {
		const project = { project_uuid: 'p-1', name: 'Shoot', number_of_images: 3, profile: { key: 1 } };
		apiDescribes('p-1', project);
		const result = await runImagen('project.get', {}, { items: [projectItem('p-1'), projectItem('p-1')] });
		const named = { ...project, project_name: 'Shoot' };
		expect(jsonOf(result)).toEqual([named, named]);
		expect(linksOf(result.output[0])).toEqual([[0], [1]]);
	});

	test.each<[string, INodeParameters]>([
		['ID', byId(' p-1 ')],
		['URL', { __rl: true, mode: 'url', value: 'https://app.imagen-ai.com/projects/p-1?tab=photos' }],
		['list', { __rl: true, mode: 'list', value: 'p-1', cachedResultName: 'Shoot' }],
	])('Get project takes a project by %s', async (_mode, project) => {
		apiDescribes('p-1', { project_uuid: 'p-1' });
		expect(jsonOf(await runImagen('project.get', { project }))).toEqual([{ project_uuid: 'p-1' }]);
	});

	test('Get project says where a project comes from when an item names none', async () => {
		const { error } = await runImagen('project.get', {}, { items: [{ json: {} }] });
		expect(error).toMatchObject({
			message: "'Project' is empty for this item: the expression {{ $json.project_uuid }} has no value",
			description: expect.stringContaining('Connect this node after an Imagen AI node'),
			context: { itemIndex: 0 },
		});
		expect(requests()).toEqual([]);
	});

	test('Get project keeps the order of the items, those that failed in their places', async () => {
		apiDescribes('p-3', { project_uuid: 'p-3' });
		const result = await runImagen(
			'project.get',
			{},
			{
				items: [{ json: {} }, projectItem('p-2'), projectItem('p-3')],
				onError: 'continueRegularOutput',
			},
		);
		expect(jsonOf(result)).toEqual([
			{
				error: "'Project' is empty for this item: the expression {{ $json.project_uuid }} has no value",
				message: expect.any(String),
			},
			{
				project_uuid: 'p-2',
				error: 'Imagen AI could not get project p-2: Project not found',
				message: expect.any(String),
			},
			{ project_uuid: 'p-3' },
		]);
		expect(linksOf(result.output[0])).toEqual([[0], [1], [2]]);
	});
});

describe('Get many projects', () => {
	const projects = (from: number, to: number) =>
		Array.from({ length: to - from }, (_, index) => ({
			project_uuid: `p-${from + index}`,
			name: `Shoot ${from + index}`,
		}));

	function apiListsPage(
		page: number,
		list: unknown[],
		pagination?: object,
		query: DataMatcherMap = { is_archived: false },
	): void {
		api()
			.get('/projects')
			.query({ size: 100, page, client_type: 'API', ...query })
			.reply(200, wrapped({ projects: list, ...(pagination && { pagination }) }));
	}

	test('Get many projects reads pages up to the last one', async () => {
		apiListsPage(0, projects(0, 100), { total: 201 });
		apiListsPage(1, projects(100, 200), { total: 201 });
		apiListsPage(2, projects(200, 201), { total: 201 });
		const result = await runImagen('project.getAll', { returnAll: true });
		expect(jsonOf(result)).toHaveLength(201);
		expect(jsonOf(result).at(-1)).toEqual({
			project_uuid: 'p-200',
			project_name: 'Shoot 200',
			name: 'Shoot 200',
		});
	});

	test('Get many projects reads until a page brings nothing new where the API tells no total', async () => {
		apiListsPage(0, projects(0, 100));
		apiListsPage(1, projects(100, 130));
		apiListsPage(2, projects(100, 130));
		expect(jsonOf(await runImagen('project.getAll', { returnAll: true }))).toHaveLength(130);
	});

	test('Get many projects believes no size and no page that the API names', async () => {
		apiListsPage(0, projects(0, 50), { size: 100, page: 7, total: 110 });
		apiListsPage(1, projects(50, 100), { size: 100, page: 7, total: 110 });
		apiListsPage(2, projects(100, 110), { size: 1, page: 0, total: 110 });
		expect(jsonOf(await runImagen('project.getAll', { returnAll: true }))).toHaveLength(110);
	});

	test('Get many projects ends where the API gives the same page again and again', async () => {
		apiListsPage(0, projects(0, 100), { total: 500 });
		apiListsPage(1, projects(0, 100), { total: 500 });
		expect(jsonOf(await runImagen('project.getAll', { returnAll: true }))).toHaveLength(100);
	});

	test('Get many projects returns a project once that slips to the next page while they are read', async () => {
		apiListsPage(0, projects(0, 100), { total: 101 });
		apiListsPage(1, projects(99, 101), { total: 101 });
		expect(jsonOf(await runImagen('project.getAll', { returnAll: true }))).toHaveLength(101);
	});

	test('Get many projects ends with an empty page, whatever the total says', async () => {
		apiListsPage(0, projects(0, 100), { total: 500 });
		apiListsPage(1, [], { total: 500 });
		expect(jsonOf(await runImagen('project.getAll', { returnAll: true }))).toHaveLength(100);
	});

	test('Get many projects asks for no page beyond the limit', async () => {
		apiListsPage(0, projects(0, 100), { total: 1000 });
		expect(jsonOf(await runImagen('project.getAll', { limit: 3 }))).toMatchObject(projects(0, 3));
	});

	test('Get many projects filters by a part of the name, and lists archived projects instead', async () => {
		const list = [...projects(0, 30), { project_uuid: 'nameless' }];
		apiListsPage(0, list, { total: 31 }, { is_archived: true });
		const result = await runImagen('project.getAll', { filters: { which: 'archived', name: ' SHOOT 2' } });
		expect(jsonOf(result).map(({ name }) => name)).toEqual([
			'Shoot 2',
			...projects(20, 30).map(({ name }) => name),
		]);
	});

	test('Get many projects lists current and archived projects together', async () => {
		apiListsPage(0, projects(0, 3), { total: 3 }, {});
		expect(jsonOf(await runImagen('project.getAll', { filters: { which: 'all' } }))).toHaveLength(3);
	});

	test('Get many projects asks for thumbnails where they are wanted, and passes on what the API tells', async () => {
		const [project] = projects(0, 1);
		const told = {
			...project,
			project_id: 12,
			customer_reference_id: 7,
			thumbnail_src: 'https://storage.test/t.jpg',
		};
		apiListsPage(0, [told], { total: 1 }, { is_archived: false, get_thumbnail: true });
		expect(jsonOf(await runImagen('project.getAll', { options: { thumbnail: true } }))).toEqual([
			{ ...told, project_name: 'Shoot 0' },
		]);
	});

	test('Get many projects and the panel find an accented name in whichever Unicode form it was written', async () => {
		const cafe = { project_uuid: 'c', name: 'Cafe\u0301' };
		const list = { node: new Imagen(), credentials: [credential], method: 'searchProjects' };
		apiListsPage(0, [cafe], { total: 1 });
		expect(jsonOf(await runImagen('project.getAll', { filters: { name: 'caf\u00e9' } }))).toHaveLength(1);
		apiListsPage(0, [cafe], { total: 1 });
		expect(await listSearch({ ...list, filter: 'cafe\u0301' })).toEqual({
			results: [{ name: 'Caf\u00e9', value: 'c' }],
		});
	});

	test("the panel's list of projects is searched page after page until there is a hit", async () => {
		const list = { node: new Imagen(), credentials: [credential], method: 'searchProjects' };
		apiListsPage(0, projects(0, 100), { total: 300 });
		apiListsPage(1, [{ project_uuid: 'w', name: 'Wedding' }, ...projects(101, 200)], { total: 300 });
		expect(await listSearch({ ...list, filter: 'wedding' })).toEqual({
			results: [{ name: 'Wedding', value: 'w' }],
			paginationToken: expect.any(String) as string,
		});
	});

	test("the panel's list of projects shows a page at a time, by name and status", async () => {
		const list = { node: new Imagen(), credentials: [credential], method: 'searchProjects' };
		apiListsPage(0, [{ project_uuid: 'w', name: 'Wedding', status: 'Completed' }, ...projects(1, 100)], {
			total: 101,
		});
		const first = await listSearch({ ...list, filter: ' wedd' });
		expect(first).toEqual({
			results: [{ name: 'Wedding (Completed)', value: 'w' }],
			paginationToken: expect.any(String) as string,
		});

		apiListsPage(1, [{ project_uuid: 'nameless' }], { total: 101 });
		expect(await listSearch({ ...list, paginationToken: first.paginationToken as string })).toEqual({
			results: [{ name: 'nameless', value: 'nameless' }],
		});
	});

	test("the panel's list of projects ends where the API gives the same page again", async () => {
		const list = { node: new Imagen(), credentials: [credential], method: 'searchProjects' };
		apiListsPage(0, projects(0, 2));
		const first = await listSearch(list);
		apiListsPage(1, projects(0, 2));
		expect(await listSearch({ ...list, paginationToken: first.paginationToken as string })).toEqual({
			results: [],
		});
	});
});
