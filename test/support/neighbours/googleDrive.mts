import { extname } from 'node:path';
import { CloudDrive, type CloudEntry } from './cloudDrive.mts';
import { jsonOf, type Service, type ServiceAnswer, type ServiceRequest } from './neighbours.mts';

/** How many files a page of a listing has: few, so that there are pages. */
const PAGE_SIZE = 2;
const FOLDER = 'application/vnd.google-apps.folder';

const mimeTypes: Record<string, string> = {
	'.jpg': 'image/jpeg',
	'.jpeg': 'image/jpeg',
	// Drive does not know RAW files by their names, apart from a few.
	'.nef': 'image/x-nikon-nef',
	'.txt': 'text/plain',
};

/** What a service answers to a call whose sign-in has expired. */
export const expiredSignIn: ServiceAnswer = {
	status: 401,
	json: {
		error: {
			code: 401,
			message: 'Request had invalid authentication credentials.',
			status: 'UNAUTHENTICATED',
		},
	},
};

/** What Drive answers to too many calls: https://developers.google.com/workspace/drive/api/guides/handle-errors */
export const rateLimit: ServiceAnswer = {
	status: 403,
	json: {
		error: {
			code: 403,
			message: 'User Rate Limit Exceeded. Rate of requests for user exceed configured project quota.',
			errors: [{ domain: 'usageLimits', reason: 'userRateLimitExceeded' }],
		},
	},
};

/**
 * A stand-in for Google Drive: the calls that n8n's node (version 3) makes to search, download, upload and move.
 *
 * Assumed, after https://developers.google.com/workspace/drive/api/reference/rest/v3/files:
 * - Two files of one name may be in one folder; a file has one parent; an unknown parent in a search is a 404.
 * - `createdTime` is when a file came to Drive. `modifiedTime` may be the camera's, and no template reads it.
 * - A download's type is that of its name's ending, else application/octet-stream.
 * - Search knows the terms that n8n's node writes, joined by `and`.
 * - A search may answer fewer files than `pageSize` asks for.
 */
export class GoogleDrive extends CloudDrive implements Service {
	readonly hosts = ['www.googleapis.com', 'oauth2.googleapis.com'];
	readonly #uploads = new Map<string, { name: string; parents: string[]; bytes: Buffer[] }>();

	answer(request: ServiceRequest): ServiceAnswer | undefined {
		const { method, host, path } = request;
		// The refresh token has expired with the sign-in: https://developers.google.com/identity/protocols/oauth2#expiration
		if (host === 'oauth2.googleapis.com') return { status: 400, json: { error: 'invalid_grant' } };
		if (method === 'POST' && path === '/upload/drive/v3/files') return this.#upload(request);
		if (method === 'PUT' && path.startsWith('/upload/drive/v3/files/')) return this.#chunk(request);
		if (method === 'GET' && path === '/drive/v3/files') return this.#search(request);
		const [, id] = /^\/drive\/v3\/files\/([^/]+)$/.exec(path) ?? [];
		if (!id) return undefined;
		const entry = this.get(id);
		if (!entry) return notFound(id);
		if (method === 'PATCH') return this.#update(request, entry);
		if (method !== 'GET') return undefined;
		if (request.query.get('alt') !== 'media') return { json: chosen(entry, request.query.get('fields')) };
		return { headers: { 'content-type': mimeTypeOf(entry) }, bytes: entry.bytes };
	}

