import { createHash } from 'crypto';
import { sleep } from 'n8n-workflow';
import nock from 'nock';

import { photo, type InputItem } from '../../../../../support/engine';
import { pauses, useClock } from '../../../../../support/clock';
import { byId, hintsOf, jsonOf, linksOf, runImagen } from '../../../../../support/imagen';
import {
	api,
	apiGivesUploadLinks,
	bodyOf,
	count,
	EXPIRED,
	headersOf,
	linkTo,
	requests,
	connectionReset,
	storageAwaits,
	storageTakes,
	useImagenApi,
	wrapped,
} from '../../../../../support/imagenApi';
import { photoBytes } from '../../../../../support/photoBytes';

useImagenApi();
useClock();

const upload = async (parameters = {}, options = {}) => await runImagen('photo.upload', parameters, options);

/** An item of a project with a photo; its bytes are its name unless told. */
const shot = (fileName: string, project_uuid = 'p-1', bytes = fileName): InputItem =>
	photo(fileName, photoBytes(fileName, bytes), { project_uuid });

/** An item of a project with photos in several binary fields. */
const shots = (files: Record<string, string>, project_uuid = 'p-1'): InputItem => ({
	json: { project_uuid },
	files: Object.fromEntries(
		Object.entries(files).map(([field, fileName]) => [field, { fileName, bytes: photoBytes(fileName) }]),
	),
});

describe.each(['filesystem', 'default'] as const)('with binaries kept in mode %s', (binaryMode) => {
	test('all photos of a project are uploaded with one links request', async () => {
		apiGivesUploadLinks('p-1', ['1.NEF', '2.dng']);
		storageTakes('p-1', '1.NEF', '2.dng');
		const result = await upload({}, { items: [shot('1.NEF'), shot('2.dng')], binaryMode });
		expect(result.error).toBeUndefined();
		expect(jsonOf(result)).toEqual([
			{
				project_uuid: 'p-1',
				image_type: 'RAW',
				number_of_photos: 2,
				bytes: 10,
				photos: [
					{ file_name: '1.NEF', bytes: 5 },
					{ file_name: '2.dng', bytes: 5 },
				],
			},
		]);
		expect(linksOf(result.output[0])).toEqual([[0, 1]]);
		expect(requests()[0]).toBe('POST /projects/p-1/get_temporary_upload_links');
	});

	test('each photo arrives whole, under its own link', async () => {
		const arrived: Record<string, unknown> = {};
		apiGivesUploadLinks('p-1', ['1.NEF', '2.NEF']);
		for (const name of ['1.NEF', '2.NEF']) {
			storageAwaits('p-1', name).reply((_uri, body) => {
				arrived[name] = body;
				return [200];
			});
		}
		await upload({}, { items: [shot('1.NEF', 'p-1', 'first'), shot('2.NEF', 'p-1', 'second')], binaryMode });
		expect(arrived).toEqual({ '1.NEF': 'first', '2.NEF': 'second' });
	});

	test('Verify With MD5 announces the digest and sends it along', async () => {
		const md5 = createHash('md5').update('bytes').digest('base64');
		apiGivesUploadLinks('p-1', [{ file_name: '1.NEF', md5 }]);
		storageTakes('p-1', '1.NEF');
		const options = { verifyMd5: true };
		await upload({ options }, { items: [shot('1.NEF', 'p-1', 'bytes')], binaryMode });
		expect(headersOf('PUT 1.NEF')).toMatchObject({ 'content-md5': md5 });
	});

	test('an upload that broke off is repeated with the whole photo', async () => {
		const bodies: unknown[] = [];
		apiGivesUploadLinks('p-1', ['1.NEF']);
		storageAwaits('p-1', '1.NEF').replyWithError(connectionReset());
		storageAwaits('p-1', '1.NEF').reply(503, '<Error><Code>SlowDown</Code></Error>');
		storageAwaits('p-1', '1.NEF').reply((_uri, body) => {
			bodies.push(body);
			return [200];
		});
		const result = await upload({}, { items: [shot('1.NEF', 'p-1', 'whole')], binaryMode });
		expect(jsonOf(result)).toMatchObject([{ number_of_photos: 1 }]);
		expect(bodies).toEqual(['whole']);
		expect(pauses).toEqual([1, 2]);
	});
});

