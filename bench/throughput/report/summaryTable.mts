import { contenderNames as names, type ContenderName } from '../contender.mts';
import type { MeasuredRow } from '../rows.mts';
import { extraMebibytes, mergeContenders, medianOf } from './rowStatistics.mts';
import { markdownTable, directionTitle } from './markdown.mts';

const contenders: ContenderName[] = ['ours', 'handBuilt', 'inMemory', 'limit'];

/** What a user asks first; the README shows the same table. */
export function summaryTable(rows: MeasuredRow[]): string {
	const speeds = [
		...speedLines(rows, 'loopback', '200 × 25 MB', 'nothing in between'),
		...speedLines(rows, 'loopback', '1,000 × 1 MB', 'nothing in between'),
		...speedLines(rows, '20 ms, 1 Gbit/s', '20 × 25 MB', '1 Gbit/s, 20 ms away'),
	];
	const memory = ['200 × 25 MB', '5,000 × 1 MB', '20 × 200 MB'].flatMap((set) => memoryLines(rows, set));
	return markdownTable(['', ...contenders.map((name) => names[name])], [...speeds, ...memory]);
}

function speedLines(rows: MeasuredRow[], networkName: string, setName: string, where: string): string[] {
	return rows
		.filter(({ network, set, runs }) => network.name === networkName && set.name === setName && runs.limit)
		.map((row) => {
			const cells = contenders.map((name) => `${medianOf(row, name).toFixed(0)} MB/s`);
			return `| ${directionTitle(row.direction)} of ${setName}, ${where} | ${cells.join(' | ')} |`;
		});
}

function memoryLines(rows: MeasuredRow[], setName: string): string[] {
	const ofSet = rows.filter(({ section, set }) => section === 'memory' && set.name === setName);
	return mergeContenders(ofSet).map(({ direction, runs }) => {
		const cells = contenders.map((name) => {
			const list = runs[name];
			return list ? `${extraMebibytes(list).toFixed(0)} MiB` : '';
		});
		return `| Extra memory, ${directionTitle(direction).toLowerCase()} of ${setName} | ${cells.join(' | ')} |`;
	});
}
