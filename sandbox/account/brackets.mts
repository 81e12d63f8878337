import type { Capture } from '../results/resultRenderer.mts';

/** A camera pauses at most this long from the end of one frame of a bracket to the start of the next. */
const longestPauseMs = 2000;
const usualBracketSize = 3;

/**
 * Groups frames into bracket sets: by the pauses between exposures if every frame has a capture time, else by threes in
 * the order of the upload.
 *
 * @param captures in the order of the frames
 */
export function bracketSets<Frame>(frames: Frame[], captures: Capture[]): Frame[][] {
	const timed = frames.flatMap((frame, index) => {
		const { takenAt, exposureMs = 0 } = captures[index];
		return takenAt === undefined ? [] : [{ frame, start: takenAt, end: takenAt + exposureMs }];
	});
	return timed.length === frames.length ? byPauses(timed) : byThrees(frames);
}

/** When an exposure began and ended. */
interface Timed<Frame> {
	frame: Frame;
	start: number;
	end: number;
}

function byPauses<Frame>(timed: Array<Timed<Frame>>): Frame[][] {
	const sets: Frame[][] = [];
	let lastEnd = -Infinity;
	for (const { frame, start, end } of timed.toSorted((a, b) => a.start - b.start)) {
		if (start - lastEnd > longestPauseMs) sets.push([]);
		sets.at(-1)?.push(frame);
		lastEnd = end;
	}
	return sets;
}

function byThrees<Frame>(frames: Frame[]): Frame[][] {
	const count = Math.ceil(frames.length / usualBracketSize);
	return Array.from({ length: count }, (_, set) =>
		frames.slice(set * usualBracketSize, (set + 1) * usualBracketSize),
	);
}
