import type { Command } from './commands.mts';
import type { Violation } from './violation.mts';

/** What a process is to run: the histories of so many seeds, or the one that a path leads to. */
export interface Order {
	seed: number;
	runs: number;
	path?: string;
	/** Where what it finds goes, a line of JSON for each entry. */
	file: string;
}

/** A promise that was broken, and the simplest history that breaks it. */
export interface FailedHistory extends Violation {
	seed: number;
	path: string;
	/** In words. */
	history: string[];
}

/** What a process reports as it goes. */
export type Entry =
	| { kind: 'failed'; failed: FailedHistory }
	/** A kind of fault that was met before. */
	| { kind: 'again'; violation: string; seed: number }
	| { kind: 'done'; histories: number; ms: number; commands: Partial<Record<Command['kind'], number>> };

/** What all processes found. */
export interface Findings {
	seed: number;
	minutes: number;
	histories: number;
	/** For one history, without the search for simpler ones. */
	msPerHistory: number;
	commands: Array<[kind: Command['kind'], times: number]>;
	/** Each kind once, with how often it was met. */
	failed: Array<FailedHistory & { times: number }>;
}

/** Puts together what the processes have reported. */
export function findingsOf(seed: number, minutes: number, entries: Entry[]): Findings {
	const failed = new Map<string, FailedHistory & { times: number }>();
	const commands = new Map<Command['kind'], number>();
	let [histories, ms] = [0, 0];
	for (const entry of entries) {
		if (entry.kind === 'done') {
			histories += entry.histories;
			ms += entry.ms;
			for (const [kind, times] of Object.entries(entry.commands))
				commands.set(kind as Command['kind'], (commands.get(kind as Command['kind']) ?? 0) + times);
			continue;
		}
		const kind = entry.kind === 'failed' ? entry.failed.kind : entry.violation;
		const known = failed.get(kind);
		if (known) known.times += 1;
		else if (entry.kind === 'failed') failed.set(kind, { ...entry.failed, times: 1 });
	}
	return {
		seed,
		minutes,
		histories,
		msPerHistory: ms / Math.max(1, histories),
		commands: [...commands].sort(([, times], [, others]) => others - times),
		failed: [...failed.values()].sort((one, other) => other.times - one.times),
	};
}

/** A failed history as it is printed, with how to run it again. */
export function describeFailure({ kind, message, seed, path, history }: FailedHistory): string {
	return [
		`${kind}: ${message.split('\n')[0]}`,
		...history.map((line) => `    ${line}`),
		`    Again: npm run model -- --seed ${seed} ${path ? `--path ${path}` : '--runs 1'}`,
	].join('\n');
}

export const verdict = ({ failed }: Findings): string =>
	failed.length === 0 ? 'Every history kept the promises.' : `Promises were broken in ${failed.length} ways.`;

/** The findings in a line. */
export function summary(findings: Findings): string {
	const { histories, minutes, msPerHistory } = findings;
	const number = histories.toLocaleString('en');
	return `${number} histories in ${minutes.toFixed(1)} minutes, ${Math.round(msPerHistory)} ms each. ${verdict(findings)}`;
}

const FOUND = '## Found so far';

/** The report as Markdown. @param previous the last one, whose section on what was found is kept by hand */
export function markdown(findings: Findings, previous: string): string {
	const { seed, minutes, histories, msPerHistory, commands, failed } = findings;
	const kept = previous.includes(FOUND) ? previous.slice(previous.indexOf(FOUND)) : `${FOUND}\n`;
	return [
		'# Histories',
		'',
		'Made by `npm run model`: what users do and what goes wrong, in a random order, with the nodes on n8n’s engine and the',
		'sandbox, beside a model of what may be billed and what a success means. [README](README.md) says how.',
		'',
		`**${verdict(findings)}**`,
		'',
		...table([
			['Seed', `${seed}, for \`npm run model -- --seed ${seed}\``],
			['Histories', histories.toLocaleString('en')],
			['Time', `${minutes.toFixed(1)} minutes, ${Math.round(msPerHistory)} ms for a history`],
			...commands.map(([kind, times]): [string, string] => [TITLES[kind], times.toLocaleString('en')]),
		]),
		...failed.flatMap(({ times, ...failure }) => [
			'',
			`## ${failure.kind} (${times} times)`,
			'',
			'```text',
			describeFailure(failure),
			'```',
		]),
		'',
		kept,
	].join('\n');
}

const TITLES: Record<Command['kind'], string> = {
	run: 'Executions',
	runTwo: 'Two executions at once',
	retry: 'Retries of a failed execution',
	restart: 'Restarts of n8n',
	pass: 'Minutes to hours that pass',
	stranger: 'Projects of somebody else',
};

/** Padded as Prettier does. */
function table(rows: Array<[string, string]>): string[] {
	const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column].length)));
	const line = (cells: string[]) =>
		`| ${cells.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`;
	return [line(['', '']), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...rows.map(line)];
}
