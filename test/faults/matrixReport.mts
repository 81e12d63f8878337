import type { Finding } from './cell.mts';
import type { Occurrence } from './expectedOutcome.mts';

/** A cell with what was found in it. */
export interface Row extends Finding {
	group: string;
	call: string;
	fault: string;
	times: Occurrence;
	photos: number;
	ms: number;
}

/** The matrix as Markdown: a table for each group, with a fault in each row and a call in each column. */
export function markdown(rows: Row[]): string {
	const failed = rows.filter(({ problems }) => problems.length > 0);
	return [
		'# The fault matrix',
		'',
		'Made by `npm run faults`: the node on n8n’s own engine, against the sandbox on loopback. Each cell is a request and a fault',
		'that it meets, once and always, for few photos and for many. Each is checked for all of this:',
		'',
		'- it recovers, or it is reported, as the rules demand; an error names the project or photo and says what to do next',
		'- every file is there byte for byte, or named as failed',
		'- an edit and an export are billed once at most, also when the run is repeated',
		'- no request is sent more often than its retries allow; what is billed or creates something is sent once',
		'- nobody but the API sees the key; neither it nor a signature is in what n8n saves',
		'- what was reported succeeds when the run is repeated without the fault',
		'',
		'Cells of callbacks are checked for exactly one run, started or resumed after the edit has ended; for a forged callback that is',
		'refused; for the files, and for the bill. A lost callback starts no trigger; a paused execution resumes at its limit.',
		'',
		`**${rows.length} cells, ${rows.length - failed.length} as expected, ${failed.length} not.**`,
		'',
		totals(rows),
		'',
		'_recovered / reported_: it recovers when the fault is met once, and is reported when the fault stays. A cell whose sizes differ names both.',
		...groupsOf(rows).flatMap((group) => [
			'',
			`## ${group}`,
			'',
			table(rows.filter((row) => row.group === group)),
		]),
		...(failed.length > 0 ? ['', '## Not as expected', '', ...failed.map(failureLine)] : []),
		'',
	].join('\n');
}

/** One line for each group. */
export function summary(
	rows: Row[],
): Array<[group: string, cells: number, passed: number, requests: number]> {
	return groupsOf(rows).map((group) => {
		const own = rows.filter((row) => row.group === group);
		const passed = own.filter(({ problems }) => problems.length === 0).length;
		return [group, own.length, passed, own.reduce((sum, { requests }) => sum + requests, 0)];
	});
}

function totals(rows: Row[]): string {
	return toTable(
		[
			'Group',
			'Photos',
			'Cells',
			'As expected',
			'Requests that met the fault',
			'Most edits, exports of a project',
		],
		summary(rows).map(([group, cells, passed, requests]) => {
			const own = rows.filter((row) => row.group === group);
			const sizes = unique(own.map(({ photos }) => photos)).join(', ');
			const most = (of: 'edits' | 'exports') => Math.max(...own.map((row) => row[of]));
			return [group, sizes, cells, passed, requests, `${most('edits')}, ${most('exports')}`];
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
	if (rows.some(({ problems }) => problems.length > 0)) return '**not as expected**';
	const outcomes = (times: Occurrence) =>
		unique(rows.filter((row) => row.times === times).map(({ outcome }) => outcome)).join(' or ');
	return rows.length === 0 ? '' : unique([outcomes('once'), outcomes('always')]).join(' / ');
}

function failureLine({ group, call, fault, times, photos, problems }: Row): string {
	return `- ${group}, ${call}, ${fault} ${times}, ${photos} photos: ${problems.join('; ')}`;
}

function toTable(head: string[], body: Array<Array<number | string>>): string {
	const line = (cells: Array<number | string>) => `| ${cells.join(' | ')} |`;
	return [line(head), line(head.map(() => '---')), ...body.map(line)].join('\n');
}

const groupsOf = (rows: Row[]) => unique(rows.map(({ group }) => group)).sort();

const unique = <T,>(list: T[]): T[] => [...new Set(list)];
