import fc from 'fast-check';

import type { Frame } from '../../nodes/Imagen/matching/brackets';
import { photoNamed } from './photoNamed';

/** What a photographer, and a camera, do in a shoot of brackets. */
export interface Habits {
	/** How many frames a bracket has; of several, each as often as the others. */
	sizes: number[];
	/** The middle exposures, in thirds of a step: 0 is a second, -3 half a second. */
	middles: [shortest: number, longest: number];
	/** How long the photographer rests after a bracket, in milliseconds. */
	rests: [shortest: number, longest: number];
	/** What the camera's clock counts in, in milliseconds. */
	clockMs: number;
	/** Which frame a merge is named for. */
	anchor: 'first' | 'middle' | 'last' | 'any';
	/** Whether the camera takes a dark frame, as long as the photo, after each exposure of a second or more. */
	darkFrames: boolean;
}

/** A shoot, and which frames are truly of one bracket. */
export interface Shoot {
	frames: Frame[];
	resultNames: string[];
	/** The names of the frames behind each result. */
	brackets: string[][];
}

/** The exposure times that cameras write, in seconds, from 30 seconds down in thirds of a step. The true ones are powers of two. */
const WRITTEN = [
	...[30, 25, 20, 15, 13, 10, 8, 6, 5, 4, 3.2, 2.5, 2, 1.6, 1.3, 1, 0.8, 0.6, 0.5, 0.4, 0.3],
	...[4, 5, 6, 8, 10, 13, 15, 20, 25, 30, 40, 50, 60, 80, 100, 125, 160, 200, 250, 320, 400, 500].map(
		(per) => 1 / per,
	),
	...[640, 800, 1000, 1250, 1600, 2000, 2500, 3200, 4000, 5000, 6400, 8000].map((per) => 1 / per),
];

/** 32 seconds, in thirds of a step. */
const LONGEST = 15;

/** A shoot of up to this many brackets. */
export function shoots(habits: Habits, mostBrackets = 40): fc.Arbitrary<Shoot> {
	const bracket = fc.record({
		size: fc.constantFrom(...habits.sizes),
		middle: fc.integer({ min: habits.middles[0], max: habits.middles[1] }),
		restMs: fc.integer({ min: habits.rests[0], max: habits.rests[1] }),
		/** Of the camera's own pauses, in percent. */
		waver: fc.array(fc.integer({ min: 80, max: 140 }), { minLength: 9, maxLength: 9 }),
		anchor: fc.nat({ max: 8 }),
	});
	return fc
		.record({
			brackets: fc.array(bracket, { minLength: 2, maxLength: mostBrackets, size: 'max' }),
			step: fc.constantFrom(2, 3, 6),
			order: fc.constantFrom<Order>('middle first', 'darkest first', 'brightest first'),
			pauseMs: fc.integer({ min: 80, max: 600 }),
			startMs: fc.nat({ max: 999 }),
		})
		.map((plan) => shootOf(habits, plan));
}

type Order = 'middle first' | 'darkest first' | 'brightest first';

interface Plan {
	brackets: Array<{ size: number; middle: number; restMs: number; waver: number[]; anchor: number }>;
	step: number;
	order: Order;
	/** Between two frames of a bracket. */
	pauseMs: number;
	startMs: number;
}

function shootOf({ clockMs, anchor, darkFrames }: Habits, plan: Plan): Shoot {
	const shoot: Shoot = { frames: [], resultNames: [], brackets: [] };
	let now = Date.UTC(2026, 5, 21, 22) + plan.startMs;
	for (const bracket of plan.brackets) {
		const names = exposuresOf(bracket, plan).map((thirds, index) => {
			const fileName = `DSC_${String(shoot.frames.length + 1).padStart(4, '0')}.NEF`;
			const takenAt = Math.floor(now / clockMs) * clockMs;
			const exposureMs = WRITTEN[LONGEST - thirds] * 1000;
			shoot.frames.push({ photo: photoNamed(fileName), takenAt, exposureMs });
			const trueMs = 2 ** (thirds / 3) * 1000;
			const isDark = darkFrames && trueMs >= 1000;
			now += trueMs * (isDark ? 2 : 1) + (plan.pauseMs * bracket.waver[index]) / 100;
			return fileName;
		});
		now += bracket.restMs;
		shoot.brackets.push(names);
		const places = {
			first: 0,
			middle: names.length >> 1,
			last: names.length - 1,
			any: bracket.anchor % names.length,
		};
		shoot.resultNames.push(names[places[anchor]].replace('.NEF', '-HDR.dng'));
	}
	return shoot;
}

function exposuresOf({ size, middle }: Plan['brackets'][number], { step, order }: Plan): number[] {
	const offsets = Array.from({ length: size }, (_, index) => index - (size >> 1));
	if (order === 'brightest first') offsets.reverse();
	if (order === 'middle first') offsets.sort((one, other) => Math.abs(one) - Math.abs(other) || one - other);
	return offsets.map((offset) => Math.min(LONGEST, Math.max(-39, middle + offset * step)));
}
