import { mkdir, writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { root } from '../../e2e/root.mts';
import { drawBars, drawChart, type Curve } from '../figures/chart.mts';
import { spreadOf } from '../figures/statistics.mts';
import type { Run } from './arena.mts';
import { contenderNames as names, type ContenderName, type Direction } from './contender.mts';
import type { MeasuredRow } from './main.mts';
import { DEFAULT_AT_ONCE, type Part } from './plan.mts';

const directions: Direction[] = ['upload', 'download'];
const images = join(root, 'bench', 'images');

/** Writes `bench/throughput.md` and its pictures from what was measured. */
export async function writeReport(rows: MeasuredRow[]): Promise<void> {
	await mkdir(images, { recursive: true });
	const of = (wanted: Part) => rows.filter(({ part }) => part === wanted);
	await drawSpeed(of('loopback'));
	await drawParallel(of('parallel'));
	await drawMemory(of('memory'));
	const text = [
		head(rows),
		loopbackSection(of('loopback')),
		linesSection(of('lines')),
		parallelSection(of('parallel')),
		memorySection(of('memory')),
	];
	await writeFile(join(root, 'bench', 'throughput.md'), text.join('\n\n') + '\n');
}

function head(rows: MeasuredRow[]): string {
	const loads = rows.map(({ load }) => load);
	return `# Speed and memory

Made by \`npm run bench\` on ${cpus().length} cores and ${Math.round(totalmem() / 2 ** 30)} GB, which all of them share. Every figure of a table comes from one run of the benchmark; the load of the machine before each row was ${Math.min(...loads).toFixed(1)} to ${Math.max(...loads).toFixed(1)}, most of it the benchmark's own. All runs: [throughput.json](throughput.json).

Who moves the photos, each in a process of its own, ${DEFAULT_AT_ONCE} photos at once:

- **${names.ours}**: in real n8n 2.41.1, binary data on disk, from the request for links to the last byte.
- **${names.limit}**: what Node.js can do here at the most, without n8n: files piped to requests over connections that are kept.
- **${names.handBuilt}**: HTTP Request, Split Out, Merge, Code and Loop Over Items in the same n8n ([upload](throughput/workflows/upload-in-batches.json), [download](throughput/workflows/download-in-batches.json)). It has no retry, checks nothing and stops at the first error.
- **${names.allAtOnce}**: the same without the loop: as many requests at the same time as there are photos.
- **${names.inMemory}**: fetch, each photo read or received whole.

They talk to a server that checks the signature and the length of every photo, counts its bytes and drops them. **${names.raw}** show what it can take: bytes from memory, without an HTTP client. A round trip is waited for at every new connection and at every answer; TCP's slow start and TLS are not part of it. Files lie in memory (tmpfs), so that no disk is measured. Photos have random bytes.`;
}

function loopbackSection(rows: MeasuredRow[]): string {
	const sections = directions.map((direction) => {
		const tables = rows
			.filter((row) => row.direction === direction)
			.map(({ set, runs }) => `**${set.name}**\n\n${contenderTable(set, runs)}`);
		return `### ${title(direction)}\n\n![${title(direction)} by contender](images/${direction}.svg)\n\n${tables.join('\n\n')}`;
	});
	return `## Without a line in between\n\nThe hardest case for n8n: nothing to wait for, so that every cycle of the processor shows.\n\n${sections.join('\n\n')}`;
}

function contenderTable(set: MeasuredRow['set'], runs: MeasuredRow['runs']): string {
	const limit = megabytesPerSecond(set, runs.limit!).median;
	const lines = entriesOf(runs).map(([name, list]) => {
		const { median, least, most } = megabytesPerSecond(set, list);
		const cpu = spreadOf(list.map(({ usage }) => (usage.cpuSeconds / set.count) * 1000)).median;
		const memory = spreadOf(list.map(extraMebibytes)).most;
		const delay = spreadOf(list.map(({ usage }) => usage.loopDelayP99Ms)).median;
		const { apiRequests, storageRequests, connections } = list[0].counts;
		return `| ${names[name]} | ${round(median)} (${round(least)}–${round(most)}) | ${(median / limit).toFixed(2)} | ${cpu.toFixed(1)} | ${Math.max(round(memory), 0)} | ${delay.toFixed(0)} | ${apiRequests} + ${storageRequests} | ${connections} |`;
	});
	return table(
		[
			'Contender',
			'MB/s, median (least–most)',
			'Of the limit',
			'CPU per photo, ms',
			'Most extra memory, MiB',
			'Event loop late, p99, ms',
			'Requests: API + storage',
			'New connections',
		],
		lines,
	);
}

function linesSection(rows: MeasuredRow[]): string {
	const contenders: ContenderName[] = ['ours', 'limit', 'handBuilt', 'allAtOnce', 'inMemory'];
	const lines = rows.map(({ line, direction, set, runs }) => {
		const speeds = contenders.map((name) => megabytesPerSecond(set, runs[name]!));
		const cells = speeds.map(
			({ median, least, most }) => `${round(median)} (${round(least)}–${round(most)})`,
		);
		const ratio = (speeds[0].median / speeds[1].median).toFixed(2);
		return `| ${line.name} | ${title(direction)} | ${set.name} | ${cells.join(' | ')} | ${ratio} |`;
	});
	return `## Over a line

MB/s, median (least–most).

${table(['Round trip', '', 'Photos', ...contenders.map((name) => names[name]), 'Ours of the limit'], lines)}`;
}

function parallelSection(rows: MeasuredRow[]): string {
	const lines = rows.map(({ line, set, atOnce, runs }) => {
		const { median, least, most } = megabytesPerSecond(set, runs.ours!);
		const memory = spreadOf(runs.ours!.map(extraMebibytes)).most;
		return `| ${line.name} | ${set.name} | ${atOnce} | ${round(median)} (${round(least)}–${round(most)}) | ${Math.max(round(memory), 0)} |`;
	});
	return `## How many photos at once

The option _Parallel Uploads_, by round trip.

![Upload by photos at once, 1 MB](images/parallel-1-MB.svg)

![Upload by photos at once, 25 MB](images/parallel-25-MB.svg)

${table(['Round trip', 'Photos', 'At once', 'MB/s, median (least–most)', 'Most extra memory, MiB'], lines)}`;
}

function memorySection(rows: MeasuredRow[]): string {
	const contenders: ContenderName[] = ['ours', 'handBuilt', 'inMemory'];
	const lines = rows.map(({ direction, set, runs }) => {
		const cells = contenders.map((name) => Math.max(round(extraMebibytes(runs[name]![0])), 0));
		return `| ${title(direction)} | ${set.name} | ${cells.join(' | ')} |`;
	});
	return `## Memory

The most resident memory during one run, as the kernel notes it, over that before it (after a garbage collection): MiB.

![Extra memory by number of photos](images/memory.svg)

${table(['', 'Photos', ...contenders.map((name) => names[name])], lines)}`;
}

async function drawSpeed(rows: MeasuredRow[]): Promise<void> {
	const contenders: ContenderName[] = ['ours', 'limit', 'handBuilt', 'inMemory'];
	for (const direction of directions) {
		const shown = rows.filter((row) => row.direction === direction);
		await drawBars(join(images, `${direction}.svg`), {
			title: `${title(direction)}, ${DEFAULT_AT_ONCE} photos at once`,
			y: { name: 'MB/s' },
			groups: shown.map(({ set }) => set.name),
			bars: contenders.map((name) => ({
				name: names[name],
				values: shown.map(({ set, runs }) => round(megabytesPerSecond(set, runs[name]!).median)),
			})),
		});
	}
}

async function drawParallel(rows: MeasuredRow[]): Promise<void> {
	for (const megabytes of distinct(rows.map(({ set }) => set.bytes / 1e6))) {
		const shown = rows.filter(({ set }) => set.bytes === megabytes * 1e6);
		await drawChart(join(images, `parallel-${megabytes}-MB.svg`), {
			title: `Upload of photos of ${megabytes} MB, by round trip`,
			x: { name: 'Photos at once' },
			y: { name: 'MB/s' },
			curves: distinct(shown.map(({ line }) => line.name)).map(
				(name): Curve => ({
					name,
					points: shown
						.filter(({ line }) => line.name === name)
						.map(({ atOnce, set, runs }) => ({
							x: atOnce,
							y: round(megabytesPerSecond(set, runs.ours!).median),
						})),
				}),
			),
		});
	}
}

async function drawMemory(rows: MeasuredRow[]): Promise<void> {
	const contenders: ContenderName[] = ['ours', 'handBuilt', 'inMemory'];
	const shown = rows.filter(({ set, direction }) => direction === 'upload' && set.bytes === 1e6);
	await drawChart(join(images, 'memory.svg'), {
		title: 'Extra memory while photos of 1 MB go up',
		x: { name: 'Photos', isLogarithmic: true },
		y: { name: 'MiB' },
		curves: contenders.map((name) => ({
			name: names[name],
			points: shown.map(({ set, runs }) => ({
				x: set.count,
				y: Math.max(round(extraMebibytes(runs[name]![0])), 0),
			})),
		})),
	});
}

const megabytesPerSecond = ({ count, bytes }: MeasuredRow['set'], runs: Run[]) =>
	spreadOf(runs.map(({ seconds }) => (count * bytes) / 1e6 / seconds));

const extraMebibytes = ({ usage }: Run) => usage.mebibytesMost - usage.mebibytesBefore;

const entriesOf = (runs: MeasuredRow['runs']) => Object.entries(runs) as Array<[ContenderName, Run[]]>;

const title = (direction: Direction) => (direction === 'upload' ? 'Upload' : 'Download');

const round = Math.round;

const distinct = <T,>(values: T[]): T[] => [...new Set(values)];

function table(columns: string[], lines: string[]): string {
	return [`| ${columns.join(' | ')} |`, `| ${columns.map(() => '---').join(' | ')} |`, ...lines].join('\n');
}
