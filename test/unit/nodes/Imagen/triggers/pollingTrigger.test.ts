/* eslint-disable @n8n/community-nodes/no-restricted-imports -- sees what n8n logs, and gives files that take their time */
import type { ICredentialDataDecryptedObject, IDataObject, INodeParameters } from 'n8n-workflow';

import { createRequire } from 'module';
import nock from 'nock';
import { Readable } from 'stream';

import { ImagenPollTrigger } from '../../../../../nodes/Imagen/ImagenPollTrigger.node';
import { activate, photo, readBinary, type ActiveTrigger } from '../../../../support/engine';
import { minutesPassed, passTimeBy, settled, useClock } from '../../../../support/clock';
import { credential, runImagen } from '../../../../support/imagen';
import {
	api,
	API_KEY,
	API_ORIGIN,
	apiDescribes,
	apiGivesDownloadLinks,
	apiGivesUploadLinks,
	storageGives,
	storageHolds,
	storageTakes,
	useImagenApi,
	wrapped,
} from '../../../../support/imagenApi';

// n8n-core's own copy, as the engine takes it.
const { Logger } = createRequire(require.resolve('n8n-core'))(
	'@n8n/backend-common',
) as typeof import('@n8n/backend-common');

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

test('the first look of the polling trigger takes note and reports nothing, whatever finished before', async () => {
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

test('after a restart of n8n, the polling trigger reports what finished meanwhile, and nothing twice', async () => {
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
	expect(await look(active, projects, [project('last', 'Completed')])).toHaveLength(101);
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

const DAY_MS = 86_400_000;

/** Lets days pass until the next look. */
const pass = (days: number) => jest.setSystemTime(Date.now() + days * DAY_MS);

/** A project that was created so many days ago. */
const aged = (days: number, ...[uuid, status, exportStatus]: Parameters<typeof project>): Project => ({
	...project(uuid, status, exportStatus),
	created_at: new Date(Date.now() - days * DAY_MS).toISOString(),
});

/** A full page of edited projects, each created an hour before the next one, the newest so many days ago. */
const pageOf = (days: number): Project[] =>
	Array.from({ length: 100 }, (_, index) => aged(days + index / 24, `${days}-${index}`, 'Completed'));

/** The same, created within one minute, the oldest first. */
const atOnce = (one: Project, index: number, [first]: Project[]): Project => ({
	...one,
	created_at: new Date(Date.parse(String(first.created_at)) + index * 500).toISOString(),
});

describe('the polling trigger in an account with more projects than matter', () => {
	test('the polling trigger reads no further than a page of projects that are older than Look Back', async () => {
		const active = await trigger();
		const pages = (status: string) => [[aged(29, 'p-1', status), ...pageOf(31).slice(1)], pageOf(40)];
		// What a look asks for besides fails the test.
		expect(await look(active, ...pages('In Progress'))).toBeNull();
		expect(await look(active, ...pages('Completed'))).toEqual(['p-1 edit Completed']);
	});

	test('the first look of the polling trigger takes one request where all projects are older than Look Back', async () => {
		expect(await look(await trigger(), pageOf(31))).toBeNull();
	});

	test('the polling trigger does not report a project that is older than Look Back and edited again', async () => {
		const active = await trigger({ options: { lookBackDays: 10 } });
		const both = (status: string) => [aged(9, 'young', status), aged(11, 'old', status)];
		await look(active, both('Pending'));
		expect(await look(active, both('Completed'))).toEqual(['young edit Completed']);
	});

	test.each([
		['the oldest first', () => [pageOf(400).reverse(), pageOf(60).reverse(), []]],
		[
			'by something else',
			() => [[...pageOf(400).slice(50), ...pageOf(60).slice(50)], pageOf(60).slice(0, 50)],
		],
		['by something else, beginning with many of one minute', () => [pageOf(400).map(atOnce), pageOf(60), []]],
	])(
		'the polling trigger finds a new project wherever it is in a list that is sorted %s',
		async (_how, list) => {
			const active = await trigger();
			const pages = list();
			const last = pages.pop() as Project[];
			await look(active, ...pages, last);
			pass(1);
			const added = aged(0, 'p-1', 'Completed');
			expect(await look(active, ...pages, [...last, added])).toEqual(['p-1 edit Completed']);
		},
	);

	test('the polling trigger finds a new project behind a full page after which the list seems to end', async () => {
		const active = await trigger();
		const pages = (status: string) => [pageOf(0), [aged(5, 'p-1', status)]];
		const listed = (status: string) => {
			pages(status).forEach((projects, page) => {
				const pagination = { total: projects.length, size: 100, page };
				api()
					.get('/projects')
					.query({ size: 100, page, client_type: 'API', is_archived: false })
					.reply(200, wrapped({ projects, pagination }));
			});
		};
		listed('Pending');
		await active.poll();
		listed('Completed');
		expect(await active.poll()).toMatchObject([{ json: { project_uuid: 'p-1' } }]);
	});

	test('the polling trigger forgets a project when it becomes older than Look Back, and does not report it again', async () => {
		const active = await trigger();
		await look(active, []);
		const old = aged(29, 'old', 'Completed');
		expect(await look(active, [old])).toEqual(['old edit Completed']);
		expect(active.stored()).toContain('"old"');
		pass(2);
		expect(await look(active, [aged(0, 'new', 'Completed'), old])).toEqual(['new edit Completed']);
		expect(active.stored()).not.toContain('"old"');
	});

	test('the polling trigger does not report a forgotten project when the clock of n8n is set back', async () => {
		const active = await trigger();
		await look(active, []);
		const old = aged(29.9, 'old', 'Completed');
		expect(await look(active, [old])).toEqual(['old edit Completed']);
		pass(0.2);
		expect(await look(active, [old])).toBeNull();
		pass(-0.2);
		expect(await look(active, [old])).toBeNull();
		expect(await look(active, [old])).toBeNull();
	});

	test('the polling trigger whose Look Back is raised only takes note of the projects that come into view', async () => {
		const active = await trigger();
		const projects = (status: string) => [aged(40, 'ended', 'Completed'), aged(41, 'p-1', status)];
		await look(active, projects('In Progress'));
		active.change({ parameters: { events: ALL, options: { lookBackDays: 60 } } });
		expect(await look(active, projects('In Progress'))).toBeNull();
		expect(await look(active, projects('Completed'))).toEqual(['p-1 edit Completed']);
	});

	test('the polling trigger reports a job that was running when its project became older than Look Back', async () => {
		const active = await trigger();
		const old = aged(29.5, 'p-1', 'Completed', 'In Progress');
		await look(active, [old]);
		pass(4);
		// Behind a whole page of others that are too old.
		const between = pageOf(31);
		expect(await look(active, between, [old])).toBeNull();
		const ended = { ...old, export_status: 'Completed' };
		expect(await look(active, between, [ended])).toEqual(['p-1 export Completed']);
		expect(await look(active, between)).toBeNull();
	});

	test('the polling trigger does not wait for ever for a job in a project that is older than Look Back', async () => {
		const active = await trigger();
		const old = aged(29, 'old', 'In Progress');
		await look(active, [old]);
		pass(9);
		expect(await look(active, pageOf(31))).toBeNull();
		expect(await look(active, [{ ...old, status: 'Completed' }])).toBeNull();
	});

	test('an event whose files cannot be had is reported later, though its project has become older than Look Back', async () => {
		const active = await trigger({ output: 'links' });
		const old = aged(29, 'old', 'In Progress');
		await look(active, [old]);
		pass(2);
		const ended = { ...old, status: 'Completed' };
		apiLists([ended]);
		api().get('/projects/old/edit/get_temporary_download_links').reply(403, { error: 'no files' });
		await expect(active.poll()).rejects.toThrow('no files');
		apiGivesDownloadLinks('edit', 'old', ['IMG_1.xmp']);
		expect(await look(active, [ended])).toEqual(['old edit Completed']);
	});

	test('the polling trigger reports a project that was archived when it was reported, and is restored, once', async () => {
		const active = await trigger();
		await look(active, []);
		const archived = aged(1, 'p-1', 'Completed');
		expect(await look(active, [archived])).toEqual(['p-1 edit Completed']);
		for (let day = 0; day < 5; day++) {
			pass(1);
			expect(await look(active, [])).toBeNull();
		}
		expect(await look(active, [archived])).toBeNull();
	});
});

describe('the polling trigger where the API does not say when projects were created', () => {
	test('the polling trigger reports a project without a date among old ones', async () => {
		const active = await trigger();
		const list = (status: string) => [project('p-1', status), aged(50, 'old', status)];
		await look(active, list('Pending'));
		expect(await look(active, list('Completed'))).toEqual(['p-1 edit Completed']);
		pass(100);
		expect(await look(active, list('Completed'))).toBeNull();
	});

	const undated = (count: number, prefix: string): Project[] =>
		Array.from({ length: count }, (_, index) => project(`${prefix}-${index}`, 'Completed'));
	const inPages = (projects: Project[]): Project[][] =>
		Array.from({ length: 10 }, (_, page) => projects.slice(page * 100, (page + 1) * 100));

	test('the polling trigger reads ten pages of projects without a date, and reports what is new on them', async () => {
		const active = await trigger();
		const before = undated(1_000, 'old');
		await look(active, ...inPages(before));
		const list = [project('p-1', 'Completed'), ...before];
		expect(await look(active, ...inPages(list))).toEqual(['p-1 edit Completed']);
		expect(await look(active, ...inPages(list))).toBeNull();
	});

	test('the polling trigger does not report projects without a date that come up from further down the list', async () => {
		const active = await trigger();
		const before = undated(1_000, 'old');
		await look(active, ...inPages(before));
		const list = [project('p-1', 'Completed'), ...before.slice(300), ...undated(300, 'older')];
		expect(await look(active, ...inPages(list))).toEqual(['p-1 edit Completed']);
		expect(await look(active, ...inPages(list))).toBeNull();
	});

	test('the polling trigger reports an end once, though the project has no date any more', async () => {
		const active = await trigger();
		await look(active, [aged(1, 'p-1', 'In Progress')]);
		expect(await look(active, [project('p-1', 'Completed')])).toEqual(['p-1 edit Completed']);
		expect(await look(active, [project('p-1', 'Completed')])).toBeNull();
		expect(await look(active, [aged(1, 'p-1', 'Completed')])).toBeNull();
	});

	test('what the polling trigger stores of projects without a date is limited, whatever is listed', async () => {
		const active = await trigger();
		for (const prefix of ['a', 'b', 'c']) await look(active, ...inPages(undated(1_000, prefix)));
		active.change({});
		await look(active, ...inPages(undated(1_000, 'd')));
		expect(Object.keys(JSON.parse(active.stored() ?? '')['node:Trigger'].list.undated)).toHaveLength(1_500);
	});
});

describe('the polling trigger that is changed', () => {
	const FLOW = { parameters: { events: ALL, editingFlow: 'I2I' } };
	const SAME = { parameters: { events: ALL }, credentials: [credential] };
	const keyed = (data: ICredentialDataDecryptedObject) => [
		{ ...credential, data: { ...credential.data, ...data } },
	];

	/** The API lists these projects elsewhere, for one look. */
	function listsElsewhere(
		{ origin = API_ORIGIN, path = '/projects', key = API_KEY },
		projects: Project[],
	): void {
		nock(`${origin}/v1`, { reqheaders: { 'x-api-key': key } })
			.get(path)
			.query(true)
			.reply(200, wrapped({ projects, pagination: { total: projects.length } }));
	}

	test.each([
		['another editing flow', FLOW, { path: '/i2i/projects' }],
		['another account', { credentials: keyed({ apiKey: 'another-key' }) }, { key: 'another-key' }],
		[
			'another environment',
			{ credentials: keyed({ environment: 'beta' }) },
			{ origin: 'https://api-beta.imagen-ai.com' },
		],
	])(
		'the polling trigger that is changed to %s reports what ends after that, and nothing older',
		async (_to, changed, place) => {
			const active = await trigger();
			await look(active, [aged(1, 'p-1', 'Completed')]);
			active.change(changed);
			listsElsewhere(place, [aged(2, 'other', 'Completed'), aged(3, 'running', 'In Progress')]);
			expect(await active.poll()).toBeNull();
			listsElsewhere(place, [aged(2, 'other', 'Completed'), aged(3, 'running', 'Completed')]);
			expect(await active.poll()).toMatchObject([{ json: { project_uuid: 'running' } }]);
		},
	);

	/** A look at the one list, one at the other, and so many days later one at the first. */
	async function changedBackAfter(days: number): Promise<string[] | null> {
		const active = await trigger();
		await look(active, [aged(1, 'told', 'Completed'), aged(1, 'p-1', 'In Progress')]);
		const list = [aged(1, 'told', 'Completed'), aged(1, 'p-1', 'Completed')];
		// Long before n8n stores anything again.
		pass(10);
		active.change(FLOW);
		listsElsewhere({ path: '/i2i/projects' }, [aged(1, 'smart', 'Completed')]);
		expect(await active.poll()).toBeNull();
		pass(days);
		active.change(SAME);
		const items = await look(active, list);
		expect(await look(active, list)).toBeNull();
		return items;
	}

	test('the polling trigger that is changed back within a week reports what finished meanwhile, once', async () => {
		expect(await changedBackAfter(6)).toEqual(['p-1 edit Completed']);
	});

	test('the polling trigger that is changed back after more than a week begins with a first look', async () => {
		expect(await changedBackAfter(8)).toBeNull();
	});

	test('a change of the polling trigger whose first look fails leaves the first look to the next', async () => {
		const active = await trigger();
		await look(active, []);
		active.change({ credentials: keyed({ environment: 'beta' }) });
		const beta = { origin: 'https://api-beta.imagen-ai.com' };
		nock(`${beta.origin}/v1`).get('/projects').query(true).reply(403, { error: 'no' });
		await expect(active.poll()).rejects.toThrow('no');
		listsElsewhere(beta, [aged(2, 'other', 'Completed')]);
		expect(await active.poll()).toBeNull();
	});

	test('what the polling trigger stores does not tell key or address of the account', async () => {
		const active = await trigger();
		await look(active, [aged(1, 'p-1', 'Completed')]);
		expect(active.stored()).toContain('p-1');
		expect(active.stored()).not.toMatch(new RegExp(`${API_KEY}|${API_ORIGIN}|imagen-ai`));
	});
});

describe('Look Back of the polling trigger', () => {
	test.each([
		['30 days', 'is not a number'],
		[0, 'is less than 1'],
		[366, 'is more than 365'],
		[1.5, 'is not a whole number'],
	])('Look Back that is %s is an error that says so, also by hand', async (lookBackDays, problem) => {
		const active = await trigger({ options: { lookBackDays } });
		const error = {
			message: `'Look Back (Days)' is '${lookBackDays}', which ${problem}`,
			description: 'Enter a whole number of days, from 1 to 365.',
		};
		await expect(active.poll()).rejects.toMatchObject(error);
		await expect(active.pollByHand()).rejects.toMatchObject(error);
	});

	test.each([
		['1', 1],
		['={{ "365" }}', 365],
		['', 30],
	])('Look Back can be an expression or a text, and is 30 days if empty: %s', async (lookBackDays, days) => {
		const active = await trigger({ options: { lookBackDays } });
		const list = (status: string) => [aged(days - 0.1, 'in', status), aged(days + 0.1, 'out', status)];
		await look(active, list('Pending'));
		expect(await look(active, list('Completed'))).toEqual(['in edit Completed']);
	});
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
		api().get(`/projects/${uuid}/edit/get_temporary_download_links`).reply(403, { error: 'no files' });

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

/** Lets pauses of the same time pass together: the clock moves on to the first end of those that are left, when all others had their turn. */
function passTimeTogether(): void {
	const ends = new Set<number>();
	passTimeBy(async (ms: number) => {
		const end = Date.now() + ms;
		ends.add(end);
		while (Date.now() < end) {
			const first = Math.min(...ends);
			for (let turn = 0; turn < 200 && first === Math.min(...ends); turn++) await settled();
			if (first === end && first === Math.min(...ends) && Date.now() < end) jest.setSystemTime(end);
		}
		ends.delete(end);
	});
}

describe('events of the polling trigger whose results are not ready', () => {
	beforeEach(passTimeTogether);
	afterEach(() => passTimeBy((ms) => jest.setSystemTime(Date.now() + ms)));

	const ended = (...uuids: string[]) => uuids.map((uuid) => project(uuid, 'Completed'));

	/** The API lists these files of a job from now on, and does not say how many there should be. */
	function listsFiles(uuid: string, fileNames: () => string[], job = 'edit'): void {
		api()
			.persist()
			.get(`/projects/${uuid}/${job}/get_temporary_download_links`)
			.reply(200, () => {
				const files_list = fileNames().map((file_name) => ({
					file_name,
					download_link: `https://storage.test/${uuid}/${file_name}`,
				}));
				return wrapped({ files_list });
			});
	}

	test('thirty merges that finished while n8n was down are reported after a minute, not one minute after another', async () => {
		const active = await trigger({ output: 'links' });
		await look(active, []);
		const uuids = Array.from({ length: 30 }, (_, index) => `p-${index}`);
		for (const uuid of uuids) listsFiles(uuid, () => ['IMG_1-HDR.dng']);
		expect(await look(active, ended(...uuids))).toEqual(uuids.map((uuid) => `${uuid} edit Completed`));
		expect(minutesPassed()).toBe(1);
	});

	test('a project without files yet delays no other event, and is reported once, by a later poll', async () => {
		const active = await trigger({ output: 'links' });
		await look(active, []);
		let files: string[] = [];
		listsFiles('late', () => files);
		apiGivesDownloadLinks('edit', 'p-2', ['IMG_2.xmp']);
		const projects = ended('late', 'p-2');
		expect(await look(active, projects)).toEqual(['p-2 edit Completed']);
		expect(minutesPassed()).toBe(0);
		active.restart();
		files = ['IMG_1.xmp'];
		expect(await look(active, projects)).toEqual(['late edit Completed']);
		expect(await look(active, projects)).toBeNull();
	});

	test('a list of files that still fills is left to a later poll, and reported once with all of them', async () => {
		const active = await trigger({ output: 'links' });
		await look(active, []);
		let polls = 0;
		let isFilling = true;
		listsFiles('p-1', () =>
			Array.from({ length: isFilling ? ++polls : polls }, (_, index) => `IMG_${index}-HDR.dng`),
		);
		expect(await look(active, ended('p-1'))).toBeNull();
		expect(minutesPassed()).toBeLessThan(0.5);
		isFilling = false;
		expect(await look(active, ended('p-1'))).toHaveLength(polls);
		expect(await look(active, ended('p-1'))).toBeNull();
	});

	test('an export of merges that has no files yet delays no other event, though the number of merges is not known', async () => {
		const active = await trigger({ output: 'links' });
		await look(active, [project('late', 'Completed')]);
		apiDescribes('late', { number_of_images: 3, ai_tools: ['hdr_merge'] });
		let files: string[] = [];
		listsFiles('late', () => ['IMG_1-HDR.dng']);
		listsFiles('late', () => files, 'export');
		apiGivesDownloadLinks('edit', 'p-2', ['IMG_2.xmp']);
		const projects = [project('late', 'Completed', 'Completed'), project('p-2', 'Completed')];
		expect(await look(active, projects)).toEqual(['p-2 edit Completed']);
		expect(minutesPassed()).toBe(0);
		files = ['IMG_1-HDR.jpg'];
		expect(await look(active, projects)).toEqual(['late export Completed']);
		expect(await look(active, projects)).toBeNull();
	});

	test('a list of files that never stops changing is reported as it is after an hour', async () => {
		const active = await trigger({ output: 'links' });
		await look(active, []);
		let polls = 0;
		listsFiles('p-1', () => ['IMG_1-HDR.dng', 'IMG_2-HDR.dng'].slice(polls++ % 2));
		expect(await look(active, ended('p-1'))).toBeNull();
		pass(1 / 24);
		expect(await look(active, ended('p-1'))).not.toBeNull();
	});

	test('a poll with more merges than it reads at once leaves the others to the next one', async () => {
		const active = await trigger({ output: 'links' });
		await look(active, []);
		const uuids = Array.from({ length: 40 }, (_, index) => `p-${index}`);
		for (const uuid of uuids) listsFiles(uuid, () => ['IMG_1-HDR.dng']);
		const first = (await look(active, ended(...uuids))) ?? [];
		expect(first).toHaveLength(32);
		expect(minutesPassed()).toBe(1);
		const second = (await look(active, ended(...uuids))) ?? [];
		expect([...first, ...second]).toEqual(uuids.map((uuid) => `${uuid} edit Completed`));
		expect(await look(active, ended(...uuids))).toBeNull();
	});

	test('a project that has had no files for five minutes is an error, and tried again after that', async () => {
		const active = await trigger({ output: 'links' });
		await look(active, []);
		let files: string[] = [];
		listsFiles('p-1', () => files);
		expect(await look(active, ended('p-1'))).toBeNull();
		pass(3 / 24 / 60);
		expect(await look(active, ended('p-1'))).toBeNull();
		pass(2 / 24 / 60);
		await expect(look(active, ended('p-1'))).rejects.toThrow(
			'The edit of project p-1 is Completed, but Imagen AI lists no files',
		);
		expect(await look(active, ended('p-1'))).toBeNull();
		files = ['IMG_1-HDR.dng'];
		expect(await look(active, ended('p-1'))).toEqual(['p-1 edit Completed']);
	});
});

test('the polling trigger logs a warning for each event that could not be reported beside others', async () => {
	const warn = jest.spyOn(Logger.prototype, 'warn');
	const active = await trigger({ output: 'links' });
	await look(active, []);
	for (const uuid of ['p-1', 'p-2'])
		api().get(`/projects/${uuid}/edit/get_temporary_download_links`).reply(403, { error: 'no files' });
	apiGivesDownloadLinks('edit', 'p-3', ['IMG_3.xmp']);
	const projects = ['p-1', 'p-2', 'p-3'].map((uuid) => ({
		...project(uuid, 'Completed'),
		name: `Shoot ${uuid}`,
	}));
	expect(await look(active, projects)).toEqual(['p-3 edit Completed']);
	const warnings = ['p-1', 'p-2'].map(
		(uuid) =>
			`Trigger: The edit of project 'Shoot ${uuid}' has finished, but could not be reported. The next check tries again. Imagen AI could not get the download links for the edit of project 'Shoot ${uuid}': no files`,
	);
	expect(warn.mock.calls.map(([message]) => message)).toEqual(warnings);
	warn.mockRestore();
});

test('the polling trigger downloads the files of one project after those of another, so that memory stays bounded', async () => {
	const active = await trigger({ output: 'files' });
	await look(active, []);
	const steps: string[] = [];
	const uuids = ['p-1', 'p-2'];
	for (const uuid of uuids) {
		apiGivesDownloadLinks('edit', uuid, ['IMG_1.xmp']);
		storageHolds(uuid, 'IMG_1.xmp').reply(
			200,
			() => {
				steps.push(`${uuid} begins`);
				return Readable.from(slowly(() => steps.push(`${uuid} ends`)));
			},
			{ 'Content-Length': '6' },
		);
	}
	expect(
		await look(
			active,
			uuids.map((uuid) => project(uuid, 'Completed')),
		),
	).toHaveLength(2);
	expect(steps).toEqual(['p-1 begins', 'p-1 ends', 'p-2 begins', 'p-2 ends']);
});

/** A file that takes its time. */
async function* slowly(onEnd: () => void): AsyncGenerator<Buffer> {
	for (let turn = 0; turn < 50; turn++) await settled();
	yield Buffer.from('<one/>');
	onEnd();
}

test('the polling trigger gives a project the name that all other nodes give it, in one Unicode form', async () => {
	const active = await trigger();
	await look(active, []);
	apiLists([{ ...project('p-1', 'Completed'), name: ' Cafe\u0301 ' }]);
	expect(await active.poll()).toMatchObject([{ json: { project_name: 'Caf\u00e9' } }]);
});
