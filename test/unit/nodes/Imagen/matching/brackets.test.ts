import { matchBrackets, type Frame } from '../../../../../nodes/Imagen/matching/brackets';
import type { Match } from '../../../../../nodes/Imagen/matching/names';
import type { Photo } from '../../../../../nodes/Imagen/transfer/sources';

const photo = (fileName: string): Photo => ({
	itemIndex: 0,
	field: 'data',
	fileName,
	originalFileName: fileName,
	bytes: 1,
	binary: { data: '', mimeType: '' },
});

/** Frames `1.NEF`, `2.NEF` ... taken at these seconds. */
const framesAt = (...seconds: Array<number | undefined>): Frame[] =>
	seconds.map((second, index) => ({
		photo: photo(`${index + 1}.NEF`),
		takenAt: second === undefined ? undefined : second * 1000,
	}));

const listed = (matches: Match[]) =>
	matches.map(({ photos, matchedBy }) => [photos.map(({ fileName }) => fileName).join(' '), matchedBy]);

test('a merged bracket lists the frames taken together, whichever frame gave the name', () => {
	const frames = framesAt(0, 1, 2, 30, 31, 32);
	expect(listed(matchBrackets(frames, ['5-HDR.dng', '1-HDR.dng']))).toEqual([
		['4.NEF 5.NEF 6.NEF', 'capture time'],
		['1.NEF 2.NEF 3.NEF', 'capture time'],
	]);
});

test('brackets may differ in size, have long exposures, and have single photos between them', () => {
	const frames = framesAt(0, 8, 20, 60, 61, 62, 63, 64, 120);
	expect(listed(matchBrackets(frames, ['1.dng', '4.dng', '9.dng']))).toEqual([
		['1.NEF 2.NEF 3.NEF', 'capture time'],
		['4.NEF 5.NEF 6.NEF 7.NEF 8.NEF', 'capture time'],
		['9.NEF', 'capture time'],
	]);
});

test('frames are grouped into brackets by capture time, not by name', () => {
	const frames = framesAt(30, 0, 31, 1);
	expect(listed(matchBrackets(frames, ['1.dng', '2.dng']))).toEqual([
		['1.NEF 3.NEF', 'capture time'],
		['2.NEF 4.NEF', 'capture time'],
	]);
});

test.each([
	['a frame without a time', framesAt(0, 1, undefined, 30, 31, 32)],
	['the same pause between all frames', framesAt(0, 1, 2, 3, 4, 5)],
	['times that contradict the names of the results', framesAt(0, 1, 2, 3, 4, 60)],
])('brackets with %s are grouped by the order of names, and the result says so', (_why, frames) => {
	expect(listed(matchBrackets(frames, ['1-HDR.dng', '4-HDR.dng']))).toEqual([
		['1.NEF 2.NEF 3.NEF', 'name order'],
		['4.NEF 5.NEF 6.NEF', 'name order'],
	]);
});

test('a merged bracket lists only the frame it is named for when neither times nor names give an order', () => {
	const frames = framesAt(...Array<undefined>(5));
	expect(listed(matchBrackets(frames, ['1-HDR.dng', 'other.dng']))).toEqual([
		['1.NEF', 'name'],
		['', undefined],
	]);
});

test('a result whose name begins like those of two frames belongs to the longer name', () => {
	const frames = [photo('A.NEF'), photo('A-2.NEF')].map((frame) => ({ photo: frame, takenAt: undefined }));
	expect(listed(matchBrackets(frames, ['A-2-HDR.dng', 'A-HDR.dng']))).toEqual([
		['A-2.NEF', 'name'],
		['A.NEF', 'name'],
	]);
});
