import type { Item } from '../support/n8n/n8nClient.mts';
import { until } from '../../sandbox/until.mts';
import { openCallbackStudio, type CallbackStudio } from '../support/callbackStudio.mts';
import { useStudio } from './helpers/useStudio.mts';
import {
	byId,
	imagen,
	inARow,
	jpegProfile,
	node,
	pollTimes,
	recordRun,
	type TestNode,
} from '../support/n8n/workflowNodes.mts';

let studio: CallbackStudio;

useStudio(openCallbackStudio, (opened) => (studio = opened));

describe('the Imagen AI Trigger in real n8n', () => {
	let events: Awaited<ReturnType<typeof listen>>;

	beforeAll(async () => {
		events = await listen('events', { events: ['editCompleted', 'exportCompleted'] });
	});

	it('the trigger starts the workflow when an edit is completed', async () => {
		const { project } = await editWithCallback(events.url);
		expect(await events.recordedItems(project)).toMatchObject([
			[{ project_uuid: project, project_name: expect.any(String), status: 'Completed', action: 'edit' }],
		]);
	});

	it('the trigger starts the workflow once for repeated callbacks, also after n8n has crashed in between', async () => {
		const { project, call } = await editWithCallback(events.url, { hold: true });
		await Promise.all([studio.callbackProxy.deliver(call), studio.callbackProxy.deliver(call)]);
		await events.recordedItems(project);
		expect(await studio.callbackProxy.deliver(call)).toBe(200);
		await studio.crash();
		expect(await studio.callbackProxy.deliver(call)).toBe(200);
		await studio.settled();
		expect(await events.recordedItems(project)).toHaveLength(1);
	});

	it('the trigger starts nothing on a forged callback, and believes a genuine address whatever comes with it', async () => {
		const { project, call } = await editWithCallback(events.url, { hold: true });
		const { callbackProxy } = studio;
		const withoutToken = call.path.replace(/\?.*$/, '');
		expect(await callbackProxy.deliver(call, { path: withoutToken })).toBe(401);
		expect(await callbackProxy.deliver(call, { path: `${call.path.slice(0, -1)}_` })).toBe(401);
		const ofAnother = call.path.replace(`imagen_project=${project}`, 'imagen_project=another');
		expect(ofAnother).not.toBe(call.path);
		expect(await callbackProxy.deliver(call, { path: ofAnother })).toBe(401);
		await studio.settled();
		expect(studio.runsFor(project)).toEqual([]);

		expect(await callbackProxy.deliver(call, { body: ['not a callback'] })).toBe(200);
		expect(await events.recordedItems(project)).toMatchObject([[{ project_uuid: project, action: 'edit' }]]);
	});

	it('the trigger starts nothing on a genuine callback that the API does not confirm', async () => {
		const { project, call } = await editWithCallback(events.url, { hold: true, endsFailed: true });
		expect(call.body.status).toBe('Failed');
		const lie = { ...call.body, status: 'Completed' };
		expect(await studio.callbackProxy.deliver(call, { body: lie })).toBe(200);
		await studio.settled();
		expect(studio.runsFor(project)).toEqual([]);
	});

	it('the trigger starts nothing for a project of another account', async () => {
		const { client, sandbox } = studio;
		const data = { apiKey: 'the-key-of-another', environment: 'custom', customUrl: sandbox.apiUrl };
		const other = await client.saveCredential('Another account', 'imagenApi', data);
		const { url } = await listen('another-account', { events: ['editCompleted'] }, { credential: other });
		const { project, call } = await editWithCallback(url, { hold: true });
		expect(await studio.callbackProxy.deliver(call)).toBe(401);
		await studio.settled();
		expect(studio.runsFor(project)).toEqual([]);
	});

	it('the trigger starts only on the events that were chosen', async () => {
		const failures = await listen('failures', { events: ['editFailed'] });
		const completed = await editWithCallback(failures.url);
		const failed = await editWithCallback(failures.url, { endsFailed: true });
		expect(await failures.recordedItems(failed.project)).toEqual([
			[expect.objectContaining({ project_uuid: failed.project, status: 'Failed' })],
		]);
		await studio.settled();
		expect(studio.runsFor(completed.project)).toEqual([]);
	});

	it('the trigger gives the download links', async () => {
		const links = await listen('links', { events: ['editCompleted'], output: 'links' });
		const { project } = await editWithCallback(links.url);
		const [[item]] = await links.recordedItems(project);
		expect(item).toMatchObject({ project_uuid: project, action: 'edit', file_name: 'photo.jpg' });
		expect((await fetch(String(item.download_link))).status).toBe(200);
	});

	it('the trigger gives the files', async () => {
		const files = await listen('files', { events: ['editCompleted'], output: 'files' });
		const { project } = await editWithCallback(files.url);
		const [[item]] = await files.recordedItems(project);
		expect(item).toMatchObject({ project_uuid: project, file_name: 'photo.jpg' });

		const [{ execution }] = studio.runsFor(project);
		const { runs } = await studio.client.executionEnd(execution);
		const [{ binary }] = runs.Trigger[0].data?.main[0] as Item[];
		const file = await studio.client.download(binary!.data);
		expect(file).toHaveLength(Number(item.bytes));
		expect(file.subarray(0, 2)).toEqual(Buffer.from([0xff, 0xd8]));
	});

	it('the trigger starts on a completed export where Imagen sends a callback for one', async () => {
		await studio.control.set({ exportCallbacks: true });
		const { project } = await editWithCallback(events.url, { exported: true });
		expect(await events.recordedItems(project, 2)).toEqual([
			[expect.objectContaining({ action: 'edit', status: 'Completed' })],
			[expect.objectContaining({ action: 'export', status: 'Completed' })],
		]);
		await studio.control.set({ exportCallbacks: false });
	});

	it("the trigger writes no secret and no exception to n8n's log", async () => {
		const log = await studio.n8nLog();
		expect(log).not.toMatch(/imagen_token|sandbox-key|the key of another/);
		expect(log).not.toMatch(/UnhandledPromise|TypeError|Error: /);
	});

	/** Puts a trigger into n8n. Gives its production URL and the items of its runs. */
	async function listen(
		path: string,
		parameters: Record<string, unknown>,
		{ credential = studio.credential } = {},
	) {
		const trigger: TestNode = {
			...node('Trigger', 'n8n-nodes-imagen-ai.imagenTrigger', 1, { output: 'event', ...parameters }),
			webhookId: path,
		};
		await studio.client.activate(
			await studio.create([trigger, recordRun(studio.recorder)], undefined, credential),
		);
		return {
			url: `${studio.callbackProxy.url}/webhook/${path}/imagen`,
			async recordedItems(project: string, times = 1) {
				await until(() => studio.runsFor(project).length >= times);
				return studio.runsFor(project).map(({ items }) => items);
			},
		};
	}

	/** Has n8n start an edit with a callback URL. Gives the project and its first callback. */
	async function editWithCallback(
		callbackUrl: string,
		{ hold = false, endsFailed = false, exported = false } = {},
	) {
		const project = await studio.newProject();
		if (hold) studio.callbackProxy.hold(project);
		if (endsFailed) await studio.control.addFaults({ kind: 'endsFailed', call: 'edit', project });
		const more = {
			project: byId(project),
			whenFinished: 'notifyUrl',
			callbackUrl,
		};
		const nodes = [
			node('By Hand', 'n8n-nodes-base.manualTrigger', 1, {}),
			imagen('Start', 'edit', 'start', {
				...more,
				profile: byId(jpegProfile),
			}),
			...(exported ? [imagen('Export', 'export', 'start', more)] : []),
		];
		const workflow = await studio.create(nodes, inARow(nodes));
		const { status, error } = await studio.client.executionEnd(await studio.client.run(workflow, 'By Hand'));
		expect({ status, error }).toEqual({ status: 'success' });
		await studio.callbackReceived(project);
		return { project, call: studio.callbackProxy.receivedFor(project)[0] };
	}
});

