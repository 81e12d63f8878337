import { contenderNames as names, type ContenderName } from '../contender.mts';
import type { MeasuredRow } from '../plan.mts';
import { extraMebibytes, medianOf } from './rowFigures.mts';
import { table, title } from './words.mts';

const contenders: ContenderName[] = ['ours', 'handBuilt', 'inMemory', 'limit'];

/** What a user asks first; the README shows the same table. */
export function shortTable(rows: MeasuredRow[]): string {
	const lines = [
		...linesOf(rows, 'loopback', '200 × 25 MB', 'nothing in between'),
		...linesOf(rows, 'loopback', '1,000 × 1 MB', 'nothing in between'),
		...linesOf(rows, '20 ms, 1 Gbit/s', '20 × 25 MB', 'over 1 Gbit/s, 20 ms away'),
	];
	return table(['MB/s, and MiB of extra memory', ...contenders.map((name) => names[name])], lines);
}

function linesOf(rows: MeasuredRow[], lineName: string, setName: string, where: string): string[] {
	return rows
		.filter(({ line, set, runs }) => line.name === lineName && set.name === setName && runs.limit)
		.map((row) => {
			const cells = contenders.map(
				(contender) =>
					`${medianOf(row, contender).toFixed(0)}, ${extraMebibytes(row.runs[contender]!).toFixed(0)}`,
			);
			return `| ${title(row.direction)} of ${setName}, ${where} | ${cells.join(' | ')} |`;
		});
}
