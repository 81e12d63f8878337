import fc from 'fast-check';

import { imageTypeOf } from '../../../../../nodes/Imagen/api/formats';
import { resultKey } from '../../../../../nodes/Imagen/transfer/fileNames';
import type { Photo } from '../../../../../nodes/Imagen/transfer/sources';
import { planUpload } from '../../../../../nodes/Imagen/transfer/plan';

const fileName = fc
	.tuple(
		fc.constantFrom('IMG_1', 'img_1', 'IMG_1-2', 'DSC', 'é', 'e\u0301', '', '.'),
		fc.constantFrom('.NEF', '.nef', '.dng', '.jpg', '.JPEG', '.png', ''),
	)
	.map((parts) => parts.join('').normalize('NFC'));

const photos = fc
	.array(fc.record({ fileName, bytes: fc.constantFrom(0, 1, 5_000_000) }), { maxLength: 40 })
	.map((list) =>
		list.map(
			({ fileName: name, bytes }, itemIndex): Photo => ({
				itemIndex,
				field: 'data',
				fileName: name,
				originalFileName: name,
				bytes,
				binary: { data: '', mimeType: '' },
			}),
		),
	);

test.each(['fail', 'makeUnique'] as const)(
	'an upload plan names each photo once, to send or to refuse (%s)',
	(ifRepeat) => {
		fc.assert(
			fc.property(photos, (given) => {
				const { photos: sent, findings } = planUpload(given, ifRepeat);
				const places = (list: Photo[]) => list.map(({ itemIndex }) => itemIndex);
				const all = new Set([...places(sent), ...places(findings.map(({ photo }) => photo))]);
				expect(places(sent).length).toBe(new Set(places(sent)).size);
				expect(all.size).toBe(given.length);
				const told = new Set(places(findings.map(({ photo }) => photo)));
				expect(places(sent).some((place) => told.has(place))).toBe(false);
			}),
			{ numRuns: 1000 },
		);
	},
);

test.each(['fail', 'makeUnique'] as const)(
	'what an upload plan sends is valid, of one kind, and clashes with nothing (%s)',
	(ifRepeat) => {
		fc.assert(
			fc.property(photos, (given) => {
				const { photos: sent, imageType } = planUpload(given, ifRepeat);
				expect(sent.every(({ bytes, fileName: name }) => bytes > 0 && imageTypeOf(name) === imageType)).toBe(
					true,
				);
				expect(new Set(sent.map(({ fileName: name }) => resultKey(name))).size).toBe(sent.length);
			}),
			{ numRuns: 1000 },
		);
	},
);
