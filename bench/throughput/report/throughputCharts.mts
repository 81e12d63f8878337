import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../../../test/support/root.mts';
import { drawBars, drawChart } from '../../shared/chart.mts';
import { contenderNames as names, type ContenderName } from '../contender.mts';
import { directions, type MeasuredRow, type Section } from '../rows.mts';
import { distinct, extraMebibytes, mergeContenders, timesAsFastAs } from './rowStatistics.mts';
import { directionTitle } from './markdown.mts';

const images = join(root, 'bench', 'images');

/** Draws all charts of the report. */
export async function drawCharts(rows: MeasuredRow[]): Promise<void> {
	await mkdir(images, { recursive: true });
	const of = (wanted: Section) => mergeContenders(rows.filter(({ section }) => section === wanted));
	await drawLine(of('line'));
	await drawMemory(of('memory'));
}

async function drawLine(rows: MeasuredRow[]): Promise<void> {
	for (const direction of directions) {
		const shown = rows.filter((row) => row.direction === direction);
		const sets = distinct(shown.map(({ set }) => set.name));
		await drawBars(join(images, `${direction}.svg`), {
			title: `${directionTitle(direction)}: times as fast as a client with a connection pool`,
			y: { name: 'Times as fast' },
			groups: sets,
			bars: distinct(shown.map(({ network }) => network.name)).map((name) => ({
				name: `Round trip of ${name}`,
				values: shown.filter(({ network }) => network.name === name).map(ratio),
			})),
		});
	}
}

const ratio = (row: MeasuredRow) => Number(timesAsFastAs('pooled')(row).toFixed(2));

async function drawMemory(rows: MeasuredRow[]): Promise<void> {
	const contenders: ContenderName[] = ['ours', 'handBuilt', 'inMemory'];
	const shown = rows.filter(({ set, direction }) => direction === 'upload' && set.bytes === 20_000);
	await drawChart(join(images, 'memory.svg'), {
		title: 'Extra memory while files of 20 kB go up',
		x: { name: 'Files', isLogarithmic: true },
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
