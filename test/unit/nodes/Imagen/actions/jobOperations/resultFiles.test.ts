import { fileNameFilter } from '../../../../../../nodes/Imagen/actions/jobOperations/resultFiles';

const wanted = (list: string, ...fileNames: string[]) => fileNames.filter(fileNameFilter(list));

test.each(['', '  ', ' , '])('the list of file names %j asks for every file', (list) => {
	expect(wanted(list, 'a.xmp', 'b.jpg')).toEqual(['a.xmp', 'b.jpg']);
});

test('file names to download are whole names, whatever their case', () => {
	expect(wanted('IMG_1.xmp', 'img_1.XMP', 'IMG_1.xmp.bak', 'IMG_10.xmp')).toEqual(['img_1.XMP']);
});

test('in file names to download, * stands for any characters, and nothing else is special', () => {
	expect(wanted('IMG_*.xmp, b(1)+.jpg', 'IMG_1.xmp', 'IMG_.xmp', 'IMG_1xmp', 'b(1)+.jpg', 'b1.jpg')).toEqual([
		'IMG_1.xmp',
		'IMG_.xmp',
		'b(1)+.jpg',
	]);
});
