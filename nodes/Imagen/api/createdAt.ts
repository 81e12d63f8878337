import { toNumber } from './answer';
import type { Project } from './types';

const DAY_MS = 86_400_000;

/** What is before is no time of a project: 1970, or the year 1, stands for none. */
const EARLIEST = Date.UTC(2015, 0);

/** As ISO 8601 and HTTP write dates. `Date.parse` finds one in every text with a number. */
const DATE_IN_FRONT = /^(\d{4}-\d\d-\d\d|[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4})/;

/**
 * When a project was created, as `Date.now()` gives it. The API may leave it out, and no source says that it is always a text.
 *
 * @returns undefined where it is not said, or cannot be
 */
export function createdAtOf({ created_at }: Pick<Project, 'created_at'>): number | undefined {
	const number = toNumber(created_at);
	const times = number === undefined ? [timeIn(String(created_at))] : [number, number * 1000];
	return times.find((time) => time >= EARLIEST && time <= Date.now() + DAY_MS);
}

/** A date and time in milliseconds, in UTC where it says no zone; NaN where there is none. */
function timeIn(text: string): number {
	if (!DATE_IN_FRONT.test(text)) return NaN;
	const saysNoZone = /^\d{4}-\d\d-\d\d[T ][\d:.]+$/.test(text);
	return Date.parse(saysNoZone ? `${text.replace(' ', 'T')}Z` : text);
}
