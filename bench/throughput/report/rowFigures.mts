import { spreadOf } from '../../figures/statistics.mts';
import type { Run } from '../runner.mts';
import type { ContenderName } from '../contender.mts';
import type { MeasuredRow } from '../plan.mts';

/** The spread of a contender's speed over the runs of a row. */
export const megabytesPerSecond = ({ count, bytes }: MeasuredRow['set'], runs: Run[]) =>
	spreadOf(runs.map(({ seconds }) => (count * bytes) / 1e6 / seconds));

/** Median, least and most, as words of a table. */
export function speed(set: MeasuredRow['set'], runs: Run[]): string {
	const { median, least, most } = megabytesPerSecond(set, runs);
	return `${median.toFixed(0)} (${least.toFixed(0)}–${most.toFixed(0)})`;
}

/** Processor time of the contender's process for a photo: the median of its runs. */
export const cpuMsPerPhoto = ({ count }: MeasuredRow['set'], runs: Run[]) =>
	spreadOf(runs.map(({ usage }) => (usage.cpuSeconds / count) * 1000)).median;

/** The most memory that a run added to what the process held before. */
export const extraMebibytes = (runs: Run[]) =>
	Math.max(...runs.map(({ usage }) => usage.mebibytesMost - usage.mebibytesBefore), 0);

/** Rows of one set and direction whose contenders were measured apart, as one. */
export function joined(rows: MeasuredRow[]): MeasuredRow[] {
	const byWhat = new Map<string, MeasuredRow>();
	for (const row of rows) {
		const what = `${row.direction} of ${row.set.name}`;
		byWhat.set(what, { ...row, runs: { ...byWhat.get(what)?.runs, ...row.runs } });
	}
	return [...byWhat.values()];
}

/** The median speed of a contender in a row, in MB/s. */
export const medianOf = ({ set, runs }: MeasuredRow, name: ContenderName) =>
	megabytesPerSecond(set, runs[name]!).median;
