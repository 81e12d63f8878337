/* eslint-disable @n8n/community-nodes/no-restricted-imports -- sees which files n8n opens and what it logs */
import fs from 'fs';
import { createRequire } from 'module';
import { sleep } from 'n8n-workflow';

import { photo, type InputItem } from '../../../../support/engine';
import { pauses, useClock } from '../../../../support/clock';
import { jsonOf, runImagen } from '../../../../support/imagen';
import {
	apiAwaitsAbort,
	apiAwaitsBegin,
	apiAwaitsComplete,
	apiDescribesProjects,
	apiGivesUploadLinks,
	begun,
	count,
	EXPIRED,
	headersOf,
	partOf,
	requests,
	connectionReset,
	storageAwaits,
	storageTakes,
	useImagenApi,
	wrapped,
	type Upload,
} from '../../../../support/imagenApi';

// n8n-core's own copy, as the engine takes it.
const { Logger } = createRequire(require.resolve('n8n-core'))(
	'@n8n/backend-common',
) as typeof import('@n8n/backend-common');

const PART_BYTES = 32;

jest.mock('../../../../../nodes/Imagen/api/limits', () => ({
	...jest.requireActual<object>('../../../../../nodes/Imagen/api/limits'),
	PART_BYTES: 32,
}));

useImagenApi();
useClock();

beforeEach(() => apiDescribesProjects('I2I'));

/** Two parts and 20 bytes. They are no text, so that nock gives them in hex. */
const BYTES = bytesOf(2 * PART_BYTES + 20);
const X: Upload = { uuid: 'p-1', fileName: 'X.dng', partCount: 3 };
const again: Upload = { ...X, round: 2 };

/** The requests that an upload consists of, in their order. */
const BEGIN = 'POST /i2i/projects/p-1/multipart_uploads';
const [PART_1, PART_2, PART_3] = [1, 2, 3].map((number) => `PUT ${partOf('X.dng', number)}`);
const COMPLETE = `${BEGIN}/X.dng-upload-1/complete`;
const ABORT = 'DELETE /i2i/projects/p-1/multipart_uploads/X.dng-upload-1';
const LINKS = 'POST /i2i/projects/p-1/get_temporary_upload_links';

function bytesOf(length: number): Buffer {
	return Buffer.from(Array.from({ length }, (_, index) => 0x80 + (index % 61)));
}

/** An item of a Smart Editing project. */
const shot = (fileName = 'X.dng', bytes = BYTES): InputItem =>
	photo(fileName, bytes, { project_uuid: 'p-1', project_source: 'I2I' });

const upload = async (items: InputItem[] = [shot()], settings = {}, options = {}) =>
	await runImagen('photo.upload', { options }, { items, ...settings });

const apiBegins = (which: Upload) => apiAwaitsBegin(which).reply(200, begun(which));
const apiCompletes = (which: Upload) => apiAwaitsComplete(which).reply(200);
const apiAborts = (which: Upload) => apiAwaitsAbort(which).reply(204);

const storageAwaitsPart = (number: number, { uuid, fileName, round }: Upload = X) =>
	storageAwaits(uuid, partOf(fileName, number), round);

/** The storage takes these parts; what has arrived is in the list that is given, as hex. */
function storageTakesParts(numbers: number[], which: Upload = X): string[] {
	const arrived: string[] = [];
	for (const number of numbers) {
		storageAwaitsPart(number, which).reply((_uri, body) => {
			arrived.push(String(body));
			return [200];
		});
	}
	return arrived;
}

const hexOf = (start: number, end?: number) => BYTES.subarray(start, end).toString('hex');

describe.each(['filesystem', 'default'] as const)('with binaries kept in mode %s', (binaryMode) => {
	test('the parts of a large photo arrive one after the other and make the photo', async () => {
		apiBegins(X);
		const arrived = storageTakesParts([1, 2, 3]);
		apiCompletes(X);
		const result = await upload([shot()], { binaryMode });
		expect(result.error).toBeUndefined();
		expect(jsonOf(result)).toMatchObject([
			{ project_uuid: 'p-1', number_of_photos: 1, bytes: 84, photos: [{ file_name: 'X.dng', bytes: 84 }] },
		]);
		expect(arrived).toEqual([hexOf(0, 32), hexOf(32, 64), hexOf(64)]);
		expect(arrived.join('')).toBe(BYTES.toString('hex'));
		expect(requests()).toEqual([BEGIN, PART_1, PART_2, PART_3, COMPLETE]);
	});

	test('a part that broke off is repeated from its beginning', async () => {
		apiBegins(X);
		const arrived = storageTakesParts([1, 3]);
		storageAwaitsPart(2).replyWithError(connectionReset());
		storageAwaitsPart(2).reply(503, '<Error><Code>SlowDown</Code></Error>');
		const repeated = storageTakesParts([2]);
		apiCompletes(X);
		const result = await upload([shot()], { binaryMode });
		expect(jsonOf(result)).toMatchObject([{ number_of_photos: 1 }]);
		expect(arrived).toEqual([hexOf(0, 32), hexOf(64)]);
		expect(repeated).toEqual([hexOf(32, 64)]);
		expect(pauses).toEqual([1, 2]);
	});
});

