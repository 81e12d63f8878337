import { Studio, photo } from './helpers/studio.mts';

let studio: Studio;
let project: string;
beforeAll(async () => {
	studio = await Studio.open();
});
beforeEach(async () => {
	await studio.control.reset();
	project = await studio.projectWith({ 'a.nef': await photo('Nikon D70.nef') });
});
afterAll(async () => await studio.close());

const call = async (method: string, path: string) =>
	await studio.call(method, `/projects/${project}/export${path}`);

it('an export before the edit is completed is refused, and costs nothing', async () => {
	expect((await call('POST', '')).status).toBe(400);
	await studio.control.set({ editSeconds: 60 });
	await studio.startEdit(project);
	expect((await call('POST', '')).status).toBe(400);
	expect((await studio.control.billing()).exports).toBe(0);
});

it('status and links before the export say so in the words of the API', async () => {
	await studio.edit(project);
	for (const path of ['/status', '/get_temporary_download_links']) {
		const { status, body } = await call('GET', path);
		expect({ status, body }).toEqual({
			status: 400,
			body: { error: { message: 'Project has not been exported yet.' } },
		});
	}
});

it('links are an error while the export runs', async () => {
	await studio.edit(project);
	await studio.control.set({ exportSeconds: 60 });
	await call('POST', '');
	expect(['Pending', 'In Progress']).toContain((await call('GET', '/status')).data.status);
	expect((await call('GET', '/get_temporary_download_links')).status).toBe(400);
});

it('an export is billed once, and gives a .jpg for each photo', async () => {
	await studio.edit(project);
	const { data } = await call('POST', '');
	expect(data).toEqual({ project_uuid: project, message: expect.any(String) });
	expect(await studio.wait(project, 'export')).toBe('Completed');
	expect([...(await studio.download(project, 'export')).keys()]).toEqual(['a.jpg']);
	expect(await studio.control.billing()).toMatchObject({ edits: 1, exports: 1 });
});

it('an export sent twice is billed twice', async () => {
	await studio.edit(project);
	await studio.export(project);
	await studio.export(project);
	expect((await studio.control.billing()).exports).toBe(2);
});

it('an edit with `export` exports by itself', async () => {
	await studio.edit(project, { export: true });
	expect(await studio.wait(project, 'export')).toBe('Completed');
	expect(await studio.control.billing()).toMatchObject({ edits: 1, exports: 1 });
});

it('a new edit undoes the export', async () => {
	await studio.edit(project);
	await studio.export(project);
	await studio.edit(project);
	expect((await call('GET', '/status')).status).toBe(400);
});
