/* eslint-disable @n8n/community-nodes/no-restricted-imports -- stands in for n8n's streams */
import type { IExecuteFunctions } from 'n8n-workflow';
import { Readable } from 'node:stream';

import { matchResults } from '../../../../../nodes/Imagen/matching/match';
import type { Photo } from '../../../../../nodes/Imagen/transfer/sources';

const CONTENT = Buffer.from('no photo, so there is no time to read');

const photo = (fileName: string): Photo => ({
	itemIndex: 0,
	field: 'data',
	fileName,
	originalFileName: fileName,
	bytes: CONTENT.length,
	binary: { id: `filesystem:${fileName}`, data: '', mimeType: '' },
});

/** n8n, and which binaries it opened. */
function n8n() {
	const opened: string[] = [];
	const getBinaryStream = async (id: string) => {
		opened.push(id);
		return Readable.from([CONTENT]);
	};
	return { context: { helpers: { getBinaryStream } } as unknown as IExecuteFunctions, opened };
}

test('the frames of merges are opened once for the edits and the exports', async () => {
	const { context, opened } = n8n();
	const photos = [photo('1.NEF'), photo('2.NEF')];
	const edits = await matchResults(context, photos, ['1-HDR.dng'], true);
	const exports = await matchResults(context, photos, ['1-HDR.jpg'], true);
	expect(edits).toEqual([{ photos, matchedBy: 'name order' }]);
	expect(exports).toEqual(edits);
	expect(opened).toEqual(['filesystem:1.NEF', 'filesystem:2.NEF']);
});

test('photos of which none were merged are not opened', async () => {
	const { context, opened } = n8n();
	await matchResults(context, [photo('1.NEF')], ['1.xmp'], false);
	expect(opened).toEqual([]);
});
