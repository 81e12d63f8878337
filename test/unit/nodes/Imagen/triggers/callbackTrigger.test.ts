import type { IDataObject, INodeParameters } from 'n8n-workflow';
import nock from 'nock';

import type { Job } from '../../../../../nodes/Imagen/api/endpoints';
import { ImagenTrigger } from '../../../../../nodes/Imagen/ImagenTrigger.node';
import { forgetCalls } from '../../../../../nodes/Imagen/memory';
import { activate, readBinary, type ActiveTrigger } from '../../../../support/engine';
import { callback, signedUrl } from '../../../../support/callbacks';
import { minutesPassed, settled, useClock } from '../../../../support/clock';
import { credential } from '../../../../support/imagen';
import {
	API_KEY,
	api,
	count,
	apiGivesDownloadLinks,
	apiReportsStatus,
	linkTo,
	requests,
	storageGives,
	storageHolds,
	useImagenApi,
} from '../../../../support/imagenApi';

useImagenApi();
useClock();
beforeEach(forgetCalls);

const URL_OF_TRIGGER = 'https://n8n.test/webhook/1f0c/imagen';
const ALL = ['editCompleted', 'editFailed', 'exportCompleted', 'exportFailed'];

const trigger = async (parameters: INodeParameters = {}, node = new ImagenTrigger()) =>
	await activate({ node, parameters: { events: ALL, ...parameters }, credentials: [credential] });

/** The URL that Start has given to Imagen for a project; each time for another edit. */
const urlFor = (uuid: string, apiKey = API_KEY, job: Job = 'edit') =>
	signedUrl(URL_OF_TRIGGER, { apiKey, job, project: { uuid, editingFlow: 'REGULAR' } });

async function call(to: ActiveTrigger, body: unknown, url = urlFor('p-1')) {
	const { answer, items } = await to.call({ url, body });
	expect(JSON.stringify([answer, items])).not.toContain(API_KEY);
	return { statusCode: answer?.statusCode, items: items?.map(({ json }) => json) };
}

const nothing = (statusCode: number) => ({ statusCode, items: undefined });

