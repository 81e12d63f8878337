import { matchResults, rememberCaptures } from '../../../../../nodes/Imagen/matching/match';
import { settled } from '../../../../support/clock';
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

/** Opens photos of a size, and counts how many are open at the same time. */
async function mostOpenAtOnce(bytes: number, isSeekable: boolean): Promise<number> {
	let open = 0;
	let most = 0;
	async function* chunks() {
		most = Math.max(most, ++open);
		await settled();
		open--;
		yield CONTENT;
	}
	const photos = Array.from({ length: 40 }, (_, index) =>
		photoNamed(`${index}.NEF`, { bytes, source: sourceOf(chunks, { isSeekable }) }),
	);
	await rememberCaptures(photos);
	return most;
}

test('few large photos are read at once, as n8n may keep them whole in memory', async () => {
	expect(await mostOpenAtOnce(60_000_000, false)).toBe(10);
});

test('of large photos behind links only parts are read, so that many are at once', async () => {
	expect(await mostOpenAtOnce(60_000_000, true)).toBe(40);
});
