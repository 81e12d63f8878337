import fc from 'fast-check';

import { imageTypeOf } from '../../../../../nodes/Imagen/api/formats';
import { resultKey } from '../../../../../nodes/Imagen/transfer/fileNames';
import type { Photo } from '../../../../../nodes/Imagen/transfer/sources';
import { photoNamed } from '../../../../support/photoNamed';
import { planUpload } from '../../../../../nodes/Imagen/transfer/plan';

const fileName = fc
	.tuple(
		fc.constantFrom('IMG_1', 'img_1', 'IMG_1-2', 'DSC', 'é', 'e\u0301', '', '.', '._IMG_1'),
		fc.constantFrom('.NEF', '.nef', '.dng', '.jpg', '.JPEG', '.png', ''),
	)
	.map((parts) => parts.join('').normalize('NFC'));

const MODES = (['fail', 'rawOnly', 'jpegOnly'] as const).flatMap((ifMixed) =>
	(['fail', 'makeUnique'] as const).flatMap((ifNamesRepeat) =>
		(['fail', 'skip'] as const).map((ifNotPhoto) => ({ ifMixed, ifNamesRepeat, ifNotPhoto })),
	),
);

const photos = fc
	.array(fc.record({ fileName, bytes: fc.constantFrom(0, 1, 5_000_000) }), { maxLength: 40 })
	.map((list) => list.map(({ fileName: name, bytes }, itemIndex) => photoNamed(name, { itemIndex, bytes })));

test.each(MODES)(
	'an upload plan says of each file once whether it is sent, skipped or refused (%j)',
	(options) => {
		fc.assert(
			fc.property(photos, (given) => {
				const { photos: sent, findings, skipped } = planUpload(given, options);
				const places = (list: Photo[]) => list.map(({ itemIndex }) => itemIndex);
				const all = new Set([
					...places(sent),
					...places(findings.flatMap((finding) => finding.photos)),
					...places(skipped.map(({ photo }) => photo)),
				]);
				expect(places(sent).length).toBe(new Set(places(sent)).size);
				expect(all.size).toBe(given.length);
				const told = new Set(places(findings.flatMap((finding) => finding.photos)));
				expect(places(sent).some((place) => told.has(place))).toBe(false);
			}),
			{ numRuns: 1000 },
		);
	},
);

test.each(MODES)(
	'what an upload plan sends is valid, of one kind, and clashes with nothing (%j)',
	(options) => {
		fc.assert(
			fc.property(photos, (given) => {
				const { photos: sent, imageType } = planUpload(given, options);
				expect(sent.every(({ fileName: name }) => imageTypeOf(name) === imageType)).toBe(true);
				expect(new Set(sent.map(({ fileName: name }) => resultKey(name))).size).toBe(sent.length);
			}),
			{ numRuns: 1000 },
		);
	},
);
