import { quantile } from '../shared/statistics.mts';
import { writeReportFiles } from '../shared/reportFiles.mts';
import { describeMachine, type Machine } from '../shared/machine.mts';
import type { RetainedMemory } from '../shared/processUsage.mts';
import type { WaitingFigures } from './waiting.mts';
import { concurrentCallbacks, type PausedFigures } from './pausedExecutions.mts';
import { pollTimesUntil } from './pollTimes.mts';
import type { PolledWaits } from './polledWaits.mts';

const hour = 3600;

/** Writes the figures of waiting as Markdown, and as JSON. */
export async function writeWaitingReport(figures: WaitingFigures, machine: Machine): Promise<void> {
	await writeReportFiles('waiting', report(figures, machine), { machine, ...figures });
}

function report({ callback, plainWait, poll, paused }: WaitingFigures, machine: Machine): string {
	const { memory, runs } = paused;
	const size = paused.waiting;
	const resumed = Object.entries(runs).map(
		([times, count]) => `${count} ${times === '1' ? 'once' : `${times} times`}`,
	);
	return `# Waiting

Made by \`npm run bench -- --part waiting\`: n8n 2.41.1 on Node.js 24.9.0 with SQLite, on a machine that it shares with the sandbox that stands for Imagen. ${describeMachine(machine)}

## What ${size} paused edits hold

| n8n, once its garbage is collected | Resident memory | Live objects |
| --- | --- | --- |
| at rest, before | ${held(memory.before)} |
| with ${size} executions paused | ${held(memory.paused)} |
| when all have ended | ${held(memory.after)} |

| | |
| --- | --- |
| Executions waiting, by n8n's count | ${paused.waiting} |
| Executions running, and so workers held | ${paused.running} |
| Database for each, on disk | ${(paused.databaseBytesEach / 1e3).toFixed(1)} kB |
| Executions that went on when they were called | ${resumed.join(', ')} |
| Calls taken, ${concurrentCallbacks} at a time | ${((size - paused.latencies.length) / paused.resumedInSeconds).toFixed(1)} a second: ${size - paused.latencies.length} in ${paused.resumedInSeconds.toFixed(0)} s |
| Edits billed | ${paused.edits} |

Live objects changed by ${signed(memory.paused.heapMebibytes - memory.before.heapMebibytes)} MiB while ${size} were paused, and by ${signed(memory.after.heapMebibytes - memory.paused.heapMebibytes)} MiB when they had ended: that is all a paused execution can hold in memory. The resident memory goes up and down by more than that with what n8n has just done.

What n8n with SQLite on two cores does not take is a thousand calls in the same second. Tried once, on a busy machine: the connections to its database timed out, 98 calls were answered with an error, 40 executions failed and 138 stayed as they were, and n8n took 10 GB. Edits do not end in the same second; who expects crowds takes PostgreSQL and [a queue](scale-out.md).

An edit that is waited for by poll holds its execution: while ${poll.edits.length} waited, n8n counted ${poll.running} as running.

## Reads of the API

${readsTable(poll, paused)}

Wait by poll looks at once, then after 5 s, and each time 1.5 times later, until it looks once a minute. Of ${poll.edits.length} edits of ${range(poll.edits.map(({ seconds }) => seconds))} each was read ${range(poll.edits.map(({ reads }) => reads))} times; the rule gives ${range(poll.edits.map(({ seconds }) => pollTimesUntil(seconds).length + 1))} with the look that finds the end. The hours are calculated by the rule.

## From Imagen's end to the next node

| | Median | 95 % within | Least | Most | Samples |
| --- | --- | --- | --- | --- | --- |
| Wait by callback: token checked, state read from the API | ${latencies(callback)} |
| the same, with ${size} executions paused | ${latencies(paused.latencies)} |
| n8n's own Wait node: believes every call, reads nothing | ${latencies(plainWait)} |
| Wait by poll, an edit of ${range(poll.edits.map(({ seconds }) => seconds))} | ${latencies(poll.latencies)} |

By poll the time is that to the next look: evenly between nothing and the interval, which is 5 s in the beginning, 17 s after half a minute, and a minute from the third minute on. The edits were made to end evenly over one such minute; ${size} executions were started and paused in the same minutes.
`;
}

function readsTable({ edits }: PolledWaits, paused: PausedFigures): string {
	const reads = edits.reduce((sum, edit) => sum + edit.reads, 0);
	const seconds = edits.reduce((sum, edit) => sum + edit.seconds, 0);
	return `| | Measured | First hour | Each further hour |
| --- | --- | --- | --- |
| An edit waited for by poll | ${reads} reads in ${seconds.toFixed(0)} s of waiting | ${pollTimesUntil(hour).length} | ${pollTimesUntil(2 * hour).length - pollTimesUntil(hour).length} |
| A paused edit | ${paused.readsWhileObserved} reads of ${paused.waiting} edits in ${paused.observedSeconds.toFixed(0)} s; ${paused.readsPerEdit.toFixed(1)} over its whole life | 0 | 0 |`;
}

function held({ mebibytes, heapMebibytes }: RetainedMemory): string {
	return `${mebibytes.toFixed(0)} MiB | ${heapMebibytes.toFixed(1)} MiB`;
}

function latencies(values: number[]): string {
	const figures = [quantile(values, 0.5), quantile(values, 0.95), Math.min(...values), Math.max(...values)];
	return [...figures.map(time), values.length].join(' | ');
}

function signed(value: number): string {
	return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(1)}`;
}

function time(milliseconds: number): string {
	return milliseconds < 10_000 ? `${milliseconds.toFixed(0)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}

function range(values: number[]): string {
	const [least, most] = [Math.min(...values), Math.max(...values)].map((value) => value.toFixed(0));
	return least === most ? least : `${least} to ${most}`;
}