describe('what is uploaded', () => {
	test('an upload sends no digest unless asked to', async () => {
		apiGivesUploadLinks('p-1', ['1.NEF']);
		storageTakes('p-1', '1.NEF');
		await upload({}, { items: [shot('1.NEF')] });
		expect(headersOf('PUT 1.NEF')).not.toHaveProperty('content-md5');
		expect(bodyOf('POST /projects/p-1/get_temporary_upload_links')).toEqual({
			files_list: [{ file_name: '1.NEF' }],
		});
	});

	test.each([
		['back', ['b.jpg']],
		['front, back', ['f.jpg', 'b.jpg']],
		['back,back', ['b.jpg']],
		['*', ['f.jpg', 'b.jpg']],
	])('the binary fields %j decide which files are uploaded', async (binaryPropertyName, fileNames) => {
		apiGivesUploadLinks('p-1', fileNames);
		storageTakes('p-1', ...fileNames);
		const result = await upload(
			{ binaryPropertyName },
			{ items: [shots({ front: 'f.jpg', back: 'b.jpg' })] },
		);
		expect(jsonOf(result)).toMatchObject([
			{ image_type: 'JPG', photos: fileNames.map((file_name) => ({ file_name })) },
		]);
	});

	test('photos of several projects are uploaded, each project with one links request', async () => {
		apiGivesUploadLinks('p-1', ['1.NEF', '3.NEF']);
		apiGivesUploadLinks('p-2', ['2.jpg']);
		storageTakes('p-1', '1.NEF', '3.NEF');
		storageTakes('p-2', '2.jpg');
		const result = await upload({}, { items: [shot('1.NEF'), shot('2.jpg', 'p-2'), shot('3.NEF')] });
		expect(jsonOf(result)).toMatchObject([
			{ project_uuid: 'p-1', image_type: 'RAW', number_of_photos: 2 },
			{ project_uuid: 'p-2', image_type: 'JPG', number_of_photos: 1 },
		]);
		expect(linksOf(result.output[0])).toEqual([[0, 2], [1]]);
	});

	test('Upload returns one item per photo where the next node follows each', async () => {
		apiGivesUploadLinks('p-1', ['1.NEF', '2.NEF']);
		storageTakes('p-1', '1.NEF', '2.NEF');
		const result = await upload(
			{ options: { uploadOutput: 'photo' } },
			{ items: [shot('1.NEF'), shot('2.NEF')] },
		);
		expect(jsonOf(result)).toEqual([
			{ project_uuid: 'p-1', image_type: 'RAW', file_name: '1.NEF', bytes: 5 },
			{ project_uuid: 'p-1', image_type: 'RAW', file_name: '2.NEF', bytes: 5 },
		]);
		expect(linksOf(result.output[0])).toEqual([[0], [1]]);
	});

	test('Make Unique numbers photos of the same name, and the output has their own names', async () => {
		apiGivesUploadLinks('p-1', ['1.NEF', '1-2.NEF']);
		storageTakes('p-1', '1.NEF', '1-2.NEF');
		const options = { ifNamesRepeat: 'makeUnique' };
		const result = await upload({ options }, { items: [shot('1.NEF'), shot('1.NEF')] });
		expect(jsonOf(result)).toMatchObject([
			{ photos: [{ file_name: '1.NEF' }, { file_name: '1-2.NEF', original_file_name: '1.NEF' }] },
		]);
	});

	test("photo names of a Mac are sent in the form that the API's answer has, without folders", async () => {
		apiGivesUploadLinks('p-1', ['M\u00fcnchen.NEF']);
		storageTakes('p-1', 'M\u00fcnchen.NEF');
		const result = await upload({}, { items: [shot('card/Mu\u0308nchen.NEF', 'p-1', 'x')] });
		expect(jsonOf(result)).toMatchObject([{ photos: [{ file_name: 'M\u00fcnchen.NEF' }] }]);
	});
});

