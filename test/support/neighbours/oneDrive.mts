import { CloudDrive, type CloudEntry } from './cloudDrive.mts';
import { fileAnswer, jsonOf, type Service, type ServiceAnswer, type ServiceRequest } from './neighbours.mts';

/** How many files a page of a listing has: few, so that there are pages. */
const PAGE_SIZE = 2;

/**
 * A stand-in for OneDrive: the calls that n8n's node makes to list, download, upload and move.
 *
 * Assumed, after https://learn.microsoft.com/en-us/graph/api/resources/driveitem:
 * - `lastModifiedDateTime` is OneDrive's own time, `fileSystemInfo` has the computer's.
 * - An upload to `<folder>:/<path>:/content` writes over a file at that path, and makes the folders in between.
 * - A file in a listing has `@microsoft.graph.downloadUrl`, on another host, which needs no sign-in and answers ranges.
 */
export class OneDrive extends CloudDrive implements Service {
	readonly hosts = ['graph.microsoft.com', 'my.microsoftpersonalcontent.com'];

	answer(request: ServiceRequest): ServiceAnswer | undefined {
		const { method, host, path } = request;
		if (host === 'my.microsoftpersonalcontent.com') return this.#linked(request);
		const [, id, rest = ''] = /^\/v1\.0\/me\/drive\/items\/([^/:]+)(.*)$/.exec(path) ?? [];
		if (!id) return undefined;
		if (id !== 'root' && !this.get(id)) return notFound;
		if (method === 'GET' && rest === '/children') return this.#list(id, request);
		const entry = this.get(id);
		if (method === 'GET' && rest === '/content') return { bytes: entry?.bytes };
		if (method === 'GET' && !rest && entry) return { json: this.#metadata(entry) };
		const [, name] = /^:\/(.+):\/content$/.exec(rest) ?? [];
		if (method === 'PUT' && name) return this.#write(id, name, request.body);
		if (method === 'PATCH' && !rest) return this.#update(request, id);
		return undefined;
	}

	#list(id: string, { query }: ServiceRequest): ServiceAnswer {
		if (!this.isFolder(id)) return invalid('The item is not a folder');
		const start = Number(query.get('$skiptoken') ?? 0);
		const children = this.children(id);
		const next = start + PAGE_SIZE;
		return {
			json: {
				value: children.slice(start, next).map((entry) => this.#metadata(entry)),
				...(next < children.length && {
					'@odata.nextLink': `https://graph.microsoft.com/v1.0/me/drive/items/${id}/children?$skiptoken=${next}`,
				}),
			},
		};
	}

	/** @param path of the file from that folder on: OneDrive makes the folders in between */
	#write(folderId: string, path: string, bytes: Buffer): ServiceAnswer {
		const names = path.split('/');
		const parent = this.get(folderId);
		const folder = this.addFolder([parent ? this.pathOf(parent) : '', ...names.slice(0, -1)].join('/'));
		return { status: 201, json: this.#metadata(this.writeFile(folder, names.at(-1) ?? '', bytes)) };
	}

	#update(request: ServiceRequest, id: string): ServiceAnswer {
		const { parentReference } = jsonOf<{ parentReference?: { id: string } }>(request);
		if (parentReference && !this.isFolder(parentReference.id)) return notFound;
		return {
			json: this.#metadata(this.change(id, { ...(parentReference && { parentId: parentReference.id }) })),
		};
	}

	#linked(request: ServiceRequest): ServiceAnswer | undefined {
		const entry = this.get(request.path.split('/').at(-1) ?? '');
		if (!entry?.bytes) return undefined;
		return fileAnswer(entry.bytes, request);
	}

	#metadata(entry: CloudEntry) {
		const parent = this.get(entry.parentId);
		return {
			id: entry.id,
			name: entry.name,
			createdDateTime: entry.createdAt.toISOString(),
			lastModifiedDateTime: entry.createdAt.toISOString(),
			fileSystemInfo: { lastModifiedDateTime: '2019-07-06T12:00:00Z' },
			parentReference: { id: entry.parentId, name: parent?.name ?? 'root', driveType: 'personal' },
			...(entry.bytes
				? {
						size: entry.bytes.length,
						file: { mimeType: 'image/jpeg' },
						'@microsoft.graph.downloadUrl': `https://my.microsoftpersonalcontent.com/personal/1/download/${entry.id}?tempauth=link-token`,
					}
				: { folder: { childCount: this.children(entry.id).length } }),
		};
	}
}

/** https://learn.microsoft.com/en-us/graph/errors */
const notFound: ServiceAnswer = {
	status: 404,
	json: { error: { code: 'itemNotFound', message: 'The resource could not be found.' } },
};

const invalid = (message: string): ServiceAnswer => ({
	status: 400,
	json: { error: { code: 'invalidRequest', message } },
});
