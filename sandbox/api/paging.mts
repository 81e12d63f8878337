import { unprocessable } from './errors.mts';

interface Range {
	name: string;
	least: number;
	most?: number;
}

/** One page of a list, and where in the list it is. */
export function pageOf<Item>(all: Item[], { size, page }: { size: number; page: number }) {
	return {
		items: all.slice(page * size, (page + 1) * size),
		pagination: { total: all.length, size, page },
	};
}

/** The number of the page that a query asks for, from 0. */
export function readPage({ page }: Record<string, string | undefined>): number {
	return readNumber(page, 0, { name: 'page', least: 0 });
}

/** A number from a query, or the preset; 422 if it is no whole number or out of its range. */
export function readNumber(
	text: string | undefined,
	preset: number,
	{ name, least, most = Infinity }: Range,
): number {
	const value = text === undefined ? preset : Number(text);
	if (Number.isInteger(value) && value >= least && value <= most) return value;
	throw unprocessable([
		{ loc: ['query', name], msg: `value must be from ${least} to ${most}`, type: 'value_error.number' },
	]);
}