test('each part goes with its exact length and an empty Content-Type, without key and digest', async () => {
	apiBegins(X);
	storageTakesParts([1, 2, 3]);
	apiCompletes(X);
	await upload([shot()], {}, { verifyMd5: true });
	expect(headersOf(PART_1)).toMatchObject({ 'content-type': '', 'content-length': '32' });
	expect(headersOf(PART_3)).toMatchObject({ 'content-type': '', 'content-length': '20' });
	for (const part of [PART_1, PART_2, PART_3]) {
		expect(headersOf(part)).not.toHaveProperty('content-md5');
		expect(headersOf(part)).not.toHaveProperty('x-api-key');
	}
});

describe('which photos go up in parts', () => {
	test('a photo that is no larger than a part goes as a whole, a larger one without a link', async () => {
		apiGivesUploadLinks('p-1', ['small.dng'], 1, 'I2I');
		storageTakes('p-1', 'small.dng');
		apiBegins({ ...X, partCount: 2 });
		storageTakesParts([1]);
		storageAwaitsPart(2).reply(200);
		apiCompletes(X);
		const items = [
			shot('small.dng', bytesOf(PART_BYTES)),
			shot('X.dng', Buffer.alloc(PART_BYTES + 1, 'x\0')),
		];
		const result = await upload(items);
		expect(result.error).toBeUndefined();
		expect(jsonOf(result)).toMatchObject([
			{ photos: [{ file_name: 'small.dng' }, { file_name: 'X.dng', bytes: 33 }] },
		]);
		expect(count(LINKS)).toBe(1);
	});

	test('no photo of an AI Profile project goes up in parts', async () => {
		apiGivesUploadLinks('p-1', ['X.dng']);
		storageTakes('p-1', 'X.dng');
		const result = await upload([photo('X.dng', BYTES, { project_uuid: 'p-1' })]);
		expect(jsonOf(result)).toMatchObject([{ number_of_photos: 1 }]);
	});
});

describe('beginning an upload in parts', () => {
	test.each([
		['a lost answer', () => apiAwaitsBegin(X).replyWithError(connectionReset()), 'the connection broke'],
		['a fault of the server', () => apiAwaitsBegin(X).reply(502), 'status 502'],
		['an answer without an ID', () => apiAwaitsBegin(X).reply(200, wrapped({ key: 'k' })), '"upload_id"'],
		[
			'an answer that lacks a part',
			() => apiAwaitsBegin(X).reply(200, begun({ ...X, partCount: 2 })),
			'no link for part 3',
		],
		['a refusal', () => apiAwaitsBegin(X).reply(403, { detail: 'Not yours' }), 'Not yours'],
	])('beginning an upload in parts is not repeated after %s', async (_what, answer, words) => {
		answer();
		const { error } = await upload();
		expect(error?.message).toContain("Imagen AI could not start the upload of 'X.dng' in parts: ");
		expect(error?.message).toContain(words);
		expect(requests()).toEqual(expect.arrayContaining([BEGIN]));
		expect(requests()).toHaveLength(1);
	});

	test.each([
		['429', () => apiAwaitsBegin(X).reply(429, {}, { 'Retry-After': '7' }), 7],
		['a refused connection', () => apiAwaitsBegin(X).replyWithError(connectionReset('ECONNREFUSED')), 1],
	])(
		'beginning an upload in parts is repeated after %s: nothing was begun',
		async (_what, answer, seconds) => {
			answer();
			apiBegins(X);
			storageTakesParts([1, 2, 3]);
			apiCompletes(X);
			expect(jsonOf(await upload())).toMatchObject([{ number_of_photos: 1 }]);
			expect(pauses).toEqual([seconds]);
		},
	);
});

