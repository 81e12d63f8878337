import { resultKey } from '../transfer/fileNames';
import type { Photo } from '../transfer/sources';

/**
 * How it is known which photos a result was made from. It is uncertain where the pause before or after a bracket is not clearly
 * longer than those between frames, and a guess by name order where no time is known.
 */
export type MatchedBy = 'capture time' | 'capture time, uncertain' | 'name' | 'name order' | 'only one left';

/** The photos that a result was made from; none where neither name nor time says. */
export interface Match<P = Photo> {
	photos: P[];
	matchedBy?: MatchedBy;
}

/** The photo behind each result, in the order of the results: the one that has its name, extensions aside. */
export function matchByName<P extends { fileName: string }>(
	photos: P[],
	resultNames: string[],
): Array<Match<P>> {
	const byName = new Map(photos.map((photo) => [resultKey(photo.fileName), photo]));
	return resultNames.map((name) => {
		const photo = byName.get(resultKey(name));
		return photo ? { photos: [photo], matchedBy: 'name' } : { photos: [] };
	});
}

/**
 * The same matches; where a single photo and a single result are left, they belong together.
 *
 * @param photos of which all results are known to be
 */
export function matchLastPair<P>(matches: Array<Match<P>>, photos: P[]): Array<Match<P>> {
	const matched = new Set(matches.flatMap((match) => match.photos));
	const left = photos.filter((photo) => !matched.has(photo));
	const unmatched = matches.filter((match) => match.photos.length === 0);
	if (left.length !== 1 || unmatched.length !== 1) return matches;
	return matches.map((match) =>
		match === unmatched[0] ? { photos: left, matchedBy: 'only one left' } : match,
	);
}
