import type { IDataObject, INodeParameters } from 'n8n-workflow';

import type { InputItem } from '../../../../../support/engine';
import { byId, jsonOf, runImagen } from '../../../../../support/imagen';
import { shootParameters } from '../../../../../support/shootParameters';
import {
	apiGivesUploadLinks,
	apiListsProfiles,
	RAW_PROFILE,
	requests,
	storageTakes,
	useImagenApi,
} from '../../../../../support/imagenApi';

useImagenApi();
jest.setTimeout(60_000);

const ITEMS = 5000;
const json = { project_uuid: 'p-1' };
const LONG = 'x'.repeat(120);

const many = (itemOf: (index: number) => InputItem): InputItem[] =>
	Array.from({ length: ITEMS }, (_, index) => itemOf(index));

/** An item with a file of one byte, as n8n holds it in memory. */
const file = (fileName: string, field = 'data'): InputItem => ({
	json,
	binary: { [field]: { fileName, mimeType: 'application/octet-stream', data: 'eA==' } },
});

const notPhotos = { ifNotPhoto: 'fail' };
const FAULTS = [
	(index: number) => file(`IMG_${index}.xmp`),
	() => file('IMG_1.NEF'),
	() => ({ json }),
	(index: number) => file(`.hidden_${index}`),
	(index: number) => file(`clip_${index}.MP4`),
	(index: number) => file(`IMG_${index}.NEF`, 'other'),
	(index: number) => file(`${LONG}_${index}`),
];

const INPUTS: Array<[what: string, items: InputItem[], options: INodeParameters]> = [
	['files that are no photos', many((index) => file(`IMG_${index}.xmp`)), notPhotos],
	['files of 5,000 other kinds', many((index) => file(`${LONG}.x${index}`)), notPhotos],
	['photos of one name', many(() => file('IMG_1.NEF')), {}],
	['RAW+JPEG pairs', many((index) => file(`IMG_${index >> 1}.${index % 2 ? 'JPG' : 'NEF'}`)), {}],
	['items without a file', many(() => ({ json })), {}],
	['faults of every kind', many((index) => FAULTS[index % FAULTS.length](index)), notPhotos],
];

/** Those of which one file is a photo that can be uploaded. */
const hasOnePhoto = ['photos of one name', 'faults of every kind'];

const OPERATIONS: Array<['photo.upload' | 'shoot.editPhotos', INodeParameters]> = [
	['photo.upload', {}],
	['shoot.editPhotos', { profile: byId(RAW_PROFILE.profile_key), results: 'none' }],
];

const CASES = OPERATIONS.flatMap(([operation, parameters]) =>
	INPUTS.map(([what, items, options]) => ({
		operation,
		what,
		items,
		parameters:
			operation === 'shoot.editPhotos'
				? shootParameters({ ...parameters, options })
				: { ...parameters, options },
	})),
);

describe.each(CASES)('$operation of 5,000 items, $what', ({ operation, what, items, parameters }) => {
	const run = async (settings = {}) => {
		if (operation === 'shoot.editPhotos') apiListsProfiles();
		return await runImagen(operation, parameters, { items, binaryMode: 'default', ...settings });
	};

	test('stops with an error that is read in a minute, and has all that is wrong in its details', async () => {
		const { error } = await run();
		expect(Buffer.byteLength(`${error?.message}\n${error?.description}`)).toBeLessThan(4096);
		expect(error?.description).toMatch(/Nothing was (uploaded|created, sent) or billed\./);
		const { data } = error?.context as { data?: Record<string, string[]> };
		const listed = Object.values(data ?? {}).flat();
		// The one line on pairs says it all.
		const least = what === 'RAW+JPEG pairs' ? 0 : ITEMS - 1;
		expect(listed.length).toBeGreaterThanOrEqual(least);
		expect(requests().every((line) => line.startsWith('GET '))).toBe(true);
	});

	test('goes on with an output that n8n can hold, each item with its own reason', async () => {
		if (operation === 'photo.upload' && hasOnePhoto.includes(what)) {
			apiGivesUploadLinks('p-1', ['IMG_1.NEF']);
			storageTakes('p-1', 'IMG_1.NEF');
		}
		const output = jsonOf(await run({ onError: 'continueErrorOutput' }), 1);
		expect(output.length).toBeGreaterThanOrEqual(ITEMS - 1);
		expect(JSON.stringify(output).length).toBeLessThan(5_000_000);
		const longest = Math.max(...output.map((item: IDataObject) => JSON.stringify(item).length));
		expect(longest).toBeLessThan(1_000);
	});
});
