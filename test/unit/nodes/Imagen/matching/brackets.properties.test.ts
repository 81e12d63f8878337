import fc from 'fast-check';

import { matchBrackets } from '../../../../../nodes/Imagen/matching/brackets';
import { shoots, type Habits, type Shoot } from '../../../../support/bracketShoots';

/** Brackets of several sizes, now and then a single photo, up to a second long. */
const DAY: Habits = {
	sizes: [1, 3, 3, 5, 7],
	middles: [-39, -18],
	rests: [2000, 40_000],
	clockMs: 10,
	anchor: 'any',
	darkFrames: false,
};

/** Up to 30 seconds long. */
const NIGHT: Habits = { ...DAY, middles: [0, 15], rests: [8000, 40_000] };

const WHOLE_SECONDS = { clockMs: 1000 };
const BACK_TO_BACK = { rests: [1000, 3000] } satisfies Partial<Habits>;

/** For each bracket of a shoot: whether the sources of its result are its frames, and whether they are said to be uncertain. */
function outcomes({ frames, resultNames, brackets }: Shoot) {
	return matchBrackets(frames, resultNames).map(({ photos, matchedBy }, index) => ({
		isRight: photos.map(({ fileName }) => fileName).join() === brackets[index].join(),
		isSure: matchedBy === 'capture time',
	}));
}

test.each([
	['by day', DAY],
	['by whole seconds', { ...DAY, ...WHOLE_SECONDS }],
	['back to back', { ...DAY, ...BACK_TO_BACK }],
	['back to back by whole seconds', { ...DAY, ...BACK_TO_BACK, ...WHOLE_SECONDS }],
	['at night', NIGHT],
	['at night by whole seconds', { ...NIGHT, ...WHOLE_SECONDS }],
	['at night, back to back', { ...NIGHT, ...BACK_TO_BACK }],
	['at night with dark frames', { ...NIGHT, darkFrames: true }],
	['at night with dark frames by whole seconds', { ...NIGHT, darkFrames: true, ...WHOLE_SECONDS }],
])('brackets %s that are not said to be uncertain are right', (_how, habits) => {
	fc.assert(
		fc.property(shoots(habits), (shoot) => {
			expect(outcomes(shoot).filter(({ isRight, isSure }) => isSure && !isRight)).toEqual([]);
		}),
	);
});

/** Of a hundred shoots each, about two thousand brackets: which share is right, and which is said to be sure. */
test.each<[string, Habits, right: number, sure: number]>([
	['by day', DAY, 1, 0.999],
	['by day by whole seconds', { ...DAY, ...WHOLE_SECONDS }, 0.99, 0.8],
	['back to back', { ...DAY, ...BACK_TO_BACK }, 1, 0.95],
	['back to back by whole seconds', { ...DAY, ...BACK_TO_BACK, ...WHOLE_SECONDS }, 0.9, 0.1],
	['at night', NIGHT, 1, 0.99],
	['at night by whole seconds', { ...NIGHT, ...WHOLE_SECONDS }, 0.999, 0.95],
	['at night, back to back', { ...NIGHT, ...BACK_TO_BACK }, 0.85, 0.25],
	['at night, back to back by whole seconds', { ...NIGHT, ...BACK_TO_BACK, ...WHOLE_SECONDS }, 0.8, 0],
	['at night with dark frames', { ...NIGHT, darkFrames: true }, 0.99, 0.9],
])(
	'brackets %s are right, and sure where they can be told apart, as often as measured',
	(_how, habits, ...least) => {
		const all = fc.sample(shoots(habits), { numRuns: 100, seed: 1 }).flatMap(outcomes);
		const right = all.filter(({ isRight }) => isRight).length / all.length;
		const sure = all.filter(({ isSure }) => isSure).length / all.length;
		expect(right).toBeGreaterThanOrEqual(least[0]);
		expect(sure).toBeGreaterThanOrEqual(least[1]);
	},
);
