import { writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { root } from '../../../test/support/root.mts';
import { spreadOf } from '../../shared/statistics.mts';
import type { Run } from '../runner.mts';
import { contenderNames as names, OTHERS_AT_ONCE, type ContenderName } from '../contender.mts';
import { directions, numbersAtOnce, type MeasuredRow, type Section } from '../rows.mts';
import { targetsSection } from './targets.mts';
import { drawCharts } from './throughputCharts.mts';
import {
	cpuMsPerPhoto,
	distinct,
	extraMebibytes,
	medianOf,
	medianSpeed,
	mergeContenders,
	speed,
	timesAsFast,
} from './rowStatistics.mts';
import { summaryTables } from './summaryTable.mts';
import { markdownTable, directionTitle } from './markdown.mts';

/** In the order of the report. */
const sectionWriters: Array<[Section, (rows: MeasuredRow[]) => string]> = [
	['line', (rows) => lineSection(mergeContenders(rows))],
	['parallel', parallelSection],
	['memory', memorySection],
	['loopback', loopbackSection],
	['collector', collectorSection],
];

/** Writes `bench/throughput.md` and its charts from the figures of all sections. */
export async function writeThroughputReport(rows: MeasuredRow[]): Promise<void> {
	await drawCharts(rows);
	const text = [head(rows), summaryTables(rows), targetsSection(rows), ...sectionTexts(rows)];
	await writeFile(join(root, 'bench', 'throughput.md'), text.join('\n\n') + '\n');
}

/** Shows the sections that these rows belong to. */
export function printSections(rows: MeasuredRow[]): void {
	console.log(sectionTexts(rows).join('\n\n'));
}

function sectionTexts(rows: MeasuredRow[]): string[] {
	return sectionWriters
		.map(([name, write]) => ({ write, own: rows.filter(({ section }) => section === name) }))
		.filter(({ own }) => own.length > 0)
		.map(({ write, own }) => write(own));
}

function head(rows: MeasuredRow[]): string {
	const loads = rows.filter(({ section }) => section !== 'memory').map(({ load }) => load);
	return `# Speed and memory

Made by \`npm run bench -- --part throughput\` on ${cpus().length} cores and ${Math.round(totalmem() / 2 ** 30)} GB, which all of them share. Every figure of a table comes from one run of the benchmark; the load of the machine before each row that tells a speed was ${Math.min(...loads).toFixed(1)} to ${Math.max(...loads).toFixed(1)}, most of it the benchmark's own.

Who moves the files, each in a process of its own, ${OTHERS_AT_ONCE} at once; the Imagen AI node chooses how many by itself, from 10 large files to 128 small ones:

- **${names.ours}**: in real n8n 2.41.1, binary data on disk, from the request for links to the last byte.
- **${names.pooled}**: what the official SDK does, and what a program of one's own does best: files piped to requests over connections that are kept.
- **${names.inN8n}**: what it can do in the process that n8n runs in, beside its 170 MB of objects.
- **${names.handBuilt}**: HTTP Request, Split Out, Merge, Code and Loop Over Items in the same n8n ([upload](throughput/workflows/upload-in-batches.json), [download](throughput/workflows/download-in-batches.json)). It has no retry, checks nothing and stops at the first error.
- **${names.inMemory}**: fetch, each file read or received whole.

They talk to a server that checks the signature and the length of every file, counts its bytes and drops them. **${names.raw}** show what it can take: bytes from memory, without an HTTP client. Everything goes over TLS 1.3 with a certificate that is made for the run.

The line is a relay in the server's process, of 1 Gbit/s in each direction, which all connections share. Bytes arrive half a round trip after they have found room on it. TCP's handshake takes a round trip, and TLS, a request and its answer take theirs. Each connection starts slowly, as TCP does: with ten segments on their way, and as many more as have been acknowledged, up to 3 MiB. Packets do not get lost, and the relay shares the processor with those it serves. Files lie in memory (tmpfs), so that no disk is measured. They have random bytes: 20 kB is the size of an XMP, 500 kB of a JPEG, 25 MB of a RAW photo.`;
}

function lineSection(rows: MeasuredRow[]): string {
	const lines = rows.map((row) => {
		const { network, direction, set, runs } = row;
		const { ours, pooled, handBuilt } = runs;
		const cells = [
			speed(set, ours!),
			speed(set, pooled!),
			timesAsFast(row).toFixed(2),
			handBuilt ? medianSpeed(row, 'handBuilt') : '',
			ours![0].counts.connections,
			pooled![0].counts.connections,
			cpuMsPerPhoto(set, ours!).toFixed(1),
			cpuMsPerPhoto(set, pooled!).toFixed(1),
		];
		return `| ${directionTitle(direction)} of ${set.name} | ${network.name} | ${cells.join(' | ')} |`;
	});
	const columns = [
		names.ours,
		names.pooled,
		'Times as fast',
		`${names.handBuilt}, one run`,
		'Connections: node',
		'client',
		'CPU per file, ms: node',
		'client',
	];
	const charts = directions.map((direction) => `![${directionTitle(direction)}](images/${direction}.svg)`);
	return `## Over a line

Median (least–most). 1 Gbit/s is 125 MB/s.

${charts.join('\n\n')}

${markdownTable(['', 'Round trip', ...columns], lines)}`;
}

function loopbackSection(rows: MeasuredRow[]): string {
	const tables = rows.map(
		(row) => `**${directionTitle(row.direction)} of ${row.set.name}**\n\n${contenderTable(row)}`,
	);
	return `## Without a line in between\n\nThe hardest case for n8n: nothing to wait for, so that every cycle of the processor shows.\n\n${tables.join('\n\n')}`;
}

function contenderTable(row: MeasuredRow): string {
	const { set, runs } = row;
	const lines = entriesOf(runs).map(([name, list]) => {
		const share = medianOf(row, name) / medianOf(row, 'pooled');
		const delay = spreadOf(list.map(({ usage }) => usage.loopDelayP99Ms)).median;
		const { apiRequests, storageRequests, connections } = list[0].counts;
		return `| ${names[name]} | ${speed(set, list)} | ${share.toFixed(2)} | ${cpuMsPerPhoto(set, list).toFixed(1)} | ${delay.toFixed(0)} | ${apiRequests} + ${storageRequests} | ${connections} |`;
	});
	return markdownTable(
		[
			'Contender',
			'Median (least–most)',
			'Of the pooled client',
			'CPU per file, ms',
			'Event loop late, p99, ms',
			'Requests: API + storage',
			'New connections',
		],
		lines,
	);
}

function parallelSection(rows: MeasuredRow[]): string {
	const situationOf = ({ direction, set }: MeasuredRow) => `${directionTitle(direction)} of ${set.name}`;
	const lines = distinct(rows.map(situationOf)).map((situation) => {
		const cells = rows
			.filter((row) => situationOf(row) === situation)
			.map(({ set, runs }) => speed(set, runs.ours!));
		return `| ${situation} | ${cells.join(' | ')} |`;
	});
	const columns = numbersAtOnce.map((number) =>
		number === undefined ? 'Chosen by the node' : String(number),
	);
	return `## How many files at once

What the node chooses by itself, and fixed numbers as the options _Parallel Uploads_ and _Parallel Downloads_ set them. Over ${rows[0].network.name} and 1 Gbit/s; median (least–most).

${markdownTable(['', ...columns], lines)}`;
}

function collectorSection(rows: MeasuredRow[]): string {
	const lines = rows.map(({ n8n: { nodeOptions, start }, direction, set, runs }) => {
		return `| \`${nodeOptions}\` | ${start} | ${directionTitle(direction)} | ${speed(set, runs.ours!)} | ${cpuMsPerPhoto(set, runs.ours!).toFixed(0)} |`;
	});
	const starts = new Set(rows.map(({ n8n: { start } }) => start)).size;
	return `## What an operator can do

V8 counts the buffers of streams as if they were old objects until it has collected the new ones, which streams hardly make. So it goes through all of n8n's objects again and again, each 20 to 60 MB of photos. With less space for new objects it collects those more often. The switch belongs in \`NODE_OPTIONS\` of n8n's process; 16 is what Node.js takes where it may use 2 GB or more, and less on smaller servers. Which way V8 goes depends on what the process has been through, so each setting was measured in ${starts} processes. 20 photos of 25 MB, without a line in between; what it does to other workflows was not measured.

${markdownTable(['', 'Start of n8n', '', 'MB/s, median (least–most)', 'CPU per photo, ms'], lines)}`;
}

function memorySection(rows: MeasuredRow[]): string {
	const contenders: ContenderName[] = ['ours', 'inMemory'];
	const lines = rows.map(({ direction, set, runs }) => {
		const cells = contenders.map((name) => extraMebibytes(runs[name]!).toFixed(0));
		return `| ${directionTitle(direction)} | ${set.name} | ${cells.join(' | ')} |`;
	});
	return `## Memory

The most resident memory during one run, as the kernel notes it, over that before it (after a garbage collection): MiB. Over ${rows[0].network.name} and 1 Gbit/s. Each contender was started for each row and had moved five photos of 1 MB before. What grows with the number of files are n8n's items.

${markdownTable(['', 'Photos', ...contenders.map((name) => names[name])], lines)}`;
}

const entriesOf = (runs: MeasuredRow['runs']) => Object.entries(runs) as Array<[ContenderName, Run[]]>;
