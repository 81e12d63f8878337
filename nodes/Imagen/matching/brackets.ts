import { stemOf } from '../api/formats';
import { nameKey, resultKey } from '../transfer/fileNames';
import type { Photo } from '../transfer/sources';
import type { Match, MatchedBy } from './names';

/** A photo that may be one of several merged into a result. */
export interface Frame {
	photo: Photo;
	/** In milliseconds; undefined where the file does not say. */
	takenAt: number | undefined;
}

/**
 * The frames behind each result of a merge, in the order of the results. A result has the name of one of its frames; the
 * others are those taken in the same burst. How many bursts there are is known from the results, so that they are
 * cut at the longest pauses, however long the exposures were.
 */
export function matchBrackets(frames: Frame[], resultNames: string[]): Match[] {
	const anchors = resultNames.map((name) => frameNamedIn(name, frames));
	return (
		matchByTime(frames, anchors) ??
		matchByNameOrder(frames, resultNames, anchors) ??
		anchors.map((frame) => (frame ? { photos: [frame.photo], matchedBy: 'name' } : { photos: [] }))
	);
}

type Anchors = Array<Frame | undefined>;

/** The frame whose name a result's name is, or begins with, as in `IMG_1-HDR.dng`. */
function frameNamedIn(resultName: string, frames: Frame[]): Frame | undefined {
	const stem = nameKey(stemOf(resultName));
	const begins = (frame: Frame) => {
		const own = resultKey(frame.photo.fileName);
		return stem === own || (stem.startsWith(own) && !/[\p{L}\p{N}]/u.test(stem.charAt(own.length)));
	};
	return frames
		.filter(begins)
		.sort((one, other) => other.photo.fileName.length - one.photo.fileName.length)
		.at(0);
}

function matchByTime(frames: Frame[], anchors: Anchors): Match[] | undefined {
	const timed = frames
		.filter((frame): frame is Frame & { takenAt: number } => frame.takenAt !== undefined)
		.sort((one, other) => one.takenAt - other.takenAt || inNameOrder(one, other));
	if (timed.length < frames.length) return undefined;
	const bursts = splitAtLongest(
		timed,
		timed.slice(1).map((frame, index) => frame.takenAt - timed[index].takenAt),
		anchors.length,
	);
	return bursts && matchesInPieces(bursts, anchors, 'capture time');
}

/** Cuts a list into so many pieces where the gaps between neighbours are longest; undefined where that is not clear. */
function splitAtLongest<T>(list: T[], gaps: number[], pieces: number): T[][] | undefined {
	if (pieces === 0 || pieces > list.length) return undefined;
	const longest = [...gaps].sort((one, other) => other - one);
	const shortestCut = longest[pieces - 2] ?? Infinity;
	if (shortestCut === longest[pieces - 1]) return undefined;
	const split: T[][] = [[]];
	list.forEach((entry, index) => {
		if (index > 0 && gaps[index - 1] >= shortestCut) split.push([]);
		split[split.length - 1].push(entry);
	});
	return split;
}

/** Valid only if each piece holds the frame that one of the results is named for. */
function matchesInPieces(pieces: Frame[][], anchors: Anchors, matchedBy: MatchedBy): Match[] | undefined {
	const owners = anchors.map((anchor) => pieces.find((piece) => anchor && piece.includes(anchor)));
	if (owners.includes(undefined) || new Set(owners).size < pieces.length) return undefined;
	return owners.map((piece = []) => ({ photos: piece.map(({ photo }) => photo), matchedBy }));
}

/** Brackets of one size, one after the other by name: the best guess without times. */
function matchByNameOrder(frames: Frame[], resultNames: string[], anchors: Anchors): Match[] | undefined {
	const size = frames.length / resultNames.length;
	if (!Number.isInteger(size)) return undefined;
	const ordered = [...frames].sort(inNameOrder);
	const pieces = resultNames.map((_, index) => ordered.slice(index * size, (index + 1) * size));
	return matchesInPieces(pieces, anchors, size === 1 ? 'name' : 'name order');
}

function inNameOrder(one: Frame, other: Frame): number {
	return one.photo.fileName.localeCompare(other.photo.fileName, 'en', { numeric: true });
}
