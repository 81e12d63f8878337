/** A frame of which it is known when it was taken, in milliseconds. */
export interface TimedFrame {
	takenAt: number;
	exposureMs: number | undefined;
}

/** A bracket among frames in the order of time: from `start` up to, but not including, `end`. */
export interface Bracket {
	start: number;
	end: number;
	/** Whether both its ends are sure. */
	isSure: boolean;
}

/** How far an exposure time can be from the one written: 30 seconds are 32. */
const NOMINAL_ERROR = 0.07;

/** Cameras that take dark frames do so after exposures longer than this. */
const DARK_FRAMES_ABOVE_MS = 1000;

/** A camera is ready for the next frame of a bracket within this time. */
const LONGEST_FRAME_PAUSE_MS = 2000;

/** What clocks count in: many whole seconds, most hundredths. In milliseconds, the coarsest first. */
const CLOCK_UNITS = [1000, 100, 10, 1];

/**
 * Cuts frames into brackets, of which each holds one known frame, its anchor. So exactly one cut lies between two anchors:
 * where the camera rested longest. If it may have rested as long elsewhere, what is usual in the other brackets counts too.
 * No cut depends on whether another one is clear.
 *
 * @param frames in the order of time
 * @param anchors their places among the frames, in order
 * @returns a bracket for each anchor; undefined where no pause is longer than another
 */
export function cutIntoBrackets(frames: TimedFrame[], anchors: number[]): Bracket[] | undefined {
	const shots = shotsOf(frames);
	const choices = anchors.slice(1).map((anchor, index) => possibleCuts(shots, anchors[index], anchor));
	const likely = choices.map(([longest, other]) =>
		other?.likely === longest.likely ? undefined : longest.before,
	);
	if (choices.length > 0 && likely.every((cut) => cut === undefined)) return undefined;
	const usual = usualIn([0, ...likely, frames.length], anchors);
	const starts = [0];
	for (const [index, pauses] of choices.entries()) {
		const weight = ({ before, likely: pauseMs }: Pause) =>
			usual(before - starts[index], anchors[index + 1] - before) + pauseMs / 1000;
		starts.push(best(pauses, weight).before);
	}
	const ends = [...starts.slice(1), frames.length];
	const isSure = starts.map(
		(start, index) => index === 0 || isLongest(shots, start, starts[index - 1], ends[index]),
	);
	return starts.map((start, index) => ({
		start,
		end: ends[index],
		isSure: isSure[index] && (isSure[index + 1] ?? true),
	}));
}

/** When the camera began to be busy with a frame, and for how long at least and at most, in milliseconds. */
interface Shot {
	takenAt: number;
	leastBusyMs: number;
	mostBusyMs: number;
}

/**
 * A camera that reduces the noise of long exposures takes a dark frame, as long, after each, and is busy for twice the time. It
 * may do so if each long exposure leaves that time before the next frame, and surely does if most of them leave hardly more.
 */
function shotsOf(frames: TimedFrame[]): Shot[] {
	const unit = clockUnitOf(frames);
	const isLong = ({ exposureMs = 0 }: TimedFrame) => exposureMs > DARK_FRAMES_ABOVE_MS;
	const afterDarkFrames = frames.slice(0, -1).flatMap((frame, index) => {
		const { takenAt, exposureMs = 0 } = frame;
		const left = frames[index + 1].takenAt - takenAt - exposureMs * 2;
		const error = unit + exposureMs * 2 * NOMINAL_ERROR;
		return isLong(frame) ? [{ least: left - error, most: left + error }] : [];
	});
	const hardlyMore = afterDarkFrames.filter(({ least }) => least <= LONGEST_FRAME_PAUSE_MS);
	const mayBe = afterDarkFrames.every(({ most }) => most >= 0);
	const isSure = mayBe && hardlyMore.length > afterDarkFrames.length / 2;
	return frames.map((frame) => {
		const { takenAt, exposureMs = 0 } = frame;
		const leastBusyMs = exposureMs * (isSure && isLong(frame) ? 2 : 1) * (1 - NOMINAL_ERROR);
		const mostBusyMs = exposureMs * (mayBe && isLong(frame) ? 2 : 1) * (1 + NOMINAL_ERROR);
		return { takenAt, leastBusyMs, mostBusyMs };
	});
}

/** How long the camera rested before a frame, in milliseconds. */
interface Pause {
	/** Which frame. */
	before: number;
	likely: number;
	/** What it is at least and at most, whatever the camera rounded and did not say. */
	least: number;
	most: number;
}

/** The pauses from shot `start` up to, but not including, shot `end`. */
function pausesWithin(shots: Shot[], start: number, end: number): Pause[] {
	const within = shots.slice(start, end);
	const unit = clockUnitOf(within);
	return within.slice(1).map((shot, index) => {
		const { takenAt, leastBusyMs, mostBusyMs } = within[index];
		const least = shot.takenAt - takenAt - mostBusyMs - unit;
		const most = shot.takenAt - takenAt - leastBusyMs + unit;
		return { before: start + index + 1, likely: (least + most) / 2, least, most };
	});
}

/** What a camera's clock counts in, by the times that it gave. */
function clockUnitOf(times: Array<{ takenAt: number }>): number {
	return CLOCK_UNITS.find((unit) => times.every(({ takenAt }) => takenAt % unit === 0)) ?? 0;
}

/** The pauses between two anchors that may be the longest, the one that likely is first. */
function possibleCuts(shots: Shot[], anchor: number, next: number): Pause[] {
	const pauses = pausesWithin(shots, anchor, next + 1).sort((one, other) => other.likely - one.likely);
	return pauses.filter((pause, index) => index === 0 || pause.most > pauses[0].least);
}

/** Whether the camera surely rested longer at a cut than anywhere within the two brackets beside it. */
function isLongest(shots: Shot[], cut: number, start: number, end: number): boolean {
	const pauses = pausesWithin(shots, start, end);
	const least = Math.max(...pauses.filter(({ before }) => before === cut).map((pause) => pause.least));
	return pauses.every(({ before, most }) => before === cut || most <= least);
}

/**
 * How usual a bracket is by its size, and by how many frames it has before its anchor: logarithms of how many there are, so that they
 * can be weighed against seconds.
 *
 * @param cuts with the ends of all frames; undefined where one is not known
 */
function usualIn(cuts: Array<number | undefined>, anchors: number[]) {
	const sizes = new Map<number, number>();
	const leads = new Map<number, number>();
	const count = (counts: Map<number, number>, value: number) =>
		counts.set(value, (counts.get(value) ?? 0) + 1);
	anchors.forEach((anchor, index) => {
		const [start, end] = cuts.slice(index);
		if (start === undefined || end === undefined) return;
		count(sizes, end - start);
		count(leads, anchor - start);
	});
	const weight = (number = 0) => Math.log(number + 0.5);
	return (size: number, lead: number) => weight(sizes.get(size)) + weight(leads.get(lead));
}

function best<T>(list: T[], weight: (each: T) => number): T {
	return list.reduce((one, other) => (weight(other) > weight(one) ? other : one));
}