describe('what is found before any request', () => {
	test.each<[string, InputItem[], string]>([
		[
			'another format alone',
			[shot('1.png')],
			"There are no photos to upload to project p-1, because 1 file was skipped: '1.png'",
		],
		['a file without a name', [shot('', 'p-1', 'x')], "'data' (a file without a name)"],
		[
			'a repeated name',
			[shot('1.NEF'), shot('1.nef')],
			"'1.nef' has the same name as another photo, '1.NEF' of item 1",
		],
		['RAW and JPEG in one project', [shot('1.NEF'), shot('2.jpg')], '1 RAW and 1 JPEG photos'],
		['nothing', [{ json: { project_uuid: 'p-1' } }], "The item from 'Start' has no file in 'data'"],
	])('an upload of %s is refused before any request', async (_what, items, message) => {
		const { error } = await upload({}, { items });
		expect(error?.message.toLowerCase()).toContain(message.toLowerCase());
		expect(requests()).toEqual([]);
	});

	test('several mistakes of an upload are listed before any request, each with its item and file', async () => {
		const items = [shot('1.NEF'), shot('2.png'), shot('3.heic', 'p-2')];
		const { error } = await upload({ options: { ifNotPhoto: 'fail' } }, { items });
		expect(error?.message).toBe("2 files can't be uploaded");
		expect(error?.description).toContain('Nothing was uploaded or billed.');
		expect(error?.description).toContain("Item 2: '2.png' is a .png file, which Imagen does not edit.");
		expect(error?.description).toContain("Item 3: '3.heic' is a .heic file, which Imagen does not edit.");
		expect(requests()).toEqual([]);
	});

	test('a project without any photo is refused before any request, when all fields are to be taken', async () => {
		const items = [shot('1.NEF'), { json: { project_uuid: 'p-2' } }];
		const { error } = await upload({ binaryPropertyName: '*' }, { items });
		expect(error?.message).toBe("There are no photos to upload: the items from 'Start' have no files");
		expect(error).toMatchObject({ context: { itemIndex: 1 } });
		expect(requests()).toEqual([]);
	});

	test('an upload without a binary field is refused before any request', async () => {
		const { error } = await upload({ binaryPropertyName: '={{ "" }}' }, { items: [shot('1.NEF')] });
		expect(error?.message).toContain("'Input Binary Field' is empty");
	});
});

