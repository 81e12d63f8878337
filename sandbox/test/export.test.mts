import { SandboxClient } from '../sandboxClient.mts';
import { photo } from './helpers/cameraFiles.mts';

let imagen: SandboxClient;
let project: string;
beforeAll(async () => {
	imagen = await SandboxClient.start();
});
beforeEach(async () => {
	await imagen.control.reset();
	project = await imagen.projectWith({ 'a.nef': await photo('Nikon D70.nef') });
});
afterAll(async () => await imagen.close());

const call = async (method: string, path: string) =>
	await imagen.call(method, `/projects/${project}/export${path}`);

it('an export before the edit is completed is refused and not billed', async () => {
	expect((await call('POST', '')).status).toBe(400);
	await imagen.control.set({ editSeconds: 60 });
	await imagen.startEdit(project);
	expect((await call('POST', '')).status).toBe(400);
	expect((await imagen.control.billing()).exports).toBe(0);
});

it("status and links before the export are errors in the API's own words", async () => {
	await imagen.edit(project);
	for (const path of ['/status', '/get_temporary_download_links']) {
		const { status, body } = await call('GET', path);
		expect({ status, body }).toEqual({
			status: 400,
			body: { error: { message: 'Project has not been exported yet.' } },
		});
	}
});

it('the links of an export are an error while it runs', async () => {
	await imagen.edit(project);
	await imagen.control.set({ exportSeconds: 60 });
	await call('POST', '');
	expect(['Pending', 'In Progress']).toContain((await call('GET', '/status')).data.status);
	expect((await call('GET', '/get_temporary_download_links')).status).toBe(400);
});

it('an export is billed once and gives a .jpg for each photo', async () => {
	await imagen.edit(project);
	const { data } = await call('POST', '');
	expect(data).toEqual({ project_uuid: project, message: expect.any(String) });
	expect(await imagen.wait(project, 'export')).toBe('Completed');
	expect([...(await imagen.download(project, 'export')).keys()]).toEqual(['a.jpg']);
	expect(await imagen.control.billing()).toMatchObject({ edits: 1, exports: 1 });
});

it('an export that is sent twice is billed twice', async () => {
	await imagen.edit(project);
	await imagen.export(project);
	await imagen.export(project);
	expect((await imagen.control.billing()).exports).toBe(2);
});

it('an edit with `export` also exports', async () => {
	await imagen.edit(project, { export: true });
	expect(await imagen.wait(project, 'export')).toBe('Completed');
	expect(await imagen.control.billing()).toMatchObject({ edits: 1, exports: 1 });
});

it('a new edit discards the export', async () => {
	await imagen.edit(project);
	await imagen.export(project);
	await imagen.edit(project);
	expect((await call('GET', '/status')).status).toBe(400);
});
