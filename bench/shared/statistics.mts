/** Repeated measurements of one thing: their median and their range. */
export interface Spread {
	median: number;
	least: number;
	most: number;
	runs: number;
}

/** @throws RangeError when there is no measurement */
export function spreadOf(values: number[]): Spread {
	return {
		median: quantile(values, 0.5),
		least: Math.min(...values),
		most: Math.max(...values),
		runs: values.length,
	};
}

/** The value below which this part of the values lies, interpolated between neighbours. @throws RangeError when there is none */
export function quantile(values: number[], part: number): number {
	if (values.length === 0) throw new RangeError('No measurement');
	const sorted = values.toSorted((one, other) => one - other);
	const place = (sorted.length - 1) * part;
	const below = sorted[Math.floor(place)];
	return below + (sorted[Math.ceil(place)] - below) * (place % 1);
}

/** Median and range as text; the median alone when there was one run. */
export function formatSpread({ median, least, most, runs }: Spread, digits: number, unit = ''): string {
	const middle = `${median.toFixed(digits)}${unit && ` ${unit}`}`;
	return runs === 1 ? middle : `${middle} (${least.toFixed(digits)} to ${most.toFixed(digits)})`;
}
