import type { INodeParameters } from 'n8n-workflow';

import { photo, type NodeOptions } from '../../../../../support/engine';
import { jsonOf, linksOf, runImagen } from '../../../../../support/imagen';
import {
	api,
	apiGivesDownloadLinks,
	apiReportsStatus,
	count,
	EXPIRED,
	linkTo,
	requests,
	storageAwaits,
	storageTakes,
	useImagenApi,
	wrapped,
} from '../../../../../support/imagenApi';
import { apiHasSmartResult } from '../../../../../support/retouchApi';
import { useClock } from '../../../../../support/clock';

useImagenApi();
useClock();

const JPEG = Buffer.from([0xff, 0xd8, 0xff, 0xe0, ...Buffer.from('retouched by hand')]);

/** An item with a JPEG that is to take the place of a finished photo. */
const replacement = (file_name: string, bytes: Buffer = JPEG) =>
	photo('retouched.jpg', bytes, { project_uuid: 'p-1', file_name });

const replace = async (
	items: NodeOptions['items'],
	parameters: INodeParameters = {},
	options: Partial<NodeOptions> = {},
) => await runImagen('export.replacePhoto', parameters, { items, ...options });

/** The export is done and has these results. */
function exportHas(...fileNames: string[]): void {
	apiReportsStatus('export', 'p-1', 'Completed');
	apiGivesDownloadLinks('export', 'p-1', fileNames);
}

function apiGivesReplaceLink(file_name: string, round = 1): void {
	api()
		.get('/projects/p-1/export/get_upload_link')
		.query({ file_name })
		.reply(200, wrapped({ file_name, upload_link: linkTo('p-1', file_name, round) }));
}

test('Replace exported photo puts the JPEG of each item in the place of the photo that the item names', async () => {
	exportHas('a.jpg', 'b.jpg');
	for (const name of ['a.jpg', 'b.jpg']) apiGivesReplaceLink(name);
	storageTakes('p-1', 'a.jpg', 'b.jpg');
	const result = await replace([replacement('a.jpg'), replacement('b.jpg')]);
	expect(result.error).toBeUndefined();
	expect(jsonOf(result)).toEqual(
		['a.jpg', 'b.jpg'].map((file_name) => ({
			project_uuid: 'p-1',
			file_name,
			bytes: JPEG.length,
			replaced_with: 'retouched.jpg',
			status: 'Completed',
		})),
	);
	expect(linksOf(result.output[0])).toEqual([[0], [1]]);
});

test('Replace exported photo replaces a result of Smart Editing', async () => {
	apiHasSmartResult('a.jpg');
	api()
		.get('/i2i/projects/p-1/get_upload_link')
		.query({ file_name: 'a.jpg' })
		.reply(200, wrapped({ upload_link: linkTo('p-1', 'a.jpg') }));
	storageTakes('p-1', 'a.jpg');
	const result = await replace([replacement('a.jpg')], { options: { projectSource: 'I2I' } });
	expect(jsonOf(result)).toMatchObject([{ file_name: 'a.jpg', project_source: 'I2I' }]);
});

test('Replace exported photo asks for another link where the first one has expired', async () => {
	exportHas('a.jpg');
	apiGivesReplaceLink('a.jpg');
	apiGivesReplaceLink('a.jpg', 2);
	storageAwaits('p-1', 'a.jpg').reply(403, EXPIRED);
	storageAwaits('p-1', 'a.jpg', 2).reply(200);
	expect(jsonOf(await replace([replacement('a.jpg')]))).toHaveLength(1);
});

test.each([
	['a file that is no JPEG', [replacement('a.jpg', Buffer.from('II*\0'))], "'retouched.jpg' is not a JPEG"],
	['an empty file', [replacement('a.jpg', Buffer.alloc(0))], "'retouched.jpg' is empty"],
	['an item without a name', [replacement('')], "'File Name' is empty"],
	['an item without a file', [{ json: { project_uuid: 'p-1', file_name: 'a.jpg' } }], "no file in 'data'"],
])('Replace exported photo refuses %s before it asks the API for anything', async (_what, items, words) => {
	const { error } = await replace(items);
	expect(error?.message).toContain(words);
	expect(requests()).toEqual([]);
});

test.each([
	['c.jpg', "The finished photos of project p-1 don't include 'c.jpg'"],
	['a.jpg', "'a.jpg' is replaced by another item, item 1, as well"],
])('Replace exported photo replaces nothing where an item names %s', async (fileName, message) => {
	exportHas('a.jpg', 'b.jpg');
	const { error } = await replace([replacement('a.jpg'), replacement(fileName)]);
	expect(error?.message).toBe(message);
	expect(error?.description).toContain('Nothing was replaced');
	expect(count('PUT a.jpg')).toBe(0);
});

test('Replace exported photo replaces the others where the node continues on fail', async () => {
	exportHas('a.jpg', 'b.jpg');
	apiGivesReplaceLink('a.jpg');
	storageTakes('p-1', 'a.jpg');
	const result = await replace(
		[replacement('c.jpg'), replacement('a.jpg')],
		{},
		{ onError: 'continueRegularOutput' },
	);
	expect(jsonOf(result)).toMatchObject([
		{ error: "The finished photos of project p-1 don't include 'c.jpg'" },
		{ file_name: 'a.jpg', status: 'Completed' },
	]);
});

test('Replace exported photo before the export says what to do first', async () => {
	api()
		.get('/projects/p-1/export/status')
		.reply(400, { error: { message: 'Project has not been exported yet.' } });
	const { error } = await replace([replacement('a.jpg')]);
	expect(error?.message).toBe('The export of project p-1 is not finished: its status is Pending');
});

test('Replace exported photo is done once by Retry On Fail: only photos that did not arrive are sent again', async () => {
	exportHas('a.jpg', 'b.jpg');
	exportHas('a.jpg', 'b.jpg');
	apiGivesReplaceLink('a.jpg');
	apiGivesReplaceLink('b.jpg');
	apiGivesReplaceLink('b.jpg');
	storageTakes('p-1', 'a.jpg');
	storageAwaits('p-1', 'b.jpg').reply(400, '');
	storageTakes('p-1', 'b.jpg');
	const items = [replacement('a.jpg'), replacement('b.jpg')];
	const result = await replace(items, {}, { retryOnFail: true, maxTries: 2 });
	expect(jsonOf(result)).toHaveLength(2);
	expect(count('PUT a.jpg')).toBe(1);
});