describe('an execution starts', () => {
	test.each([
		['edit', 'Completed'],
		['edit', 'Failed'],
		['export', 'Completed'],
		['export', 'Failed'],
	] as const)('an execution starts when an %s is %s', async (action, status) => {
		apiReportsStatus(action, 'p-1', status.toUpperCase());
		const url = urlFor('p-1', API_KEY, action);
		expect(await call(await trigger(), callback('p-1', status, action), url)).toEqual({
			statusCode: 200,
			items: [{ project_uuid: 'p-1', action, status }],
		});
	});

	test('the trigger starts an execution with what the API says, not the call', async () => {
		apiReportsStatus('edit', 'p-1', 'Failed');
		const { items } = await call(await trigger(), callback('p-1', 'Completed'));
		expect(items).toMatchObject([{ status: 'Failed' }]);
	});

	test('the trigger starts an execution when the API shows the end only after the call', async () => {
		apiReportsStatus('edit', 'p-1', 'In Progress', 'Completed');
		expect((await call(await trigger(), callback('p-1'))).items).toHaveLength(1);
	});

	test('the trigger starts an execution for a project of Smart Editing, which the address names, with its links', async () => {
		const url = signedUrl(URL_OF_TRIGGER, {
			apiKey: API_KEY,
			project: { uuid: 's-1', editingFlow: 'I2I' },
		});
		api()
			.get('/i2i/projects/s-1')
			.thrice()
			.reply(200, { project_uuid: 's-1', name: 'House', status: 'Completed', number_of_images: 1 });
		const files_list = [{ file_name: '1.jpg', download_link: linkTo('s-1', '1.jpg') }];
		api().get('/i2i/projects/s-1/get_temporary_download_links').reply(200, { files_list });
		const { items } = await call(await trigger({ output: 'links' }), callback('s-1'), url);
		expect(items).toMatchObject([
			{ project_uuid: 's-1', project_name: 'House', project_source: 'I2I', file_name: '1.jpg' },
		]);
	});

	test('the trigger takes a call that does not name its action for one of an edit', async () => {
		apiReportsStatus('edit', 'p-1', 'Completed');
		const { items } = await call(await trigger(), { project_uuid: 'p-1', status: 'COMPLETED' });
		expect(items).toMatchObject([{ action: 'edit' }]);
	});

	test.each([
		['nothing', null],
		['a text', '{"project_uuid":"p-1"}'],
		['a list', [callback('p-1')]],
		['another form', { data: callback('p-1') }],
		['no status', { project_uuid: 'p-1' }],
		['a status in other words', callback('p-1', 'Edited')],
		['its action in capitals', callback('p-1', 'Completed', 'EDIT')],
		['an action of null', { ...callback('p-1'), action: null }],
	])(
		'a genuine call starts an execution by its address, also when its body holds %s',
		async (_case, body) => {
			apiReportsStatus('edit', 'p-1', 'Completed');
			expect(await call(await trigger(), body)).toEqual({
				statusCode: 200,
				items: [{ project_uuid: 'p-1', action: 'edit', status: 'Completed' }],
			});
		},
	);

	test('the trigger takes a call about an export at the address of its edit for one of the export', async () => {
		apiReportsStatus('edit', 'p-1', 'Completed');
		apiReportsStatus('export', 'p-1', 'Completed');
		const active = await trigger();
		const url = urlFor('p-1');
		expect((await call(active, callback('p-1'), url)).items).toMatchObject([{ action: 'edit' }]);
		const { items } = await call(active, callback('p-1', 'Completed', 'export'), url);
		expect(items).toMatchObject([{ action: 'export' }]);
	});

	test('the trigger starts an execution without asking the API where that is switched off', async () => {
		const unconfirmed = await trigger({ options: { confirm: false } });
		const { items } = await call(unconfirmed, callback('p-1', 'Failed'));
		expect(items).toEqual([{ project_uuid: 'p-1', action: 'edit', status: 'Failed' }]);
		expect(requests()).toEqual([]);
	});

	test.each([
		["'FALSE' does without the API", "={{ 'FALSE' }}", 'Failed'],
		['an empty value asks the API', "={{ '' }}", 'Completed'],
		['a value that cannot be read asks the API', "={{ 'perhaps' }}", 'Completed'],
	])("as 'Confirm With API', %s", async (_what, confirm, status) => {
		const active = await trigger({ options: { confirm } });
		if (status === 'Completed') apiReportsStatus('edit', 'p-1', 'Completed');
		const { items } = await call(active, callback('p-1', 'Failed'));
		expect(items).toEqual([{ project_uuid: 'p-1', action: 'edit', status }]);
	});

	test('the trigger reads its output by label, too', async () => {
		apiReportsStatus('edit', 'p-1', 'Completed');
		apiGivesDownloadLinks('edit', 'p-1', ['IMG_1.xmp']);
		const { items } = await call(await trigger({ output: "={{ 'Download Links' }}" }), callback('p-1'));
		expect(items).toMatchObject([{ file_name: 'IMG_1.xmp', download_link: expect.any(String) }]);
	});

	test('a callback that comes twice, at the same time or later, starts one execution', async () => {
		const active = await trigger();
		const url = urlFor('p-1');
		apiReportsStatus('edit', 'p-1', 'Completed', 'Completed', 'Completed');
		const both = await Promise.all([1, 2].map(async () => await call(active, callback('p-1'), url)));
		const outcomes = [...both, await call(active, callback('p-1'), url)];
		expect(outcomes.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200]);
		expect(outcomes.filter(({ items }) => items)).toHaveLength(1);
	});

	test('a callback that comes again after a restart of n8n starts no second execution', async () => {
		const active = await trigger();
		const url = urlFor('p-1');
		apiReportsStatus('edit', 'p-1', 'Completed', 'Completed');
		await call(active, callback('p-1'), url);
		forgetCalls();
		expect(await call(active, callback('p-1'), url)).toEqual(nothing(200));
	});

	test('a project that is edited again starts an execution again', async () => {
		const active = await trigger();
		apiReportsStatus('edit', 'p-1', 'Completed', 'Completed');
		expect((await call(active, callback('p-1'), urlFor('p-1'))).items).toHaveLength(1);
		expect((await call(active, callback('p-1'), urlFor('p-1'))).items).toHaveLength(1);
	});
});

