import { writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { root } from '../../../test/support/root.mts';
import { spreadOf } from '../../shared/statistics.mts';
import type { Run } from '../runner.mts';
import { contenderNames as names, type ContenderName } from '../contender.mts';
import { DEFAULT_AT_ONCE, directions, type MeasuredRow, type Section } from '../rows.mts';
import { targetsSection } from './targets.mts';
import { distinct, drawCharts, parallelChart } from './throughputCharts.mts';
import { cpuMsPerPhoto, extraMebibytes, mergeContenders, medianOf, speed } from './rowStatistics.mts';
import { summaryTable } from './summaryTable.mts';
import { markdownTable, directionTitle } from './markdown.mts';

/** In the order of the report. */
const sectionWriters: Array<[Section, (rows: MeasuredRow[]) => string]> = [
	['loopback', loopbackSection],
	['network', networkSection],
	['parallel', parallelSection],
	['memory', (rows) => memorySection(mergeContenders(rows))],
	['collector', collectorSection],
];

/** Writes `bench/throughput.md` and its charts from the figures of all sections. */
export async function writeThroughputReport(rows: MeasuredRow[]): Promise<void> {
	await drawCharts(rows);
	const text = [head(rows), summaryTable(rows), targetsSection(rows), ...sectionTexts(rows)];
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

Who moves the photos, each in a process of its own, ${DEFAULT_AT_ONCE} photos at once:

- **${names.ours}**: in real n8n 2.41.1, binary data on disk, from the request for links to the last byte.
- **${names.limit}**: what Node.js can do here at the most, without n8n: files piped to requests over connections that are kept.
- **${names.inN8n}**: what they can do in the process that n8n runs in, beside its 170 MB of objects.
- **${names.handBuilt}**: HTTP Request, Split Out, Merge, Code and Loop Over Items in the same n8n ([upload](throughput/workflows/upload-in-batches.json), [download](throughput/workflows/download-in-batches.json)). It has no retry, checks nothing and stops at the first error.
- **${names.allAtOnce}**: the same without the loop: as many requests at the same time as there are photos.
- **${names.inMemory}**: fetch, each photo read or received whole.

They talk to a server that checks the signature and the length of every photo, counts its bytes and drops them. **${names.raw}** show what it can take: bytes from memory, without an HTTP client. A round trip is waited for at every new connection and at every answer; TCP's slow start and TLS are not part of it. Files lie in memory (tmpfs), so that no disk is measured. Photos have random bytes.`;
}

function loopbackSection(rows: MeasuredRow[]): string {
	const sections = directions.map((direction) => {
		const tables = rows
			.filter((row) => row.direction === direction)
			.map((row) => `**${row.set.name}**\n\n${contenderTable(row)}`);
		return `### ${directionTitle(direction)}\n\n![${directionTitle(direction)} by contender](images/${direction}.svg)\n\n${tables.join('\n\n')}`;
	});
	return `## Without a line in between\n\nThe hardest case for n8n: nothing to wait for, so that every cycle of the processor shows.\n\n${sections.join('\n\n')}`;
}

function contenderTable(row: MeasuredRow): string {
	const { set, runs } = row;
	const lines = entriesOf(runs).map(([name, list]) => {
		const share = medianOf(row, name) / medianOf(row, 'limit');
		const delay = spreadOf(list.map(({ usage }) => usage.loopDelayP99Ms)).median;
		const { apiRequests, storageRequests, connections } = list[0].counts;
		return `| ${names[name]} | ${speed(set, list)} | ${share.toFixed(2)} | ${cpuMsPerPhoto(set, list).toFixed(1)} | ${delay.toFixed(0)} | ${apiRequests} + ${storageRequests} | ${connections} |`;
	});
	return markdownTable(
		[
			'Contender',
			'MB/s, median (least–most)',
			'Of the limit',
			'CPU per photo, ms',
			'Event loop late, p99, ms',
			'Requests: API + storage',
			'New connections',
		],
		lines,
	);
}

function networkSection(rows: MeasuredRow[]): string {
	const contenders: ContenderName[] = ['ours', 'limit', 'handBuilt', 'allAtOnce', 'inMemory'];
	const lines = rows.map((row) => {
		const { network, direction, set, runs } = row;
		const cells = contenders.map((name) => speed(set, runs[name]!));
		const ratio = (medianOf(row, 'ours') / medianOf(row, 'limit')).toFixed(2);
		return `| ${network.name} | ${directionTitle(direction)} | ${set.name} | ${cells.join(' | ')} | ${ratio} |`;
	});
	return `## Over a line

MB/s, median (least–most).

${markdownTable(['Round trip', '', 'Photos', ...contenders.map((name) => names[name]), 'Ours of the limit'], lines)}`;
}

function parallelSection(rows: MeasuredRow[]): string {
	const charts = distinct(rows.map(parallelChart)).map((chart) => {
		const { direction, set } = rows.find((row) => parallelChart(row) === chart)!;
		return `![${directionTitle(direction)} by photos at once, ${set.bytes / 1e6} MB](images/${chart})`;
	});
	const lines = rows.map(({ network, set, direction, atOnce, runs }) => {
		return `| ${directionTitle(direction)} | ${network.name} | ${set.name} | ${atOnce} | ${speed(set, runs.ours!)} |`;
	});
	return `## How many photos at once

The option _Parallel Uploads_, by round trip. Its default is 5: RAW photos then fill 1 Gbit/s, and photos of 1 MB that go 100 ms far still 170 Mbit/s. With more line than that, or with small photos alone, 10 or 20 are faster.

${charts.join('\n\n')}

${markdownTable(['', 'Round trip', 'Photos', 'At once', 'MB/s, median (least–most)'], lines)}`;
}

function collectorSection(rows: MeasuredRow[]): string {
	const lines = rows.map(({ n8n: { nodeOptions, start }, direction, set, runs }) => {
		return `| \`${nodeOptions}\` | ${start} | ${directionTitle(direction)} | ${speed(set, runs.ours!)} | ${cpuMsPerPhoto(set, runs.ours!).toFixed(0)} |`;
	});
	const starts = new Set(rows.map(({ n8n: { start } }) => start)).size;
	return `## What an operator can do

V8 counts the buffers of streams as if they were old objects until it has collected the new ones, which streams hardly make. So it goes through all of n8n's objects again and again, each 20 to 60 MB of photos. With less space for new objects it collects those more often. The switch belongs into \`NODE_OPTIONS\` of n8n's process; 16 is what Node.js takes where it may use 2 GB or more, and less on smaller servers. Which way V8 goes depends on what the process has been through, so each setting was measured in ${starts} processes. 20 photos of 25 MB, without a line in between; what it does to other workflows was not measured.

${markdownTable(['', 'Start of n8n', '', 'MB/s, median (least–most)', 'CPU per photo, ms'], lines)}`;
}

function memorySection(rows: MeasuredRow[]): string {
	const contenders: ContenderName[] = ['ours', 'handBuilt', 'inMemory'];
	const lines = rows.map(({ direction, set, runs }) => {
		const cells = contenders.map((name) => extraMebibytes(runs[name]!).toFixed(0));
		return `| ${directionTitle(direction)} | ${set.name} | ${cells.join(' | ')} |`;
	});
	return `## Memory

The most resident memory during one run, as the kernel notes it, over that before it (after a garbage collection): MiB. Each contender was started anew for each row and had moved five photos of 1 MB before. What grows with the number of photos are n8n's items.

![Extra memory by number of photos](images/memory.svg)

${markdownTable(['', 'Photos', ...contenders.map((name) => names[name])], lines)}`;
}

const entriesOf = (runs: MeasuredRow['runs']) => Object.entries(runs) as Array<[ContenderName, Run[]]>;
