/** What a profile edits and what a project holds, never both: RAW files (DNG among them) or JPEGs. The API's own words. */
export type ImageType = 'RAW' | 'JPG';

/** An image type as people write it. */
export const kindOf = (imageType: ImageType) => (imageType === 'JPG' ? 'JPEG' : imageType);

/** File name extensions that Imagen edits (the guide's "Supported file formats", and `.ptx .pef .rwl .srw` of the clients). */
export const RAW_EXTENSIONS = [
	...['dng', 'nef', 'cr2', 'arw', 'nrw', 'crw', 'srf', 'sr2', 'orf', 'raw', 'rw2'],
	...['raf', 'ptx', 'pef', 'rwl', 'srw', 'cr3', '3fr', 'fff'],
];
/** The other ones that Imagen edits. */
export const JPEG_EXTENSIONS = ['jpg', 'jpeg'];

/** A file name's extension in lower case, without the dot; empty when it has none. */
export function extensionOf(fileName: string): string {
	const dot = fileName.lastIndexOf('.');
	return dot > 0 ? fileName.slice(dot + 1).toLowerCase() : '';
}

/** A file name without its extension: what a photo and its results (`.xmp`, `.dng`, `.jpg`) have in common. */
export function stemOf(fileName: string): string {
	const dot = fileName.lastIndexOf('.');
	return dot > 0 ? fileName.slice(0, dot) : fileName;
}

/** The kind of photo that a file name promises; undefined for a format that Imagen does not edit. */
export function imageTypeOf(fileName: string): ImageType | undefined {
	const extension = extensionOf(fileName);
	if (RAW_EXTENSIONS.includes(extension)) return 'RAW';
	if (JPEG_EXTENSIONS.includes(extension)) return 'JPG';
	return undefined;
}
