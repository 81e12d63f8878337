import {
	nameKey,
	resultKey,
	safeFileName,
	uniqueNames,
} from '../../../../../nodes/Imagen/transfer/fileNames';
import { mimeTypeOf } from '../../../../../nodes/Imagen/transfer/mimeTypes';

describe('a safe name', () => {
	test.each(['IMG_1.xmp', 'Anna & Ben (1).jpg', 'Mädchen 日本.dng', 'a.b.c.xmp', '.xmp'])(
		'%s stays as it is',
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
	])('%j becomes %j', (name, safe) => {
		expect(safeFileName(name)).toBe(safe);
	});

	test('a long one is shortened for any file system, and keeps its ending', () => {
		const safe = safeFileName(`${'ü'.repeat(300)}.xmp`);
		expect(safe).toMatch(/^ü+\.xmp$/);
		expect(Buffer.byteLength(safe)).toBeLessThanOrEqual(245);
	});

	test('a long one that is nearly all ending is shortened too', () => {
		const safe = safeFileName(`a.${'x'.repeat(300)}`);
		expect(Buffer.byteLength(safe)).toBeLessThanOrEqual(245);
	});
});

describe('unique names', () => {
	test('those that clash get a number before the ending, the first one stays', () => {
		expect(uniqueNames(['a.jpg', 'b.jpg', 'A.JPG', 'a.jpg'], nameKey)).toEqual([
			'a.jpg',
			'b.jpg',
			'A-2.JPG',
			'a-3.jpg',
		]);
	});

	test('a number never takes the name of another file', () => {
		expect(uniqueNames(['a.jpg', 'a.jpg', 'a-2.jpg'], nameKey)).toEqual(['a.jpg', 'a-3.jpg', 'a-2.jpg']);
	});

	test('photos whose results would overwrite each other clash, whatever their ending', () => {
		expect(uniqueNames(['IMG_1.NEF', 'img_1.dng', 'IMG_2.NEF'], resultKey)).toEqual([
			'IMG_1.NEF',
			'img_1-2.dng',
			'IMG_2.NEF',
		]);
	});

	test('two Unicode forms of one name clash', () => {
		expect(uniqueNames(['M\u00fcnchen.jpg', 'Mu\u0308nchen.jpg'], nameKey)[1]).toContain('-2.jpg');
	});
});

test.each([
	['IMG_1.xmp', 'application/rdf+xml'],
	['IMG_1.DNG', 'image/x-adobe-dng'],
	['IMG_1.NEF', 'image/x-nikon-nef'],
	['IMG_1.CR3', 'image/x-canon-cr3'],
	['IMG_1.jpg', 'image/jpeg'],
	['IMG_1.JPEG', 'image/jpeg'],
	['IMG_1', 'application/octet-stream'],
])('%s is %s', (fileName, mimeType) => {
	expect(mimeTypeOf(fileName)).toBe(mimeType);
});
