import { startSandbox, type Sandbox, type SandboxOptions } from './index.mts';
import { SandboxControl } from './sandboxControl.mts';
import { until } from './until.mts';

/** Profiles of the sandbox for RAW photos and for JPEGs. */
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

/** A client of the sandbox's API without n8n: each step from photos to results is one call. */
export class SandboxClient {
	readonly control: SandboxControl;

	/** Starts a sandbox whose edits are quick, and of which Smart Editing takes few photos; `close` ends it. */
	static async start(options: SandboxOptions = {}): Promise<SandboxClient> {
		const quick = { editSeconds: 0.1, exportSeconds: 0.1, leastSmartPhotos: 1 };
		return new SandboxClient(await startSandbox({ ...quick, ...options }));
	}

	constructor(readonly sandbox: Sandbox) {
		this.control = new SandboxControl(sandbox.controlUrl);
	}

	/** Ends the sandbox. */
	async close(): Promise<void> {
		await this.sandbox.close();
	}

	/** Calls the API with the key; `init` overrides anything. */
	async call(method: string, path: string, body?: unknown, init: RequestInit = {}): Promise<Answer> {
		const response = await fetch(`${this.sandbox.apiUrl}${path}`, {
			method,
			headers: {
				'x-api-key': this.sandbox.apiKey,
				'Content-Type': path.startsWith('/i2i/') ? 'application/json' : '',
			},
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
		const hasEnded = async () => {
			status = (await this.call('GET', path)).data.status;
			return status === 'Completed' || status === 'Failed';
		};
		await until(hasEnded, { seconds: 30, everyMs: 20 });
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
