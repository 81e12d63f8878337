import type { INodeParameters } from 'n8n-workflow';

import type { InputItem } from '../../../../../support/engine';
import { jsonOf, runImagen } from '../../../../../support/imagen';
import { apiListsProfiles, RAW_PROFILE, requests } from '../../../../../support/imagenApi';
import { byId } from '../../../../../support/imagen';
import { shot } from '../../../../../support/shoots';

const ITEMS = 5000;
const json = { project_uuid: 'p-1' };

const many = (itemOf: (index: number) => InputItem): InputItem[] =>
	Array.from({ length: ITEMS }, (_, index) => itemOf(index));

/** As long as the names of cameras and scanners get. */
const LONG = 'x'.repeat(120);

const INPUTS: Array<[what: string, items: InputItem[], options: INodeParameters]> = [
	[
		'files that are no photos, all of one kind',
		many((index) => shot(`IMG_${index}.xmp`, json)),
		{ ifNotPhoto: 'fail' },
	],
	[
		'files that are no photos, each of another kind',
		many((index) => shot(`${LONG}_${index}.x${index}`, json)),
		{ ifNotPhoto: 'fail' },
	],
	['photos of one name', many(() => shot('IMG_1.NEF', json)), {}],
	['RAW+JPEG pairs', many((index) => shot(`IMG_${index >> 1}.${index % 2 ? 'JPG' : 'NEF'}`, json)), {}],
	['items without a file', many(() => ({ json })), {}],
	[
		'a mix of faults',
		many(
			(index) =>
				[
					shot(`IMG_${index}.xmp`, json),
					shot('IMG_1.NEF', json),
					{ json },
					shot(`.hidden_${index}`, json),
					shot(`clip_${index}.MP4`, json),
					{ json, binary: { other: { data: '', mimeType: 'image/jpeg' } } },
					shot(`notes_${index}`, json),
				][index % 7],
		),
		{ ifNotPhoto: 'fail' },
	],
];

const OPERATIONS: Array<[name: 'photo.upload' | 'shoot.editPhotos', parameters: INodeParameters]> = [
	['photo.upload', {}],
	['shoot.editPhotos', { profile: byId(RAW_PROFILE.profile_key), results: 'none' }],
];

const CASES = OPERATIONS.flatMap(([operation, parameters]) =>
	INPUTS.map(([what, items, options]) => ({
		operation,
		what,
		items,
		parameters: { ...parameters, options },
	})),
);

jest.setTimeout(120_000);

describe.each(CASES)('$operation of 5,000 items: $what', ({ operation, items, parameters }) => {
	beforeEach(() => {
		if (operation === 'shoot.editPhotos') apiListsProfiles();
	});

	test('stops with an error that a person can read', async () => {
		const { error } = await runImagen(operation, parameters, { items, binaryMode: 'default' });
		const text = `${error?.message}\n${error?.description}`;
		console.log(operation, Buffer.byteLength(text), JSON.stringify(error?.context ?? 0).length, text);
		expect(Buffer.byteLength(text)).toBeLessThan(4096);
		expect(requests().filter((line) => !line.startsWith('GET'))).toEqual([]);
	});

	test.each(['continueErrorOutput', 'continueRegularOutput'] as const)(
		'gives an output that n8n can hold with On Error: %s',
		async (onError) => {
			const begin = Date.now();
			const result = await runImagen(operation, parameters, { items, onError, binaryMode: 'default' });
			const index = onError === 'continueErrorOutput' ? 1 : 0;
			console.log(
				operation,
				JSON.stringify(jsonOf(result, index)).length,
				performance.now(),
				JSON.stringify(jsonOf(result, index)[0]),
			);
			expect(JSON.stringify(jsonOf(result, index)).length).toBeLessThan(5_000_000);
			void begin;
		},
	);
});
