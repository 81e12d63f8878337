import nock from 'nock';

import { photo } from '../../../../../support/engine';
import { useClock } from '../../../../../support/clock';
import { jsonOf, linksOf } from '../../../../../support/imagen';
import {
	apiCreatesProject,
	apiGivesDownloadLinks,
	apiGivesUploadLinks,
	apiListsProfiles,
	apiStarts,
	apiReportsStatus,
	count,
	storageAwaits,
	storageTakes,
	useImagenApi,
} from '../../../../../support/imagenApi';
import { apiFinishes, apiTakesPhotos, EDIT_REQUEST, shoot } from '../../../../../support/shoots';

useImagenApi();
useClock();

const frame = (fileName: string, taken: string) => photo(fileName, bytesOfFrame(taken));

/** A little-endian TIFF that holds nothing but when it was taken. */
function bytesOfFrame(taken: string): Buffer {
	const bytes = Buffer.alloc(64);
	bytes.write('II*\0', 0, 'latin1');
	bytes.writeUInt32LE(8, 4);
	bytes.writeUInt16LE(1, 8);
	bytes.writeUInt16LE(0x9003, 10);
	bytes.writeUInt16LE(2, 12);
	bytes.writeUInt32LE(20, 14);
	bytes.writeUInt32LE(26, 18);
	bytes.write(`2026:06:21 ${taken}\0`, 26, 'latin1');
	return bytes;
}

describe.each(['filesystem', 'default'] as const)('with binaries kept in mode %s', (binaryMode) => {
	test('HDR Merge ties each merged photo to the frames that were taken together', async () => {
		const items = [
			frame('3.NEF', '10:00:02'),
			frame('1.NEF', '10:00:00'),
			frame('2.NEF', '10:00:01'),
			frame('4.NEF', '10:05:00'),
			frame('5.NEF', '10:05:01'),
		];
		const names = ['3.NEF', '1.NEF', '2.NEF', '4.NEF', '5.NEF'];
		apiListsProfiles();
		apiTakesPhotos('p-1', names);
		apiReportsStatus('edit', 'p-1', 'Pending');
		apiStarts('edit', 'p-1', { ...EDIT_REQUEST, hdr_merge: true });
		// How many merges there will be is not known: the list has to stand still for a minute.
		for (let look = 0; look < 5; look++) apiGivesDownloadLinks('edit', 'p-1', ['1-HDR.dng', '4-HDR.dng']);
		apiFinishes('edit', 'p-1', ['1-HDR.dng', '4-HDR.dng']);
		const result = await shoot({ results: 'edited', aiTools: { hdrMerge: true } }, { items, binaryMode });
		expect(result.error).toBeUndefined();
		expect(jsonOf(result)).toMatchObject([
			{ file_name: '1-HDR.dng', source_file_names: ['1.NEF', '2.NEF', '3.NEF'], matched_by: 'capture time' },
			{ file_name: '4-HDR.dng', source_file_names: ['4.NEF', '5.NEF'], matched_by: 'capture time' },
		]);
		expect(linksOf(result.output[0])).toEqual([
			[1, 2, 0],
			[3, 4],
		]);
	});

	test('a frame that could not be uploaded is no source of the merge, though it was taken with the others', async () => {
		const items = [frame('1.NEF', '10:00:00'), frame('2.NEF', '10:00:01'), frame('3.NEF', '10:00:02')];
		apiListsProfiles();
		apiCreatesProject('p-1');
		apiGivesUploadLinks('p-1', ['1.NEF', '2.NEF', '3.NEF']);
		storageTakes('p-1', '1.NEF', '3.NEF');
		storageAwaits('p-1', '2.NEF').reply(400, '<Error><Code>BadDigest</Code></Error>');
		apiReportsStatus('edit', 'p-1', 'Pending');
		apiStarts('edit', 'p-1', { ...EDIT_REQUEST, hdr_merge: true });
		for (let look = 0; look < 5; look++) apiGivesDownloadLinks('edit', 'p-1', ['1-HDR.dng']);
		apiFinishes('edit', 'p-1', ['1-HDR.dng']);
		const result = await shoot(
			{ results: 'edited', aiTools: { hdrMerge: true }, options: { editWithoutFailed: true } },
			{ items, binaryMode },
		);
		expect(result.error).toBeUndefined();
		expect(jsonOf(result)).toMatchObject([
			{ source_file_names: ['1.NEF', '3.NEF'], photos_failed: ['2.NEF'] },
		]);
		expect(linksOf(result.output[0])).toEqual([[0, 2]]);
	});
});

test('frames from links are read for their times before the edit: when it has come to its end, the links may have expired', async () => {
	const drive = nock('https://drive.test');
	const taken = { '1.NEF': '10:00:00', '2.NEF': '10:00:01', '3.NEF': '10:05:00', '4.NEF': '10:05:01' };
	const names = Object.keys(taken);
	const resultsKnown: number[] = [];
	for (const [name, time] of Object.entries(taken)) {
		const bytes = bytesOfFrame(time);
		const range = { 'Content-Range': `bytes 0-${bytes.length - 1}/${bytes.length}` };
		// The first look, the upload and the time.
		drive
			.get(`/${name}`)
			.times(3)
			.reply(() => {
				resultsKnown.push(count('GET /projects/p-1/edit/get_temporary_download_links'));
				return [206, bytes, range];
			});
	}
	apiListsProfiles();
	apiTakesPhotos('p-1', names);
	apiReportsStatus('edit', 'p-1', 'Pending');
	apiStarts('edit', 'p-1', { ...EDIT_REQUEST, hdr_merge: true });
	for (let look = 0; look < 5; look++) apiGivesDownloadLinks('edit', 'p-1', ['1-HDR.dng', '3-HDR.dng']);
	apiFinishes('edit', 'p-1', ['1-HDR.dng', '3-HDR.dng']);
	const items = names.map((name) => ({ json: { name } }));
	const fromLinks = { photosFrom: 'links', link: '=https://drive.test/{{ $json.name }}' };
	const result = await shoot({ results: 'edited', aiTools: { hdrMerge: true }, ...fromLinks }, { items });
	expect(result.error).toBeUndefined();
	expect(jsonOf(result)).toMatchObject([
		{ source_file_names: ['1.NEF', '2.NEF'], matched_by: 'capture time' },
		{ source_file_names: ['3.NEF', '4.NEF'], matched_by: 'capture time' },
	]);
	expect(resultsKnown).toEqual(Array.from({ length: 12 }, () => 0));
});
