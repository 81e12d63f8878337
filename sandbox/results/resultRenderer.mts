import { copyFile, rm } from 'node:fs/promises';
import { extname } from 'node:path';
import { ExifDateTime, ExifTool, type Tags, type WriteTags } from 'exiftool-vendored';
import sharp, { type Sharp } from 'sharp';
import { baseName, imageTypeOf, withExtension } from '../account/formats.mts';
import type { EditOrder } from '../account/project.mts';
import type { FileStore, Folder, StoredFile } from '../storage/fileStore.mts';
import { cameraRawSettings, type CameraRawSettings } from './cameraRaw.mts';
import { placeholderPicture } from './placeholderPicture.mts';
import { overlay, type Retouch } from './overlay.mts';

/** The result of an edit, and the photo its pixels come from. */
export interface EditedPhoto {
	file: StoredFile;
	source: StoredFile;
}

/** When a photo was taken and how long it was exposed, in milliseconds; undefined what it does not say. */
export interface Capture {
	takenAt: number | undefined;
	exposureMs: number | undefined;
}

/** Where cameras keep a JPEG of the picture, the largest first. */
const previewTags = ['JpgFromRaw', 'PreviewImage', 'ThumbnailImage'] as const;

/** Clockwise turns, in degrees, by EXIF orientation. */
const turns: Record<number, number> = { 3: 180, 6: 90, 8: 270 };

const exportLongEdge = 2048;

/** A preview with a shorter long edge is too small to deliver. */
const shortestPreviewEdge = 160;

/** Metadata that a result copies from its photo. */
const takenOver = [
	'-XMP-tiff:Make<Make',
	'-XMP-tiff:Model<Model',
	'-XMP-exif:DateTimeOriginal<DateTimeOriginal',
	'-XMP-xmp:CreateDate<DateTimeOriginal',
];

/** How the photo was held, for a result whose pixels lie as the photo's do. */
const heldAsPhoto = '-XMP-tiff:Orientation<Orientation';

