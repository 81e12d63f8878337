import type { Run } from '../arena.mts';
import type { ContenderName } from '../contender.mts';
import type { MeasuredRow } from '../plan.mts';
import { extraMebibytes, medianOf } from './rowFigures.mts';
import { table } from './words.mts';

interface Aim {
	words: string;
	/** Of each row that it is about. */
	values: number[];
	digits: number;
	isMet: (value: number) => boolean;
}

/** What was aimed at, and how near it each row comes. */
export function aimsSection(rows: MeasuredRow[]): string {
	const compared = rows.filter(({ runs }) => runs.limit);
	const onLoopback = compared.filter(({ part }) => part === 'loopback');
	const overLines = compared.filter(({ part }) => part === 'lines');
	const isLarge = ({ set }: MeasuredRow) => set.bytes > 1e6;
	const isSmall = (row: MeasuredRow) => !isLarge(row);
	const against = (other: ContenderName) => (row: MeasuredRow) =>
		medianOf(row, 'ours') / medianOf(row, other);
	const share = { digits: 2, isMet: (value: number) => value >= 0.9 };
	const smallShare = { digits: 2, isMet: (value: number) => value >= 0.7 };
	const ofLimit = 'of the speed of plain streams';

	const aims: Aim[] = [
		{
			words: `At least 0.9 ${ofLimit}, large photos, over a line`,
			values: overLines.filter(isLarge).map(against('limit')),
			...share,
		},
		{
			words: `The same without a line in between`,
			values: onLoopback.filter(isLarge).map(against('limit')),
			...share,
		},
		{
			words: `The same against plain streams in n8n’s process`,
			values: onLoopback.filter(isLarge).map(against('inN8n')),
			...share,
		},
		{
			words: `At least 0.7 ${ofLimit}, photos of 1 MB, over a line`,
			values: overLines.filter(isSmall).map(against('limit')),
			...smallShare,
		},
		{
			words: `The same without a line in between`,
			values: onLoopback.filter(isSmall).map(against('limit')),
			...smallShare,
		},
		{
			words: `The same against plain streams in n8n’s process`,
			values: onLoopback.filter(isSmall).map(against('inN8n')),
			...smallShare,
		},
		{
			words: 'Never slower than the hand-built workflow',
			values: compared.map(against('handBuilt')),
			digits: 2,
			isMet: (value) => value >= 1,
		},
		{
			words: 'At most 64 MiB of extra memory, whatever the photos',
			values: rows
				.filter(({ part, runs }) => part === 'memory' && runs.ours)
				.map(({ runs }) => extraMebibytes(runs.ours!)),
			digits: 0,
			isMet: (value) => value <= 64,
		},
		{
			words: 'At most 3 requests more than photos, upload',
			values: rows
				.filter(({ direction, runs }) => direction === 'upload' && runs.ours)
				.map(({ set, runs }) => most(runs.ours!.map(({ counts }) => requestsOf(counts))) - set.count),
			digits: 0,
			isMet: (value) => value <= 3,
		},
	];
	const lines = aims.map(({ words, values, digits, isMet }) => {
		const met = values.filter(isMet).length;
		const verdict = met === values.length ? 'yes' : `in ${met} of ${values.length} rows`;
		return `| ${words} | ${Math.min(...values).toFixed(digits)} to ${most(values).toFixed(digits)} | ${verdict} |`;
	});
	return `## What was aimed at\n\n${table(['Aim', 'Measured, by row', 'Met'], lines)}`;
}

const most = (values: number[]) => Math.max(...values);

const requestsOf = ({ apiRequests, storageRequests }: Run['counts']) => apiRequests + storageRequests;
