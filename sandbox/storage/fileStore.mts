import { createHash, randomUUID } from 'node:crypto';
import { link, mkdir, rename, rm, stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { dirname, extname, join } from 'node:path';
import { Readable } from 'node:stream';
import { decoded, type Subject } from '../calls.mts';
import type { Clock } from '../clock.mts';
import type { Settings } from '../settings.mts';
import { writeMeasured } from './measured.mts';
import { presign, type LinkOrder } from './presign.mts';
import { s3ErrorXml } from './s3Error.mts';
import { S3Error, S3rver, type S3Server, type StoredDigest, type StoredObject } from './s3rver.mts';
import { Uploads, type Upload } from './uploads.mts';

const bucket = 'imagen';

/** S3's answers to an expired link, by status: one for links of lasting credentials, one for those of temporary ones. */
const expiredErrors: Record<number, [code: string, message: string]> = {
	403: ['AccessDenied', 'Request has expired'],
	400: ['ExpiredToken', 'The provided token has expired.'],
};

export type Folder = 'photos' | 'edited' | 'exported' | 'retouched';

/** A file of a project: asked for, and (once `bytes` is known) stored. */
export interface StoredFile {
	key: string;
	projectUuid: string;
	fileName: string;
	/** Where it lies on disk. */
	path: string;
	/** Null until it is stored whole. */
	bytes: number | null;
	/** When it was first stored whole, in milliseconds since 1970; null until then. */
	storedAt: number | null;
	/** Of its bytes, in hex; null until it is stored, and of a file that the sandbox made. */
	md5: string | null;
}

export interface FileStoreParts {
	folder: string;
	settings: Settings;
	clock: Clock;
}

/**
 * The S3 bucket behind the links. Keys are numbered, and end in the file name, as Imagen's do: clients take it from there. On the
 * disk they have their numbers alone, so no file name can clash, be too long or leave the folder.
 * A file appears when it is whole, as on S3: an upload that breaks off leaves no trace.
 */
export class FileStore {
	readonly #s3: S3Server;
	readonly uploads: Uploads;
	readonly #folder: string;
	readonly #settings: Settings;
	readonly #clock: Clock;
	readonly #serve: (request: IncomingMessage, response: ServerResponse) => void;
	#files = new Map<string, StoredFile>();
	/** How files are made that nobody has read yet, by their keys. */
	#unmade = new Map<string, (workPath: string) => Promise<void>>();

	static async open(parts: FileStoreParts): Promise<FileStore> {
		const store = new FileStore(parts);
		await mkdir(store.#workFolder, { recursive: true });
		await mkdir(store.#keptFolder, { recursive: true });
		await store.#s3.configureBuckets();
		return store;
	}

	private constructor({ folder, settings, clock }: FileStoreParts) {
		this.#folder = folder;
		this.#settings = settings;
		this.#clock = clock;
		this.uploads = new Uploads(join(folder, 'parts'));
		this.#s3 = new S3rver({
			directory: folder,
			silent: true,
			vhostBuckets: false,
			configureBuckets: [{ name: bucket }],
		});
		const pathOf = this.#s3.store.getResourcePath.bind(this.#s3.store);
		this.#s3.store.getResourcePath = (name, key = '', resource) => pathOf(name, withoutName(key), resource);
		const getObject = this.#s3.store.getObject.bind(this.#s3.store);
		this.#s3.store.getObject = async (name, key, options) => {
			const file = this.#files.get(key);
			if (file) await this.make(file);
			return await getObject(name, key, options);
		};
		this.#s3.store.putObject = async (object) => await this.#putObject(object);
		// s3rver's own keeps half a part of a broken upload, knows no upload that has ended, and opens all parts at once.
		this.#s3.store.putPart = async (_bucket, uploadId, number, content) =>
			await this.uploads.receive({
				uploadId,
				number: Number(number),
				content,
				workPath: this.workPath('.part'),
			});
		this.#serve = this.#s3.callback();
	}

	/** Answers a request as S3 does, which numbers each. */
	handle(request: IncomingMessage, response: ServerResponse): void {
		response.setHeader('x-amz-request-id', randomUUID());
		const { searchParams } = new URL(request.url ?? '/', 'http://storage');
		if (!searchParams.has('Signature')) {
			refuse(request, response, 403, 'AccessDenied', 'Access Denied');
		} else if (this.#hasExpired(searchParams)) {
			const [code, message] = expiredErrors[this.#settings.expiredLinkStatus];
			refuse(request, response, this.#settings.expiredLinkStatus, code, message);
		} else if (request.method === 'PUT' && request.headers['content-length'] === undefined) {
			const message =
				'A header you provided implies functionality that is not implemented: Transfer-Encoding';
			refuse(request, response, 501, 'NotImplemented', message);
		} else {
			this.#serve(request, response);
		}
	}

	/** What a request to the storage is about. */
	describe(method: string, path: string, query: URLSearchParams): Subject {
		const file = this.#files.get(decoded(path).slice(`/${bucket}/`.length));
		const upload = query.has('uploadId') ? 'part' : 'put';
		const call = method === 'PUT' ? upload : method === 'GET' ? 'get' : undefined;
		return { call, projectUuid: file?.projectUuid, fileName: file?.fileName };
	}

	/** A new file in a project's folder, still to be stored. */
	create(projectUuid: string, folder: Folder, fileName: string): StoredFile {
		const key = `${projectUuid}/${folder}/${this.#files.size + 1}/${fileName.replace(/[/\\]/g, '_')}`;
		const path = this.#s3.store.getResourcePath(bucket, key, 'object');
		const file: StoredFile = { key, projectUuid, fileName, path, bytes: null, storedAt: null, md5: null };
		this.#files.set(key, file);
		return file;
	}

	/** Has a file be made, at a work path, when it is first read, unless another is stored in its place before. */
	makeWhenRead({ key }: StoredFile, make: (workPath: string) => Promise<void>): void {
		this.#unmade.set(key, make);
	}

	/** Makes a file now if it is one that is made when it is first read. */
	async make(file: StoredFile): Promise<void> {
		const make = this.#unmade.get(file.key);
		if (!make) return;
		const workPath = this.workPath(extname(file.fileName));
		try {
			await make(workPath);
			if (this.#unmade.has(file.key)) await this.adopt(file, workPath);
		} finally {
			await rm(workPath, { force: true });
		}
	}

	/** A stored file with its bytes as they are now, whatever is stored in its place later. */
	async snapshot(file: StoredFile): Promise<StoredFile> {
		const path = this.keptPath(file.md5 ?? file.key);
		await link(file.path, path).catch((error: NodeJS.ErrnoException) => {
			if (error.code !== 'EEXIST') throw error;
		});
		return { ...file, path };
	}

	/** A path for what is kept until all files are removed; the same for the same key. */
	keptPath(key: string): string {
		return join(this.#keptFolder, createHash('sha256').update(key).digest('hex'));
	}

	/** A temporary link to a file, for an upload or a download. */
	link({ key }: StoredFile, order: Omit<LinkOrder, 'bucket' | 'key'>): string {
		return presign({ ...order, bucket, key });
	}

	/** A temporary link for a part of an upload. */
	partLink({ id, file: { key } }: Upload, number: number, order: Omit<LinkOrder, 'bucket' | 'key'>): string {
		return presign({ ...order, bucket, key, part: { uploadId: id, number } });
	}

	/** Joins the parts of an upload, which have to be there, to the file they are of. */
	async complete(upload: Upload): Promise<void> {
		await this.uploads.complete(upload, async (content) => await this.#store(upload.file, content));
	}

	/** Stores bytes as a file. */
	async write(file: StoredFile, bytes: Buffer): Promise<void> {
		await this.#store(file, Readable.from([bytes]));
	}

	/** A path for a file in the making, on the same disk as the bucket. */
	workPath(extension: string): string {
		return join(this.#workFolder, `${randomUUID()}${extension}`);
	}

	/** Moves a finished file from its work path into the bucket. */
	async adopt(file: StoredFile, workPath: string): Promise<void> {
		const { size } = await stat(workPath);
		await this.#place(file, workPath, size);
		await this.#s3.store.putMetadata(bucket, file.key, {});
	}

	/** Removes all files. */
	async clear(): Promise<void> {
		this.#files = new Map();
		this.#unmade = new Map();
		await this.uploads.clear();
		await rm(this.#keptFolder, { recursive: true, force: true, maxRetries: 3 });
		await mkdir(this.#keptFolder, { recursive: true });
		await rm(join(this.#folder, bucket), { recursive: true, force: true, maxRetries: 3 });
		await this.#s3.configureBuckets();
	}

	close(): void {
		this.#s3.logger.exceptions.unhandle();
		this.#s3.logger.close();
	}

	get #workFolder(): string {
		return join(this.#folder, 'work');
	}

	get #keptFolder(): string {
		return join(this.#folder, 'kept');
	}

	/** s3rver looks at the time of the process; the sandbox's is never behind it, so it finds nothing more. */
	#hasExpired(query: URLSearchParams): boolean {
		return Number(query.get('Expires') ?? Infinity) * 1000 < this.#clock.now();
	}

	/** Takes the place of s3rver's own, which keeps what a broken upload left and does not look at Content-MD5. */
	async #putObject({ key, content, metadata }: StoredObject): Promise<StoredDigest> {
		const file = this.#files.get(key);
		if (!file) throw new S3Error('NoSuchKey', 'The specified key does not exist.');
		return await this.#store(file, content, {
			metadata,
			announced: content.headers['content-md5']?.toString(),
		});
	}

	/** Stores a file when its bytes are whole and are those of the announced MD5 (base64), if one is. */
	async #store(
		file: StoredFile,
		content: AsyncIterable<Buffer>,
		{ metadata = {}, announced }: { metadata?: object; announced?: string } = {},
	): Promise<StoredDigest> {
		const workPath = this.workPath('.upload');
		try {
			const { bytes, digest } = await writeMeasured(content, workPath);
			if (announced && announced !== digest.toString('base64')) {
				throw new S3Error('BadDigest', 'The Content-MD5 you specified did not match what we received.');
			}
			const md5 = digest.toString('hex');
			await this.#place(file, workPath, bytes);
			file.md5 = md5;
			await this.#s3.store.putMetadata(bucket, file.key, metadata, md5);
			return { size: bytes, md5 };
		} finally {
			await rm(workPath, { force: true });
		}
	}

	async #place(file: StoredFile, workPath: string, bytes: number): Promise<void> {
		await mkdir(dirname(file.path), { recursive: true });
		await rename(workPath, file.path);
		this.#unmade.delete(file.key);
		file.bytes = bytes;
		file.storedAt ??= this.#clock.now();
	}
}

const withoutName = (key: string) => key.split('/').slice(0, 3).join('/');

function refuse(
	request: IncomingMessage,
	response: ServerResponse,
	status: number,
	code: string,
	message: string,
): void {
	request.resume();
	response.writeHead(status, { 'Content-Type': 'application/xml' }).end(s3ErrorXml(code, message));
}
