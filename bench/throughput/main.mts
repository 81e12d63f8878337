import { readFile, writeFile } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { printStep } from '../../test/support/step.mts';
import { root } from '../../test/support/root.mts';
import { openArena, type Arena } from './runner.mts';
import { parts, rowsOf, type MeasuredRow, type Part, type Row } from './plan.mts';
import { photoSet } from './sets.mts';
import { writeReport } from './report/report.mts';
import { exitAtSignals } from '../../test/support/terminal.mts';

exitAtSignals();

const WARM_UP_PHOTOS = 5;
const resultsFile = join(root, 'bench', 'throughput.json');

const { values } = parseArgs({
	options: {
		part: { type: 'string', multiple: true, default: parts },
		report: { type: 'boolean', default: false },
	},
});

if (!values.report) await measureParts(values.part as Part[]);
await writeReport(await savedRows());

/** Measures parts anew, and keeps what was measured of the others. */
async function measureParts(wanted: Part[]): Promise<void> {
	const kept = (await savedRows()).filter(({ part }) => !wanted.includes(part));
	const rows = wanted.flatMap(rowsOf);
	for (const process of new Set(rows.map(processOf))) {
		const inProcess = rows.filter((row) => processOf(row) === process);
		const arena = await openArena(inProcess[0].n8n);
		try {
			for (const row of inProcess) {
				kept.push(await printStep(titleOf(row), async () => await measureRow(arena, row)));
				// Saved as they come: a run that is ended has measured something.
				await writeFile(resultsFile, JSON.stringify(kept, null, '\t') + '\n');
			}
		} finally {
			await arena.close();
		}
	}
}

/** Parts share no process: what one has made n8n take is not at hand for the next. */
function processOf({ part, n8n: { nodeOptions, start } }: Row): string {
	return `${part}, start ${start} ${nodeOptions}`.trim();
}

function titleOf(row: Row): string {
	const { line, set, direction, atOnce } = row;
	return `${processOf(row)}: ${direction} of ${set.name}, ${atOnce} at once, ${line.name}`;
}

async function measureRow(arena: Arena, row: Row): Promise<MeasuredRow> {
	const { set, contenders, rounds, ...situation } = row;
	await warmUp(arena, row);
	const photos = await arena.prepare(set);
	const [load] = loadavg();
	const runs: MeasuredRow['runs'] = {};
	// One after the other in each round: what disturbs the machine for a while disturbs all.
	for (let round = 0; round < rounds; round++) {
		for (const name of contenders) {
			const run = await arena.run(arena.contenders[name], row, photos);
			(runs[name] ??= []).push(run);
		}
	}
	const { fileNames: _, ...described } = set;
	return { ...situation, set: described, load, runs };
}

async function warmUp(arena: Arena, row: Row): Promise<void> {
	// What a large photo takes is to be seen, where memory is.
	const megabytes = row.part === 'memory' ? 1 : row.set.bytes / 1e6;
	const set = photoSet(Math.min(row.set.count, WARM_UP_PHOTOS), megabytes);
	const photos = await arena.prepare(set);
	for (const name of row.contenders) await arena.run(arena.contenders[name], { ...row, set }, photos);
}

async function savedRows(): Promise<MeasuredRow[]> {
	return JSON.parse(await readFile(resultsFile, 'utf8').catch(() => '[]')) as MeasuredRow[];
}
