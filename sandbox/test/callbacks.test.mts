import { createServer, type AddressInfo } from 'node:net';
import { openCallbackReceiver, type CallbackReceiver } from '../../test/support/callbackReceiver.mts';
import { SandboxClient } from '../sandboxClient.mts';
import { until } from '../until.mts';
import { photo } from './helpers/cameraFiles.mts';

let imagen: SandboxClient;
let project: string;
let receiver: CallbackReceiver;
beforeAll(async () => {
	imagen = await SandboxClient.start();
});
beforeEach(async () => {
	await imagen.control.reset();
	receiver = await openCallbackReceiver();
	project = await imagen.projectWith({ 'a.nef': await photo('Nikon D70.nef') });
});
afterEach(async () => await receiver.close());
afterAll(async () => await imagen.close());

const startEdit = async () => await imagen.startEdit(project, { callback_url: receiver.url });

const callbackRequests = async () => (await imagen.control.requests()).filter(({ to }) => to === 'callback');

/** Waits until the sandbox has sent as many callbacks and will send no more for an edit that is over. */
const editIsOver = async (callbacks: number) => {
	await imagen.wait(project);
	await until(async () => {
		const sent = await callbackRequests();
		return sent.length === callbacks && sent.every(({ status }) => status !== null);
	});
};

it('a callback is one plain POST at the end of the edit, without key or signature', async () => {
	await startEdit();
	await editIsOver(1);
	const [{ path, headers, body }] = receiver.received;
	expect(path).toBe('/callback?token=secret');
	expect(body).toEqual({ project_uuid: project, status: 'Completed', action: 'edit' });
	expect(headers['content-type']).toBe('application/json');
	expect(headers).not.toHaveProperty('x-api-key');
	expect(headers).not.toHaveProperty('authorization');
});

it('a callback comes when the status says the same', async () => {
	const statuses: string[] = [];
	await imagen.startEdit(project, { callback_url: receiver.url });
	await until(() => receiver.received.length > 0);
	statuses.push((await imagen.call('GET', `/projects/${project}/edit/status`)).data.status);
	expect(statuses).toEqual(['Completed']);
});

it('a callback reports an edit that failed', async () => {
	await imagen.control.addFaults({ kind: 'endsFailed', call: 'edit' });
	await startEdit();
	await editIsOver(1);
	expect(receiver.received[0].body.status).toBe('Failed');
});

it('the request log shows a callback without its query', async () => {
	await startEdit();
	await editIsOver(1);
	const [entry] = await callbackRequests();
	expect(entry).toMatchObject({ call: 'callback', method: 'POST', project_uuid: project, status: 200 });
	expect(JSON.stringify(await imagen.control.requests())).not.toContain('secret');
});

it('a callback is sent once, and repeated only where the settings say so', async () => {
	await receiver.close();
	receiver = await openCallbackReceiver(() => 409);
	await startEdit();
	await editIsOver(1);

	await imagen.control.set({ callbackAttempts: 3 });
	await startEdit();
	await editIsOver(4);
	expect(receiver.received).toHaveLength(4);
});

it('a callback that nobody receives does no harm', async () => {
	await receiver.close();
	await startEdit();
	await imagen.wait(project);
	await until(async () => (await callbackRequests()).length === 1);
	receiver = await openCallbackReceiver();
});

it('a callback is sent to loopback addresses only', async () => {
	// An address that leads here all the same, so that a call would be noticed.
	let connections = 0;
	const elsewhere = createServer((socket) => {
		connections += 1;
		socket.destroy();
	});
	await new Promise<void>((done) => elsewhere.listen(0, '127.0.0.1', done));
	const { port } = elsewhere.address() as AddressInfo;
	await imagen.control.set({ callbackAttempts: 2 });
	const callback_url = `https://[::ffff:127.0.0.1]:${port}/callback`;
	expect((await imagen.startEdit(project, { callback_url })).status).toBe(200);
	await until(async () => (await callbackRequests()).length === 2);
	expect((await callbackRequests()).map(({ status }) => status)).toEqual([null, null]);
	expect(connections).toBe(0);
	await new Promise((done) => elsewhere.close(done));
});

it('no callback is sent for an edit that another one replaced', async () => {
	await imagen.control.set({ editSeconds: 60 });
	await imagen.startEdit(project, { callback_url: `${receiver.url}&edit=first` });
	await imagen.control.set({ editSeconds: 0 });
	await imagen.startEdit(project, { callback_url: `${receiver.url}&edit=second` });
	await editIsOver(1);
	expect(receiver.received.map(({ path }) => path)).toEqual(['/callback?token=secret&edit=second']);
});

it('an export has a callback only where that is switched on', async () => {
	await imagen.edit(project);
	const body = { callback_url: receiver.url };
	await imagen.call('POST', `/projects/${project}/export`, body);
	await imagen.wait(project, 'export');
	expect(await callbackRequests()).toEqual([]);

	await imagen.control.set({ exportCallbacks: true });
	await imagen.call('POST', `/projects/${project}/export`, body);
	await until(() => receiver.received.length === 1);
	expect(receiver.received[0].body).toEqual({ project_uuid: project, status: 'Completed', action: 'export' });
});

describe('by order', () => {
	it('the fault callbackEarly sends a callback while the edit still runs, and another at its end', async () => {
		await imagen.control.set({ editSeconds: 60 });
		await imagen.control.addFaults({ kind: 'callbackEarly', call: 'callback', times: 2 });
		await startEdit();
		await until(() => receiver.received.length === 1);
		const { data } = await imagen.call('GET', `/projects/${project}/edit/status`);
		expect(data.status).not.toBe('Completed');
		expect(receiver.received[0].body.status).toBe('Completed');

		await imagen.control.set({ editSeconds: 0 });
		await startEdit();
		await editIsOver(3);
	});

	it('the fault callbackLate delays the callback', async () => {
		await imagen.control.addFaults({ kind: 'callbackLate', call: 'callback', seconds: 0.4 });
		await startEdit();
		await editIsOver(1);
		const requests = await imagen.control.requests();
		const [edit, callback] = ['edit', 'callback'].map((name) => requests.find(({ call }) => call === name));
		const delay = Date.parse(callback?.when ?? '') - Date.parse(edit?.when ?? '');
		expect(delay).toBeGreaterThan(400);
	});

	it('the fault callbackDoubled sends the callback twice', async () => {
		await imagen.control.addFaults({ kind: 'callbackDoubled', call: 'callback' });
		await startEdit();
		await editIsOver(2);
		expect(receiver.received[1].body).toEqual(receiver.received[0].body);
	});

	it('the fault callbackForged sends a callback without the token before the genuine one', async () => {
		await imagen.control.addFaults({ kind: 'callbackForged', call: 'callback' });
		await startEdit();
		await editIsOver(2);
		expect(receiver.received.map(({ path }) => path)).toEqual(['/callback', '/callback?token=secret']);
		expect(receiver.received[0].body.status).toBe('Completed');
	});

	it('the fault callbackLost sends no callback', async () => {
		await imagen.control.addFaults({ kind: 'callbackLost', call: 'callback' });
		await startEdit();
		await imagen.wait(project);
		// An edit of its own shows that the time for a callback is over.
		await startEdit();
		await editIsOver(1);
		expect(receiver.received).toHaveLength(1);
	});
});
