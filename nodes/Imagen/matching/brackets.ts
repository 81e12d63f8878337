import { stemOf } from '../api/formats';
import { nameKey, resultKey } from '../transfer/fileNames';
import type { Photo } from '../transfer/sources';
import type { Capture } from './captureTime';
import { cutIntoBrackets, type TimedFrame } from './cuts';
import type { Match, MatchedBy } from './names';

/** A photo that may be one of several merged into a result. */
export interface Frame extends Capture {
	photo: Photo;
}

/**
 * The frames behind each result of a merge, in the order of the results. A result has the name of one of its frames; the
 * others are those taken with it. Between the frames that two results are named for, the camera rested once: where it rested
 * longest, one bracket ends and the next begins.
 */
export function matchBrackets(frames: Frame[], resultNames: string[]): Match[] {
	const byName = new Map(frames.map((frame) => [resultKey(frame.photo.fileName), frame]));
	const anchors = resultNames.map((name) => frameNamedIn(name, byName));
	return (
		matchByTime(frames, anchors) ??
		matchByNameOrder(frames, resultNames, anchors) ??
		matchMostByTime(frames, anchors) ??
		anchors.map(matchByAnchor)
	);
}

/** The only frame that a result's name tells. */
const matchByAnchor = (frame: Frame | undefined): Match =>
	frame ? { photos: [frame.photo], matchedBy: 'name' } : { photos: [] };

/** Of all frames, and of all results. */
const LEAST_KNOWN = 0.9;

/** For each result the frame that it is named for. */
type Anchors = Array<Frame | undefined>;

/** The frame whose name a result's name is, or begins with, as in `IMG_1-HDR.dng`; of several the one with the longest name. */
function frameNamedIn(resultName: string, byName: Map<string, Frame>): Frame | undefined {
	const stem = nameKey(stemOf(resultName));
	for (let end = stem.length; end > 0; end--) {
		const frame = byName.get(stem.slice(0, end));
		if (frame && !/[\p{L}\p{N}]/u.test(stem.charAt(end))) return frame;
	}
	return undefined;
}

function matchByTime(frames: Frame[], anchors: Anchors): Match[] | undefined {
	const timed = frames
		.filter((frame): frame is Frame & TimedFrame => frame.takenAt !== undefined)
		.sort((one, other) => one.takenAt - other.takenAt || inNameOrder(one, other));
	const places = anchors.map((anchor) => timed.findIndex((frame) => frame === anchor));
	const isOnePerResult = !places.includes(-1) && new Set(places).size === places.length;
	if (timed.length < frames.length || !isOnePerResult) return undefined;
	const inOrder = [...places].sort((one, other) => one - other);
	const brackets = cutIntoBrackets(timed, inOrder);
	return (
		brackets &&
		places.map((place) => {
			const { start, end, isSure } = brackets[inOrder.indexOf(place)];
			const photos = timed.slice(start, end).map(({ photo }) => photo);
			return { photos, matchedBy: isSure ? 'capture time' : 'capture time, uncertain' };
		})
	);
}

/**
 * The same where a few frames have no time, or a few results are named for no frame with one: the other brackets are where they are. But each of
 * them may have got frames of those, and none is certain.
 */
function matchMostByTime(frames: Frame[], anchors: Anchors): Match[] | undefined {
	const timed = frames.filter(({ takenAt }) => takenAt !== undefined);
	const isTimed = (anchor: Frame | undefined) => anchor?.takenAt !== undefined;
	const known = anchors.filter(isTimed);
	const isTooFew = timed.length < frames.length * LEAST_KNOWN || known.length < anchors.length * LEAST_KNOWN;
	const matches = isTooFew ? undefined : matchByTime(timed, known);
	if (!matches) return undefined;
	return anchors.map((anchor) =>
		isTimed(anchor)
			? { ...matches[known.indexOf(anchor)], matchedBy: 'capture time, uncertain' }
			: matchByAnchor(anchor),
	);
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

const NAME_ORDER = new Intl.Collator('en', { numeric: true });

function inNameOrder(one: Frame, other: Frame): number {
	return NAME_ORDER.compare(one.photo.fileName, other.photo.fileName);
}
