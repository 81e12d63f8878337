import type { Finding } from './cell.mts';
import type { Times } from './rules.mts';

/** A cell and what came of it, as the report has it. */
export interface Row extends Finding {
	flow: string;
	call: string;
	fault: string;
	times: Times;
	photos: number;
	ms: number;
}

/** The matrix as Markdown: a table for each flow, with a fault in each row and a call in each column. */
export function markdown(rows: Row[]): string {
	const failed = rows.filter(({ problems }) => problems.length > 0);
	return [
		'# The fault matrix',
		'',
		'Made by `npm run faults`: the node on n8n’s own engine, against the sandbox on loopback. Each cell is a request and a fault',
		'that it meets, once and always, for few photos and for many. Each is checked for all of this:',
		'',
		'- it heals or it is told, as the rules demand; an error names project or photo, and says what to do next',
		'- every file is there byte for byte, or named as failed',
		'- an edit and an export are billed once at most, also when the run is repeated',
		'- no request is sent more often than its tries allow; what is paid or makes something is sent once',
		'- nobody but the API sees the key; neither it nor a signature is in what n8n saves',
		'- what was told heals when the run is repeated without the fault',
		'',
		'Cells of callbacks are checked for one run and no more, begun or gone on with after the edit has ended; for a forged call that is',
		'refused; for the files, and for the bill. A call that is lost starts no trigger; a parked Wait goes on at its limit.',
		'',
		`**${rows.length} cells, ${rows.length - failed.length} as demanded, ${failed.length} not.**`,
		'',
		totals(rows),
		'',
		'_healed / told_: healed when the fault is met once, told when it stays. A cell in which sizes differ names both.',
		...flowsOf(rows).flatMap((flow) => [
			'',
			`## ${flow}`,
			'',
			table(rows.filter((row) => row.flow === flow)),
		]),
		...(failed.length > 0 ? ['', '## Not as demanded', '', ...failed.map(failureLine)] : []),
		'',
	].join('\n');
}

/** One line for each flow. */
export function summary(rows: Row[]): Array<[flow: string, cells: number, passed: number, requests: number]> {
	return flowsOf(rows).map((flow) => {
		const own = rows.filter((row) => row.flow === flow);
		const passed = own.filter(({ problems }) => problems.length === 0).length;
		return [flow, own.length, passed, own.reduce((sum, { requests }) => sum + requests, 0)];
	});
}

function totals(rows: Row[]): string {
	return toTable(
		[
			'Flow',
			'Photos',
			'Cells',
			'As demanded',
			'Requests that met the fault',
			'Most edits, exports of a project',
		],
		summary(rows).map(([flow, cells, passed, requests]) => {
			const own = rows.filter((row) => row.flow === flow);
			const sizes = unique(own.map(({ photos }) => photos)).join(', ');
			const most = (of: 'edits' | 'exports') => Math.max(...own.map((row) => row[of]));
			return [flow, sizes, cells, passed, requests, `${most('edits')}, ${most('exports')}`];
		}),
	);
}

function table(rows: Row[]): string {
	const calls = unique(rows.map(({ call }) => call));
	return toTable(
		['Fault', ...calls],
		unique(rows.map(({ fault }) => fault)).map((fault) => [
			fault,
			...calls.map((call) => entry(rows.filter((row) => row.call === call && row.fault === fault))),
		]),
	);
}

function entry(rows: Row[]): string {
	if (rows.some(({ problems }) => problems.length > 0)) return '**not as demanded**';
	const outcomes = (times: Times) =>
		unique(rows.filter((row) => row.times === times).map(({ outcome }) => outcome)).join(' or ');
	return rows.length === 0 ? '' : unique([outcomes('once'), outcomes('always')]).join(' / ');
}

function failureLine({ flow, call, fault, times, photos, problems }: Row): string {
	return `- ${flow}, ${call}, ${fault} ${times}, ${photos} photos: ${problems.join('; ')}`;
}

function toTable(head: string[], body: Array<Array<number | string>>): string {
	const line = (cells: Array<number | string>) => `| ${cells.join(' | ')} |`;
	return [line(head), line(head.map(() => '---')), ...body.map(line)].join('\n');
}

const flowsOf = (rows: Row[]) => unique(rows.map(({ flow }) => flow)).sort();

const unique = <T,>(list: T[]): T[] => [...new Set(list)];
