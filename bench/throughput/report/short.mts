import { contenderNames as names, type ContenderName } from '../contender.mts';
import type { MeasuredRow } from '../plan.mts';
import { extraMebibytes, joined, medianOf } from './rowFigures.mts';
import { table, title } from './words.mts';

const contenders: ContenderName[] = ['ours', 'handBuilt', 'inMemory', 'limit'];

/** What a user asks first; the README shows the same table. */
export function shortTable(rows: MeasuredRow[]): string {
	const speeds = [
		...speedLines(rows, 'loopback', '200 × 25 MB', 'nothing in between'),
		...speedLines(rows, 'loopback', '1,000 × 1 MB', 'nothing in between'),
		...speedLines(rows, '20 ms, 1 Gbit/s', '20 × 25 MB', '1 Gbit/s, 20 ms away'),
	];
	const memory = ['200 × 25 MB', '5,000 × 1 MB', '20 × 200 MB'].flatMap((set) => memoryLines(rows, set));
	return table(['', ...contenders.map((name) => names[name])], [...speeds, ...memory]);
}

function speedLines(rows: MeasuredRow[], lineName: string, setName: string, where: string): string[] {
	return rows
		.filter(({ line, set, runs }) => line.name === lineName && set.name === setName && runs.limit)
		.map((row) => {
			const cells = contenders.map((name) => `${medianOf(row, name).toFixed(0)} MB/s`);
			return `| ${title(row.direction)} of ${setName}, ${where} | ${cells.join(' | ')} |`;
		});
}

function memoryLines(rows: MeasuredRow[], setName: string): string[] {
	const ofSet = rows.filter(({ part, set }) => part === 'memory' && set.name === setName);
	return joined(ofSet).map(({ direction, runs }) => {
		const cells = contenders.map((name) => {
			const list = runs[name];
			return list ? `${extraMebibytes(list).toFixed(0)} MiB` : '';
		});
		return `| Extra memory, ${title(direction).toLowerCase()} of ${setName} | ${cells.join(' | ')} |`;
	});
}