describe('a photo that fails', () => {
	test('a photo that fails does not stop the others, and is named', async () => {
		apiGivesUploadLinks('p-1', ['1.NEF', '2.NEF', '3.NEF']);
		storageTakes('p-1', '1.NEF', '3.NEF');
		storageAwaits('p-1', '2.NEF').reply(
			400,
			'<Error><Code>BadDigest</Code><Message>Altered</Message></Error>',
		);
		const { error } = await upload({}, { items: [shot('1.NEF'), shot('2.NEF'), shot('3.NEF')] });
		expect(error?.message).toBe("Imagen AI could not upload '2.NEF': Altered (BadDigest)");
		expect(error?.description).toContain("Imagen's storage refused its own link.");
		expect(error?.description).toContain(
			'The other 2 are uploaded. No edit of project p-1 was started or billed.',
		);
		expect(error?.context.itemIndex).toBeUndefined();
		expect(count('PUT 3.NEF')).toBe(1);
	});

	test('a photo that fails is an error item beside its project with Continue On Fail', async () => {
		apiGivesUploadLinks('p-1', ['1.NEF', '2.NEF']);
		storageTakes('p-1', '1.NEF');
		storageAwaits('p-1', '2.NEF').times(5).replyWithError(connectionReset());
		const result = await upload(
			{ options: { ifNotPhoto: 'fail' } },
			{ items: [shot('1.NEF'), shot('2.NEF'), shot('3.png')], onError: 'continueRegularOutput' },
		);
		expect(jsonOf(result)).toMatchObject([
			{ project_uuid: 'p-1', number_of_photos: 1, photos: [{ file_name: '1.NEF' }] },
			{ project_uuid: 'p-1', file_name: '2.NEF', error: expect.stringContaining("upload '2.NEF'") },
			{ project_uuid: 'p-1', file_name: '3.png', error: expect.stringContaining('.png') },
		]);
		expect(linksOf(result.output[0])).toEqual([[0], [1], [2]]);
	});

	test('a photo that fails leaves by the error output with its item, the others by the regular one', async () => {
		apiGivesUploadLinks('p-1', ['1.NEF']);
		storageTakes('p-1', '1.NEF');
		const result = await upload(
			{ options: { ifNotPhoto: 'fail' } },
			{ items: [shot('1.NEF'), shot('2.png')], onError: 'continueErrorOutput' },
		);
		expect(jsonOf(result)).toMatchObject([{ project_uuid: 'p-1', number_of_photos: 1 }]);
		expect(jsonOf(result, 1)).toEqual([
			{
				project_uuid: 'p-1',
				error: "'2.png' is a .png file, which Imagen does not edit",
				message: expect.stringContaining('Filter out such files'),
			},
		]);
		expect(linksOf(result.output[1])).toEqual([[1]]);
	});

	test('a mixed project is not uploaded at all with Continue On Fail, other projects are', async () => {
		apiGivesUploadLinks('p-2', ['3.jpg']);
		storageTakes('p-2', '3.jpg');
		const result = await upload(
			{ options: { ifNamesRepeat: 'makeUnique' } },
			{
				items: [shot('1.NEF'), shot('2.jpg'), shot('3.jpg', 'p-2')],
				onError: 'continueErrorOutput',
			},
		);
		expect(jsonOf(result)).toMatchObject([{ project_uuid: 'p-2', number_of_photos: 1 }]);
		expect(jsonOf(result, 1)).toHaveLength(2);
	});

	test('a photo that got no link is asked for once more', async () => {
		api()
			.post('/projects/p-1/get_temporary_upload_links')
			.reply(200, wrapped({ files_list: [{ file_name: '1.NEF', upload_link: linkTo('p-1', '1.NEF') }] }));
		apiGivesUploadLinks('p-1', ['2.NEF']);
		storageTakes('p-1', '1.NEF', '2.NEF');
		const { error } = await upload({}, { items: [shot('1.NEF'), shot('2.NEF')] });
		expect(error).toBeUndefined();
	});

	test('a photo that got no link twice is named', async () => {
		api()
			.post('/projects/p-1/get_temporary_upload_links')
			.twice()
			.reply(200, wrapped({ files_list: [] }));
		const { error } = await upload({}, { items: [shot('1.NEF')] });
		expect(error?.message).toBe("Imagen AI returned no upload link for '1.NEF'");
	});

	test('files that are refused keep their own reasons, though Imagen cannot be reached', async () => {
		nock.cleanAll();
		api().get('/projects/p-1').replyWithError(connectionReset());
		const items = [shot('1.png'), shot('2.png')];
		const options = { ifNotPhoto: 'fail' };
		const result = await upload({ options }, { items, onError: 'continueRegularOutput' });
		expect(jsonOf(result)).toMatchObject([
			{ error: "'1.png' is a .png file, which Imagen does not edit" },
			{ error: "'2.png' is a .png file, which Imagen does not edit" },
		]);
		expect(requests()).toEqual(['GET /projects/p-1']);
	});

	test('a project without links fails with all its items, the next one goes on', async () => {
		api().post('/projects/p-1/get_temporary_upload_links').reply(404, { detail: 'Not found' });
		apiGivesUploadLinks('p-2', ['2.NEF']);
		storageTakes('p-2', '2.NEF');
		const result = await upload(
			{},
			{ items: [shot('1.NEF'), shot('2.NEF', 'p-2')], onError: 'continueErrorOutput' },
		);
		expect(jsonOf(result)).toMatchObject([{ project_uuid: 'p-2' }]);
		expect(jsonOf(result, 1)).toMatchObject([
			{ project_uuid: 'p-1', error: expect.stringContaining('Not found') },
		]);
	});
});

