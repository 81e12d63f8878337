import type { N8n } from '../support/n8n/n8nServer.mts';
import { startQueueServices, type QueueServices } from '../support/n8n/queue.mts';
import { printStep } from '../support/step.mts';
import { openCallbackStudio, type CallbackStudio } from '../support/callbackStudio.mts';
import { useStudio } from './helpers/useStudio.mts';
import { downloadEdit, onRequest, startEdit, recordRun, waitForEdit } from '../support/n8n/workflowNodes.mts';

describe('a paused execution in n8n with a queue and a worker', () => {
	let services: QueueServices;
	let studio: CallbackStudio;
	let worker: N8n;

	useStudio(
		async () => {
			services = await startQueueServices(printStep);
			return await openCallbackStudio(services.env);
		},
		async (opened) => {
			studio = opened;
			worker = await studio.addWorker();
		},
	);

	afterAll(async () => await services?.close());

	it("a paused execution resumes once on the worker when Imagen's callback comes, and delivers", async () => {
		const live = await studio.publish([
			...onRequest('queued'),
			startEdit(),
			waitForEdit(),
			downloadEdit(),
			recordRun(studio.recorder),
		]);
		const project = await studio.newProject(2);
		studio.callbackProxy.hold(project);
		const execution = await live.start(project);
		await studio.executionPaused(execution);
		await studio.callbackReceived(project);
		const [call] = studio.callbackProxy.receivedFor(project);
		await Promise.all([1, 2, 3].map(async () => await studio.callbackProxy.deliver(call)));

		expect((await studio.client.executionEnd(execution)).status).toBe('success');
		await studio.settled();
		expect(studio.recorder.of(execution).map(({ items }) => items)).toMatchObject([
			[{ project_uuid: project, file_name: 'photo.jpg', bytes: expect.any(Number) }],
		]);
		expect(await studio.bills(project)).toEqual([{ edits: 1, exports: 0 }]);
	});

	it('a paused execution survives the loss of its worker and resumes on the next one', async () => {
		const live = await studio.publish([
			...onRequest('worker-gone'),
			startEdit(),
			waitForEdit(),
			recordRun(studio.recorder),
		]);
		const project = await studio.newProject();
		studio.callbackProxy.hold(project);
		const execution = await live.start(project);
		await studio.executionPaused(execution);
		await studio.callbackReceived(project);
		await worker.kill();
		expect(await studio.callbackProxy.deliver(studio.callbackProxy.receivedFor(project)[0])).toBe(200);
		await studio.addWorker();

		expect((await studio.client.executionEnd(execution)).status).toBe('success');
		expect(studio.recorder.of(execution)).toHaveLength(1);
		expect(await studio.bills(project)).toEqual([{ edits: 1, exports: 0 }]);
	});
});