describe('no execution starts', () => {
	test.each([
		['without a token', () => URL_OF_TRIGGER],
		['whose address was changed', () => urlFor('p-2').replace('=p-2', '=p-1')],
		['with the token of another account', () => urlFor('p-1', 'other')],
		['with a forged token', () => `${urlFor('p-1')}x`],
		['with its token twice', () => `${urlFor('p-1')}&imagen_token=x`],
		[
			'with the token of an execution',
			() =>
				signedUrl(URL_OF_TRIGGER, {
					apiKey: API_KEY,
					project: { uuid: 'p-1', editingFlow: 'REGULAR' as const },
					executionId: '1',
				}),
		],
	])('the trigger answers a call %s with 401, and starts nothing', async (_case, url) => {
		expect(await call(await trigger(), callback('p-1'), url())).toEqual(nothing(401));
		expect(requests()).toEqual([]);
	});

	test('the trigger answers a call without a token with 401 even where nothing is confirmed', async () => {
		const unconfirmed = await trigger({ options: { confirm: false } });
		expect(await call(unconfirmed, callback('p-1'), URL_OF_TRIGGER)).toEqual(nothing(401));
	});

	test('the trigger starts nothing on a call that reports progress', async () => {
		apiReportsStatus('edit', 'p-1', 'In Progress');
		expect(await call(await trigger(), callback('p-1', 'In Progress'))).toEqual(nothing(200));
		const unconfirmed = await trigger({ options: { confirm: false } });
		expect(await call(unconfirmed, callback('p-1', 'In Progress'))).toEqual(nothing(200));
	});

	test('the trigger starts nothing on a false call: the API says that the edit goes on', async () => {
		api().get('/projects/p-1/edit/status').times(60).reply(200, { status: 'In Progress' });
		expect(await call(await trigger(), callback('p-1'))).toEqual(nothing(200));
		expect(minutesPassed()).toBe(31);
		nock.cleanAll();
	});

	test('the trigger starts nothing on an event that is not chosen', async () => {
		apiReportsStatus('edit', 'p-1', 'Failed');
		const chosen = await trigger({ events: ['editCompleted'] });
		expect(await call(chosen, callback('p-1', 'Failed'))).toEqual(nothing(200));
	});

	test('the trigger starts nothing for a project that the account does not have', async () => {
		api().get('/projects/p-1/edit/status').reply(404, { error: 'no such project' });
		expect(await call(await trigger(), callback('p-1'))).toEqual(nothing(200));
	});

	test('the trigger starts nothing while the API cannot be read, and throws nothing; a second delivery then counts', async () => {
		const active = await trigger();
		const url = urlFor('p-1');
		apiIsOutFor(40);
		expect(await call(active, callback('p-1'), url)).toEqual(nothing(200));

		jest.setSystemTime(Date.now() + 10 * 60_000);
		expect((await call(active, callback('p-1'), url)).items).toHaveLength(1);
	});

	test('the trigger without a credential starts nothing, and throws nothing', async () => {
		const active = await activate({ node: new ImagenTrigger(), parameters: { events: ALL } });
		expect(await call(active, callback('p-1'))).toEqual(nothing(500));
	});
});

