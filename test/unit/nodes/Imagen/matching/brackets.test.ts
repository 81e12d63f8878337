import { matchBrackets, type Frame } from '../../../../../nodes/Imagen/matching/brackets';
import type { Match } from '../../../../../nodes/Imagen/matching/names';
import { photoNamed } from '../../../../support/photoNamed';

/** Frames `1.NEF`, `2.NEF` ... taken at these seconds, whose exposures are not known. */
const framesAt = (...seconds: Array<number | undefined>): Frame[] =>
	seconds.map((second, index) => ({
		photo: photoNamed(`${index + 1}.NEF`),
		takenAt: second === undefined ? undefined : second * 1000,
		exposureMs: undefined,
	}));

/** Frames `1.NEF`, `2.NEF` ... taken at these seconds, exposed for so many seconds. */
const exposedFrames = (...shots: Array<[second: number, exposure: number]>): Frame[] =>
	framesAt(...shots.map(([second]) => second)).map((frame, index) => ({
		...frame,
		exposureMs: shots[index][1] * 1000,
	}));

/** The names of frames `first.NEF` to `last.NEF`. */
const numbers = (first: number, last: number) =>
	Array.from({ length: last - first + 1 }, (_, index) => `${first + index}.NEF`).join(' ');

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
	const frames = [photoNamed('A.NEF'), photoNamed('A-2.NEF')].map((frame) => ({
		photo: frame,
		takenAt: undefined,
		exposureMs: undefined,
	}));
	expect(listed(matchBrackets(frames, ['A-2-HDR.dng', 'A-HDR.dng']))).toEqual([
		['A-2.NEF', 'name'],
		['A.NEF', 'name'],
	]);
});

/** A night bracket of a Canon 5D Mark II, and one by day eight seconds later. */
const NIGHT = exposedFrames(
	...([
		[47.71, 13],
		[61.59, 6],
		[69.04, 3.2],
		[73.29, 1.6],
		[75.93, 0.8],
		[77.57, 0.4],
		[78.87, 0.2],
		[79.97, 0.1],
		[80.97, 1 / 20],
		[82.04, 1 / 40],
		[83.13, 1 / 80],
		[84.12, 1 / 160],
		[85.02, 1 / 320],
		[85.89, 1 / 640],
		[86.74, 1 / 1250],
		[87.88, 1 / 2500],
		[89.1, 1 / 5000],
		[90.21, 1 / 8000],
		[98.21, 1 / 60],
		[98.71, 1 / 30],
		[99.23, 1 / 15],
	] as Array<[number, number]>),
);

test.each([
	['1-HDR.dng', '19-HDR.dng'],
	['9-HDR.dng', '20-HDR.dng'],
	['18-HDR.dng', '21-HDR.dng'],
])(
	'a night bracket is not cut at its long exposures, whichever frames gave the names: %s, %s',
	(...names) => {
		expect(listed(matchBrackets(NIGHT, names))).toEqual([
			[numbers(1, 18), 'capture time'],
			[numbers(19, 21), 'capture time'],
		]);
	},
);

test('a camera that takes a dark frame after each long exposure rests no longer for it', () => {
	const shots: Array<[number, number]> = [
		[0, 15],
		[30.5, 8],
		[47, 4],
		[67, 15],
		[97.5, 8],
		[114, 4],
	];
	expect(listed(matchBrackets(exposedFrames(...shots), ['2-HDR.dng', '5-HDR.dng']))).toEqual([
		[numbers(1, 3), 'capture time'],
		[numbers(4, 6), 'capture time'],
	]);
});

test('a rest that may be a dark frame, where the camera is not known to take any, leaves two brackets uncertain', () => {
	const bracket = [
		[0, 1],
		[1.3, 0.25],
		[1.9, 4],
	];
	const shots = [0, 10.2, 26.3, 48.1].flatMap((start) =>
		bracket.map(([second, exposure]): [number, number] => [start + second, exposure]),
	);
	const names = ['1-HDR.dng', '4-HDR.dng', '7-HDR.dng', '10-HDR.dng'];
	expect(listed(matchBrackets(exposedFrames(...shots), names))).toEqual([
		[numbers(1, 3), 'capture time, uncertain'],
		[numbers(4, 6), 'capture time, uncertain'],
		[numbers(7, 9), 'capture time'],
		[numbers(10, 12), 'capture time'],
	]);
});

/** So many brackets of three by a camera that writes whole seconds, ten seconds apart. */
const wholeSecondBrackets = (number: number): Array<[number, number]> =>
	Array.from({ length: number * 3 }, (_, index) => [
		Math.floor(index / 3) * 10 + (index % 3 > 1 ? 1 : 0),
		1 / 60,
	]);

