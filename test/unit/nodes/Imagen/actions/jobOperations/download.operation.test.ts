import type { INodeParameters } from 'n8n-workflow';
import nock from 'nock';

import { readBinary, type NodeOptions } from '../../../../../support/engine';
import { minutesPassed, pauses, useClock } from '../../../../../support/clock';
import { jsonOf, linksOf, projectItem, runImagen } from '../../../../../support/imagen';
import {
	api,
	apiCountsPhotos,
	apiGivesDownloadLinks,
	apiReportsStatus,
	count,
	EXPIRED,
	headersOf,
	linkTo,
	requests,
	connectionReset,
	storageGives,
	storageHolds,
	useImagenApi,
	wrapped,
} from '../../../../../support/imagenApi';

useImagenApi();
useClock();

const LINKS = 'GET /projects/p-1/edit/get_temporary_download_links';

const download = async (parameters: INodeParameters = {}, options: Partial<NodeOptions> = {}) =>
	await runImagen('edit.download', parameters, { items: [projectItem('p-1')], ...options });

/** The edit is done and has these results. */
function editHas(...fileNames: string[]): void {
	apiReportsStatus('edit', 'p-1', 'Completed');
	apiGivesDownloadLinks('edit', 'p-1', fileNames);
}

describe.each(['filesystem', 'default'] as const)('with binaries kept in mode %s', (binaryMode) => {
	test('Download makes each file an item, byte for byte', async () => {
		const bytes = Buffer.from(Array.from({ length: 100_000 }, (_, index) => index % 256));
		editHas('1.xmp', '2.dng');
		storageGives('p-1', '1.xmp', '<x:xmpmeta/>');
		storageGives('p-1', '2.dng', bytes);
		const { output, error } = await download({}, { binaryMode });
		expect(error).toBeUndefined();
		expect(output[0].map(({ json }) => json)).toEqual([
			{ project_uuid: 'p-1', file_name: '1.xmp', bytes: 12 },
			{ project_uuid: 'p-1', file_name: '2.dng', bytes: 100_000 },
		]);
		expect(linksOf(output[0])).toEqual([[0], [0]]);
		expect(await readBinary(output[0][1].binary!.data)).toEqual(bytes);
	});

	test('a file that arrives cut short is fetched again, whole', async () => {
		editHas('1.xmp');
		storageHolds('p-1', '1.xmp').reply(200, 'only ha', { 'Content-Length': '12' });
		storageHolds('p-1', '1.xmp').replyWithError(connectionReset());
		storageGives('p-1', '1.xmp', 'only halfway');
		const { output } = await download({}, { binaryMode });
		expect((await readBinary(output[0][0].binary!.data)).toString()).toBe('only halfway');
		expect(pauses).toEqual([1, 2]);
	});
});

