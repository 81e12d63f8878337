import { spreadOf } from '../../shared/statistics.mts';
import type { Run } from '../runner.mts';
import type { ContenderName } from '../contender.mts';
import type { MeasuredRow } from '../rows.mts';

/** The spread of a contender's speed over the runs of a row. */
export const megabytesPerSecond = ({ count, bytes }: MeasuredRow['set'], runs: Run[]) =>
	spreadOf(runs.map(({ seconds }) => (count * bytes) / 1e6 / seconds));

/** Median, least and most, as the cell of a table. */
export function speed(set: MeasuredRow['set'], runs: Run[]): string {
	const { median, least, most } = megabytesPerSecond(set, runs);
	return `${median.toFixed(0)} (${least.toFixed(0)}–${most.toFixed(0)})`;
}

/** Milliseconds of processor time that the contender's process used for a photo: the median of its runs. */
export const cpuMsPerPhoto = ({ count }: MeasuredRow['set'], runs: Run[]) =>
	spreadOf(runs.map(({ usage }) => (usage.cpuSeconds / count) * 1000)).median;

/** The most memory that a run added to what the process held before. */
export const extraMebibytes = (runs: Run[]) =>
	Math.max(...runs.map(({ usage }) => usage.mebibytesMost - usage.mebibytesBefore), 0);

/** Merges rows of one set and direction whose contenders were measured in processes of their own. */
export function mergeContenders(rows: MeasuredRow[]): MeasuredRow[] {
	const byKey = new Map<string, MeasuredRow>();
	for (const row of rows) {
		const key = `${row.direction} of ${row.set.name}`;
		byKey.set(key, { ...row, runs: { ...byKey.get(key)?.runs, ...row.runs } });
	}
	return [...byKey.values()];
}

/** The median speed of a contender in a row, in MB/s. */
export const medianOf = ({ set, runs }: MeasuredRow, name: ContenderName) =>
	megabytesPerSecond(set, runs[name]!).median;
