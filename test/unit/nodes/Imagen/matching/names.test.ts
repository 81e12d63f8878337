import { matchByName } from '../../../../../nodes/Imagen/matching/names';
import type { Photo } from '../../../../../nodes/Imagen/transfer/sources';

const photo = (fileName: string): Photo => ({
	itemIndex: 0,
	field: 'data',
	fileName,
	originalFileName: fileName,
	bytes: 1,
	binary: { data: '', mimeType: '' },
});

test('a result belongs to the photo of its name, whatever the extensions and their case', () => {
	const matches = matchByName(
		[photo('IMG_1.NEF'), photo('img_2.dng')],
		['IMG_2.DNG', 'IMG_1.xmp', 'IMG_3.xmp'],
	);
	expect(matches).toMatchObject([
		{ photos: [{ fileName: 'img_2.dng' }], matchedBy: 'name' },
		{ photos: [{ fileName: 'IMG_1.NEF' }], matchedBy: 'name' },
		{ photos: [] },
	]);
});
