import { CloudDrive, type CloudEntry } from './cloudDrive.mts';
import { fileAnswer, jsonOf, type Service, type ServiceAnswer, type ServiceRequest } from './neighbours.mts';

/** How many files a page of a listing has: few, so that there are pages. */
const PAGE_SIZE = 2;
/** How often a file that Dropbox fetches by link is reported as still under way. */
const CHECKS = 1;

interface Paths {
	path: string;
	from_path: string;
	to_path: string;
	cursor: string;
	recursive?: boolean;
	url: string;
	async_job_id: string;
}

/**
 * A stand-in for Dropbox: the calls that n8n's node makes to list, download, upload and move, and three that templates make by HTTP Request.
 *
 * Assumed, after https://www.dropbox.com/developers/documentation/http/documentation:
 * - Paths are found in any case, and written over in mode `overwrite`; folders above a file are made.
 * - `server_modified` is when a file came to Dropbox, `client_modified` what the computer said.
 * - A listing may have fewer entries than its limit, with `has_more`.
 * - Temporary links are on dl.dropboxusercontent.com, and answer ranges.
 * - An upload of the bytes that are there changes nothing, also not `server_modified`: https://github.com/dropbox/dropbox-sdk-python/issues/67
 * - `save_url` fetches without any header. It answers with a job, or, as for the first here, that it is complete.
 */
export class Dropbox extends CloudDrive implements Service {
	readonly hosts = ['api.dropboxapi.com', 'content.dropboxapi.com', 'dl.dropboxusercontent.com'];
	readonly #listings = new Map<string, CloudEntry[]>();
	readonly #jobs = new Map<string, { checks: number; isSaved: boolean }>();

	async answer(request: ServiceRequest): Promise<ServiceAnswer | undefined> {
		const { host, path, query } = request;
		if (host.endsWith('dropboxusercontent.com')) return this.#linked(request);
		switch (path) {
			case '/2/files/list_folder':
				return this.#list(jsonOf<Paths>(request));
			case '/2/files/list_folder/continue':
				return this.#page(jsonOf<Paths>(request).cursor);
			case '/2/files/upload':
				return this.#write((JSON.parse(query.get('arg') ?? '') as Paths).path, request.body);
			case '/2/files/download':
				return this.#download((JSON.parse(query.get('arg') ?? '') as Paths).path);
			case '/2/files/move_v2':
				return this.#move(jsonOf<Paths>(request));
			case '/2/files/get_temporary_link':
				return this.#link(jsonOf<Paths>(request));
			case '/2/files/save_url':
				return await this.#save(jsonOf<Paths>(request));
			case '/2/files/save_url/check_job_status':
				return this.#check(jsonOf<Paths>(request));
			default:
				return undefined;
		}
	}

	#list({ path, recursive }: Paths): ServiceAnswer {
		const folder = this.find(path);
		if (!folder) return failed('path/not_found');
		if (folder.bytes) return failed('path/not_folder');
		const cursor = `cursor-${this.#listings.size}`;
		// A recursive listing begins with the folder itself.
		const entries = recursive ? [folder, ...this.descendants(folder.id)] : this.children(folder.id);
		this.#listings.set(cursor, [...entries]);
		return this.#page(cursor);
	}

	#page(cursor: string): ServiceAnswer {
		const left = this.#listings.get(cursor) ?? [];
		const entries = left.splice(0, PAGE_SIZE).map((entry) => this.#metadata(entry));
		return { json: { entries, cursor, has_more: left.length > 0 } };
	}

	#write(path: string, bytes: Buffer): ServiceAnswer {
		const end = path.lastIndexOf('/');
		const folder = this.addFolder(path.slice(0, end));
		const existing = this.find(path);
		if (existing?.bytes?.equals(bytes)) return { json: this.#metadata(existing) };
		return { json: this.#metadata(this.writeFile(folder, path.slice(end + 1), bytes)) };
	}

	#download(path: string): ServiceAnswer {
		const entry = this.find(path);
		if (!entry?.bytes) return failed('path/not_found');
		return { headers: { 'content-type': 'application/octet-stream' }, bytes: entry.bytes };
	}

	#move({ from_path, to_path }: Paths): ServiceAnswer {
		const entry = this.find(from_path);
		if (!entry) return failed('from_lookup/not_found');
		if (this.find(to_path)) return failed('to/conflict/folder');
		const end = to_path.lastIndexOf('/');
		const parentId = this.addFolder(to_path.slice(0, end));
		return {
			json: { metadata: this.#metadata(this.change(entry.id, { parentId, name: to_path.slice(end + 1) })) },
		};
	}

	#link({ path }: Paths): ServiceAnswer {
		const entry = path.startsWith('id:') ? this.get(path.slice('id:'.length)) : this.find(path);
		if (!entry?.bytes) return failed('path/not_found');
		const link = `https://uc0123456789.dl.dropboxusercontent.com/cd/0/get/${entry.id}/file?token=link-token`;
		return { json: { metadata: this.#metadata(entry), link } };
	}

	#linked(request: ServiceRequest): ServiceAnswer | undefined {
		const { method, path } = request;
		const entry = this.get(path.split('/').at(-2) ?? '');
		if (method !== 'GET' || !entry?.bytes) return undefined;
		return fileAnswer(entry.bytes, request);
	}

	async #save({ path, url }: Paths): Promise<ServiceAnswer> {
		const id = `job-${this.#jobs.size + 1}`;
		const fetched = await fetch(url);
		if (fetched.ok) this.#write(path, Buffer.from(await fetched.arrayBuffer()));
		this.#jobs.set(id, { checks: 0, isSaved: fetched.ok });
		const saved = this.find(path);
		if (this.#jobs.size === 1 && saved) return { json: { ...this.#metadata(saved), '.tag': 'complete' } };
		return { json: { '.tag': 'async_job_id', async_job_id: id } };
	}

	#check({ async_job_id }: Paths): ServiceAnswer {
		const job = this.#jobs.get(async_job_id);
		if (!job) return failed('invalid_async_job_id');
		if (job.checks++ < CHECKS) return { json: { '.tag': 'in_progress' } };
		if (!job.isSaved) return { json: { '.tag': 'failed', failed: { '.tag': 'download_failed' } } };
		return { json: { '.tag': 'complete' } };
	}

	#metadata(entry: CloudEntry) {
		const path = this.pathOf(entry);
		return {
			'.tag': entry.bytes ? 'file' : 'folder',
			id: `id:${entry.id}`,
			name: entry.name,
			path_lower: path.toLowerCase(),
			path_display: path,
			...(entry.bytes && {
				client_modified: '2019-07-06T12:00:00Z',
				server_modified: entry.createdAt.toISOString(),
				size: entry.bytes.length,
			}),
		};
	}
}

/** https://www.dropbox.com/developers/documentation/http/documentation#error-handling */
const failed = (summary: string): ServiceAnswer => ({
	status: 409,
	json: { error_summary: `${summary}/...`, error: { '.tag': summary.split('/')[0] } },
});