describe('an outage of the API after a call', () => {
	const EVENT = { action: 'edit', status: 'Completed' };

	test('the trigger reports an event although the API cannot be read for half an hour after the call', async () => {
		apiIsOutFor(29);
		const { items } = await call(await trigger(), callback('p-1'));
		expect(items).toEqual([{ project_uuid: 'p-1', ...EVENT }]);
		expect(minutesPassed()).toBeGreaterThan(28);
	});

	test('the trigger reports an event whose status is shown only minutes after the call', async () => {
		apiReportsStatus('edit', 'p-1', ...Array<string>(15).fill('In Progress'), 'Completed');
		expect((await call(await trigger(), callback('p-1'))).items).toHaveLength(1);
		expect(minutesPassed()).toBeGreaterThan(5);
	});

	test.each([
		['the same n8n', () => {}],
		['n8n after a restart', forgetCalls],
	])(
		'the next call to the trigger of %s reports what a longer outage has held up, once',
		async (_n8n, restart) => {
			const active = await trigger();
			apiIsOutFor(40);
			expect(await call(active, callback('p-1'))).toEqual(nothing(200));
			restart();

			jest.setSystemTime(Date.now() + 10 * 60_000);
			for (const uuid of ['p-2', 'p-3']) apiReportsStatus('edit', uuid, 'Completed');
			const { items } = await call(active, callback('p-2'), urlFor('p-2'));
			expect(items).toEqual(['p-1', 'p-2'].map((project_uuid) => ({ project_uuid, ...EVENT })));
			expect((await call(active, callback('p-3'), urlFor('p-3'))).items).toHaveLength(1);
		},
	);

	test('calls that come during an outage are all reported, each once, though n8n holds five only', async () => {
		const active = await trigger();
		const uuids = Array.from({ length: 12 }, (_, index) => `p-${index}`);
		for (const uuid of uuids) apiIsOutFor(20, uuid);
		const calls = uuids.map(async (uuid) => await call(active, callback(uuid), urlFor(uuid)));
		const returned = (await Promise.all(calls)).flatMap(({ items = [] }) => items);
		expect(returned.map(({ project_uuid }) => project_uuid).sort()).toEqual([...uuids].sort());
	});

	test('a call that n8n holds is stored when another call returns, so that a crash of n8n does not lose it', async () => {
		const active = await trigger();
		apiIsOutFor(20);
		apiReportsStatus('edit', 'p-2', 'Completed');
		const held = call(active, callback('p-1'));
		while (minutesPassed() < 5) await settled();
		expect((await call(active, callback('p-2'), urlFor('p-2'))).items).toHaveLength(1);
		expect(active.stored()).toContain('"uuid":"p-1"');
		expect((await held).items).toHaveLength(1);
		expect(active.stored()).not.toContain('"uuid":"p-1"');
	});

	test('calls that overlap leave none of what the others have kept behind', async () => {
		const active = await trigger();
		apiIsOutFor(40, 'p-1');
		apiIsOutFor(40, 'p-2');
		await Promise.all(['p-1', 'p-2'].map(async (uuid) => await call(active, callback(uuid), urlFor(uuid))));
		forgetCalls();
		jest.setSystemTime(Date.now() + 10 * 60_000);
		apiReportsStatus('edit', 'p-3', 'Completed');
		expect((await call(active, callback('p-3'), urlFor('p-3'))).items).toHaveLength(3);
	});

	test('what is kept for the next call is dropped after a week', async () => {
		const active = await trigger();
		apiIsOutFor(40);
		await call(active, callback('p-1'));
		jest.setSystemTime(Date.now() + 8 * 24 * 3_600_000);
		apiReportsStatus('edit', 'p-2', 'Completed');
		expect((await call(active, callback('p-2'), urlFor('p-2'))).items).toHaveLength(1);
	});

	test('an event that is not chosen is not kept for the next call', async () => {
		const active = await trigger({ events: ['editCompleted'] });
		apiIsOutFor(40, 'p-1', 'Failed');
		await call(active, callback('p-1'));
		jest.setSystemTime(Date.now() + 10 * 60_000);
		const before = count('GET /projects/p-1/edit/status');
		for (const uuid of ['p-2', 'p-3']) {
			apiReportsStatus('edit', uuid, 'Completed');
			expect((await call(active, callback(uuid), urlFor(uuid))).items).toHaveLength(1);
		}
		expect(count('GET /projects/p-1/edit/status')).toBe(before + 1);
	});

	test('in the editor, a call is read for a minute, and nothing is kept', async () => {
		const active = await trigger();
		apiIsOutFor(40);
		const { items } = await active.call({ url: urlFor('p-1'), body: callback('p-1') }, 'test');
		expect(items).toBeUndefined();
		expect(minutesPassed()).toBeLessThan(2);
	});
});