test('the upload links are asked for again after a server error: asking changes nothing', async () => {
	api().post('/projects/p-1/get_temporary_upload_links').reply(503);
	apiGivesUploadLinks('p-1', ['1.NEF']);
	storageTakes('p-1', '1.NEF');
	expect(jsonOf(await upload({}, { items: [shot('1.NEF')] }))).toMatchObject([{ number_of_photos: 1 }]);
});

test('an upload link that expired is renewed, for all photos that are not there yet', async () => {
	apiGivesUploadLinks('p-1', ['1.NEF', '2.NEF', '3.NEF']);
	storageTakes('p-1', '1.NEF');
	storageAwaits('p-1', '2.NEF').reply(403, EXPIRED);
	apiGivesUploadLinks('p-1', ['2.NEF', '3.NEF'], 2);
	storageAwaits('p-1', '2.NEF', 2).reply(200);
	storageAwaits('p-1', '3.NEF', 2).reply(200);
	const result = await upload(
		{ options: { parallelUploads: 1 } },
		{ items: [shot('1.NEF'), shot('2.NEF'), shot('3.NEF')] },
	);
	expect(jsonOf(result)).toMatchObject([{ number_of_photos: 3 }]);
	expect(requests()).toEqual([
		'POST /projects/p-1/get_temporary_upload_links',
		'PUT 1.NEF',
		'PUT 2.NEF',
		'POST /projects/p-1/get_temporary_upload_links',
		'PUT 2.NEF',
		'PUT 3.NEF',
	]);
});

test('a fresh upload link that is refused as well ends the try, in words without the link', async () => {
	apiGivesUploadLinks('p-1', ['1.NEF']);
	apiGivesUploadLinks('p-1', ['1.NEF'], 2);
	storageAwaits('p-1', '1.NEF').reply(403, EXPIRED);
	storageAwaits('p-1', '1.NEF', 2).reply(403, EXPIRED);
	const { error } = await upload({}, { items: [shot('1.NEF')] });
	expect(error?.message).toBe("Imagen AI could not upload '1.NEF': Request has expired (AccessDenied)");
});

test('as many photos are uploaded at the same time as set, and no more', async () => {
	const names = Array.from({ length: 7 }, (_, index) => `${index}.NEF`);
	let [underway, most] = [0, 0];
	let start: () => void;
	const three = new Promise<void>((resolve) => (start = resolve));
	apiGivesUploadLinks('p-1', names);
	for (const name of names) {
		storageAwaits('p-1', name).reply(async () => {
			most = Math.max(most, ++underway);
			if (underway === 3) start();
			await three;
			// Whoever comes beyond the three comes now.
			await sleep(20);
			underway--;
			return [200];
		});
	}
	await upload({ options: { parallelUploads: 3 } }, { items: names.map((name) => shot(name)) });
	expect(most).toBe(3);
});

test('stopping the execution sends no more photos', async () => {
	const stop = new AbortController();
	apiGivesUploadLinks('p-1', ['1.NEF', '2.NEF']);
	storageAwaits('p-1', '1.NEF').reply(() => {
		stop.abort();
		return [200];
	});
	const items = [shot('1.NEF'), shot('2.NEF')];
	await upload(
		{ project: byId('p-1'), options: { parallelUploads: 1 } },
		{ items, abortSignal: stop.signal },
	);
	expect(count('PUT 2.NEF')).toBe(0);
});