describe('an upload that fails', () => {
	test('an upload in parts is aborted when a part cannot be sent; the error names photo and part', async () => {
		apiBegins(X);
		storageTakesParts([1]);
		storageAwaitsPart(2).times(5).replyWithError(connectionReset());
		apiAborts(X);
		const { error } = await upload();
		expect(error?.message).toContain(
			"Imagen AI could not upload 'X.dng' (part 2 of 3): the connection broke",
		);
		expect(requests().at(-1)).toBe(ABORT);
		expect(count(PART_3)).toBe(0);
	});

	test('an upload in parts is aborted at once when the storage refuses a part', async () => {
		apiBegins(X);
		storageAwaitsPart(1).reply(400, '<Error><Code>EntityTooSmall</Code><Message>Small</Message></Error>');
		apiAborts(X);
		const { error } = await upload();
		expect(error?.message).toContain("upload 'X.dng' (part 1 of 3): Small (EntityTooSmall)");
		expect(requests()).toEqual([BEGIN, PART_1, ABORT]);
	});

	test.each([
		['refused', 1, () => apiAwaitsComplete(X).reply(400, { detail: 'No such part' }), 'No such part'],
		[
			'lost each time',
			5,
			() => apiAwaitsComplete(X).times(5).replyWithError(connectionReset()),
			'the connection broke',
		],
		[
			"answered by a proxy's page each time",
			5,
			() => apiAwaitsComplete(X).times(5).reply(200, '<!doctype html><title>Sign in</title>'),
			'a web page',
		],
	])('an upload in parts is aborted when its completion is %s', async (_what, times, answer, words) => {
		apiBegins(X);
		storageTakesParts([1, 2, 3]);
		answer();
		apiAborts(X);
		const { error } = await upload();
		expect(error?.message).toContain("Imagen AI could not finish the upload of 'X.dng': ");
		expect(error?.message).toContain(words);
		expect(count(COMPLETE)).toBe(times);
		expect(requests().at(-1)).toBe(ABORT);
	});

	test('an upload in parts is complete when it is gone after the answer was lost', async () => {
		apiBegins(X);
		storageTakesParts([1, 2, 3]);
		apiAwaitsComplete(X).replyWithError(connectionReset());
		apiAwaitsComplete(X).reply(404, { detail: 'Upload not found' });
		expect(jsonOf(await upload())).toMatchObject([{ number_of_photos: 1 }]);
		expect(count(ABORT)).toBe(0);
	});

	test('an upload in parts is asked to complete again when the answer was lost', async () => {
		apiBegins(X);
		storageTakesParts([1, 2, 3]);
		apiAwaitsComplete(X).replyWithError(connectionReset());
		apiCompletes(X);
		expect(jsonOf(await upload())).toMatchObject([{ number_of_photos: 1 }]);
		expect(count(ABORT)).toBe(0);
	});

	test.each([
		[
			'cannot be aborted, which is logged',
			() => apiAwaitsAbort(X).times(5).reply(500),
			["Node: Imagen AI could not cancel the upload of 'X.dng': the server answered with status 500"],
		],
		['is gone, which is fine', () => apiAwaitsAbort(X).reply(404, { detail: 'No such upload' }), []],
	])('an upload in parts that fails reports its own error when it %s', async (_what, answer, logged) => {
		const warn = jest.spyOn(Logger.prototype, 'warn');
		apiBegins(X);
		storageAwaitsPart(1).reply(400, '<Error><Code>Bad</Code></Error>');
		answer();
		const { error } = await upload();
		expect(error?.message).toContain("upload 'X.dng' (part 1 of 3)");
		expect(error?.message).not.toContain('cancel the upload');
		expect(warn.mock.calls.map(([message]) => message)).toEqual(logged);
	});

	test('an upload in parts that fails leaves no file open', async () => {
		const opened = jest.spyOn(fs, 'createReadStream');
		apiBegins(X);
		storageTakesParts([1]);
		storageAwaitsPart(2).times(5).replyWithError(connectionReset());
		apiAborts(X);
		await upload();
		const files = opened.mock.results.map(({ value }) => value as fs.ReadStream);
		// A part, then a part five times; and the head, for what the photo is known by.
		expect(files).toHaveLength(7);
		expect(files.filter(({ destroyed }) => !destroyed)).toEqual([]);
	});

	test('an upload in parts that fails does not stop the other photos', async () => {
		const Y: Upload = { ...X, fileName: 'Y.dng' };
		apiGivesUploadLinks('p-1', ['small.dng'], 1, 'I2I');
		storageTakes('p-1', 'small.dng');
		apiBegins(X);
		storageAwaitsPart(1).reply(400, '<Error><Code>Bad</Code></Error>');
		apiAborts(X);
		apiBegins(Y);
		storageTakesParts([1, 2, 3], Y);
		apiCompletes(Y);
		const items = [shot(), shot('small.dng', bytesOf(20)), shot('Y.dng')];
		const result = await upload(items, { onError: 'continueErrorOutput' });
		expect(jsonOf(result)).toMatchObject([
			{ number_of_photos: 2, photos: [{ file_name: 'small.dng' }, { file_name: 'Y.dng' }] },
		]);
		expect(jsonOf(result, 1)).toMatchObject([
			{ project_uuid: 'p-1', error: expect.stringContaining("'X.dng' (part 1 of 3)") },
		]);
	});
});