test('among brackets by whole seconds, one of five and a night bracket leave the other 98 right', () => {
	const day = wholeSecondBrackets(98);
	const five = [0, 0, 1, 1, 2].map((second): [number, number] => [1000 + second, 1 / 60]);
	const night = [
		[1010, 4],
		[1014, 8],
		[1023, 15],
	] as Array<[number, number]>;
	const frames = exposedFrames(...day, ...five, ...night);
	const anchors = [...Array.from({ length: 98 }, (_, index) => index * 3 + 2), 297, 301];
	expect(
		listed(
			matchBrackets(
				frames,
				anchors.map((number) => `${number}-HDR.dng`),
			),
		),
	).toEqual([
		...Array.from({ length: 98 }, (_, index) => [numbers(index * 3 + 1, index * 3 + 3), 'capture time']),
		[numbers(295, 299), 'capture time'],
		[numbers(300, 302), 'capture time'],
	]);
});

test('a pause that is no longer than another one leaves two brackets uncertain, and the others sure', () => {
	const shots = wholeSecondBrackets(6);
	// The fourth follows the third within the second.
	for (const shot of shots.slice(9)) shot[0] -= 8;
	const names = [1, 4, 7, 10, 13, 16].map((number) => `${number}-HDR.dng`);
	expect(listed(matchBrackets(exposedFrames(...shots), names))).toEqual([
		[numbers(1, 3), 'capture time'],
		[numbers(4, 6), 'capture time'],
		[numbers(7, 9), 'capture time, uncertain'],
		[numbers(10, 12), 'capture time, uncertain'],
		[numbers(13, 15), 'capture time'],
		[numbers(16, 18), 'capture time'],
	]);
});

test('a bracket with a longer pause in it than the one to its neighbour is uncertain', () => {
	const frames = framesAt(0, 1, 65, 125, 126, 186, 187);
	expect(listed(matchBrackets(frames, ['3-HDR.dng', '4-HDR.dng', '6-HDR.dng']))).toEqual([
		[numbers(1, 3), 'capture time, uncertain'],
		[numbers(4, 5), 'capture time, uncertain'],
		[numbers(6, 7), 'capture time'],
	]);
});

test('frames that were all merged into one result are its sources', () => {
	expect(listed(matchBrackets(framesAt(0, 0, 0), ['2-HDR.dng']))).toEqual([[numbers(1, 3), 'capture time']]);
});

test('two results with the name of one frame list nothing but that frame', () => {
	const frames = framesAt(0, 1, 2, 30, 31);
	expect(listed(matchBrackets(frames, ['1-HDR.dng', '1-HDR-2.dng']))).toEqual([
		['1.NEF', 'name'],
		['1.NEF', 'name'],
	]);
});

/** Ten brackets of three frames, a second apart, every half minute. */
const tenBrackets = () =>
	framesAt(...Array.from({ length: 30 }, (_, index) => Math.floor(index / 3) * 30 + (index % 3)));

test('one frame without a time leaves the frames of the other brackets known, though none is certain', () => {
	const frames = [...tenBrackets(), { ...framesAt(undefined)[0], photo: photoNamed('31.NEF') }];
	const names = Array.from({ length: 10 }, (_, index) => `${index * 3 + 2}.dng`);
	expect(listed(matchBrackets(frames, [...names, '31.dng']))).toEqual([
		...names.map((_, index) => [numbers(index * 3 + 1, index * 3 + 3), 'capture time, uncertain']),
		['31.NEF', 'name'],
	]);
});

test('one result that is named for no frame costs no more than the frames beside it', () => {
	const names = Array.from({ length: 10 }, (_, index) =>
		index === 0 ? 'merged.dng' : `${index * 3 + 2}.dng`,
	);
	const matches = listed(matchBrackets(tenBrackets(), names));
	expect(matches[0]).toEqual(['', undefined]);
	expect(matches.slice(2)).toEqual(
		names.slice(2).map((_, index) => [numbers(index * 3 + 7, index * 3 + 9), 'capture time, uncertain']),
	);
});

test('where many frames have no time, only the frame that a result is named for is known', () => {
	const frames = tenBrackets().map((frame, index) =>
		index % 7 === 0 ? { ...frame, takenAt: undefined } : frame,
	);
	const matches = listed(matchBrackets([...frames, ...framesAt(900)], ['2.dng', '5.dng']));
	expect(matches).toEqual([
		['2.NEF', 'name'],
		['5.NEF', 'name'],
	]);
});
