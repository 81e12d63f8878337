/** Frames of one bracket follow each other at most this fast. */
const longestGapSeconds = 2;
const usualBracketSize = 3;

/**
 * Groups frames into bracket sets: by closeness of capture time if every frame has one, else by threes in the order
 * of the upload. `captureTimes` are in milliseconds, in the order of the frames.
 */
export function bracketSets<Frame>(frames: Frame[], captureTimes: Array<number | undefined>): Frame[][] {
	const timed = frames.flatMap((frame, index) => {
		const time = captureTimes[index];
		return time === undefined ? [] : [{ frame, time }];
	});
	return timed.length === frames.length ? byTime(timed) : byThrees(frames);
}

function byTime<Frame>(timed: Array<{ frame: Frame; time: number }>): Frame[][] {
	const sets: Frame[][] = [];
	let lastTime = -Infinity;
	for (const { frame, time } of timed.toSorted((a, b) => a.time - b.time)) {
		if (time - lastTime > longestGapSeconds * 1000) sets.push([]);
		sets.at(-1)?.push(frame);
		lastTime = time;
	}
	return sets;
}

function byThrees<Frame>(frames: Frame[]): Frame[][] {
	const count = Math.ceil(frames.length / usualBracketSize);
	return Array.from({ length: count }, (_, set) =>
		frames.slice(set * usualBracketSize, (set + 1) * usualBracketSize),
	);
}