/** Makes the result files: real XMP, real DNG, real JPEG, whatever came in. */
export class ResultRenderer {
	readonly #files: FileStore;
	readonly #exifTool = new ExifTool({
		maxProcs: 1,
		useMWG: false,
		taskTimeoutMillis: 60_000,
		// A test's clock can jump by minutes, after which the tool would be started again each time.
		maxProcAgeMillis: 0,
	});

	constructor(files: FileStore) {
		this.#files = files;
	}

	/** Starts the tools ahead of the first photo. */
	async open(): Promise<void> {
		await this.#exifTool.version();
	}

	/** Edits a photo: an XMP sidecar for RAW, the photo with embedded XMP for DNG and JPEG. */
	async edit(photo: StoredFile, order: EditOrder): Promise<EditedPhoto> {
		const settings = cameraRawSettings(order, photo.fileName);
		const embedded = extname(photo.fileName).toLowerCase() === '.dng' || isJpeg(photo);
		const name = embedded ? photo.fileName : withExtension(photo.fileName, '.xmp');
		const file = await this.#make(photo.projectUuid, 'edited', name, async (workPath) => {
			if (embedded) await this.#embed(photo, workPath, settings);
			else await this.#writeSidecar(photo, workPath, settings);
		});
		return { file, source: photo };
	}

	/** Merges a bracket set: one DNG for RAW, one JPEG for JPEG, with the middle frame's picture. */
	async merge(frames: StoredFile[], order: EditOrder): Promise<EditedPhoto> {
		const [first] = frames;
		const source = middleOf(frames);
		const settings = cameraRawSettings(order, first.fileName);
		const name = mergedName(frames, isJpeg(first) ? '.jpg' : '.dng');
		const file = await this.#make(first.projectUuid, 'edited', name, async (workPath) => {
			if (isJpeg(first)) await this.#embed(source, workPath, settings);
			else await this.#writeDng(source, workPath, settings);
		});
		return { file, source };
	}

	/** Exports an edited photo: a JPEG for delivery, the right way up. */
	async export({ file, source }: EditedPhoto): Promise<StoredFile> {
		return await this.#deliver(source, 'exported', withExtension(file.fileName, '.jpg'));
	}

	/** Smart Editing of a photo: a JPEG for delivery at once. */
	async smartEdit(photo: StoredFile): Promise<EditedPhoto> {
		const file = await this.#deliver(photo, 'edited', withExtension(photo.fileName, '.jpg'));
		return { file, source: photo };
	}

	/** Smart Editing of a bracket set: one JPEG, with the middle frame's picture. */
	async smartMerge(frames: StoredFile[]): Promise<EditedPhoto> {
		const source = middleOf(frames);
		const file = await this.#deliver(source, 'edited', mergedName(frames, '.jpg'));
		return { file, source };
	}

	/** Retouches a finished JPEG: the same picture under an overlay that says what was asked for. */
	async retouch(image: StoredFile, retouch: Retouch): Promise<StoredFile> {
		return await this.#make(image.projectUuid, 'retouched', image.fileName, async (workPath) => {
			const picture = sharp(image.path);
			const size = await picture.metadata();
			await picture
				.composite([{ input: overlay(retouch, size) }])
				.jpeg()
				.toFile(workPath);
		});
	}

	async capture({ path }: StoredFile): Promise<Capture> {
		const tags = await this.#read(path, ['SubSecDateTimeOriginal', 'DateTimeOriginal', 'ExposureTime#']);
		const taken = tags.SubSecDateTimeOriginal ?? tags.DateTimeOriginal;
		const seconds = Number(tags.ExposureTime);
		return {
			takenAt: taken instanceof ExifDateTime ? taken.toMillis() : undefined,
			exposureMs: Number.isFinite(seconds) ? seconds * 1000 : undefined,
		};
	}

	async close(): Promise<void> {
		await this.#exifTool.end();
	}

	async #deliver(source: StoredFile, folder: Folder, name: string): Promise<StoredFile> {
		return await this.#make(source.projectUuid, folder, name, async (workPath) => {
			await this.#develop(source, async (picture) => {
				const { width, height } = { width: exportLongEdge, height: exportLongEdge };
				await picture
					.resize({ width, height, fit: 'inside', withoutEnlargement: true })
					.jpeg()
					.toFile(workPath);
			});
		});
	}

	async #make(
		projectUuid: string,
		folder: Folder,
		name: string,
		write: (workPath: string) => Promise<void>,
	): Promise<StoredFile> {
		const workPath = this.#files.workPath(extname(name));
		try {
			await write(workPath);
			const result = this.#files.create(projectUuid, folder, name);
			await this.#files.adopt(result, workPath);
			return result;
		} finally {
			await rm(workPath, { force: true });
		}
	}

	/** A photo that exiftool cannot read gets a sidecar with the settings alone. */
	async #writeSidecar({ path }: StoredFile, workPath: string, settings: CameraRawSettings): Promise<void> {
		const writeArgs = ['-m', '-tagsFromFile', path, ...takenOver, heldAsPhoto];
		await this.#exifTool.write(workPath, xmpTags(settings), { writeArgs });
	}

	/** A photo that exiftool cannot write is returned unchanged. */
	async #embed({ path }: StoredFile, workPath: string, settings: CameraRawSettings): Promise<void> {
		await copyFile(path, workPath);
		const writeArgs = ['-m', '-overwrite_original'];
		await this.#exifTool.write(workPath, xmpTags(settings), { writeArgs }).catch(() => undefined);
	}

	/** A DNG is a TIFF that says so. Its pixels are upright. */
	async #writeDng(source: StoredFile, workPath: string, settings: CameraRawSettings): Promise<void> {
		await this.#develop(source, async (picture) => {
			await picture.tiff().toFile(workPath);
		});
		const copied = ['-tagsFromFile', source.path, '-Make', '-Model', '-DateTimeOriginal', ...takenOver];
		const writeArgs = ['-m', '-overwrite_original', '-DNGVersion=1 4 0 0', ...copied];
		await this.#exifTool.write(workPath, xmpTags(settings), { writeArgs });
	}

	/** Gives `use` the photo's pixels, upright; if none can be read or shown, a drawn picture with its name. */
	async #develop(photo: StoredFile, use: (picture: Sharp) => Promise<void>): Promise<void> {
		for await (const picture of this.#pictures(photo)) {
			try {
				if (!isJpeg(photo) && (await isThumbnail(picture))) continue;
				return await use(picture);
			} catch {
				// The next one may decode.
			}
		}
		await use(sharp(placeholderPicture(photo.fileName)));
	}

	async *#pictures(photo: StoredFile): AsyncGenerator<Sharp> {
		if (!isJpeg(photo)) yield* this.#previews(photo);
		yield sharp(photo.path).autoOrient();
	}

	/** The pictures inside a RAW file; they lie as the sensor does, and the file knows how it was held. */
	async *#previews({ path }: StoredFile): AsyncGenerator<Sharp> {
		const { Orientation, ...previews } = await this.#read(path, ['Orientation#', ...previewTags]);
		for (const tag of previewTags.filter((name) => previews[name] !== undefined)) {
			const preview = await this.#exifTool.extractBinaryTagToBuffer(tag, path).catch(() => undefined);
			if (preview) yield sharp(preview).rotate(turns[Number(Orientation)] ?? 0);
		}
	}

	/** The tags of a file; none if no reader knows it. */
	async #read(path: string, tags: string[]): Promise<Tags> {
		const readArgs = tags.map((tag) => `-${tag}`);
		return await this.#exifTool.read(path, { readArgs }).catch(() => ({}));
	}
}

/** RAW files that were cut down to their headers keep a few pixels for a preview. */
async function isThumbnail(picture: Sharp): Promise<boolean> {
	const { width, height } = await picture.metadata();
	return Math.max(width, height) < shortestPreviewEdge;
}

function middleOf(frames: StoredFile[]): StoredFile {
	return frames[Math.floor(frames.length / 2)];
}

/** The name of what a bracket set is merged to. */
function mergedName([first]: StoredFile[], extension: string): string {
	return `${baseName(first.fileName)}-HDR${extension}`;
}

function isJpeg({ fileName }: StoredFile): boolean {
	return imageTypeOf(fileName) === 'JPG';
}

function xmpTags(settings: CameraRawSettings): WriteTags {
	return Object.fromEntries(Object.entries(settings).map(([name, value]) => [`XMP-crs:${name}`, value]));
}
