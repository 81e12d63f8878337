import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSandbox } from '../index.mts';
import { SandboxClient, put } from '../sandboxClient.mts';
import { photo } from './helpers/cameraFiles.mts';

let imagen: SandboxClient;
beforeAll(async () => {
	imagen = await SandboxClient.start();
});
afterAll(async () => await imagen.close());

describe('the key', () => {
	it.each([
		['no key', {}],
		['a wrong key', { 'x-api-key': 'wrong' }],
		['the key as a bearer token', { Authorization: 'Bearer sandbox-key' }],
	])('every call with %s is 401', async (_case, headers) => {
		const calls = [
			['GET', '/profiles'],
			['POST', '/projects/'],
			['GET', '/projects/unknown/edit/status'],
		];
		for (const [method, path] of calls) {
			const { status, body } = await imagen.call(method, path, undefined, { headers });
			expect({ status, body }).toEqual({ status: 401, body: { detail: 'Invalid API key' } });
		}
	});

	it('the key can be chosen', async () => {
		const other = await SandboxClient.start({ apiKey: 'another' });
		try {
			expect((await other.call('GET', '/profiles')).status).toBe(200);
			const withDefault = { headers: { 'x-api-key': 'sandbox-key' } };
			expect((await other.call('GET', '/profiles', undefined, withDefault)).status).toBe(401);
		} finally {
			await other.close();
		}
	});
});

describe('the shape of answers and requests', () => {
	it('every answer is wrapped in an envelope with `data` alone', async () => {
		const { body } = await imagen.call('GET', '/profiles');
		expect(Object.keys(body)).toEqual(['data']);
	});

	it.each(['/profiles', '/profiles/', '/projects', '/projects/'])('GET %s is answered', async (path) => {
		expect((await imagen.call('GET', path)).status).toBe(200);
	});

	it.each(['/projects', '/projects/'])('POST %s is answered', async (path) => {
		const { status, data } = await imagen.call('POST', path);
		expect(status).toBe(200);
		expect(data.project_uuid).toMatch(/^[0-9a-f]{24}$/);
	});

	it.each(['', 'application/json', 'text/plain', 'application/x-www-form-urlencoded', 'nonsense'])(
		'a JSON body is read under Content-Type "%s"',
		async (type) => {
			const name = `typed ${type}`;
			const headers = { 'x-api-key': imagen.sandbox.apiKey, 'Content-Type': type };
			await imagen.call('POST', '/projects', { name }, { headers });
			expect((await imagen.call('GET', `/projects/${encodeURIComponent(name)}/uuid`)).status).toBe(200);
		},
	);

	it('a body that is no JSON is refused with a FastAPI list', async () => {
		const { status, body } = await imagen.call('POST', '/projects', undefined, { body: '{"name":' });
		expect(status).toBe(422);
		expect(body.detail).toEqual([{ loc: ['body'], msg: expect.any(String), type: expect.any(String) }]);
	});

	it('an unknown project and an unknown path are 404', async () => {
		expect((await imagen.call('GET', '/projects/unknown')).status).toBe(404);
		expect((await imagen.call('GET', '/nowhere')).status).toBe(404);
	});
});

describe('where it listens', () => {
	it('API and storage have a port each, both on loopback', () => {
		const { apiUrl, controlUrl, storageUrl } = imagen.sandbox;
		expect(apiUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/v1$/);
		expect(controlUrl).toBe(apiUrl.replace('/v1', '/sandbox'));
		expect(storageUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
		expect(new URL(storageUrl).origin).not.toBe(new URL(apiUrl).origin);
	});

	it('a port that is taken is refused', async () => {
		const port = Number(new URL(imagen.sandbox.apiUrl).port);
		await expect(startSandbox({ port })).rejects.toThrow('EADDRINUSE');
	});

	it('files are kept in a folder of choice, which is left there', async () => {
		const folder = mkdtempSync(join(tmpdir(), 'sandbox-test-'));
		const own = await SandboxClient.start({ folder });
		const project = await own.projectWith({ 'a.nef': await photo('Nikon D70.nef') });
		await own.close();
		expect(readdirSync(join(folder, 'imagen', project, 'photos'))).not.toEqual([]);
		rmSync(folder, { recursive: true });
	});

	it('the sandbox can be closed in the middle of an edit and an upload', async () => {
		const own = await SandboxClient.start({ editSeconds: 60 });
		const project = await own.projectWith({ 'a.nef': await photo('Nikon D70.nef') });
		await own.startEdit(project);
		await own.control.addFaults({ kind: 'hang', call: 'put' });
		const [link] = await own.uploadLinks(project, 'b.nef');
		const cutOff = expect(put(link, await photo('Nikon D70.nef'))).rejects.toThrow('fetch failed');
		await own.close();
		await cutOff;
	});
});