describe('a file', () => {
	test.each([
		['1.xmp', 'application/rdf+xml'],
		['1.dng', 'image/x-adobe-dng'],
		['1.CR3', 'image/x-canon-cr3'],
		['1.jpg', 'image/jpeg'],
	])(
		'the downloaded %s has the MIME type %s, in the binary field that is set',
		async (fileName, mimeType) => {
			editHas(fileName);
			storageGives('p-1', fileName, 'x');
			const { output } = await download({ binaryPropertyName: 'edited' });
			expect(output[0][0].binary).toMatchObject({ edited: { fileName, mimeType } });
		},
	);

	test('a file is fetched as it is, without key and without compression on the way', async () => {
		editHas('1.jpg');
		storageGives('p-1', '1.jpg', 'x');
		await download();
		expect(headersOf('GET 1.jpg')).toMatchObject({ 'accept-encoding': 'identity' });
	});

	test('a downloaded file gets a name that leads into no folder, and none twice', async () => {
		editHas('../../a.jpg', 'A.JPG');
		storageGives('p-1', '../../a.jpg', 'x');
		storageGives('p-1', 'A.JPG', 'y');
		const result = await download();
		expect(jsonOf(result).map(({ file_name }) => file_name)).toEqual(['a.jpg', 'A-2.JPG']);
		expect(result.output[0].map(({ binary }) => binary?.data.fileName)).toEqual(['a.jpg', 'A-2.JPG']);
	});

	test('a file is fetched only when its name is wanted', async () => {
		editHas('1.xmp', '2.xmp', '3.jpg');
		storageGives('p-1', '2.xmp', 'x');
		storageGives('p-1', '3.jpg', 'x');
		const result = await download({ options: { fileNames: '2.xmp, *.JPG' } });
		expect(jsonOf(result).map(({ file_name }) => file_name)).toEqual(['2.xmp', '3.jpg']);
	});

	test('a file is fetched once, however many items name its project, and linked to all of them', async () => {
		editHas('1.xmp');
		apiReportsStatus('edit', 'p-2', 'Completed');
		apiGivesDownloadLinks('edit', 'p-2', ['1.xmp']);
		storageGives('p-1', '1.xmp', 'x');
		storageGives('p-2', '1.xmp', 'y');
		const items = [projectItem('p-1'), projectItem('p-1'), projectItem('p-2')];
		const result = await download({}, { items });
		expect(jsonOf(result).map(({ project_uuid }) => project_uuid)).toEqual(['p-1', 'p-2']);
		expect(linksOf(result.output[0])).toEqual([[0, 1], [2]]);
	});

	test("a file is found under `upload_link`, as in the sample of the API's guide", async () => {
		apiReportsStatus('edit', 'p-1', 'Completed');
		api()
			.get('/projects/p-1/edit/get_temporary_download_links')
			.reply(200, { files_list: [{ file_name: '1.xmp', upload_link: linkTo('p-1', '1.xmp') }] });
		apiCountsPhotos('p-1', 1);
		storageGives('p-1', '1.xmp', 'x');
		expect(jsonOf(await download())).toMatchObject([{ file_name: '1.xmp' }]);
	});

	test('a file behind a link that expired is fetched by a fresh one', async () => {
		editHas('1.xmp', '2.xmp');
		storageHolds('p-1', '1.xmp').reply(403, EXPIRED);
		apiGivesDownloadLinks('edit', 'p-1', ['1.xmp', '2.xmp'], 2);
		for (const name of ['1.xmp', '2.xmp']) {
			storageHolds('p-1', name, 2).reply(200, 'x', { 'Content-Length': '1' });
		}
		const result = await download({ options: { parallelDownloads: 1 } });
		expect(jsonOf(result)).toHaveLength(2);
		expect(count(LINKS)).toBe(2);
	});

	test('a link that was signed with temporary credentials, and expired with them, is renewed', async () => {
		editHas('1.xmp');
		storageHolds('p-1', '1.xmp').reply(
			400,
			'<Error><Code>ExpiredToken</Code><Message>The provided token has expired.</Message></Error>',
		);
		apiGivesDownloadLinks('edit', 'p-1', ['1.xmp'], 2);
		storageHolds('p-1', '1.xmp', 2).reply(200, 'x', { 'Content-Length': '1' });
		expect(jsonOf(await download())).toMatchObject([{ file_name: '1.xmp', bytes: 1 }]);
	});

	test('two results of one name are two files, each with its own content', async () => {
		apiReportsStatus('edit', 'p-1', 'Completed');
		const links = [linkTo('p-1', 'IMG_1.jpg'), linkTo('p-1-other', 'IMG_1.jpg')];
		const files_list = links.map((download_link) => ({ file_name: 'IMG_1.jpg', download_link }));
		apiCountsPhotos('p-1', 2);
		api().get('/projects/p-1/edit/get_temporary_download_links').reply(200, { files_list });
		storageGives('p-1', 'IMG_1.jpg', 'first');
		storageGives('p-1-other', 'IMG_1.jpg', 'the second');
		expect(jsonOf(await download())).toMatchObject([
			{ file_name: 'IMG_1.jpg', bytes: 5 },
			{ file_name: 'IMG_1-2.jpg', bytes: 10 },
		]);
	});

	test('a result that is listed twice is one file, and does not stand for one that is missing', async () => {
		apiReportsStatus('edit', 'p-1', 'Completed');
		const links = [linkTo('p-1', 'IMG_1.jpg', 1), linkTo('p-1', 'IMG_1.jpg', 2)];
		const files_list = links.map((download_link) => ({ file_name: 'IMG_1.jpg', download_link }));
		apiCountsPhotos('p-1', 2);
		api().persist().get('/projects/p-1/edit/get_temporary_download_links').reply(200, { files_list });
		expect((await download()).error?.message).toContain('has no result for 1 of 2 photos');
		nock.cleanAll();
	});

	test('a list of results of which nobody knows how long it is has to stand still for a minute', async () => {
		apiReportsStatus('edit', 'p-1', 'Completed');
		const listOf = (...names: string[]) => ({
			files_list: names.map((file_name) => ({ file_name, download_link: linkTo('p-1', file_name) })),
		});
		api().get('/projects/p-1/edit/get_temporary_download_links').reply(200, listOf('1.xmp'));
		api()
			.persist()
			.get('/projects/p-1/edit/get_temporary_download_links')
			.reply(200, listOf('1.xmp', '2.xmp'));
		storageGives('p-1', '1.xmp', 'first');
		storageGives('p-1', '2.xmp', 'second');
		expect(jsonOf(await download())).toMatchObject([{ file_name: '1.xmp' }, { file_name: '2.xmp' }]);
		expect(minutesPassed()).toBeGreaterThanOrEqual(1);
		nock.cleanAll();
	});
});

