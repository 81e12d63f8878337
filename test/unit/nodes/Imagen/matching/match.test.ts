import { matchResults } from '../../../../../nodes/Imagen/matching/match';
import { photoNamed, sourceOf } from '../../../../support/photoNamed';

const CONTENT = Buffer.from('no photo, so there is no time to read');

/** What gives photos, and notes which were opened. */
function card() {
	const opened: string[] = [];
	const photo = (fileName: string) => {
		async function* chunks() {
			opened.push(fileName);
			yield CONTENT;
		}
		return photoNamed(fileName, { bytes: CONTENT.length, source: sourceOf(chunks) });
	};
	return { photo, opened };
}

test('the frames of merges are opened once for the edits and the exports', async () => {
	const { photo, opened } = card();
	const photos = [photo('1.NEF'), photo('2.NEF')];
	const edits = await matchResults(photos, ['1-HDR.dng'], true);
	const exports = await matchResults(photos, ['1-HDR.jpg'], true);
	expect(edits).toEqual([{ photos, matchedBy: 'name order' }]);
	expect(exports).toEqual(edits);
	expect(opened).toEqual(['1.NEF', '2.NEF']);
});

test('photos of which none were merged are not opened', async () => {
	const { photo, opened } = card();
	await matchResults([photo('1.NEF')], ['1.xmp'], false);
	expect(opened).toEqual([]);
});

test('frames that cannot be read any more, as their links have expired, are matched by the order of their names', async () => {
	const photos = [photoNamed('1.NEF'), photoNamed('2.NEF')];
	const matches = await matchResults(photos, ['1-HDR.dng'], true);
	expect(matches).toEqual([{ photos, matchedBy: 'name order' }]);
});
