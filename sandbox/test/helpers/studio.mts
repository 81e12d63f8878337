import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SandboxControl } from '../../control.mts';
import { startSandbox, type Sandbox, type SandboxOptions } from '../../index.mts';

// exiftool and sharp do real work behind these tests, on whatever machine this is.
jest.setTimeout(60_000);

export const rawProfile = 196;
export const jpegProfile = 29132;

/** An answer of the API as it came. */
export interface Answer {
	status: number;
	headers: Headers;
	text: string;
	/** The body parsed; undefined if it is no JSON. */
	body: any;
	/** What the envelope holds. */
	data: any;
}

/** A sandbox with a customer of it: quick edits, and the steps of the main job in a line each. */
export class Studio {
	readonly control: SandboxControl;
	readonly #sandbox: Sandbox;

	static async open(options: SandboxOptions = {}): Promise<Studio> {
		return new Studio(await startSandbox({ editSeconds: 0.1, exportSeconds: 0.1, ...options }));
	}

	private constructor(sandbox: Sandbox) {
		this.#sandbox = sandbox;
		this.control = new SandboxControl(sandbox.controlUrl);
	}

	get sandbox(): Sandbox {
		return this.#sandbox;
	}

	async close(): Promise<void> {
		await this.#sandbox.close();
	}

	/** Calls the API with the key; `init` overrides anything. */
	async call(method: string, path: string, body?: unknown, init: RequestInit = {}): Promise<Answer> {
		const response = await fetch(`${this.#sandbox.apiUrl}${path}`, {
			method,
			headers: { 'x-api-key': this.#sandbox.apiKey, 'Content-Type': '' },
			body: body === undefined ? undefined : JSON.stringify(body),
			...init,
		});
		return await readAnswer(response);
	}

	async create(name?: string): Promise<string> {
		return await this.#create('/projects', name);
	}

	async createSmart(name?: string): Promise<string> {
		return await this.#create('/i2i/projects', name);
	}

	/** A project with these photos in it. */
	async projectWith(photos: Record<string, Buffer>): Promise<string> {
		const uuid = await this.create();
		await this.upload(uuid, photos);
		return uuid;
	}

	/** A project of Smart Editing with these photos in it. */
	async smartProjectWith(photos: Record<string, Buffer>): Promise<string> {
		const uuid = await this.createSmart();
		await putAll(await this.smartUploadLinks(uuid, ...Object.keys(photos)), photos);
		return uuid;
	}

	async uploadLinks(uuid: string, ...fileNames: string[]): Promise<string[]> {
		return await this.#uploadLinks(`/projects/${uuid}`, fileNames);
	}

	async smartUploadLinks(uuid: string, ...fileNames: string[]): Promise<string[]> {
		return await this.#uploadLinks(`/i2i/projects/${uuid}`, fileNames);
	}

	async upload(uuid: string, photos: Record<string, Buffer>): Promise<void> {
		await putAll(await this.uploadLinks(uuid, ...Object.keys(photos)), photos);
	}

	async startEdit(uuid: string, body: Record<string, unknown> = {}): Promise<Answer> {
		return await this.call('POST', `/projects/${uuid}/edit`, { profile_key: rawProfile, ...body });
	}

	/** Waits for the end of an edit or export; gives its last status. */
	async wait(uuid: string, job: 'edit' | 'export' = 'edit'): Promise<string> {
		return await this.#lastStatus(`/projects/${uuid}/${job}/status`);
	}

	async startSmartEdit(uuid: string, body: Record<string, unknown> = {}): Promise<Answer> {
		return await this.call('POST', `/i2i/projects/${uuid}/edit`, body);
	}

	/** Waits for the end of a Smart Editing; gives its last status. */
	async waitSmart(uuid: string): Promise<string> {
		return await this.#lastStatus(`/i2i/projects/${uuid}`);
	}

	async smartEdit(uuid: string, body: Record<string, unknown> = {}): Promise<void> {
		const { status, text } = await this.startSmartEdit(uuid, body);
		if (status !== 200) throw new Error(text);
		await this.waitSmart(uuid);
	}

	/** The JPEGs of a Smart Editing, by name. */
	async downloadSmart(uuid: string): Promise<Map<string, Buffer>> {
		return await this.#download(`/i2i/projects/${uuid}/get_temporary_download_links`);
	}

	async edit(uuid: string, body: Record<string, unknown> = {}): Promise<void> {
		const { status, text } = await this.startEdit(uuid, body);
		if (status !== 200) throw new Error(text);
		await this.wait(uuid);
	}

	async export(uuid: string): Promise<void> {
		await this.call('POST', `/projects/${uuid}/export`);
		await this.wait(uuid, 'export');
	}

	/** The result files of an edit or export, by name. */
	async download(uuid: string, job: 'edit' | 'export' = 'edit'): Promise<Map<string, Buffer>> {
		return await this.#download(`/projects/${uuid}/${job}/get_temporary_download_links`);
	}

	async #create(path: string, name?: string): Promise<string> {
		const { data } = await this.call('POST', path, name === undefined ? {} : { name });
		return data.project_uuid;
	}