describe('an edit that is not done', () => {
	test('Download waits for an edit that is not done', async () => {
		apiReportsStatus('edit', 'p-1', 'IN PROGRESS');
		editHas('1.xmp');
		storageGives('p-1', '1.xmp', 'x');
		expect(jsonOf(await download())).toHaveLength(1);
		expect(pauses).toEqual([5]);
	});

	test('Download of an edit that is not done stops the node where it is not to wait', async () => {
		apiReportsStatus('edit', 'p-1', 'In Progress');
		expect((await download({ options: { ifNotReady: 'fail' } })).error).toMatchObject({
			message: 'The edit of project p-1 is not finished: its status is In Progress',
			description:
				"Put Wait for edit before this node, or set 'If Not Ready' to Wait. Nothing is lost: the edit continues at Imagen.",
		});
		expect(requests()).toHaveLength(1);
	});

	test('Download of an edit that is not done in time stops the node', async () => {
		apiReportsStatus('edit', 'p-1', ...Array(6).fill('In Progress'));
		const { error } = await download({ options: { timeoutMinutes: 1 } });
		expect(error).toMatchObject({
			message: 'The edit of project p-1 is still In Progress after 1 minute',
			description:
				"Run this node again later, or add the option 'Give Up After (Minutes)' and allow more time. Nothing is lost: the edit continues at Imagen.",
		});
		expect(minutesPassed()).toBe(1);
	});

	test.each([['30 min'], ['={{ undefined }}']])(
		'Download that is to give up after %j minutes never asks without a pause',
		async (timeoutMinutes) => {
			apiReportsStatus('edit', 'p-1', 'In Progress', 'Completed');
			apiGivesDownloadLinks('edit', 'p-1', ['1.xmp']);
			storageGives('p-1', '1.xmp', 'x');
			const { error } = await download({ options: { timeoutMinutes } });
			if (timeoutMinutes === '30 min') {
				expect(error?.message).toContain("'Give Up After (Minutes)' is '30 min'");
				expect(requests()).toEqual([]);
				nock.cleanAll();
			} else {
				expect(error).toBeUndefined();
				expect(pauses).toEqual([5]);
			}
		},
	);

	test('Download of an edit that failed stops the node', async () => {
		apiReportsStatus('edit', 'p-1', 'Failed');
		expect((await download()).error?.message).toBe('Imagen AI could not edit project p-1');
	});
});

