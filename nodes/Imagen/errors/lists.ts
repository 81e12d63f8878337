/** As many names as somebody reads. */
export const NAMES_SHOWN = 10;

/** Longer names are cut in the middle. */
const LONGEST_NAME = 60;

/** A number as people write it: `4,990`. */
export const counted = (number: number): string => number.toLocaleString('en');

/** Such as `1 photo` or `4,990 photos`. */
export const quantity = (number: number, noun: string): string =>
	`${counted(number)} ${noun}${number === 1 ? '' : 's'}`;

/** Those that are left of several, as the subject of a sentence: `The other one is` or `The other 12 are`. */
export const theOthers = (number: number): string =>
	number === 1 ? 'The other one is' : `The other ${counted(number)} are`;

/** A text, or its beginning and end where it is long. */
export function shortened(text: string): string {
	const half = LONGEST_NAME / 2;
	return text.length > LONGEST_NAME ? `${text.slice(0, half)}…${text.slice(-half)}` : text;
}

/** A name in quotes, not longer than anybody reads. */
export const quotedName = (name: string): string => `'${shortened(name)}'`;

/**
 * The first of a list, and how many more there are: `'a.NEF', 'b.NEF' and 490 more`.
 *
 * @param most how many are shown
 * @param total how many there are, where not all are known
 */
export function firstOf(entries: string[], { most = NAMES_SHOWN, total = entries.length } = {}): string {
	const shown = entries.slice(0, most);
	const more = total - shown.length;
	return `${shown.join(', ')}${more > 0 ? ` and ${counted(more)} more` : ''}`;
}

/** The first names of a list, as `firstOf` gives them. */
export const firstNames = (names: string[], total = names.length): string =>
	firstOf(names.slice(0, NAMES_SHOWN).map(quotedName), { total });
