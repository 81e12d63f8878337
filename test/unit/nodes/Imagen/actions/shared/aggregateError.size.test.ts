import type { IDataObject, IExecuteFunctions, INodeParameters } from 'n8n-workflow';

import { workOnPhotos, type Step } from '../../../../../../nodes/Imagen/actions/jobOperations/chains';
import { fetchAll, requireWhole } from '../../../../../../nodes/Imagen/actions/jobOperations/resultFiles';
import { notAllUploaded } from '../../../../../../nodes/Imagen/actions/shared/inputPhotos';
import type { ProjectRef } from '../../../../../../nodes/Imagen/api/projectRef';
import { settle } from '../../../../../../nodes/Imagen/api/settle';
import type { Failure } from '../../../../../../nodes/Imagen/errors/failure';
import {
	ImagenApiError,
	ImagenOperationError,
	LinkReadError,
} from '../../../../../../nodes/Imagen/errors/imagenErrors';
import { contentProblem, contentRemedy } from '../../../../../../nodes/Imagen/transfer/content';
import type { Photo } from '../../../../../../nodes/Imagen/transfer/sources';
import type { InputItem } from '../../../../../support/engine';
import { byId, jsonOf, runImagen } from '../../../../../support/imagen';
import { shootParameters } from '../../../../../support/shootParameters';
import {
	apiGivesDownloadLinks,
	apiGivesUploadLinks,
	apiListsProfiles,
	apiReportsStatus,
	RAW_PROFILE,
	requests,
	storageTakes,
	useImagenApi,
} from '../../../../../support/imagenApi';

useImagenApi();
jest.setTimeout(120_000);

const FEW = 3;
const MANY = 5000;
const json = { project_uuid: 'p-1' };
const LONG = 'x'.repeat(120);

const listOf = <T>(number: number, entryOf: (index: number) => T): T[] =>
	Array.from({ length: number }, (_, index) => entryOf(index));

/** An item with a file of one byte, as n8n holds it in memory. */
const file = (fileName: string, field = 'data'): InputItem => ({
	json,
	binary: { [field]: { fileName, mimeType: 'application/octet-stream', data: 'eA==' } },
});