describe('an empty list just after Completed', () => {
	test("an empty list just after Completed means 'not yet' to Download", async () => {
		editHas();
		apiGivesDownloadLinks('edit', 'p-1', []);
		apiGivesDownloadLinks('edit', 'p-1', ['1.xmp']);
		storageGives('p-1', '1.xmp', 'x');
		expect(jsonOf(await download())).toHaveLength(1);
		expect(pauses).toEqual([5, 7.5]);
	});

	test('a list that stays empty for five minutes is an error of Download', async () => {
		apiReportsStatus('edit', 'p-1', 'Completed');
		api().persist().get('/projects/p-1/edit/get_temporary_download_links').reply(200, { files_list: [] });
		expect((await download()).error?.message).toBe(
			'The edit of project p-1 is Completed, but Imagen AI lists no files',
		);
		expect(minutesPassed()).toBe(5);
	});
});

describe('a file that cannot be downloaded', () => {
	beforeEach(() => {
		editHas('1.xmp', '2.xmp');
		storageGives('p-1', '1.xmp', 'x');
		storageHolds('p-1', '2.xmp').reply(404, '<Error><Code>NoSuchKey</Code><Message>Gone</Message></Error>');
	});

	test('a file that cannot be downloaded is named, and the others are fetched before', async () => {
		const { error } = await download();
		expect(error?.message).toBe("Imagen AI could not download '2.xmp': Gone (NoSuchKey)");
		expect(error?.description).toContain("Imagen's storage refused its own link.");
	});

	test('a file that cannot be downloaded is an error item in its place with Continue On Fail', async () => {
		const result = await download({}, { onError: 'continueRegularOutput' });
		expect(jsonOf(result)).toMatchObject([
			{ file_name: '1.xmp', bytes: 1 },
			{ project_uuid: 'p-1', file_name: '2.xmp', error: expect.stringContaining('Gone') },
		]);
	});

	test('a file that cannot be downloaded leaves by the error output', async () => {
		const result = await download({}, { onError: 'continueErrorOutput' });
		expect(jsonOf(result)).toMatchObject([{ file_name: '1.xmp' }]);
		expect(jsonOf(result, 1)).toMatchObject([
			{ project_uuid: 'p-1', error: "Imagen AI could not download '2.xmp': Gone (NoSuchKey)" },
		]);
		expect(linksOf(result.output[1])).toEqual([[0]]);
	});
});

test('a file that is always cut short is an error, not a short file', async () => {
	editHas('1.xmp');
	storageHolds('p-1', '1.xmp').times(5).reply(200, 'only ha', { 'Content-Length': '12' });
	const { error } = await download();
	expect(error?.message).toMatch(/download '1\.xmp': (7 of 12 bytes arrived|the connection broke)/);
});

test('a file that arrives altered is fetched again, by the digest that the storage sends', async () => {
	const headers = { ETag: '"356c9ee60e9da05301adc3bd96f6b383"', 'X-Amz-Request-Id': 'R1' };
	editHas('1.xmp');
	storageHolds('p-1', '1.xmp').reply(200, 'wh0le', headers);
	storageHolds('p-1', '1.xmp').reply(200, 'whole', headers);
	const { output } = await download();
	expect((await readBinary(output[0][0].binary!.data)).toString()).toBe('whole');
	expect(pauses).toEqual([1]);
});

test('a file that the storage keeps compressed is not taken for a damaged one', async () => {
	const xmp = '<x:xmpmeta/>'.repeat(20);
	const compressed = Buffer.from('H4sIAAAAAAAAA7OpsKrILchNLUnUt7MZAWwA4j0cLvAAAAA=', 'base64');
	editHas('1.xmp');
	storageHolds('p-1', '1.xmp').reply(200, compressed, {
		'Content-Encoding': 'gzip',
		'Content-Length': String(compressed.length),
	});
	const { output } = await download();
	expect((await readBinary(output[0][0].binary!.data)).toString()).toBe(xmp);
});

