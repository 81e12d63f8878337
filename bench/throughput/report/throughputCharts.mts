import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../../../test/support/root.mts';
import { drawBars, drawChart, type Curve } from '../../shared/chart.mts';
import { contenderNames as names, type ContenderName } from '../contender.mts';
import { DEFAULT_AT_ONCE, directions, type MeasuredRow, type Section } from '../rows.mts';
import { extraMebibytes, mergeContenders, medianOf } from './rowStatistics.mts';
import { directionTitle } from './markdown.mts';

const images = join(root, 'bench', 'images');

/** Draws all charts of the report. */
export async function drawCharts(rows: MeasuredRow[]): Promise<void> {
	await mkdir(images, { recursive: true });
	const of = (wanted: Section) => rows.filter(({ section }) => section === wanted);
	await drawSpeed(of('loopback'));
	await drawParallel(of('parallel'));
	await drawMemory(mergeContenders(of('memory')));
}

async function drawSpeed(rows: MeasuredRow[]): Promise<void> {
	const contenders: ContenderName[] = ['ours', 'limit', 'handBuilt', 'inMemory'];
	for (const direction of directions) {
		const shown = rows.filter((row) => row.direction === direction);
		await drawBars(join(images, `${direction}.svg`), {
			title: `${directionTitle(direction)}, ${DEFAULT_AT_ONCE} photos at once`,
			y: { name: 'MB/s' },
			groups: shown.map(({ set }) => set.name),
			bars: contenders.map((name) => ({
				name: names[name],
				values: shown.map((row) => Math.round(medianOf(row, name))),
			})),
		});
	}
}

async function drawParallel(rows: MeasuredRow[]): Promise<void> {
	for (const chart of distinct(rows.map(parallelChart))) {
		const shown = rows.filter((row) => parallelChart(row) === chart);
		const [{ direction, set }] = shown;
		await drawChart(join(images, chart), {
			title: `${directionTitle(direction)} of photos of ${set.bytes / 1e6} MB, by round trip`,
			x: { name: 'Photos at once' },
			y: { name: 'MB/s' },
			curves: distinct(shown.map(({ network }) => network.name)).map(
				(name): Curve => ({
					name,
					points: shown
						.filter(({ network }) => network.name === name)
						.map((row) => ({ x: row.atOnce, y: Math.round(medianOf(row, 'ours')) })),
				}),
			),
		});
	}
}

async function drawMemory(rows: MeasuredRow[]): Promise<void> {
	const contenders: ContenderName[] = ['ours', 'handBuilt', 'inMemory'];
	const shown = rows.filter(({ set, direction }) => direction === 'upload' && set.bytes === 1e6);
	await drawChart(join(images, 'memory.svg'), {
		title: 'Extra memory while photos of 1 MB go up',
		x: { name: 'Photos', isLogarithmic: true },
		y: { name: 'MiB' },
		curves: contenders.map((name) => ({
			name: names[name],
			points: shown.map(({ set, runs }) => ({
				x: set.count,
				y: Math.round(extraMebibytes(runs[name]!)),
			})),
		})),
	});
}

/** The file of the chart that a row of this section is a point of. */
export const parallelChart = ({ direction, set }: MeasuredRow) =>
	`parallel-${direction}-${set.bytes / 1e6}-MB.svg`;

/** Each value once. */
export const distinct = <T,>(values: T[]): T[] => [...new Set(values)];