	async #uploadLinks(path: string, fileNames: string[]): Promise<string[]> {
		const files_list = fileNames.map((file_name) => ({ file_name }));
		const { data } = await this.call('POST', `${path}/get_temporary_upload_links`, { files_list });
		return data.files_list.map((file: { upload_link: string }) => file.upload_link);
	}

	async #lastStatus(path: string): Promise<string> {
		let status = '';
		await until(async () => {
			status = (await this.call('GET', path)).data.status;
			return status === 'Completed' || status === 'Failed';
		});
		return status;
	}

	async #download(path: string): Promise<Map<string, Buffer>> {
		const { data } = await this.call('GET', path);
		const files = new Map<string, Buffer>();
		for (const { file_name, download_link } of data.files_list) {
			files.set(file_name, await bytesBehind(download_link));
		}
		return files;
	}
}

/** Uploads as Imagen wants it: empty Content-Type, nothing else. */
export async function put(link: string, body: Buffer, headers: Record<string, string> = {}): Promise<Answer> {
	const init = { method: 'PUT', headers: { 'Content-Type': '', ...headers }, body: new Uint8Array(body) };
	return await readAnswer(await fetch(link, init));
}

async function putAll(links: string[], photos: Record<string, Buffer>): Promise<void> {
	for (const [index, photo] of Object.values(photos).entries()) {
		const { status } = await put(links[index], photo);
		if (status !== 200) throw new Error(`PUT answered ${status}`);
	}
}

/** What a link gives, whatever its status. */
export async function bytesBehind(link: string): Promise<Buffer> {
	return Buffer.from(await (await fetch(link)).arrayBuffer());
}

export async function get(link: string): Promise<Answer> {
	return await readAnswer(await fetch(link));
}

/** One of the camera files beside the tests. */
export async function photo(name: string): Promise<Buffer> {
	return await readFile(resolve('demo/photos', name));
}

export function md5(bytes: Buffer): string {
	return createHash('md5').update(bytes).digest('base64');
}

/** Asks again until it is so; throws after half a minute. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
	const deadline = Date.now() + 30_000;
	while (!(await isSo())) {
		if (Date.now() > deadline) throw new Error('It did not come true in half a minute');
		await sleep(20);
	}
}

/** A callback as it arrived. */
export interface ReceivedCallback {
	path: string;
	headers: Record<string, string | string[] | undefined>;
	body: any;
}

/** A place that callbacks can be sent to. */
export async function openReceiver(answerStatus = 200) {
	const received: ReceivedCallback[] = [];
	const server = createServer(async (request, response) => {
		const chunks: Buffer[] = [];
		for await (const chunk of request) chunks.push(chunk as Buffer);
		const { url = '', headers } = request;
		received.push({ path: url, headers, body: JSON.parse(Buffer.concat(chunks).toString()) });
		response.writeHead(answerStatus).end();
	});
	await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/callback?token=secret`,
		received,
		async close() {
			server.closeAllConnections();
			await new Promise((done) => server.close(done));
		},
	};
}

async function readAnswer(response: Response): Promise<Answer> {
	const text = await response.text();
	let body: any;
	try {
		body = JSON.parse(text);
	} catch {
		body = undefined;
	}
	return { status: response.status, headers: response.headers, text, body, data: body?.data };
}
