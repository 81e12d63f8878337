import { openCallbackReceiver } from '../../test/support/callbackReceiver.mts';
import { SandboxClient, get, put } from '../sandboxClient.mts';
import { until } from '../until.mts';

let imagen: SandboxClient;
const slow = { editSeconds: 600, exportSeconds: 300 };
beforeAll(async () => {
	imagen = await SandboxClient.start({ plainResults: true, ...slow });
});
beforeEach(async () => await imagen.control.reset());
afterAll(async () => await imagen.close());

const photos = { 'a.nef': Buffer.from('a'), 'b.nef': Buffer.from('b') };
const editOf = async (uuid: string) => (await imagen.call('GET', `/projects/${uuid}/edit/status`)).data;
const exportOf = async (uuid: string) => (await imagen.call('GET', `/projects/${uuid}/export/status`)).data;

const hoursAfter = (time: number, date: string) => Math.round(Math.abs(Date.parse(date) - time) / 3_600_000);

/** Moves the clock on until a request, which may still be on its way to its sleep, is over. */
const advanceUntilOver = async (seconds: number, request: Promise<unknown>) => {
	let isOver = false;
	void request.then(() => (isOver = true));
	await until(
		async () => {
			await imagen.control.advance(seconds);
			return isOver;
		},
		{ everyMs: 20 },
	);
};

describe('a clock that is moved', () => {
	it('an edit is as far as the clock says, right after it was moved', async () => {
		const uuid = await imagen.projectWith(photos);
		await imagen.startEdit(uuid);
		expect(await editOf(uuid)).toMatchObject({ status: 'Pending' });
		await imagen.control.advance(300);
		expect(await editOf(uuid)).toMatchObject({ status: 'In Progress', progress: 50 });
		await imagen.control.advance(300);
		expect(await editOf(uuid)).toMatchObject({ status: 'Completed', progress: 100 });
		expect([...(await imagen.download(uuid)).keys()]).toEqual(['a.xmp', 'b.xmp']);
	});

	it('what follows from an edit begins at its end, however far the clock is moved at once', async () => {
		const uuid = await imagen.projectWith(photos);
		await imagen.startEdit(uuid, { export: true });
		await imagen.control.advance(750);
		expect(await exportOf(uuid)).toMatchObject({ status: 'In Progress', progress: 50 });
		await imagen.control.advance(150);
		expect(await exportOf(uuid)).toMatchObject({ status: 'Completed' });
		expect([...(await imagen.download(uuid, 'export')).keys()]).toEqual(['a.jpg', 'b.jpg']);
	});

	it('a callback comes when the clock has passed its delay', async () => {
		const receiver = await openCallbackReceiver();
		await imagen.control.set({ callbackDelaySeconds: 60 });
		const uuid = await imagen.projectWith(photos);
		await imagen.startEdit(uuid, { callback_url: receiver.url });
		await imagen.control.advance(630);
		expect(await editOf(uuid)).toMatchObject({ status: 'Completed' });
		expect(receiver.received).toEqual([]);
		await imagen.control.advance(30);
		await until(() => receiver.received.length === 1);
		await receiver.close();
	});

	it('a retouch is answered when the clock has passed its time', async () => {
		const uuid = await imagen.smartProjectWith({ 'a.jpg': Buffer.from('a') });
		await imagen.startSmartEdit(uuid);
		await imagen.control.advance(600);
		await imagen.control.set({ retouchSeconds: 600 });
		const answer = imagen.call('POST', `/projects/${uuid}/images/a.jpg/copilot`, {
			instruction: 'brighter',
			project_source: 'I2I',
		});
		await advanceUntilOver(600, answer);
		expect((await answer).status).toBe(200);
	});

	it('links expire by the clock, for uploads and downloads', async () => {
		const uuid = await imagen.projectWith(photos);
		await imagen.startEdit(uuid);
		await imagen.control.advance(600);
		const [upload] = await imagen.uploadLinks(uuid, 'c.nef');
		const list = await imagen.call('GET', `/projects/${uuid}/edit/get_temporary_download_links`);
		const { download_link: download } = list.data.files_list[0];
		await imagen.control.advance(3590);
		expect((await put(upload, Buffer.from('c'))).status).toBe(200);
		expect((await get(download)).status).toBe(200);
		await imagen.control.advance(20);
		expect((await put(upload, Buffer.from('c'))).text).toContain('Request has expired');
		expect((await get(download)).text).toContain('Request has expired');
	});

	it('projects and requests are dated by the clock until a reset', async () => {
		const lead = async () => {
			const { data } = await imagen.call('GET', `/projects/${await imagen.create()}`);
			const [{ when }] = (await imagen.control.requests()).slice(-1);
			return [data.created_at, when].map((date) => hoursAfter(Date.now(), date));
		};
		await imagen.control.advance(24 * 3600);
		expect(await lead()).toEqual([24, 24]);
		await imagen.control.reset();
		expect(await lead()).toEqual([0, 0]);
	});

	it('a connection that hangs is cut when the clock says so', async () => {
		await imagen.control.addFaults({ kind: 'hang', call: 'profiles' });
		const cut = expect(imagen.call('GET', '/profiles')).rejects.toThrow('fetch failed');
		await advanceUntilOver(600, cut);
	});

	it('the clock does not go back', async () => {
		await expect(imagen.control.advance(-1)).rejects.toThrow('"seconds" must be a number from 0');
	});
});

it('the sandbox also lives by the clock of a process that jumps', async () => {
	const uuid = await imagen.projectWith(photos);
	await imagen.startEdit(uuid);
	await imagen.control.advance(0);
	const realNow = Date.now;
	jest.spyOn(Date, 'now').mockImplementation(() => realNow() + 300_000);
	expect(await editOf(uuid)).toMatchObject({ status: 'In Progress', progress: 50 });
	jest.spyOn(Date, 'now').mockImplementation(() => realNow() + 600_000);
	await until(async () => (await editOf(uuid)).status === 'Completed', { everyMs: 20 });
	await imagen.control.advance(3000);
	const { data } = await imagen.call('GET', `/projects/${await imagen.create()}`);
	expect(hoursAfter(realNow(), data.created_at)).toBe(1);
});
