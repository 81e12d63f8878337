import { extensionOf, imageTypeOf, stemOf } from '../../../../../nodes/Imagen/api/formats';

test.each('dng nef cr2 arw nrw crw srf sr2 orf raw rw2 raf ptx pef rwl srw cr3 3fr fff'.split(' '))(
	'a .%s file is a RAW photo',
	(extension) => {
		expect(imageTypeOf(`IMG_1.${extension}`)).toBe('RAW');
		expect(imageTypeOf(`IMG_1.${extension.toUpperCase()}`)).toBe('RAW');
	},
);

test.each(['a.jpg', 'a.JPEG', 'a.nef.jpg'])('the file %s is a JPEG', (fileName) => {
	expect(imageTypeOf(fileName)).toBe('JPG');
});

test.each(['a.png', 'a.xmp', 'a.heic', 'nef', '.nef', '', 'a.'])(
	'Imagen does not edit the file %j',
	(fileName) => {
		expect(imageTypeOf(fileName)).toBeUndefined();
	},
);

test('a file name is split into its stem and its extension', () => {
	expect(['IMG_1.NEF', 'a.b.jpg', 'none', '.hidden'].map(stemOf)).toEqual([
		'IMG_1',
		'a.b',
		'none',
		'.hidden',
	]);
	expect(['IMG_1.NEF', 'a.b.jpg', 'none', '.hidden'].map(extensionOf)).toEqual(['nef', 'jpg', '', '']);
});
