import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../../sandbox/until.mts';
import type { CallbackStudio } from '../../test/support/callbackStudio.mts';
import { retainedMemory, type RetainedMemory } from '../shared/processUsage.mts';
import { deliverOneByOne, type PausedExecution } from './callbackLatency.mts';

const idleMs = 10_000;

/** Callbacks delivered at the same time: edits end one by one, but a busy hour has many. */
export const concurrentCallbacks = 20;

/** Many executions that are paused at the same time, and then resume. */
export interface PausedFigures {
	/** n8n's memory when idle, with all of them paused, and when all have ended. */
	memory: { before: RetainedMemory; paused: RetainedMemory; after: RetainedMemory };
	/** Bytes that each adds to the database. */
	databaseBytesEach: number;
	/** Executions by status while all are paused. */
	waiting: number;
	running: number;
	/** How long they were observed while all were paused, and how often their edits were read meanwhile. */
	observedSeconds: number;
	readsWhileObserved: number;
	/** Milliseconds from a callback to the node after Wait, for those that are resumed one by one. */
	latencies: number[];
	/** From the first callback for the others until the last of them has resumed. */
	resumedInSeconds: number;
	/** Executions by how often the node after Wait ran. */
	runs: Record<number, number>;
	/** Reads of the state of an edit over its whole life, on average. */
	readsPerEdit: number;
	edits: number;
}

/** n8n with nothing to do. */
export interface IdleState {
	memory: RetainedMemory;
	databaseBytes: number;
}

export interface PausedOptions {
	paused: PausedExecution[];
	/** n8n before they were started. */
	before: IdleState;
	deliveredOneByOne: number;
	/** The socket of the usage server in n8n. */
	usageSocket: string;
}

/** Lets n8n become idle, and measures what it holds. */
export async function idleState(studio: CallbackStudio, usageSocket: string): Promise<IdleState> {
	await sleep(idleMs);
	return { memory: await retainedMemory(usageSocket), databaseBytes: await databaseBytes(studio) };
}

/** Measures what paused executions hold; then resumes some of them one by one, and all others concurrently. */
export async function measurePausedExecutions(
	studio: CallbackStudio,
	{ paused, before, deliveredOneByOne, usageSocket }: PausedOptions,
): Promise<PausedFigures> {
	const size = paused.length;
	const [waiting, running] = [
		await studio.client.countExecutions('waiting'),
		await studio.client.countExecutions('running'),
	];
	const observedFrom = Date.now();
	const idleWhilePaused = await idleState(studio, usageSocket);
	await sleep(idleMs);
	const observedUntil = Date.now();
	const readsInStretch = (await readsOf(studio, paused)).filter(
		(at) => at >= observedFrom && at < observedUntil,
	);

	const latencies = await deliverOneByOne(studio, paused.slice(0, deliveredOneByOne));
	const resumedInSeconds = await deliverConcurrently(studio, paused.slice(deliveredOneByOne));
	const after = await idleState(studio, usageSocket);
	const reads = await readsOf(studio, paused);
	return {
		memory: { before: before.memory, paused: idleWhilePaused.memory, after: after.memory },
		databaseBytesEach: (idleWhilePaused.databaseBytes - before.databaseBytes) / size,
		waiting,
		running,
		observedSeconds: (observedUntil - observedFrom) / 1000,
		readsWhileObserved: readsInStretch.length,
		latencies,
		resumedInSeconds,
		runs: countRuns(studio, paused),
		readsPerEdit: reads.length / size,
		edits: await billedEdits(studio, paused),
	};
}

/** Delivers the callbacks, `concurrentCallbacks` at a time. @returns the seconds until the last execution has resumed */
async function deliverConcurrently(studio: CallbackStudio, paused: PausedExecution[]): Promise<number> {
	const started = Date.now();
	const left = [...paused];
	const callers = Array.from({ length: concurrentCallbacks }, async () => {
		for (let next = left.shift(); next; next = left.shift()) {
			const { project, execution } = next;
			await studio.callbackProxy.deliver(studio.callbackProxy.receivedFor(project)[0]);
			await until(() => studio.recorder.of(execution).length > 0, { seconds: 300 });
		}
	});
	await Promise.all(callers);
	return (Date.now() - started) / 1000;
}

/** SQLite keeps new data in a write-ahead log at first: both files count. */
async function databaseBytes({ n8n }: CallbackStudio): Promise<number> {
	const folder = join(n8n.logFile, '..', '.n8n');
	const files = ['database.sqlite', 'database.sqlite-wal'].map((name) => stat(join(folder, name)));
	const sizes = await Promise.allSettled(files);
	return sizes.reduce((sum, file) => sum + (file.status === 'fulfilled' ? file.value.size : 0), 0);
}

/** When the states of these edits were read, in milliseconds since the epoch. */
async function readsOf(studio: CallbackStudio, paused: PausedExecution[]): Promise<number[]> {
	const projects = new Set(paused.map(({ project }) => project));
	const requests = await studio.control.requests();
	return requests
		.filter(({ call, project_uuid }) => call === 'editStatus' && projects.has(project_uuid!))
		.map(({ when }) => Date.parse(when));
}

function countRuns(studio: CallbackStudio, paused: PausedExecution[]): Record<number, number> {
	const runs: Record<number, number> = {};
	for (const { execution } of paused) {
		const times = studio.recorder.of(execution).length;
		runs[times] = (runs[times] ?? 0) + 1;
	}
	return runs;
}

async function billedEdits(studio: CallbackStudio, paused: PausedExecution[]): Promise<number> {
	const bills = await studio.bills(...paused.map(({ project }) => project));
	return bills.reduce((sum, { edits }) => sum + edits, 0);
}