	#search({ query }: ServiceRequest): ServiceAnswer {
		const terms = (query.get('q') ?? '').split(' and ');
		const parents = terms.flatMap((term) => /^'(.*)' in parents$/.exec(term)?.[1] ?? []);
		const unknown = parents.find((parent) => !this.isFolder(parent));
		if (unknown !== undefined) return notFound('.');
		const found = this.descendants('root').filter((entry) => terms.every((term) => matches(entry, term)));
		const [, fields = null] = /files\((.*)\)/.exec(query.get('fields') ?? '') ?? [];
		const start = Number(query.get('pageToken') ?? 0);
		const next = start + PAGE_SIZE;
		return {
			json: {
				files: found.slice(start, next).map((entry) => chosen(entry, fields)),
				...(next < found.length && { nextPageToken: String(next) }),
			},
		};
	}

	#upload(request: ServiceRequest): ServiceAnswer {
		if (request.query.get('uploadType') === 'resumable') {
			const { name, parents } = jsonOf<{ name: string; parents: string[] }>(request);
			const id = `upload-${this.#uploads.size + 1}`;
			this.#uploads.set(id, { name, parents, bytes: [] });
			return {
				headers: { location: `https://www.googleapis.com/upload/drive/v3/files/${id}` },
				bytes: Buffer.alloc(0),
			};
		}
		const [described, content] = partsOf(request);
		const { name, parents } = JSON.parse(described.toString()) as { name: string; parents: string[] };
		return { json: metadata(this.addFile(parents[0], name, content)) };
	}

	/** 308 until the last chunk is there: https://developers.google.com/workspace/drive/api/guides/manage-uploads */
	#chunk({ path, headers, body }: ServiceRequest): ServiceAnswer | undefined {
		const upload = this.#uploads.get(path.split('/').at(-1) ?? '');
		const [, last, total] = /^bytes \d+-(\d+)\/(\d+)$/.exec(String(headers['content-range'])) ?? [];
		if (!upload) return undefined;
		upload.bytes.push(body);
		if (Number(last) + 1 < Number(total)) return { status: 308, headers: { range: `bytes=0-${last}` } };
		const { name, parents, bytes } = upload;
		return { json: metadata(this.addFile(parents[0], name, Buffer.concat(bytes))) };
	}

	#update(request: ServiceRequest, entry: CloudEntry): ServiceAnswer {
		const parentId = request.query.get('addParents') ?? entry.parentId;
		if (!this.isFolder(parentId)) return notFound(parentId);
		const { name = entry.name } = request.body.length > 0 ? jsonOf<{ name?: string }>(request) : {};
		return { json: metadata(this.change(entry.id, { parentId, name })) };
	}
}

function matches(entry: CloudEntry, term: string): boolean {
	const [, parent] = /^'(.*)' in parents$/.exec(term) ?? [];
	if (parent !== undefined) return entry.parentId === parent;
	if (term === `mimeType = '${FOLDER}'`) return !entry.bytes;
	if (term === `mimeType != '${FOLDER}'`) return entry.bytes !== undefined;
	if (term === 'trashed = false') return true;
	// n8n's node writes it also where nothing is searched for.
	if (term === "name contains ''") return true;
	throw new Error(`Google Drive's stand-in does not know the search term ${term}`);
}

const mimeTypeOf = ({ name, bytes }: CloudEntry) =>
	bytes ? (mimeTypes[extname(name).toLowerCase()] ?? 'application/octet-stream') : FOLDER;

const metadata = (entry: CloudEntry) => ({
	kind: 'drive#file',
	id: entry.id,
	name: entry.name,
	mimeType: mimeTypeOf(entry),
	parents: [entry.parentId],
	createdTime: entry.createdAt.toISOString(),
	modifiedTime: '2019-07-06T12:00:00.000Z',
	trashed: false,
	...(entry.bytes && { size: String(entry.bytes.length) }),
});

/** The fields that were asked for, as `id, name` or `*`; the usual ones where none were. */
function chosen(entry: CloudEntry, fields: string | null): object {
	const names = (fields ?? 'kind, id, name, mimeType').split(',').map((name) => name.trim());
	const known = Object.entries(metadata(entry));
	return Object.fromEntries(known.filter(([name]) => names.includes('*') || names.includes(name)));
}

/** https://developers.google.com/workspace/drive/api/guides/handle-errors#resolve_a_404_error_file_not_found_fileid */
const notFound = (id: string): ServiceAnswer => ({
	status: 404,
	json: {
		error: {
			code: 404,
			message: `File not found: ${id}.`,
			errors: [{ domain: 'global', reason: 'notFound' }],
		},
	},
});

/** The contents of the parts of a multipart body. */
function partsOf({ headers, body }: ServiceRequest): Buffer[] {
	const [, boundary] = /boundary=(.+)$/.exec(String(headers['content-type'])) ?? [];
	return body
		.toString('latin1')
		.split(`--${boundary}`)
		.slice(1, -1)
		.map((part) => Buffer.from(part.slice(part.indexOf('\r\n\r\n') + 4, -2), 'latin1'));
}
