import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { StoredFile } from './fileStore.mts';
import { writeMeasured } from './measured.mts';
import { S3Error, type StoredDigest } from './s3rver.mts';

/** A file on its way in parts: S3's multipart upload. */
export interface Upload {
	id: string;
	/** What the parts are to become; as it was until they are joined. */
	file: StoredFile;
	partCount: number;
	/** The length in bytes of each part that has arrived, by its number (from 1). */
	parts: Map<number, number>;
	/** `joining` while the file is being put together: no part can come any more, and the end is not sure. */
	state: 'open' | 'joining' | 'completed' | 'aborted';
}

/** A part as it comes in. */
export interface IncomingPart {
	uploadId: string;
	number: number;
	content: AsyncIterable<Buffer>;
	/** A path to write to, on the same disk as the parts. */
	workPath: string;
}

/**
 * The uploads in parts. Each part lies in a file of its own until all are joined; a part appears when it is whole, and
 * one that is sent again takes the place of the first.
 */
export class Uploads {
	readonly #folder: string;
	#uploads = new Map<string, Upload>();

	/** Takes the folder for the parts; it is made when it is needed. */
	constructor(folder: string) {
		this.#folder = folder;
	}

	/** All uploads, oldest first, those that have ended included. */
	list(): Upload[] {
		return [...this.#uploads.values()];
	}

	find(id: string): Upload | undefined {
		return this.#uploads.get(id);
	}

	begin(file: StoredFile, partCount: number): Upload {
		const id = randomBytes(32).toString('base64url');
		const upload: Upload = { id, file, partCount, parts: new Map(), state: 'open' };
		this.#uploads.set(id, upload);
		return upload;
	}

	/** Stores a part; throws S3's NoSuchUpload unless the upload is open, before and after. */
	async receive({ uploadId, number, content, workPath }: IncomingPart): Promise<StoredDigest> {
		const upload = this.#openUpload(uploadId);
		await mkdir(this.#folderOf(upload), { recursive: true });
		try {
			const { bytes, digest } = await writeMeasured(content, workPath);
			this.#openUpload(uploadId);
			await rename(workPath, this.#partPath(upload, number));
			upload.parts.set(number, bytes);
			return { size: bytes, md5: digest.toString('hex') };
		} finally {
			await rm(workPath, { force: true });
		}
	}

	/** Has the parts stored as one file by `store`, and removes them; if that fails, the upload is open again. */
	async complete(upload: Upload, store: (content: AsyncIterable<Buffer>) => Promise<unknown>): Promise<void> {
		upload.state = 'joining';
		try {
			await store(this.#join(upload));
		} catch (error) {
			upload.state = 'open';
			throw error;
		}
		await this.#end(upload, 'completed');
	}

	async abort(upload: Upload): Promise<void> {
		await this.#end(upload, 'aborted');
	}

	/** Forgets all uploads and removes their parts. */
	async clear(): Promise<void> {
		this.#uploads = new Map();
		await rm(this.#folder, { recursive: true, force: true });
	}

	async #end(upload: Upload, state: 'completed' | 'aborted'): Promise<void> {
		upload.state = state;
		await rm(this.#folderOf(upload), { recursive: true, force: true });
	}

	/** The bytes of all parts in their order, one file open at a time. */
	async *#join(upload: Upload): AsyncGenerator<Buffer> {
		for (let number = 1; number <= upload.partCount; number++) {
			yield* createReadStream(this.#partPath(upload, number));
		}
	}

	#openUpload(id: string): Upload {
		const upload = this.#uploads.get(id);
		if (upload?.state === 'open') return upload;
		throw new S3Error('NoSuchUpload', 'The specified multipart upload does not exist.');
	}

	#folderOf({ id }: Upload): string {
		return join(this.#folder, id);
	}

	#partPath(upload: Upload, number: number): string {
		return join(this.#folderOf(upload), String(number));
	}
}
