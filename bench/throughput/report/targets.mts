import type { Run } from '../runner.mts';
import { GIGABIT_MEGABYTES, type MeasuredRow } from '../rows.mts';
import { extraMebibytes, medianOf, timesAsFast } from './rowStatistics.mts';
import { markdownTable } from './markdown.mts';

interface Target {
	description: string;
	/** One for each row that it is about. */
	values: number[];
	digits: number;
	isMet: (value: number) => boolean;
}

const RAW_BYTES = 25e6;

/** The targets, and how near each row comes to them. */
export function targetsSection(rows: MeasuredRow[]): string {
	const overLine = rows.filter(({ section, runs }) => section === 'line' && runs.pooled);
	const raws = overLine.filter(({ set }) => set.bytes >= RAW_BYTES);
	const small = overLine.filter(({ set }) => set.bytes < RAW_BYTES);
	const isAtLeast = (least: number) => (value: number) => value >= least;

	const targets: Target[] = [
		{
			description: 'Never slower than a client with a connection pool: times as fast',
			values: overLine.map(timesAsFast),
			digits: 2,
			isMet: isAtLeast(1),
		},
		{
			description: 'Small files: at least 1.5 times as fast as that client',
			values: small.map(timesAsFast),
			digits: 2,
			isMet: isAtLeast(1.5),
		},
		{
			description: 'RAW photos: at least 0.95 of 1 Gbit/s',
			values: raws.map((row) => medianOf(row, 'ours') / GIGABIT_MEGABYTES),
			digits: 2,
			isMet: isAtLeast(0.95),
		},
		{
			description: 'At most 64 MiB of extra memory, whatever the photos',
			values: rows
				.filter(({ section, runs }) => section === 'memory' && runs.ours)
				.map(({ runs }) => extraMebibytes(runs.ours!)),
			digits: 0,
			isMet: (value) => value <= 64,
		},
		{
			description: 'At most 3 requests more than photos, upload',
			values: rows
				.filter(({ direction, runs }) => direction === 'upload' && runs.ours)
				.map(({ set, runs }) => most(runs.ours!.map(({ counts }) => requestsOf(counts))) - set.count),
			digits: 0,
			isMet: (value) => value <= 3,
		},
	];
	const lines = targets.map(({ description, values, digits, isMet }) => {
		const met = values.filter(isMet).length;
		const verdict = met === values.length ? 'yes' : `in ${met} of ${values.length} rows`;
		return `| ${description} | ${Math.min(...values).toFixed(digits)} to ${most(values).toFixed(digits)} | ${verdict} |`;
	});
	return `## What was aimed at

${markdownTable(['Aim', 'Measured, by row', 'Met'], lines)}

${reasons}`;
}

/** What profiling and trials have found. */
const reasons = `What decides how fast the node is:

- **Waiting.** n8n opens a connection for each request, and gives a node no way to keep one. A small file then takes two round trips more, and a larger one those of TCP's slow start. The node makes up for it by moving up to 128 small files at once. The farther the line goes, the more that gains over a client with 5 at once.
- **The processor.** Where the node misses an aim, it is busy and not waiting: client, line, TLS server and n8n share two cores here, as the column on the processor below shows. A profile of n8n's process during downloads over TLS: 20 % garbage collection, 11 to 19 % writing to disk, 10 to 12 % MD5 digests, up to 15 % TLS handshakes (small files), 5 to 7 % reading from the socket; the node's own code around a body takes less than 2 %.
- **Other work waits.** While 128 small files are on their way, n8n is up to 0.25 s late with everything else (p99, 1,000 × 500 kB over 20 ms), with 64 at once 0.15 s, with 16 at once 0.05 s, at 0.6 of the speed. More at once also take less of the processor per file: 9 to 11 ms in place of 15 up, 14 to 17 in place of 20 down.
- Streams lose half of their speed as soon as they run in n8n's process: V8 goes through all of n8n's objects while they pass, see [below](#what-an-operator-can-do).
- Downloads are checked by their MD5 digest, as no other contender does: 193 MB/s without, 163 with it, in one trial.

Kept of what was tried: one wrapper around a download in place of two; no digest where there is none to compare with (3 % faster or none); each photo is opened once for an upload, and not twice (20 kB: 9 % faster); the size of a download comes with its file; 128 small files at once in place of 32 (50 ms, 20 kB: twice as fast up and 1.8 times down; 500 kB: twice and 1.5 times); 10 RAW photos at once in place of 5 (50 ms: 1.2 times as fast up, 1.1 times down: a connection that starts slowly leaves room for others).

Left out: 32 RAW photos at once (50 ms: 7 % faster up and 5 % down than 10; on a narrow line each of them would take very long); passing downloads on in blocks of 128 kB and 1 MiB (no faster); reading files in pieces of 16, 32, 256 KiB and 1 MiB (16 is slower, the others no faster and up to 100 MiB larger); short-lived objects made on purpose, so that V8 collects new ones first (downloads and most uploads twice as fast in n8n 2.41, downloads in 1.123 and 2.8 and uploads in 2.8 by 10 to 30 % slower).`;

const most = (values: number[]) => Math.max(...values);

const requestsOf = ({ apiRequests, storageRequests }: Run['counts']) => apiRequests + storageRequests;
