import { matchByName } from '../../../../../nodes/Imagen/matching/names';
import { photoNamed } from '../../../../support/photoNamed';

test('a result belongs to the photo of its name, whatever the extensions and their case', () => {
	const matches = matchByName(
		[photoNamed('IMG_1.NEF'), photoNamed('img_2.dng')],
		['IMG_2.DNG', 'IMG_1.xmp', 'IMG_3.xmp'],
	);
	expect(matches).toMatchObject([
		{ photos: [{ fileName: 'img_2.dng' }], matchedBy: 'name' },
		{ photos: [{ fileName: 'IMG_1.NEF' }], matchedBy: 'name' },
		{ photos: [] },
	]);
});
