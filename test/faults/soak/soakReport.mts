import type { Findings } from './soak.mts';

const MOST_PRINTED = 50;

/** The findings in a few lines. */
export function summary(findings: Findings): string {
	return [
		...rowsOf(findings).map(([what, value]) => `${what}: ${value}`),
		verdict(findings),
		...findings.problems.slice(0, MOST_PRINTED),
	].join('\n');
}

/** The report as Markdown. */
export function markdown(findings: Findings): string {
	const { seed, faults, problems, samples } = findings;
	return [
		'# The soak',
		'',
		'Made by `npm run soak`: photos on their way from folder to results in real n8n, against the sandbox, while faults of every',
		'kind of the [matrix](report.md) meet one in twenty of all requests by chance. Time runs twenty times as fast for the nodes,',
		'so a pause of a minute takes three seconds. A run that reports an error is repeated eleven minutes later, by its clock, until all',
		`is there. \`npm run soak -- --seed ${seed}\` injects the same faults again.`,
		'',
		`**${verdict(findings)}**`,
		'',
		table(['', ''], rowsOf(findings)),
		'',
		'## Faults that were met',
		'',
		table(['Fault', 'Times'], faults),
		'',
		'## n8n over the time',
		'',
		table(['Minute', 'Memory, MB', 'Open files and sockets'], everyMinute(samples)),
		...(problems.length > 0
			? ['', '## Not as it should be', '', ...problems.map((problem) => `- ${problem}`)]
			: []),
		'',
	].join('\n');
}

/** The report as JSON. */
export function json(findings: Findings): string {
	return `${JSON.stringify(findings, null, '\t')}\n`;
}

const verdict = ({ problems }: Findings) =>
	problems.length === 0
		? 'Nothing lost, nothing billed twice, nothing left open.'
		: `${problems.length} problems.`;

function rowsOf(findings: Findings): Array<[string, string]> {
	const { projects, photosPerProject, faults, handles, memory } = findings;
	const met = faults.reduce((sum, [, times]) => sum + times, 0);
	const number = (value: number) => Math.round(value).toLocaleString('en');
	return [
		[
			'Photos',
			`${number(projects * photosPerProject)} in ${projects} projects, ${findings.atOnce} at the same time`,
		],
		['Time', `${findings.minutes.toFixed(1)} minutes`],
		[
			'Requests',
			`${number(findings.requests)}, of which ${number(met)} met a fault (${((100 * met) / findings.requests).toFixed(1)} %)`,
		],
		[
			'Runs of the workflows',
			`${number(findings.runs)}: ${number(findings.runs - projects)} after an error was reported`,
		],
		[
			'Result files',
			`${number(findings.filesIntact)} of ${number(findings.filesExpected)} byte for byte as Imagen made them`,
		],
		[
			'Billed',
			`${number(findings.edits)} edits, ${number(findings.exports)} exports, ${number(findings.photosBilled)} photos`,
		],
		['Memory of n8n, by fifths of the time', `${memory.map(number).join(', ')} MB`],
		[
			'Open files and sockets of n8n',
			`${handles.before} before, ${handles.most} at most, ${handles.after} after`,
		],
	];
}

function everyMinute(samples: Findings['samples']): Array<Array<number | string>> {
	return samples
		.filter((_, index) => index % 60 === 0)
		.map(({ at, megabytes, handles }) => [Math.round(at / 60), Math.round(megabytes), handles]);
}

function table(head: string[], body: Array<Array<number | string>>): string {
	const line = (cells: Array<number | string>) => `| ${cells.join(' | ')} |`;
	return [line(head), line(head.map(() => '---')), ...body.map(line)].join('\n');
}
