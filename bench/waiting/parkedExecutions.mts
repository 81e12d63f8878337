import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../../sandbox/until.mts';
import { type CallbackStudio } from '../../test/support/callbackStudio.mts';
import { heldMemory, type HeldMemory } from '../throughput/probe.mts';
import { callOneByOne, type Parked } from './callbacks.mts';

const restMs = 10_000;

/** Calls under way at the same time: edits end one by one, but a busy hour has many. */
export const calledAtOnce = 20;

/** Many executions that are parked at the same time, and then go on. */
export interface Crowd {
	/** What n8n holds at rest, with all of them parked, and when all have ended. */
	memory: { before: HeldMemory; parked: HeldMemory; after: HeldMemory };
	/** What each adds to the database, in bytes. */
	databaseBytesEach: number;
	/** Executions by status while all are parked. */
	waiting: number;
	running: number;
	/** How long all of them were parked at the same time, and how often their edits were read meanwhile. */
	stretchSeconds: number;
	readsInStretch: number;
	/** Milliseconds from a call to the node after Wait, for those that are called one by one. */
	latencies: number[];
	/** From the first call for the others to the last of them that went on. */
	resumedInSeconds: number;
	/** Executions by how often the node after Wait ran. */
	runs: Record<number, number>;
	/** Reads of the state of an edit over its whole life, on average. */
	readsPerEdit: number;
	edits: number;
}

/** n8n with nothing to do. */
export interface Rest {
	memory: HeldMemory;
	databaseBytes: number;
}

export interface CrowdOptions {
	parked: Parked[];
	/** n8n before they were started. */
	before: Rest;
	calledOneByOne: number;
	/** The socket of the probe in n8n. */
	probe: string;
}

/** Lets n8n come to rest, and tells what it holds. */
export async function atRest(studio: CallbackStudio, probe: string): Promise<Rest> {
	await sleep(restMs);
	return { memory: await heldMemory(probe), databaseBytes: await databaseBytes(studio) };
}

/** Measures what parked executions hold, calls some of them one by one, then all others side by side. */
export async function measureCrowd(
	studio: CallbackStudio,
	{ parked, before, calledOneByOne, probe }: CrowdOptions,
): Promise<Crowd> {
	const size = parked.length;
	const [waiting, running] = [
		await studio.client.countExecutions('waiting'),
		await studio.client.countExecutions('running'),
	];
	const stretchStarted = Date.now();
	const whileParked = await atRest(studio, probe);
	await sleep(restMs);
	const stretchEnded = Date.now();
	const readsInStretch = (await readsOf(studio, parked)).filter(
		(at) => at >= stretchStarted && at < stretchEnded,
	);

	const latencies = await callOneByOne(studio, parked.slice(0, calledOneByOne));
	const resumedInSeconds = await callSideBySide(studio, parked.slice(calledOneByOne));
	const after = await atRest(studio, probe);
	const reads = await readsOf(studio, parked);
	return {
		memory: { before: before.memory, parked: whileParked.memory, after: after.memory },
		databaseBytesEach: (whileParked.databaseBytes - before.databaseBytes) / size,
		waiting,
		running,
		stretchSeconds: (stretchEnded - stretchStarted) / 1000,
		readsInStretch: readsInStretch.length,
		latencies,
		resumedInSeconds,
		runs: timesRun(studio, parked),
		readsPerEdit: reads.length / size,
		edits: await editsOf(studio, parked),
	};
}

/** Delivers the calls, so many at a time, each once another execution has gone on. @returns the seconds it took */
async function callSideBySide(studio: CallbackStudio, parked: Parked[]): Promise<number> {
	const started = Date.now();
	const left = [...parked];
	const callers = Array.from({ length: calledAtOnce }, async () => {
		for (let next = left.shift(); next; next = left.shift()) {
			const { project, execution } = next;
			await studio.callbackProxy.deliver(studio.callbackProxy.receivedFor(project)[0]);
			await until(() => studio.recorder.of(execution).length > 0, { seconds: 300 });
		}
	});
	await Promise.all(callers);
	return (Date.now() - started) / 1000;
}

/** SQLite keeps what is new in a file of its own at first. */
async function databaseBytes({ n8n }: CallbackStudio): Promise<number> {
	const folder = join(n8n.logFile, '..', '.n8n');
	const files = ['database.sqlite', 'database.sqlite-wal'].map((name) => stat(join(folder, name)));
	const sizes = await Promise.allSettled(files);
	return sizes.reduce((sum, file) => sum + (file.status === 'fulfilled' ? file.value.size : 0), 0);
}

/** When the states of these edits were read, in milliseconds since the epoch. */
async function readsOf(studio: CallbackStudio, parked: Parked[]): Promise<number[]> {
	const projects = new Set(parked.map(({ project }) => project));
	const requests = await studio.control.requests();
	return requests
		.filter(({ call, project_uuid }) => call === 'editStatus' && projects.has(project_uuid!))
		.map(({ when }) => Date.parse(when));
}

function timesRun(studio: CallbackStudio, parked: Parked[]): Record<number, number> {
	const runs: Record<number, number> = {};
	for (const { execution } of parked) {
		const times = studio.recorder.of(execution).length;
		runs[times] = (runs[times] ?? 0) + 1;
	}
	return runs;
}

async function editsOf(studio: CallbackStudio, parked: Parked[]): Promise<number> {
	const bills = await studio.bills(...parked.map(({ project }) => project));
	return bills.reduce((sum, { edits }) => sum + edits, 0);
}