describe('with download links or files', () => {
	const EVENT: IDataObject = { project_uuid: 'p-1', action: 'edit', status: 'Completed' };
	const files = ['IMG_1.xmp', 'IMG_2.xmp'];

	test('the trigger returns one item for each download link, also when the list is empty at first', async () => {
		apiReportsStatus('edit', 'p-1', 'Completed');
		apiGivesDownloadLinks('edit', 'p-1', []);
		apiGivesDownloadLinks('edit', 'p-1', files);
		const { items } = await call(await trigger({ output: 'links' }), callback('p-1'));
		expect(items).toEqual(
			files.map((file_name) => ({ ...EVENT, file_name, download_link: linkTo('p-1', file_name) })),
		);
	});

	test('the trigger returns one item for each file, with the file in its field', async () => {
		apiReportsStatus('edit', 'p-1', 'Completed');
		apiGivesDownloadLinks('edit', 'p-1', files);
		storageGives('p-1', 'IMG_1.xmp', '<one/>');
		storageGives('p-1', 'IMG_2.xmp', '<second/>');
		const active = await trigger({ output: 'files', binaryPropertyName: 'photo' });
		const { items = [] } = await active.call({ url: urlFor('p-1'), body: callback('p-1') });
		expect(items.map(({ json }) => json)).toEqual([
			{ ...EVENT, file_name: 'IMG_1.xmp', bytes: 6 },
			{ ...EVENT, file_name: 'IMG_2.xmp', bytes: 9 },
		]);
		expect(String(await readBinary(items[1].binary!.photo))).toBe('<second/>');
	});

	test('the trigger reports a file that cannot be had in its item, and returns the others', async () => {
		apiReportsStatus('edit', 'p-1', 'Completed');
		apiGivesDownloadLinks('edit', 'p-1', files);
		storageHolds('p-1', 'IMG_1.xmp').reply(404, '<Error><Code>NoSuchKey</Code></Error>');
		storageGives('p-1', 'IMG_2.xmp', '<second/>');
		const { items } = await call(await trigger({ output: 'files' }), callback('p-1'));
		expect(items).toMatchObject([
			{ file_name: 'IMG_1.xmp', error: expect.stringContaining('NoSuchKey') as string },
			{ file_name: 'IMG_2.xmp', bytes: 9 },
		]);
	});

	test('the trigger reports a failed edit alone, as it has no files', async () => {
		apiReportsStatus('edit', 'p-1', 'Failed');
		const { items } = await call(await trigger({ output: 'files' }), callback('p-1', 'Failed'));
		expect(items).toEqual([{ ...EVENT, status: 'Failed' }]);
	});

	test('the trigger does not lose an event whose links cannot be had', async () => {
		apiReportsStatus('edit', 'p-1', 'Completed');
		api().get('/projects/p-1/edit/get_temporary_download_links').reply(403, { error: 'not yours' });
		const { items } = await call(await trigger({ output: 'links' }), callback('p-1'));
		expect(items).toEqual([
			{
				...EVENT,
				error: expect.stringContaining('not yours') as string,
				message: expect.stringContaining('same Imagen account') as string,
			},
		]);
	});
});

/** The status of a project cannot be read until so many minutes have passed; then it is this one. */
function apiIsOutFor(minutes: number, uuid = 'p-1', status = 'Completed'): void {
	const end = Date.now() + minutes * 60_000;
	api()
		.persist()
		.get(`/projects/${uuid}/edit/status`)
		.reply(() => (Date.now() < end ? [503, 'Moving house'] : [200, { status }]));
}

test('in the editor, a call that is made again for a test counts again', async () => {
	const active = await trigger();
	const url = urlFor('p-1');
	apiReportsStatus('edit', 'p-1', 'Completed', 'Completed');
	const again = async () => (await active.call({ url, body: callback('p-1') }, 'test')).items;
	expect(await again()).toHaveLength(1);
	expect(await again()).toHaveLength(1);
});
