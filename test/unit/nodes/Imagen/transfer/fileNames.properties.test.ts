import fc from 'fast-check';

import {
	nameKey,
	resultKey,
	safeFileName,
	uniqueNames,
} from '../../../../../nodes/Imagen/transfer/fileNames';

/** What makes names dangerous, mixed with what makes them plain. */
const piece = fc.oneof(
	fc.string({ unit: 'binary', maxLength: 20 }),
	fc.constantFrom(
		'../',
		'..\\',
		'/',
		'\\',
		'.',
		' ',
		'\u0000',
		'\u202e',
		'e\u0301',
		'é',
		'CON',
		'nul.',
		':',
		'LPT1',
	),
	fc.constantFrom(
		'a. '.repeat(90),
		'IMG_1',
		'img_1',
		'.NEF',
		'.jpg',
		'.xmp',
		'📷'.repeat(80),
		'ä'.repeat(200),
	),
);
const fileName = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(''));

test('a safe name is a name in whatever folder it is written to, and nothing else', () => {
	fc.assert(
		fc.property(fileName, (name) => {
			const safe = safeFileName(name);
			expect(safe).not.toMatch(/[/\\<>:"|?*\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
			expect(safe).not.toMatch(/^(\.*|.*[. ]| .*)$/);
			expect(safe).not.toMatch(/^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i);
			expect(Buffer.byteLength(safe)).toBeLessThanOrEqual(255);
			expect(safe).toBe(safe.normalize('NFC'));
		}),
		{ numRuns: 2000 },
	);
});

test('a safe name stays as it is', () => {
	fc.assert(
		fc.property(fileName, (name) => {
			const safe = safeFileName(name);
			expect(safeFileName(safe)).toBe(safe);
		}),
		{ numRuns: 2000 },
	);
});

test.each([
	['files of one folder', nameKey],
	['photos of one project', resultKey],
])('%s get names that do not clash, each in its place', (_what, keyOf) => {
	fc.assert(
		fc.property(fc.array(fileName.map(safeFileName), { maxLength: 30 }), (names) => {
			const unique = uniqueNames(names, keyOf);
			expect(unique).toHaveLength(names.length);
			expect(new Set(unique.map(keyOf)).size).toBe(names.length);
			expect(unique.every((name) => Buffer.byteLength(name) <= 255 && !/[/\\]/.test(name))).toBe(true);
		}),
		{ numRuns: 500 },
	);
});
