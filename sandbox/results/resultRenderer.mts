import { copyFile, link, rm } from 'node:fs/promises';
import { extname } from 'node:path';
import { ExifDateTime, ExifTool, type Tags, type WriteTags } from 'exiftool-vendored';
import sharp, { type Sharp } from 'sharp';
import { baseName, imageTypeOf, withExtension } from '../account/formats.mts';
import type { Order } from '../account/project.mts';
import type { FileStore, Folder, StoredFile } from '../storage/fileStore.mts';
import { Turns } from '../turns.mts';
import { applySettings, pictureOf, type Pixels } from './applySettings.mts';
import { cameraRawSettings, cameraRawTags, type CameraRawSettings } from './cameraRaw.mts';
import { placeholderPicture } from './placeholderPicture.mts';
import { overlay, type Retouch } from './overlay.mts';

/** The result of an edit, the photo its pixels come from, and how it was edited. */
export interface EditedPhoto {
	file: StoredFile;
	source: StoredFile;
	order: Order;
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

/** A rendering is as large as its photo, up to this long edge. */
const longestEdge = 6000;

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

/**
 * Makes the result files: real XMP, real DNG, real JPEG, whatever came in. JPEGs for delivery are rendered when they are first read,
 * one at a time, because the pixels of a large photo take a hundred megabytes.
 */
export class ResultRenderer {
	readonly #files: FileStore;
	readonly #renderings = new Turns();
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
	async edit(photo: StoredFile, order: Order): Promise<EditedPhoto> {
		const tags = cameraRawTags(cameraRawSettings(order), photo.fileName);
		const embedded = extname(photo.fileName).toLowerCase() === '.dng' || isJpeg(photo);
		const name = embedded ? photo.fileName : withExtension(photo.fileName, '.xmp');
		const file = await this.#make(photo.projectUuid, 'edited', name, async (workPath) => {
			if (embedded) await this.#embed(photo, workPath, tags);
			else await this.#writeSidecar(photo, workPath, tags);
		});
		return { file, source: photo, order };
	}

	/** Merges a bracket set: one DNG for RAW, one JPEG for JPEG, with the middle frame's picture. */
	async merge(frames: StoredFile[], order: Order): Promise<EditedPhoto> {
		const [first] = frames;
		const source = middleOf(frames);
		const tags = cameraRawTags(cameraRawSettings(order), first.fileName);
		const name = mergedName(frames, isJpeg(first) ? '.jpg' : '.dng');
		const file = await this.#make(first.projectUuid, 'edited', name, async (workPath) => {
			if (isJpeg(first)) await this.#embed(source, workPath, tags);
			else await this.#writeDng(source, workPath, tags);
		});
		return { file, source, order };
	}

	/** Exports an edited photo: a JPEG for delivery, the right way up, edited as its XMP says. */
	async export({ file, source, order }: EditedPhoto): Promise<StoredFile> {
		return await this.#deliver(source, order, 'exported', withExtension(file.fileName, '.jpg'));
	}

	/** Smart Editing of a photo: a JPEG for delivery at once. */
	async smartEdit(photo: StoredFile, order: Order): Promise<EditedPhoto> {
		const file = await this.#deliver(photo, order, 'edited', withExtension(photo.fileName, '.jpg'));
		return { file, source: photo, order };
	}

	/** Smart Editing of a bracket set: one JPEG, with the middle frame's picture. */
	async smartMerge(frames: StoredFile[], order: Order): Promise<EditedPhoto> {
		const source = middleOf(frames);
		const file = await this.#deliver(source, order, 'edited', mergedName(frames, '.jpg'));
		return { file, source, order };
	}

	/** Retouches a finished JPEG: the same picture under an overlay that says what was asked for. */
	async retouch(image: StoredFile, retouch: Retouch): Promise<StoredFile> {
		await this.#files.make(image);
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
		await this.#renderings.ended();
		await this.#exifTool.end();
	}

	/** A JPEG for delivery, of the photo as it is now. */
	async #deliver(source: StoredFile, order: Order, folder: Folder, name: string): Promise<StoredFile> {
		const photo = await this.#files.snapshot(source);
		const settings = cameraRawSettings(order);
		const result = this.#files.create(source.projectUuid, folder, name);
		this.#files.makeWhenRead(
			result,
			async (workPath) =>
				await this.#renderings.take(async () => await this.#render(photo, settings, workPath)),
		);
		return result;
	}

	/** Renders a photo with settings, unless the same was rendered before. */
	async #render(photo: StoredFile, settings: CameraRawSettings, workPath: string): Promise<void> {
		const keptPath = this.#files.keptPath(`${photo.md5} ${JSON.stringify(settings)}`);
		if (await linked(keptPath, workPath)) return;
		const pixels = await this.#pixels(photo);
		if (pixels) {
			await applySettings(pixels, settings).jpeg({ quality: 90 }).toFile(workPath);
			await link(workPath, keptPath);
		} else {
			await sharp(placeholderPicture(photo.fileName)).jpeg().toFile(workPath);
		}
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
	async #writeSidecar({ path }: StoredFile, workPath: string, tags: WriteTags): Promise<void> {
		const writeArgs = ['-m', '-tagsFromFile', path, ...takenOver, heldAsPhoto];
		await this.#exifTool.write(workPath, tags, { writeArgs });
	}

	/** A photo that exiftool cannot write is returned unchanged. */
	async #embed({ path }: StoredFile, workPath: string, tags: WriteTags): Promise<void> {
		await copyFile(path, workPath);
		const writeArgs = ['-m', '-overwrite_original'];
		await this.#exifTool.write(workPath, tags, { writeArgs }).catch(() => undefined);
	}

	/** A DNG is a TIFF that says so. Its pixels are upright. */
	async #writeDng(source: StoredFile, workPath: string, tags: WriteTags): Promise<void> {
		const pixels = await this.#pixels(source);
		const picture = pixels ? pictureOf(pixels) : sharp(placeholderPicture(source.fileName));
		await picture.tiff().toFile(workPath);
		const copied = ['-tagsFromFile', source.path, '-Make', '-Model', '-DateTimeOriginal', ...takenOver];
		const writeArgs = ['-m', '-overwrite_original', '-DNGVersion=1 4 0 0', ...copied];
		await this.#exifTool.write(workPath, tags, { writeArgs });
	}

	/** The photo's pixels; undefined if none can be read, or those of a thumbnail only. */
	async #pixels(photo: StoredFile): Promise<Pixels | undefined> {
		for await (const picture of this.#pictures(photo)) {
			const pixels = await decode(picture).catch(() => undefined);
			if (pixels && (isJpeg(photo) || !isThumbnail(pixels))) return pixels;
		}
		return undefined;
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

async function decode(picture: Sharp): Promise<Pixels> {
	return await picture
		.resize({ width: longestEdge, height: longestEdge, fit: 'inside', withoutEnlargement: true })
		.removeAlpha()
		.toColourspace('srgb')
		.raw()
		.toBuffer({ resolveWithObject: true });
}

/** RAW files that were cut down to their headers keep a few pixels for a preview. */
function isThumbnail({ info: { width, height } }: Pixels): boolean {
	return Math.max(width, height) < shortestPreviewEdge;
}

/** Has a file be at another path too; false if there is none. */
async function linked(path: string, other: string): Promise<boolean> {
	try {
		await link(path, other);
		return true;
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
		throw error;
	}
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
