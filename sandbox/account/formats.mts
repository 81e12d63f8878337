import { extname } from 'node:path';
import type { ImageType } from './profiles.mts';

const rawExtensions = new Set(
	'.dng .nef .cr2 .arw .nrw .crw .srf .sr2 .orf .raw .rw2 .raf .ptx .pef .rwl .srw .cr3 .3fr .fff'.split(' '),
);
const jpegExtensions = new Set(['.jpg', '.jpeg']);

/** Whether the API takes the file as RAW or as JPEG; undefined if it takes it not at all. */
export function imageTypeOf(fileName: string): ImageType | undefined {
	const extension = extname(fileName).toLowerCase();
	if (rawExtensions.has(extension)) return 'RAW';
	return jpegExtensions.has(extension) ? 'JPG' : undefined;
}

/** The name of a file with another extension. */
export function withExtension(fileName: string, extension: string): string {
	return `${baseName(fileName)}${extension}`;
}

/** The name of a file without its extension. */
export function baseName(fileName: string): string {
	return fileName.slice(0, fileName.length - extname(fileName).length);
}
