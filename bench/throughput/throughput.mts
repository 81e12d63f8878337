import { readFile, writeFile } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { printStep } from '../../test/support/step.mts';
import { root } from '../../test/support/root.mts';
import { photoSet } from './photoSets.mts';
import { rowsOf, sections, type MeasuredRow, type Row, type Section } from './rows.mts';
import { printSections, writeThroughputReport } from './report/throughputReport.mts';
import { openRunner, type Runner } from './runner.mts';

const WARM_UP_PHOTOS = 5;
/** Not in git: after a fresh clone there is none, and a section that is measured lies here alone. */
const figuresFile = join(root, 'bench', 'throughput.json');

/**
 * Measures sections again and keeps the saved figures of the others. Writes the report when the figures are complete; else
 * shows what there is and leaves the report as it was.
 */
export async function measureThroughput(wanted: readonly Section[]): Promise<void> {
	await measureSections(wanted);
	const rows = await savedRows();
	const missing = missingSections(rows);
	if (missing.length === 0) return await writeThroughputReport(rows);
	printSections(rows.filter(({ section }) => wanted.includes(section)));
	console.log(leftAsItWas(missing));
}

/** Writes the report again from saved figures; refuses, and lets the process fail, when some are missing. */
export async function reportThroughput(): Promise<void> {
	const rows = await savedRows();
	const missing = missingSections(rows);
	if (missing.length === 0) return await writeThroughputReport(rows);
	console.error(leftAsItWas(missing));
	process.exitCode = 1;
}

/** Sections whose figures are not saved, or only in part: a run of them was ended early. */
function missingSections(rows: MeasuredRow[]): Section[] {
	return sections.filter(
		(name) => rows.filter(({ section }) => section === name).length < rowsOf(name).length,
	);
}

function leftAsItWas(missing: Section[]): string {
	const options = missing.map((section) => `--section ${section}`).join(' ');
	return `bench/throughput.md is left as it was, as bench/throughput.json lacks figures that it needs. To measure them and write the report: npm run bench -- --part throughput ${options}`;
}

async function measureSections(wanted: readonly Section[]): Promise<void> {
	const kept = (await savedRows()).filter(({ section }) => !wanted.includes(section));
	const rows = wanted.flatMap(rowsOf);
	for (const process of new Set(rows.map(processOf))) {
		const inProcess = rows.filter((row) => processOf(row) === process);
		const runner = await openRunner(inProcess[0].n8n);
		try {
			for (const row of inProcess) {
				kept.push(await printStep(titleOf(row), async () => await measureRow(runner, row)));
				// Saved row by row: a run that is ended early keeps what it measured.
				await writeFile(figuresFile, JSON.stringify(kept, null, '\t') + '\n');
			}
		} finally {
			await runner.close();
		}
	}
}

/** Sections share no process: memory that n8n took during one is not free for the next. */
function processOf({ section, n8n: { nodeOptions, start } }: Row): string {
	return `${section}, start ${start} ${nodeOptions}`.trim();
}

function titleOf(row: Row): string {
	const { network, set, direction, atOnce } = row;
	return `${processOf(row)}: ${direction} of ${set.name}${atOnce ? `, ${atOnce} at once` : ''}, ${network.name}`;
}

async function measureRow(runner: Runner, row: Row): Promise<MeasuredRow> {
	const { set, contenders, rounds, ...situation } = row;
	await warmUp(runner, row);
	const photos = await runner.prepare(set);
	const [load] = loadavg();
	const runs: MeasuredRow['runs'] = {};
	// Contenders take turns in each round: what slows the machine down for a while slows all of them.
	for (let round = 0; round < rounds; round++) {
		for (const name of contenders) {
			const run = await runner.run(runner.contenders[name], row, photos);
			(runs[name] ??= []).push(run);
		}
	}
	const { fileNames: _, ...described } = set;
	return { ...situation, set: described, load, runs };
}

async function warmUp(runner: Runner, row: Row): Promise<void> {
	// Where memory is measured, the warm-up must not take what a large photo takes.
	const kilobytes = row.section === 'memory' ? 1000 : row.set.bytes / 1000;
	const set = photoSet(Math.min(row.set.count, WARM_UP_PHOTOS), kilobytes);
	const photos = await runner.prepare(set);
	for (const name of row.contenders) await runner.run(runner.contenders[name], { ...row, set }, photos);
}

async function savedRows(): Promise<MeasuredRow[]> {
	return JSON.parse(await readFile(figuresFile, 'utf8').catch(() => '[]')) as MeasuredRow[];
}
