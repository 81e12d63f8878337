import { extensionOf } from '../api/formats';

/**
 * MIME types of what Imagen takes and gives. n8n's own look-up knows no RAW format and no XMP, and calls them text. The RAW
 * types are those of the freedesktop.org shared MIME database.
 */
const MIME_TYPES: Record<string, string> = {
	'3fr': 'image/x-hasselblad-3fr',
	arw: 'image/x-sony-arw',
	cr2: 'image/x-canon-cr2',
	cr3: 'image/x-canon-cr3',
	crw: 'image/x-canon-crw',
	dng: 'image/x-adobe-dng',
	fff: 'image/x-hasselblad-fff',
	jpeg: 'image/jpeg',
	jpg: 'image/jpeg',
	nef: 'image/x-nikon-nef',
	nrw: 'image/x-nikon-nrw',
	orf: 'image/x-olympus-orf',
	pef: 'image/x-pentax-pef',
	ptx: 'image/x-pentax-ptx',
	raf: 'image/x-fuji-raf',
	raw: 'image/x-panasonic-rw',
	rw2: 'image/x-panasonic-rw2',
	rwl: 'image/x-leica-rwl',
	sr2: 'image/x-sony-sr2',
	srf: 'image/x-sony-srf',
	srw: 'image/x-samsung-srw',
	xmp: 'application/rdf+xml',
};

/** The MIME type for a file name. */
export function mimeTypeOf(fileName: string): string {
	return MIME_TYPES[extensionOf(fileName)] ?? 'application/octet-stream';
}

/** The extension for the MIME type of a photo; undefined where it is none. */
export function extensionFor(mimeType: string): string | undefined {
	if (mimeType === 'image/jpeg') return 'jpg';
	return Object.keys(MIME_TYPES).find(
		(extension) => extension !== 'xmp' && MIME_TYPES[extension] === mimeType,
	);
}