const jpeg = (fileName: string): InputItem => ({
	json: { ...json, file_name: fileName },
	binary: {
		data: {
			fileName,
			mimeType: 'image/jpeg',
			data: Buffer.from('\xff\xd8\xff', 'latin1').toString('base64'),
		},
	},
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

interface Input {
	what: string;
	itemOf: (index: number) => InputItem;
	options: INodeParameters;
}

const INPUTS: Input[] = [
	{ what: 'files that are no photos', itemOf: (index) => file(`<b>&_${index}.xmp`), options: notPhotos },
	{ what: 'files of as many other kinds', itemOf: (index) => file(`${LONG}.x${index}`), options: notPhotos },
	{ what: 'photos of one name', itemOf: () => file('IMG_1.NEF'), options: {} },
	{ what: 'photos of one long name', itemOf: () => file(`${'<'.repeat(200)}.NEF`), options: {} },
	{
		what: 'RAW+JPEG pairs',
		itemOf: (index) => file(`IMG_${index >> 1}.${index % 2 ? 'JPG' : 'NEF'}`),
		options: {},
	},
	{ what: 'items without a file', itemOf: () => ({ json }), options: {} },
	{
		what: 'faults of every kind',
		itemOf: (index) => FAULTS[index % FAULTS.length](index),
		options: notPhotos,
	},
];

/** Those of which one file is a photo that can be uploaded. */
const hasOnePhoto = ['photos of one name', 'photos of one long name', 'faults of every kind'];

const OPERATIONS: Array<['photo.upload' | 'shoot.editPhotos', INodeParameters]> = [
	['photo.upload', {}],
	['shoot.editPhotos', { profile: byId(RAW_PROFILE.profile_key), results: 'none' }],
];

const CASES = OPERATIONS.flatMap(([operation, parameters]) =>
	INPUTS.map(({ what, itemOf, options }) => ({
		operation,
		what,
		itemOf,
		parameters:
			operation === 'shoot.editPhotos'
				? shootParameters({ ...parameters, options })
				: { ...parameters, options },
	})),
);

interface ShownError {
	message: string;
	description?: string | null;
}

/** What steps begin with: it is said to whoever reads, not of what has happened. */
const STEP =
	/^(Add|Ask|Change|Check|Choose|Connect|Copy|Download|Enter|Filter|Fix|Give|Get|In|Look|Put|Rename|Run|Set|Shorten|To|Update|Upload|Use) /;

/** The tags that n8n's panel shows as such. */
const TAGS = /<br>|<\/?ul>|<\/?li>/g;

/** Holds what is true of every error about several things, in n8n's panel. @returns the entries of its list */
function expectReadable({ message, description }: ShownError): string[] {
	expect(message).toMatch(/^\S.{0,200}$/);
	expect(Buffer.byteLength(String(description))).toBeLessThan(4096);
	const [, above, list, below] = /^(.+)\n<ul>\n((?:<li>.+<\/li>\n)+)<\/ul>(?:\n(.+))?$/s.exec(
		String(description),
	) as unknown as string[];
	expect(`${above}${list}${below}`.replace(TAGS, '')).not.toMatch(/[<>]|&(?!amp;|lt;|gt;)/);
	const lines = above.split('<br>\n');
	expect(lines[0]).toMatch(STEP);
	expect(lines.length).toBeLessThanOrEqual(4);
	const entries = [...list.matchAll(/<li>(.+?)<\/li>/gs)].map(([, entry]) => entry);
	expect(entries.join('\n')).toBe(list.trim().replace(/<\/?li>/g, ''));
	expect(entries.length).toBeLessThanOrEqual(11);
	const sentences = [...lines, ...entries.flatMap((entry) => entry.split('<br>\n'))];
	expect(sentences).toEqual([...new Set(sentences)]);
	return entries;
}

/** Says how many things there are beyond those that are named. */
function expectRestCounted(entries: string[], number: number): void {
	if (number === FEW) expect(entries.join('')).not.toMatch(/ and [\d,]+ more/);
	else expect(entries.join('\n')).toMatch(/(^| )and [\d,]+ more/m);
}

describe.each(CASES)('$operation of many items, $what', ({ operation, what, itemOf, parameters }) => {
	const run = async (number: number, settings = {}) => {
		if (operation === 'shoot.editPhotos') apiListsProfiles();
		const items = listOf(number, itemOf);
		return await runImagen(operation, parameters, { items, binaryMode: 'default', ...settings });
	};

	describe.each([FEW, MANY])('%i of them', (number) => {
		test('stops with an error that is read in a minute, and has all that is wrong in its details', async () => {
			const { error } = await run(number);
			if (what === 'RAW+JPEG pairs') {
				// One thing is wrong, with all of them.
				expect(error?.message).toMatch(/ RAW and .* JPEG photos|1 JPEG among/);
				expect(String(error?.description).length).toBeLessThan(400);
				return;
			}
			const entries = expectReadable(error as ShownError);
			expectRestCounted(entries, number);
			expect(error?.description).toMatch(/Nothing was (uploaded|created, sent) or billed\./);
			expect(requests().every((line) => line.startsWith('GET '))).toBe(true);
			if (number === FEW) return;
			const { data } = error?.context as { data: Record<string, string[]> };
			expect(Object.values(data).flat().length).toBeGreaterThanOrEqual(number - 1);
		});
	});

	test('goes on with an output that n8n can hold, each item with its own reason', async () => {
		if (operation === 'photo.upload' && hasOnePhoto.includes(what)) {
			const name = what === 'photos of one long name' ? `${'<'.repeat(200)}.NEF` : 'IMG_1.NEF';
			apiGivesUploadLinks('p-1', [name]);
			storageTakes('p-1', name);
		}
		const output = jsonOf(await run(MANY, { onError: 'continueErrorOutput' }), 1);
		expect(output.length).toBeGreaterThanOrEqual(MANY - 1);
		expect(JSON.stringify(output).length).toBeLessThan(5_000_000);
		const longest = Math.max(...output.map((item: IDataObject) => JSON.stringify(item).length));
		expect(longest).toBeLessThan(1_000);
	});
});

/** A node to which no server proves who it is. */
const context = {
	helpers: {
		httpRequest: async () => {
			throw Object.assign(new Error('No'), { code: 'CERT_HAS_EXPIRED' });
		},
	},
	getInputData: () => listOf(MANY, () => ({ json })),
	getNode: () => ({ name: 'Node', type: 'n8n-nodes-imagen-ai.imagen', typeVersion: 1, parameters: {} }),
	continueOnFail: () => false,
} as unknown as IExecuteFunctions;

const project: ProjectRef = { uuid: 'p-1', name: 'Anna & <Ben>', editingFlow: 'REGULAR' };

const nameOf = (index: number) => `<i>&'${index}'.NEF`;

const cutShort = (index: number): Failure => ({
	kind: 'connection',
	code: '',
	message: `only part of the file arrived (${index} of ${MANY} bytes)`,
});
const refused: Failure = {
	kind: 'connection',
	code: 'ECONNREFUSED',
	message: 'the server refused the connection',
};
const broken: Failure = { kind: 'answer', statusCode: 503, message: 'Slow down (SlowDown)' };

/** What a TIFF begins with whose first directory is far behind. */
const CUT_SHORT = Buffer.from('II*\0\xff\xff\xff\x7f', 'latin1');

/** Why a photo does not arrive. */
const UPLOAD_ERRORS: Record<string, Array<(fileName: string, index: number) => Error>> = {
	'for one reason': [(fileName) => new ImagenApiError(context, `upload '${fileName}'`, refused)],
	'in parts of their own': [
		(fileName, index) =>
			new ImagenApiError(context, `upload '${fileName}' (part ${index + 1} of ${MANY})`, broken),
	],
	'from links, cut short': [
		(fileName, index) => new LinkReadError(context, fileName, cutShort(index + 1), index),
	],
	'for many reasons': [
		(fileName) => new ImagenApiError(context, `upload '${fileName}'`, refused),
		(fileName, index) => new LinkReadError(context, fileName, cutShort(index + 1), index),
		(fileName, index) => new LinkReadError(context, fileName, broken, index),
		(fileName, index) =>
			new ImagenOperationError(
				context,
				`'${fileName}' ${contentProblem(fileName, CUT_SHORT, index + 9)} and wasn't uploaded`,
				contentRemedy('is cut short'),
				index,
				fileName,
			),
	],
};

/** What is thrown. */
async function errorOf(work: () => Promise<unknown>): Promise<ShownError> {
	const outcome = await settle(work);
	if (outcome.status === 'rejected') return outcome.reason as ShownError;
	throw new Error('Nothing was thrown');
}

/** The places that make one error of several, besides those above, with a way to bring each about. */
const PLACES: Array<[place: string, make: (number: number) => Promise<ShownError | undefined> | ShownError]> =
	[
		...Object.entries(UPLOAD_ERRORS).map(([why, errors]): (typeof PLACES)[number] => [
			`photos that did not arrive, ${why}`,
			(number) =>
				notAllUploaded(
					context,
					project,
					listOf(number, (index) => ({
						photo: { fileName: nameOf(index), itemIndex: index } as Photo,
						error: errors[index % errors.length](nameOf(index), index),
					})),
					MANY + 1,
				),
		]),
		[
			'photos without a result',
			(number) => {
				const missing = listOf(number, (itemIndex) => ({ fileName: nameOf(itemIndex), itemIndex }));
				const results = { links: [], missing, lacking: 0, expected: MANY, areMerged: false };
				return errorOf(async () => requireWhole(context, 'edit', project, results));
			},
		],
		[
			'files that cannot be downloaded',
			async (number) => {
				const links = listOf(number, (index) => ({
					file_name: `a&b_${index}.xmp`,
					link: `https://x/${index}`,
				}));
				const fetchLinks = async () => links;
				return await errorOf(
					async () => await fetchAll(context, 'the edit of project p-1', links, { fetchLinks }),
				);
			},
		],
		[
			'names that no result has',
			async (number) => {
				apiReportsStatus('edit', 'p-1', 'Completed');
				apiGivesDownloadLinks('edit', 'p-1', ['1.xmp']);
				const fileNames = listOf(number, nameOf).join(', ');
				return (await runImagen('edit.download', { options: { fileNames } }, { items: [{ json }] })).error;
			},
		],
		[
			'items that name no photo to retouch',
			async (number) => {
				const parameters = { instruction: 'More light', fileName: '={{ $json.file_name }}' };
				const items = listOf(number, () => ({ json }));
				return (await runImagen('retouch.applyInstruction', parameters, { items })).error;
			},
		],
		[
			'photos that cannot be retouched',
			async (number) => {
				const photos = listOf(number, (index) => ({
					...project,
					fileName: nameOf(index),
					itemIndexes: [index],
					itemPhotos: [{}],
				}));
				const retouch = async ({ photo: { fileName } }: Step) => {
					throw new ImagenApiError(context, `apply the instruction to '${fileName}'`, broken);
				};
				const input = { photos, failed: [] };
				return await errorOf(async () => await workOnPhotos(context, 'retouch', input, retouch));
			},
		],
		[
			'items that replace the same photo',
			async (number) => {
				apiReportsStatus('export', 'p-1', 'Completed');
				apiGivesDownloadLinks('export', 'p-1', ['a&b.jpg']);
				const items = listOf(number, () => jpeg('a&b.jpg'));
				return (await runImagen('export.replacePhoto', {}, { items, binaryMode: 'default' })).error;
			},
		],
		[
			'options that cannot be read',
			async (number) => {
				const items = listOf(number, (index) => ({ json: { ...json, many: `<i>${index}` } }));
				const options = { parallelUploads: '={{ $json.many }}' };
				return (await runImagen('photo.upload', { options }, { items })).error;
			},
		],
	];

describe.each(PLACES)('%s', (_place, make) => {
	test.each([FEW, MANY])('%i of them make an error that is read in a minute', async (number) => {
		const entries = expectReadable((await make(number)) as ShownError);
		expectRestCounted(entries, number);
	});
});
