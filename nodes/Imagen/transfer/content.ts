import { imageTypeOf } from '../api/formats';

/** How much of a file its kind is told by. */
export const HEAD_BYTES = 64;

/** What every JPEG begins with. */
const JPEG = /^\xff\xd8\xff/;

/** Whether a file that begins so is a JPEG. */
export const isJpeg = (head: Buffer) => JPEG.test(head.toString('latin1'));

/** What files begin with that are surely no RAW photo, or no JPEG. What is none of these may be any camera's format. */
const BEGINNINGS: Array<[what: string, pattern: RegExp]> = [
	['a JPEG', JPEG],
	['a web page', /^(\xef\xbb\xbf)?\s*<(!doctype html|!--|html|head|script)/i],
	['an XML file', /^(\xef\xbb\xbf)?\s*<\?xml/i],
	['JSON', /^(\xef\xbb\xbf)?\s*[{[]\s*(["{[][\x20-\x7e\s]{8}|[\]}]\s*$)/],
	['a BMP picture', /^BM....\0\0/s],
	['a Photoshop file', /^8BPS/],
	['a video', /^....ftyp(isom|mp4|qt|avc1|M4V)/s],
	['nothing but zeros', /^\0{16}/],
	['a PNG', /^\x89PNG\r\n/],
	['a GIF', /^GIF8[79]a/],
	['a PDF', /^%PDF-/],
	['a ZIP archive', /^PK\W\W.\0/s],
	['a WebP picture', /^RIFF....WEBP/s],
	['a HEIC picture', /^....ftyp(hei[cfsx]|hev[cx]|mif1|msf1)/s],
	['a TIFF or RAW file', /^(II\*\0|MM\0\*|IIRO|IIRS|MMOR|IIU\0|FUJIFILM|....ftypcrx)/s],
];

/**
 * Text in ASCII or UTF-8, without control characters other than tabs and line breaks. Fewer bytes say nothing; so many of them no camera's
 * format begins with.
 */
const TEXT = /^(?=[^]{16})(\xef\xbb\xbf)?([\t\n\r\x20-\x7e]|[\xc2-\xf4][\x80-\xbf]{1,3})+[\xc2-\xf4]?$/;

/** What answers in the place of a picture: a sign-in or a proxy, a storage, an API. */
const ANSWERS = ['a web page', 'an XML file', 'JSON'];

/** S3 says so also with status 200, if it fails after it has begun to answer. */
const STORAGE_ERROR = /^(\xef\xbb\xbf)?\s*(<\?xml[^>]*>)?\s*<Error[\s>]/;

const WEB_PAGE_IN_XML = /^(\xef\xbb\xbf)?\s*<\?xml[^>]*>\s*<(!doctype html|html)/i;

const ALLOWED = { RAW: ['a TIFF or RAW file'], JPG: ['a JPEG'] };

/**
 * What is wrong with a photo, judging by how it begins: it holds something else than its name says, or ends before its directory of
 * tags. Undefined where nothing is known to be wrong.
 *
 * @param head the first bytes of the file, as many as there are up to `HEAD_BYTES`
 * @param bytes the size of the file
 */
export function contentProblem(fileName: string, head: Buffer, bytes: number): string | undefined {
	const type = imageTypeOf(fileName);
	if (!type) return undefined;
	if (bytes === 0) return 'is empty (0 bytes)';
	const text = head.toString('latin1');
	const what = beginningOf(text);
	if (what && !ALLOWED[type].includes(what)) return `contains ${what}`;
	if (!what && type === 'JPG') return 'is not a JPEG';
	if (!what && TEXT.test(text)) return 'contains text';
	return isCutShort(head, bytes) ? `is cut short (${bytes} bytes)` : undefined;
}

/**
 * What came instead of a result file, judging by how it begins; undefined where it may be the file. Imagen makes results: unlike photos, they
 * are only refused where they are surely something else.
 *
 * @param head as for `contentProblem`
 */
export function answerInPlaceOf(fileName: string, head: Buffer): string | undefined {
	if (head.length === 0) return 'an empty file';
	const text = head.toString('latin1');
	if (STORAGE_ERROR.test(text)) return 'an error of the storage';
	if (WEB_PAGE_IN_XML.test(text)) return 'a web page';
	const what = beginningOf(text);
	const isPicture = imageTypeOf(fileName) !== undefined;
	if (what === 'a web page' || (isPicture && what && ANSWERS.includes(what))) return what;
	return isPicture && !what && TEXT.test(text) ? 'text' : undefined;
}

/**
 * What to do about a problem that `contentProblem` has found.
 *
 * @param problem as it gives it
 */
export function contentRemedy(problem: string): string {
	if (/^(is empty|is cut short|contains nothing)/.test(problem))
		return 'Copy the file again from where it came from.';
	if (/^contains (a web page|an XML file|JSON)/.test(problem))
		return 'Download the file again. Its link may need a sign-in.';
	return "Change the file's extension to match its content, or leave it out.";
}

const beginningOf = (text: string) => BEGINNINGS.find(([, pattern]) => pattern.test(text))?.[0];

/** Whether the first directory of a TIFF, as most RAW files are, lies beyond the end of the file. */
function isCutShort(head: Buffer, bytes: number): boolean {
	const order = head.toString('latin1', 0, 4);
	if (order !== 'II*\0' && order !== 'MM\0*') return false;
	if (bytes < 8) return true;
	return (order === 'II*\0' ? head.readUInt32LE(4) : head.readUInt32BE(4)) >= bytes;
}
