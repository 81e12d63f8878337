import {
	nameKey,
	resultKey,
	safeFileName,
	uniqueNames,
} from '../../../../../nodes/Imagen/transfer/fileNames';
import { mimeTypeOf } from '../../../../../nodes/Imagen/transfer/mimeTypes';

test.each(['IMG_1.xmp', 'Anna & Ben (1).jpg', 'Mädchen 日本.dng', 'a.b.c.xmp', '.xmp'])(
	'the safe name %s stays as it is',
	(name) => {
		expect(safeFileName(name)).toBe(name);
	},
);

test.each([
	['../../etc/passwd', 'passwd'],
	['C:\\Users\\me\\a.xmp', 'a.xmp'],
	['/a.xmp', 'a.xmp'],
	['a\u0000b\nc.xmp', 'a_b_c.xmp'],
	['gpj.\u202Exmp', 'gpj._xmp'],
	['a<b>:"|?*.jpg', 'a_b______.jpg'],
	['a.jpg. . ', 'a.jpg'],
	['  a.jpg', 'a.jpg'],
	['con.jpg', '_con.jpg'],
	['LPT1', '_LPT1'],
	['..', 'file'],
	['folder/', 'file'],
	['', 'file'],
	['Mu\u0308nchen.jpg', 'M\u00fcnchen.jpg'],
])('the file name %j becomes %j, which is safe', (name, safe) => {
	expect(safeFileName(name)).toBe(safe);
});

test('a long file name is shortened for any file system, and keeps its extension', () => {
	const safe = safeFileName(`${'ü'.repeat(300)}.xmp`);
	expect(safe).toMatch(/^ü+\.xmp$/);
	expect(Buffer.byteLength(safe)).toBeLessThanOrEqual(245);
});

test('a long file name that is nearly all extension is shortened too', () => {
	const safe = safeFileName(`a.${'x'.repeat(300)}`);
	expect(Buffer.byteLength(safe)).toBeLessThanOrEqual(245);
});

test('file names that clash get a number before the extension, the first one stays', () => {
	expect(uniqueNames(['a.jpg', 'b.jpg', 'A.JPG', 'a.jpg'], nameKey)).toEqual([
		'a.jpg',
		'b.jpg',
		'A-2.JPG',
		'a-3.jpg',
	]);
});

test('a number that is added to a file name never takes the name of another file', () => {
	expect(uniqueNames(['a.jpg', 'a.jpg', 'a-2.jpg'], nameKey)).toEqual(['a.jpg', 'a-3.jpg', 'a-2.jpg']);
});

test('photos whose results would overwrite each other clash, whatever their extension', () => {
	expect(uniqueNames(['IMG_1.NEF', 'img_1.dng', 'IMG_2.NEF'], resultKey)).toEqual([
		'IMG_1.NEF',
		'img_1-2.dng',
		'IMG_2.NEF',
	]);
});

test('two Unicode forms of one file name clash', () => {
	expect(uniqueNames(['M\u00fcnchen.jpg', 'Mu\u0308nchen.jpg'], nameKey)[1]).toContain('-2.jpg');
});

test.each([
	['IMG_1.xmp', 'application/rdf+xml'],
	['IMG_1.DNG', 'image/x-adobe-dng'],
	['IMG_1.NEF', 'image/x-nikon-nef'],
	['IMG_1.CR3', 'image/x-canon-cr3'],
	['IMG_1.jpg', 'image/jpeg'],
	['IMG_1.JPEG', 'image/jpeg'],
	['IMG_1', 'application/octet-stream'],
])('the file %s has the MIME type %s', (fileName, mimeType) => {
	expect(mimeTypeOf(fileName)).toBe(mimeType);
});
