import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../../../test/support/root.mts';
import { drawBars } from '../../shared/chart.mts';
import { directions, type MeasuredRow } from '../rows.mts';
import { distinct, mergeContenders, timesAsFast } from './rowStatistics.mts';
import { directionTitle } from './markdown.mts';

const images = join(root, 'bench', 'images');

/** Draws all charts of the report. */
export async function drawCharts(rows: MeasuredRow[]): Promise<void> {
	await mkdir(images, { recursive: true });
	const ofLine = mergeContenders(rows.filter(({ section }) => section === 'line'));
	for (const direction of directions) {
		const shown = ofLine.filter((row) => row.direction === direction);
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

const ratio = (row: MeasuredRow) => Number(timesAsFast(row).toFixed(2));
