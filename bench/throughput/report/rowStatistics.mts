import { spreadOf } from '../../shared/statistics.mts';
import type { Run } from '../runner.mts';
import type { ContenderName } from '../contender.mts';
import type { MeasuredRow } from '../rows.mts';

type MeasuredSet = MeasuredRow['set'];

/** The spread of a contender's speed over the runs of a row. */
export const megabytesPerSecond = ({ count, bytes }: MeasuredSet, runs: Run[]) =>
	spreadOf(runs.map(({ seconds }) => (count * bytes) / 1e6 / seconds));

/** The median speed of a contender in a row, in MB/s. */
export const medianOf = ({ set, runs }: MeasuredRow, name: ContenderName) =>
	megabytesPerSecond(set, runs[name]!).median;

/** How many times as fast as the client that people would take or write instead the node is in a row. */
export const timesAsFast = (row: MeasuredRow): number => medianOf(row, 'ours') / medianOf(row, 'pooled');

/** Median, least and most, as the cell of a table. */
export function speed(set: MeasuredSet, runs: Run[]): string {
	const { unit, scale } = measureOf(set);
	const { median, least, most } = megabytesPerSecond(set, runs);
	const text = (value: number) => (value * scale).toFixed(0);
	return runs.length === 1
		? `${text(median)} ${unit}`
		: `${text(median)} (${text(least)}–${text(most)}) ${unit}`;
}

/** The median alone, as the cell of a table. */
export function medianSpeed(row: MeasuredRow, name: ContenderName): string {
	const { unit, scale } = measureOf(row.set);
	return `${(medianOf(row, name) * scale).toFixed(0)} ${unit}`;
}

/** Small files are counted: their bytes say little. */
function measureOf({ bytes }: MeasuredSet): { unit: string; scale: number } {
	return bytes < SMALL_BYTES ? { unit: 'files/s', scale: 1e6 / bytes } : { unit: 'MB/s', scale: 1 };
}

const SMALL_BYTES = 100_000;

/** Milliseconds of processor time that the contender's process used for a photo: the median of its runs. */
export const cpuMsPerPhoto = ({ count }: MeasuredSet, runs: Run[]) =>
	spreadOf(runs.map(({ usage }) => (usage.cpuSeconds / count) * 1000)).median;

/** The most memory that a run added to what the process held before. */
export const extraMebibytes = (runs: Run[]) =>
	Math.max(...runs.map(({ usage }) => usage.mebibytesMost - usage.mebibytesBefore), 0);

/** Merges rows of one situation whose contenders were measured apart. */
export function mergeContenders(rows: MeasuredRow[]): MeasuredRow[] {
	const byKey = new Map<string, MeasuredRow>();
	for (const row of rows) {
		const key = `${row.direction} of ${row.set.name}, ${row.network.name}`;
		byKey.set(key, { ...row, runs: { ...byKey.get(key)?.runs, ...row.runs } });
	}
	return [...byKey.values()];
}

/** Each value once. */
export const distinct = <T,>(values: T[]): T[] => [...new Set(values)];
