import { contenderNames as names, type ContenderName } from '../contender.mts';
import { directions, type MeasuredRow } from '../rows.mts';
import { distinct, extraMebibytes, medianSpeed, mergeContenders, timesAsFast } from './rowStatistics.mts';
import { directionTitle, markdownTable } from './markdown.mts';

/** What a user asks first; docs/speed.md shows the same tables. */
export function summaryTables(rows: MeasuredRow[]): string {
	const of = (section: MeasuredRow['section']) =>
		mergeContenders(rows.filter((row) => row.section === section));
	return [speedTable(of('line')), memoryTable(of('memory'))].join('\n\n');
}

/** What people have: the node beside the client that they would take or write instead. */
function speedTable(rows: MeasuredRow[]): string {
	const situations = distinct(rows.map(situationOf));
	const lines = situations.map((situation) => {
		const ofSituation = rows.filter((row) => situationOf(row) === situation);
		const cells = directions.flatMap((wanted) => {
			const row = ofSituation.find(({ direction }) => direction === wanted)!;
			const ratio = timesAsFast(row).toFixed(2);
			return [medianSpeed(row, 'ours'), medianSpeed(row, 'pooled'), ratio];
		});
		return `| ${situation} | ${cells.join(' | ')} |`;
	});
	const columns = directions.flatMap((direction) => [
		`${directionTitle(direction)}: ${names.ours}`,
		names.pooled,
		'Times as fast',
	]);
	return markdownTable(['Files', 'Round trip', ...columns], lines);
}

const situationOf = ({ set, network }: MeasuredRow) => `${set.name} | ${network.name}`;

function memoryTable(rows: MeasuredRow[]): string {
	const contenders: ContenderName[] = ['ours', 'inMemory'];
	const lines = rows.map(({ direction, set, runs }) => {
		const cells = contenders.map((name) => `${extraMebibytes(runs[name]!).toFixed(0)} MiB`);
		return `| ${directionTitle(direction)} of ${set.name} | ${cells.join(' | ')} |`;
	});
	return markdownTable(['Extra memory', ...contenders.map((name) => names[name])], lines);
}