describe('a request for links that the API finds too large', () => {
	const names = Array.from({ length: 201 }, (_, index) => `IMG_${index}.NEF`);
	const LINKS = 'POST /projects/p-1/get_temporary_upload_links';

	/** The API gives links to so many files at most. */
	function apiGivesLinksToFew(most: number, statusCode: number): void {
		api()
			.persist()
			.post('/projects/p-1/get_temporary_upload_links')
			.reply((_path, body) => {
				const { files_list } = body as { files_list: Array<{ file_name: string }> };
				if (files_list.length > most) return [statusCode, { detail: 'too many' }];
				const links = files_list.map(({ file_name }) => ({
					file_name,
					upload_link: linkTo('p-1', file_name),
				}));
				return [200, wrapped({ files_list: links.reverse() })];
			});
	}

	test.each([413, 422])(
		'is made in pieces after %i, and every photo goes to its own link',
		async (statusCode) => {
			apiGivesLinksToFew(110, statusCode);
			storageTakes('p-1', ...names);
			const items = names.map((name) => photo(name, Buffer.from(name), { project_uuid: 'p-1' }));
			const result = await runImagen('photo.upload', {}, { items });
			expect(jsonOf(result)).toMatchObject([{ number_of_photos: names.length }]);
			expect(count(LINKS)).toBe(3);
			nock.cleanAll();
		},
	);

	test('is not made in ever smaller pieces after 422, which may be about one of the files', async () => {
		apiGivesLinksToFew(0, 422);
		const items = names.map((name) => photo(name, Buffer.from(name), { project_uuid: 'p-1' }));
		const { error } = await runImagen('photo.upload', {}, { items });
		expect(error?.message).toContain('could not get upload links');
		expect(count(LINKS)).toBeLessThan(5);
		nock.cleanAll();
	});
});

