import { copyFile, rm } from 'node:fs/promises';
import { extname } from 'node:path';
import { ExifTool, type WriteTags } from 'exiftool-vendored';
import sharp from 'sharp';
import { imageTypeOf, withExtension } from '../account/formats.mts';
import type { EditOrder } from '../account/project.mts';
import type { FileStore, StoredFile } from '../storage/fileStore.mts';
import { cameraRawSettings, type CameraRawSettings } from './cameraRaw.mts';

const previewTags = ['JpgFromRaw', 'PreviewImage', 'ThumbnailImage'] as const;
const exportLongEdge = 2048;

/** What a sidecar takes over from the photo it belongs to. */
const takenOver = [
	'-XMP-tiff:Make<Make',
	'-XMP-tiff:Model<Model',
	'-XMP-tiff:Orientation<Orientation',
	'-XMP-exif:DateTimeOriginal<DateTimeOriginal',
	'-XMP-xmp:CreateDate<DateTimeOriginal',
];

/** Makes the result files, one at a time for each job: real XMP, real JPEG, whatever came in. */
export class Darkroom {
	readonly #files: FileStore;
	readonly #exifTool = new ExifTool({ maxProcs: 1, useMWG: false });

	constructor(files: FileStore) {
		this.#files = files;
	}

	/** Starts the tools ahead of the first photo. */
	async open(): Promise<void> {
		await this.#exifTool.version();
	}

	/** Edits a photo: an XMP sidecar for RAW, the photo with embedded XMP for DNG and JPEG. */
	async edit(photo: StoredFile, order: EditOrder): Promise<StoredFile> {
		const settings = cameraRawSettings(order, photo.fileName);
		const embedded = isDng(photo.fileName) || imageTypeOf(photo.fileName) === 'JPG';
		const name = embedded ? photo.fileName : withExtension(photo.fileName, '.xmp');
		return await this.#make(photo, 'edited', name, async (workPath) => {
			if (embedded) await this.#embed(photo, workPath, settings);
			else await this.#writeSidecar(photo, workPath, settings);
		});
	}

	/** Develops an edited photo to a JPEG. */
	async export(photo: StoredFile): Promise<StoredFile> {
		return await this.#make(photo, 'exported', withExtension(photo.fileName, '.jpg'), async (workPath) => {
			const picture = (await this.#decodable(photo)) ?? drawn(photo.fileName);
			await sharp(picture)
				.autoOrient()
				.resize({ width: exportLongEdge, height: exportLongEdge, fit: 'inside', withoutEnlargement: true })
				.jpeg()
				.toFile(workPath);
		});
	}

	async close(): Promise<void> {
		await this.#exifTool.end();
	}

	async #make(
		{ projectUuid }: StoredFile,
		folder: 'edited' | 'exported',
		name: string,
		write: (workPath: string) => Promise<void>,
	): Promise<StoredFile> {
		const workPath = this.#files.workPath(extname(name));
		try {
			await write(workPath);
			const result = this.#files.file(projectUuid, folder, name);
			await this.#files.adopt(result, workPath);
			return result;
		} finally {
			await rm(workPath, { force: true });
		}
	}

	/** A file that no reader knows gives a sidecar with the settings alone. */
	async #writeSidecar({ path }: StoredFile, workPath: string, settings: CameraRawSettings): Promise<void> {
		const writeArgs = ['-m', '-tagsFromFile', path, ...takenOver];
		await this.#exifTool.write(workPath, xmpTags(settings), { writeArgs });
	}

	/** A file that is no image at all comes back as it came. */
	async #embed({ path }: StoredFile, workPath: string, settings: CameraRawSettings): Promise<void> {
		await copyFile(path, workPath);
		const writeArgs = ['-m', '-overwrite_original'];
		await this.#exifTool.write(workPath, xmpTags(settings), { writeArgs }).catch(() => undefined);
	}

	/** The photo, or the preview inside it, if its pixels can be read. */
	async #decodable(photo: StoredFile): Promise<Buffer | string | undefined> {
		if (await decodes(photo.path)) return photo.path;
		for (const tag of previewTags) {
			const preview = await this.#exifTool.extractBinaryTagToBuffer(tag, photo.path).catch(() => undefined);
			if (preview && (await decodes(preview))) return preview;
		}
		return undefined;
	}
}

function isDng(fileName: string): boolean {
	return extname(fileName).toLowerCase() === '.dng';
}

function xmpTags(settings: CameraRawSettings): WriteTags {
	return Object.fromEntries(Object.entries(settings).map(([name, value]) => [`XMP-crs:${name}`, value]));
}

async function decodes(picture: Buffer | string): Promise<boolean> {
	try {
		await sharp(picture).stats();
		return true;
	} catch {
		return false;
	}
}

/** A picture with a photo's name on it, for photos whose pixels cannot be read. */
function drawn(fileName: string): Buffer {
	const text = fileName.replace(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`);
	return Buffer.from(
		`<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="800">
			<rect width="1200" height="800" fill="#3b4a54"/>
			<circle cx="900" cy="220" r="90" fill="#f2c14e"/>
			<path d="M0 800 L400 330 L700 640 L860 500 L1200 800 Z" fill="#8fa6a1"/>
			<text x="60" y="120" font-family="sans-serif" font-size="56" fill="#ffffff">${text}</text>
		</svg>`,
	);
}
