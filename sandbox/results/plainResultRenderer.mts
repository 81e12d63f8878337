import { randomBytes } from 'node:crypto';
import { extname } from 'node:path';
import { writeFile } from 'node:fs/promises';
import { imageTypeOf, withExtension } from '../account/formats.mts';
import type { FileStore, Folder, StoredFile } from '../storage/fileStore.mts';
import type { ResultRenderer, EditedPhoto } from './resultRenderer.mts';

/** What both renderers do. */
export type Renderer = Pick<ResultRenderer, keyof ResultRenderer>;

const RESULT_BYTES = 2000;

/** Makes files of the right names with random bytes in them, for tests that move thousands of them. */
export class PlainResultRenderer implements Renderer {
	readonly #files: FileStore;

	constructor(files: FileStore) {
		this.#files = files;
	}

	async open(): Promise<void> {}

	async close(): Promise<void> {}

	async edit(photo: StoredFile): Promise<EditedPhoto> {
		const isChangedItself =
			imageTypeOf(photo.fileName) === 'JPG' || extname(photo.fileName).toLowerCase() === '.dng';
		const name = isChangedItself ? photo.fileName : withExtension(photo.fileName, '.xmp');
		return { file: await this.#make(photo, 'edited', name), source: photo };
	}

	async merge(frames: StoredFile[]): Promise<EditedPhoto> {
		const ending = imageTypeOf(frames[0].fileName) === 'JPG' ? '-HDR.jpg' : '-HDR.dng';
		const name = withExtension(frames[0].fileName, ending);
		return { file: await this.#make(frames[0], 'edited', name), source: frames[0] };
	}

	async export({ file, source }: EditedPhoto): Promise<StoredFile> {
		return await this.#make(source, 'exported', withExtension(file.fileName, '.jpg'));
	}

	async smartEdit(photo: StoredFile): Promise<EditedPhoto> {
		const name = withExtension(photo.fileName, '.jpg');
		return { file: await this.#make(photo, 'edited', name), source: photo };
	}

	async smartMerge(frames: StoredFile[]): Promise<EditedPhoto> {
		const name = withExtension(frames[0].fileName, '-HDR.jpg');
		return { file: await this.#make(frames[0], 'edited', name), source: frames[0] };
	}

	async retouch(image: StoredFile): Promise<StoredFile> {
		return await this.#make(image, 'retouched', image.fileName);
	}

	async captureTime(): Promise<undefined> {
		return undefined;
	}

	async #make({ projectUuid }: StoredFile, folder: Folder, name: string): Promise<StoredFile> {
		const workPath = this.#files.workPath(extname(name));
		await writeFile(workPath, randomBytes(RESULT_BYTES));
		const result = this.#files.create(projectUuid, folder, name);
		await this.#files.adopt(result, workPath);
		return result;
	}
}
