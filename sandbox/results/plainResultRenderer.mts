import { createHash, randomBytes } from 'node:crypto';
import { extname } from 'node:path';
import { open, readFile, writeFile } from 'node:fs/promises';
import { imageTypeOf, withExtension } from '../account/formats.mts';
import type { Order } from '../account/project.mts';
import type { FileStore, Folder, StoredFile } from '../storage/fileStore.mts';
import type { Capture, EditedPhoto, ResultRenderer } from './resultRenderer.mts';

/** What both renderers do. */
export type Renderer = Pick<ResultRenderer, keyof ResultRenderer>;

const RESULT_BYTES = 2000;

/** How many bytes of a photo its results repeat. */
const REPEATED_BYTES = 48;

/** What a result was made from. */
export interface ResultOrigin {
	projectUuid: string;
	/** The photo's name. */
	fileName: string;
	/** The photo's first bytes. */
	firstBytes: Buffer;
	/** The profile it was edited with, if it was with one. */
	profileKey?: number;
	/** When it was edited, in milliseconds since the epoch. */
	editedAt: number;
	/** When it was exported, if it was. */
	exportedAt?: number;
}

/** What files of a kind begin with, as far as these have more than the line. */
const BEGINNINGS: Record<string, Buffer> = {
	'.jpg': Buffer.from([0xff, 0xd8, 0xff, 0xe0]),
	'.jpeg': Buffer.from([0xff, 0xd8, 0xff, 0xe0]),
	'.dng': Buffer.from('II*\0\x08\0\0\0', 'latin1'),
};

/** Reads from a result's first line what it was made from; undefined if it is no result of this renderer, or not all of it. */
export function originOf(result: Buffer): ResultOrigin | undefined {
	const start = result.indexOf('{');
	const end = result.indexOf('\n', start) + 1;
	try {
		const { rest, firstBytes, ...origin } = JSON.parse(result.subarray(start, end).toString());
		if (rest !== digestOf(result.subarray(end))) return undefined;
		return { ...origin, firstBytes: Buffer.from(firstBytes, 'base64') };
	} catch {
		return undefined;
	}
}

/** A file that says what it was made from, and is like no other. */
function resultFrom(name: string, { firstBytes, ...origin }: ResultOrigin, bytes: number): Buffer {
	const beginning = BEGINNINGS[extname(name).toLowerCase()] ?? Buffer.alloc(0);
	const line = (rest: string) =>
		Buffer.from(`${JSON.stringify({ ...origin, firstBytes: firstBytes.toString('base64'), rest })}\n`);
	const rest = randomBytes(bytes - beginning.length - line(digestOf(Buffer.alloc(0))).length);
	return Buffer.concat([beginning, line(digestOf(rest)), rest]);
}

const digestOf = (bytes: Buffer) => createHash('md5').update(bytes).digest('hex');

/**
 * Makes files of the right names for tests that move thousands of them: what files of the kind begin with, a line that says what the file was made
 * from, and random bytes.
 */
export class PlainResultRenderer implements Renderer {
	readonly #files: FileStore;
	readonly #resultBytes: number;

	constructor(files: FileStore, resultBytes = RESULT_BYTES) {
		this.#files = files;
		this.#resultBytes = resultBytes;
	}

	async open(): Promise<void> {}

	async close(): Promise<void> {}

	async edit(photo: StoredFile, order: Order): Promise<EditedPhoto> {
		const isChangedItself =
			imageTypeOf(photo.fileName) === 'JPG' || extname(photo.fileName).toLowerCase() === '.dng';
		const name = isChangedItself ? photo.fileName : withExtension(photo.fileName, '.xmp');
		return { file: await this.#make(photo, 'edited', name, order), source: photo, order };
	}

	async merge(frames: StoredFile[], order: Order): Promise<EditedPhoto> {
		const ending = imageTypeOf(frames[0].fileName) === 'JPG' ? '-HDR.jpg' : '-HDR.dng';
		const name = withExtension(frames[0].fileName, ending);
		return { file: await this.#make(frames[0], 'edited', name, order), source: frames[0], order };
	}

	async export({ file, source }: EditedPhoto): Promise<StoredFile> {
		const edit = originOf(await readFile(file.path)) ?? (await originFrom(source));
		const name = withExtension(file.fileName, '.jpg');
		return await this.#write(name, 'exported', { ...edit, exportedAt: Date.now() });
	}

	async smartEdit(photo: StoredFile, order: Order): Promise<EditedPhoto> {
		const name = withExtension(photo.fileName, '.jpg');
		return { file: await this.#make(photo, 'edited', name), source: photo, order };
	}

	async smartMerge(frames: StoredFile[], order: Order): Promise<EditedPhoto> {
		const name = withExtension(frames[0].fileName, '-HDR.jpg');
		return { file: await this.#make(frames[0], 'edited', name), source: frames[0], order };
	}

	async retouch(image: StoredFile): Promise<StoredFile> {
		return await this.#make(image, 'retouched', image.fileName);
	}

	async capture(): Promise<Capture> {
		return { takenAt: undefined, exposureMs: undefined };
	}

	async #make(photo: StoredFile, folder: Folder, name: string, order?: Order): Promise<StoredFile> {
		return await this.#write(name, folder, await originFrom(photo, order));
	}

	async #write(name: string, folder: Folder, origin: ResultOrigin): Promise<StoredFile> {
		const workPath = this.#files.workPath(extname(name));
		await writeFile(workPath, resultFrom(name, origin, this.#resultBytes));
		const result = this.#files.create(origin.projectUuid, folder, name);
		await this.#files.adopt(result, workPath);
		return result;
	}
}

async function originFrom({ projectUuid, fileName, path }: StoredFile, order?: Order): Promise<ResultOrigin> {
	return {
		projectUuid,
		fileName,
		firstBytes: await firstBytesOf(path),
		profileKey: order?.profile?.profile_key,
		editedAt: Date.now(),
	};
}

async function firstBytesOf(path: string): Promise<Buffer> {
	const file = await open(path);
	try {
		const { buffer, bytesRead } = await file.read(Buffer.alloc(REPEATED_BYTES), 0, REPEATED_BYTES, 0);
		return buffer.subarray(0, bytesRead);
	} finally {
		await file.close();
	}
}