test('Download of a project that fails does not stop the next, where the node continues on fail', async () => {
	apiReportsStatus('edit', 'p-1', 'Failed');
	apiReportsStatus('edit', 'p-2', 'Completed');
	apiGivesDownloadLinks('edit', 'p-2', ['1.xmp']);
	storageGives('p-2', '1.xmp', 'x');
	const items = [projectItem('p-1'), projectItem('p-2')];
	const result = await download({}, { items, onError: 'continueErrorOutput' });
	expect(jsonOf(result)).toMatchObject([{ project_uuid: 'p-2' }]);
	expect(jsonOf(result, 1)).toMatchObject([{ project_uuid: 'p-1' }]);
});

test('exports are downloaded from their own list', async () => {
	apiReportsStatus('export', 'p-1', 'Completed');
	apiGivesDownloadLinks('export', 'p-1', ['1.jpg']);
	storageGives('p-1', '1.jpg', 'x');
	const result = await runImagen('export.download', {}, { items: [projectItem('p-1')] });
	expect(jsonOf(result)).toEqual([{ project_uuid: 'p-1', file_name: '1.jpg', bytes: 1 }]);
});

test('Get download links for edited photos returns the links themselves, one item each', async () => {
	apiReportsStatus('edit', 'p-1', 'Completed');
	api()
		.get('/projects/p-1/edit/get_temporary_download_links')
		.reply(200, wrapped({ files_list: [{ file_name: '1.xmp', download_link: linkTo('p-1', '1.xmp') }] }));
	apiCountsPhotos('p-1', 1);
	const result = await runImagen('edit.getDownloadLinks', {}, { items: [projectItem('p-1')] });
	expect(jsonOf(result)).toEqual([
		{ project_uuid: 'p-1', file_name: '1.xmp', download_link: linkTo('p-1', '1.xmp') },
	]);
	expect(linksOf(result.output[0])).toEqual([[0]]);
});

describe('Get download links for exported photos, of some photos', () => {
	const getLinks = async (fileNames: string) =>
		await runImagen('export.getDownloadLinks', { options: { fileNames } }, { items: [projectItem('p-1')] });

	const apiGivesLink = (file_name: string) =>
		api().get('/projects/p-1/export/get_download_link').query({ file_name });

	test('links of exported photos that are given by name are asked for one by one', async () => {
		apiReportsStatus('export', 'p-1', 'Completed');
		for (const name of ['a.jpg', 'b c+é.jpg'])
			apiGivesLink(name).reply(200, wrapped({ file_name: name, download_link: linkTo('p-1', name) }));
		expect(jsonOf(await getLinks('a.jpg, b c+é.jpg, a.jpg'))).toMatchObject([
			{ file_name: 'a.jpg', download_link: linkTo('p-1', 'a.jpg') },
			{ file_name: 'b c+é.jpg' },
		]);
		expect(requests().filter((line) => line.includes('get_temporary'))).toEqual([]);
	});

	test('where a photo is not had by its name, the list tells whether it is missing', async () => {
		apiReportsStatus('export', 'p-1', 'Completed');
		apiGivesLink('A.JPG').reply(404, { detail: 'Image not found' });
		apiGivesDownloadLinks('export', 'p-1', ['a.jpg', 'b.jpg']);
		expect(jsonOf(await getLinks('A.JPG'))).toMatchObject([{ file_name: 'a.jpg' }]);
	});

	test('a pattern is looked for in the list', async () => {
		apiReportsStatus('export', 'p-1', 'Completed');
		apiGivesDownloadLinks('export', 'p-1', ['a.jpg', 'b.jpg']);
		expect(jsonOf(await getLinks('a*.jpg'))).toMatchObject([{ file_name: 'a.jpg' }]);
	});
});