describe('a link that expired', () => {
	test('a link that expired begins the whole upload in parts again', async () => {
		apiBegins(X);
		storageTakesParts([1]);
		storageAwaitsPart(2).reply(403, EXPIRED);
		apiAborts(X);
		apiBegins(again);
		const arrived = storageTakesParts([1, 2, 3], again);
		apiCompletes(again);
		expect(jsonOf(await upload())).toMatchObject([{ number_of_photos: 1 }]);
		expect(arrived.join('')).toBe(BYTES.toString('hex'));
		expect(requests().slice(0, 5)).toEqual([BEGIN, PART_1, PART_2, ABORT, BEGIN]);
	});

	test('an upload in parts fails when fresh links are refused as well', async () => {
		apiBegins(X);
		storageAwaitsPart(1).reply(403, EXPIRED);
		apiAborts(X);
		apiBegins(again);
		storageAwaitsPart(1, again).reply(403, EXPIRED);
		apiAborts(again);
		const { error } = await upload();
		expect(error?.message).toContain("'X.dng' (part 1 of 3): Request has expired (AccessDenied)");
	});
});

describe('stopping the execution', () => {
	/** Uploads until the test stops it, and waits for the abort. */
	async function stopped(prepare: (stop: () => void) => void) {
		const controller = new AbortController();
		const aborted = new Promise<void>((resolve) => {
			apiAwaitsAbort(X).reply(() => {
				resolve();
				return [204];
			});
		});
		apiBegins(X);
		prepare(() => controller.abort());
		await upload([shot(), shot('Y.dng')], { abortSignal: controller.signal }, { parallelUploads: 1 });
		await aborted;
		await sleep(20);
		expect(requests().at(-1)).toBe(ABORT);
	}

	test('stopping the execution while a part is on its way aborts the upload', async () => {
		await stopped((stop) => {
			storageTakesParts([1]);
			storageAwaitsPart(2).reply(async () => {
				stop();
				await sleep(100);
				return [200];
			});
		});
		expect(requests()).toEqual([BEGIN, PART_1, PART_2, ABORT]);
	});

	test('stopping the execution while the last part is answered aborts the upload, and does not complete it', async () => {
		await stopped((stop) => {
			storageTakesParts([1, 2]);
			storageAwaitsPart(3).reply(() => {
				stop();
				return [200];
			});
		});
		expect(count(COMPLETE)).toBe(0);
	});

	test('stopping the execution while the upload is completed aborts it', async () => {
		await stopped((stop) => {
			storageTakesParts([1, 2, 3]);
			apiAwaitsComplete(X).reply(async () => {
				stop();
				await sleep(100);
				return [200];
			});
		});
		expect(count(COMPLETE)).toBe(1);
	});
});

test('as many photos are on their way at the same time as set, each with one part', async () => {
	let [underway, most] = [0, 0];
	const uploads = ['1.dng', '2.dng', '3.dng'].map((fileName) => ({ ...X, fileName }));
	for (const each of uploads) {
		apiBegins(each);
		for (const number of [1, 2, 3]) {
			storageAwaitsPart(number, each).reply(async () => {
				most = Math.max(most, ++underway);
				await sleep(10);
				underway--;
				return [200];
			});
		}
		apiCompletes(each);
	}
	const result = await upload(
		uploads.map(({ fileName }) => shot(fileName)),
		{},
		{ parallelUploads: 2 },
	);
	expect(jsonOf(result)).toMatchObject([{ number_of_photos: 3 }]);
	expect(most).toBe(2);
});

test('a project whose uploads are all in parts asks for no upload links', async () => {
	apiBegins(X);
	storageTakesParts([1, 2, 3]);
	apiCompletes(X);
	await upload();
	expect(count(LINKS)).toBe(0);
});