describe('the Imagen AI Polling Trigger in real n8n', () => {
	it('the polling trigger reports each new project once and no older one, across a crash of n8n', async () => {
		const before = await edited();
		const trigger = node('Trigger', 'n8n-nodes-imagen-ai.imagenPollTrigger', 1, {
			events: ['editCompleted'],
			output: 'event',
			pollTimes,
		});
		await studio.client.activate(await studio.create([trigger, recordRun(studio.recorder)]));
		await polledTwice();

		const first = await edited();
		await until(() => studio.runsFor(first).length > 0);
		await polledTwice();
		await studio.crash();
		const second = await edited();
		await until(() => studio.runsFor(second).length > 0);
		await polledTwice();

		expect([before, first, second].map((project) => studio.runsFor(project).length)).toEqual([0, 1, 1]);
		expect(studio.runsFor(first)[0].items).toEqual([
			expect.objectContaining({ project_uuid: first, status: 'Completed', action: 'edit' }),
		]);
	});

	/** A project whose edit is done, without n8n. */
	async function edited(): Promise<string> {
		const project = await studio.newProject();
		await studio.edit(project);
		return project;
	}

	/** Waits until the trigger has polled twice more. */
	async function polledTwice(): Promise<void> {
		const count = async () =>
			(await studio.control.requests()).filter(({ call }) => call === 'projects').length;
		const before = await count();
		await until(async () => (await count()) >= before + 2);
	}
});