describe('the folder of a real shoot', () => {
	test('what lies beside the photos is skipped, listed in the output and in a hint', async () => {
		apiGivesUploadLinks('p-1', ['IMG_1.NEF']);
		storageTakes('p-1', 'IMG_1.NEF');
		const items = ['IMG_1.NEF', 'IMG_1.xmp', '._IMG_1.NEF', '.DS_Store'].map((name) => shot(name));
		const result = await upload({}, { items });
		expect(jsonOf(result)).toMatchObject([
			{
				number_of_photos: 1,
				skipped: [
					{ file_name: 'IMG_1.xmp', item: 1 },
					{ file_name: '._IMG_1.NEF', reason: 'a hidden macOS file' },
					{ file_name: '.DS_Store', reason: 'a hidden file' },
				],
			},
		]);
		expect(hintsOf(result)[0]).toContain("3 files were skipped: 'IMG_1.xmp'");
	});

	test.each([
		['an empty photo', '', 'is empty (0 bytes)', /^Copy the file again from where it came from\./],
		[
			'a photo that holds a web page',
			'<!doctype html><title>Sign in</title>',
			'contains a web page',
			/^Download the file again\. Its link may need a sign-in\./,
		],
		[
			'a RAW photo that holds a JPEG',
			'\u00ff\u00d8\u00ff',
			'contains a JPEG',
			/^Change the file's extension to match its content, or leave it out\./,
		],
		['a note', 'The card was full after the first dance.', 'contains text', /^Change the file's extension /],
	])(
		'%s fails alone, before it leaves, with its name and what to do',
		async (_what, bytes, problem, step) => {
			apiGivesUploadLinks('p-1', ['1.NEF', '2.NEF']);
			storageTakes('p-1', '1.NEF');
			const broken = photo('2.NEF', Buffer.from(bytes, 'latin1'), { project_uuid: 'p-1' });
			const result = await upload({}, { items: [shot('1.NEF'), broken], onError: 'continueRegularOutput' });
			expect(jsonOf(result)).toMatchObject([
				{ number_of_photos: 1 },
				{
					file_name: '2.NEF',
					error: `'2.NEF' ${problem} and wasn't uploaded`,
					message: expect.stringMatching(step),
				},
			]);
			expect(count('PUT 2.NEF')).toBe(0);
		},
	);

	test('RAW+JPEG pairs go up as RAW photos alone, where that is chosen', async () => {
		apiGivesUploadLinks('p-1', ['1.NEF', '2.NEF']);
		storageTakes('p-1', '1.NEF', '2.NEF');
		const items = ['1.NEF', '1.JPG', '2.NEF', '2.JPG'].map((name) => shot(name));
		const result = await upload({ options: { uploadIfMixed: 'rawOnly' } }, { items });
		expect(jsonOf(result)).toMatchObject([
			{ number_of_photos: 2, image_type: 'RAW', skipped: { length: 2 } },
		]);
	});

	test('the error of 500 pairs is a line, and so is that of each item', async () => {
		const items = Array.from({ length: 500 }, (_, index) => [
			shot(`${index}.NEF`),
			shot(`${index}.jpg`),
		]).flat();
		const { error } = await upload({}, { items });
		expect(error?.message).toBe('500 RAW and 500 JPEG photos (500 pairs), but a project takes one kind');
		const result = await upload({}, { items, onError: 'continueErrorOutput' });
		expect(jsonOf(result, 1)).toHaveLength(1000);
		expect(JSON.stringify(jsonOf(result, 1)).length).toBeLessThan(500_000);
	});

	test.each([
		[{ fileName: 'IMG_0042', mimeType: 'image/jpeg' }, 'IMG_0042.jpg'],
		[{ fileName: 'IMG_0042', mimeType: 'application/octet-stream', fileExtension: 'nef' }, 'IMG_0042.nef'],
		[{ mimeType: 'image/jpeg', fileExtension: 'jpg' }, 'data-1.jpg'],
		[{ mimeType: 'image/x-canon-cr3' }, 'data-1.cr3'],
	])('a photo whose name lacks its extension is known by what n8n knows of it: %j', async (binary, name) => {
		apiGivesUploadLinks('p-1', [name]);
		storageTakes('p-1', name);
		const data = photoBytes(name).toString('base64');
		const items = [{ json: { project_uuid: 'p-1' }, binary: { data: { data, ...binary } } }] as never;
		const result = await upload({}, { items });
		expect(jsonOf(result)).toMatchObject([{ photos: [{ file_name: name }] }]);
	});
});

test('a photo of which nothing came to the storage for too long is sent again', async () => {
	apiGivesUploadLinks('p-1', ['1.NEF']);
	storageAwaits('p-1', '1.NEF').reply(
		400,
		'<Error><Code>RequestTimeout</Code><Message>Your socket connection was not read from within the timeout period.</Message></Error>',
	);
	storageTakes('p-1', '1.NEF');
	const result = await upload({}, { items: [shot('1.NEF')] });
	expect(result.error).toBeUndefined();
	expect(count('PUT 1.NEF')).toBe(2);
});

describe('photos from links', () => {
	const fromLink = (link: string) => ({ photosFrom: 'links', link, fileName: '1.NEF' });
	const items: InputItem[] = [{ json: { project_uuid: 'p-1' } }];

	test('a photo from a link arrives byte by byte, however it comes in chunks', async () => {
		const bytes = Buffer.from(Array.from({ length: 200_000 }, (_, at) => (at * 31 + (at >> 8)) & 0xff));
		nock('https://drive.test')
			.get('/1.NEF')
			.twice()
			.reply(function () {
				const [start, end] = String(this.req.headers.range).slice(6).split('-').map(Number);
				const range = { 'Content-Range': `bytes ${start}-${end}/${bytes.length}` };
				return [206, bytes.subarray(start, end + 1), range];
			});
		let arrived = Buffer.alloc(0);
		apiGivesUploadLinks('p-1', ['1.NEF']);
		storageAwaits('p-1', '1.NEF').reply((_uri, body) => {
			arrived = Buffer.from(String(body), 'hex');
			return [200];
		});
		const result = await upload(fromLink('https://drive.test/1.NEF'), { items });
		expect(result.error).toBeUndefined();
		expect(arrived.equals(bytes)).toBe(true);
	});

	test.each(['http://127.0.0.1:8080/1.NEF', 'http://localhost/1.NEF', 'http://drive.test/1.NEF'])(
		'what is not on https is asked for nothing, not even on this machine: %s',
		async (link) => {
			const result = await upload(fromLink(link), { items });
			expect(result.error?.message).toBe("The link to '1.NEF' does not start with https://");
		},
	);

	test("a link that this n8n's protection of internal addresses does not allow is named as such", async () => {
		const blocked = Object.assign(new Error('restricted IP address'), { name: 'SsrfBlockedIpError' });
		nock('https://drive.test').get('/1.NEF').replyWithError(blocked);
		const result = await upload(fromLink('https://drive.test/1.NEF'), { items });
		expect(result.error?.message).toBe(
			"The link to '1.NEF' leads to an address that your n8n does not allow",
		);
	});
});
