import { extensionOf, stemOf } from '../api/formats';

/** File systems allow 255 bytes for a name; some are left for a number against clashes. */
const LONGEST_NAME_BYTES = 245;

/** A longer extension counts as part of the name. */
const LONGEST_EXTENSION = 16;

/** Control characters, what separates paths, and what Windows forbids. */
// eslint-disable-next-line no-control-regex
const FORBIDDEN = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069<>:"|?*]/g;

/** Names that Windows keeps for devices, with any extension. */
const RESERVED = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)/i;

/** Dots and blanks at the end, which Windows drops. */
const DANGLING = /[. ]+$/;

/**
 * A file name that can be written to any folder and does not lead out of it: without folders, control characters and what
 * Windows forbids, in one Unicode form, short enough for any file system with its extension kept. Safe names are returned unchanged.
 */
export function safeFileName(name: string): string {
	const base = name.split(/[/\\]/).pop() ?? '';
	const clean = base.normalize('NFC').replace(FORBIDDEN, '_').replace(DANGLING, '').replace(/^ +/, '');
	if (/^\.*$/.test(clean)) return 'file';
	// Shortening can turn a name into a reserved one.
	return unreserved(shortened(unreserved(clean)));
}

const unreserved = (name: string) => (RESERVED.test(name) ? `_${name}` : name);

function shortened(name: string): string {
	if (Buffer.byteLength(name) <= LONGEST_NAME_BYTES) return name;
	const extension = extensionOf(name).length <= LONGEST_EXTENSION ? name.slice(stemOf(name).length) : '';
	let stem = [...name.slice(0, name.length - extension.length)];
	while (Buffer.byteLength(stem.join('') + extension) > LONGEST_NAME_BYTES) stem = stem.slice(0, -1);
	return (stem.join('') + extension).replace(DANGLING, '');
}

/**
 * What two names must not share within a project: upper and lower case aside, and without the extension, because the results
 * (`IMG_1.xmp`, `IMG_1.jpg`) would overwrite each other where they are written.
 */
export function resultKey(fileName: string): string {
	return nameKey(stemOf(fileName));
}

/** What two files in one folder must not share, where upper and lower case are one. */
export function nameKey(fileName: string): string {
	return fileName.normalize('NFC').toLowerCase();
}

/**
 * The names, in order, with `-2`, `-3` ... put before the extension of those that clash with an earlier one.
 *
 * @param keyOf gives the same text for names that clash
 */
export function uniqueNames(fileNames: string[], keyOf: (fileName: string) => string): string[] {
	const taken = new Set(fileNames.map(keyOf));
	const given = new Set<string>();
	const lastNumbers = new Map<string, number>();
	return fileNames.map((fileName) => {
		const unique = given.has(keyOf(fileName)) ? numbered(fileName, taken, keyOf, lastNumbers) : fileName;
		taken.add(keyOf(unique));
		given.add(keyOf(unique));
		return unique;
	});
}

/** @param lastNumbers the last that was given, by name: thousands of files may have the same one */
function numbered(
	fileName: string,
	taken: Set<string>,
	keyOf: (fileName: string) => string,
	lastNumbers: Map<string, number>,
): string {
	const stem = stemOf(fileName);
	const extension = fileName.slice(stem.length);
	for (let number = (lastNumbers.get(fileName) ?? 1) + 1; ; number++) {
		const candidate = `${stem}-${number}${extension}`;
		if (taken.has(keyOf(candidate))) continue;
		lastNumbers.set(fileName, number);
		return candidate;
	}
}
