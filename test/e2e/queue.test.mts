import type { N8n } from '../support/n8n/server.mts';
import { startQueueServices, type QueueServices } from '../support/n8n/queue.mts';
import { printStep } from '../support/progress.mts';
import { Studio } from './helpers/studio.mts';
import { downloadEdit, onRequest, startEdit, tell, waitForEdit } from './helpers/workflows.mts';

const installMinutes = 20;

describe('a parked Wait in n8n with a queue and a worker', () => {
	let services: QueueServices;
	let studio: Studio;
	let worker: N8n;

	beforeAll(async () => {
		services = await startQueueServices(printStep);
		studio = await Studio.open(services.env);
		worker = await studio.workbench.addWorker();
	}, installMinutes * 60_000);

	afterAll(async () => {
		await studio?.close();
		await services?.close();
	});

	it('goes on once when Imagen calls back, on the worker, and delivers', async () => {
		const live = await studio.publish([
			...onRequest('queued'),
			startEdit(),
			waitForEdit(),
			downloadEdit(),
			tell(studio.witness),
		]);
		const project = await studio.project(2);
		studio.relay.hold(project);
		const execution = await live.start(project);
		await studio.parked(execution);
		await studio.called(project);
		const [call] = studio.relay.callsFor(project);
		await Promise.all([1, 2, 3].map(async () => await studio.relay.deliver(call)));

		expect((await studio.client.executionEnd(execution)).status).toBe('success');
		await studio.settled();
		expect(studio.witness.of(execution).map(({ items }) => items)).toEqual([
			[{ project_uuid: project, file_name: 'photo.jpg', bytes: expect.any(Number) }],
		]);
		expect(await studio.bills(project)).toEqual([{ edits: 1, exports: 0 }]);
	});

	it('stays parked when the worker is gone, and goes on with the next one', async () => {
		const live = await studio.publish([
			...onRequest('worker-gone'),
			startEdit(),
			waitForEdit(),
			tell(studio.witness),
		]);
		const project = await studio.project();
		studio.relay.hold(project);
		const execution = await live.start(project);
		await studio.parked(execution);
		await studio.called(project);
		await worker.kill();
		expect(await studio.relay.deliver(studio.relay.callsFor(project)[0])).toBe(200);
		await studio.workbench.addWorker();

		expect((await studio.client.executionEnd(execution)).status).toBe('success');
		expect(studio.witness.of(execution)).toHaveLength(1);
		expect(await studio.bills(project)).toEqual([{ edits: 1, exports: 0 }]);
	});
});
