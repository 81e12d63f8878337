import { readFile, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Studio, until, type Live } from '../e2e/test/helpers/studio.mts';
import {
	node,
	onRequest,
	startEdit,
	tell,
	waitForEdit,
	type TestNode,
} from '../e2e/test/helpers/workflows.mts';
import { printStep } from '../e2e/progress.mts';
import { root } from '../e2e/root.mts';

const callbacks = 20;
const executions = 200;
const startedAtOnce = 10;
const idleMs = 10_000;

const studio = await Studio.open();
try {
	const live = await studio.publish([
		...onRequest('waiting'),
		startEdit(),
		waitForEdit(),
		tell(studio.witness),
	]);
	const latencies = await printStep(`${callbacks} callbacks`, () => measureLatencies(live));
	const plain = await printStep(`${callbacks} calls to n8n's own Wait`, () => measurePlainWait());
	const crowd = await printStep(`${executions} executions parked at once`, () => measureCrowd(live));
	const file = join(root, 'bench', 'waiting.md');
	await writeFile(file, report(latencies, plain, crowd));
	console.log(await readFile(file, 'utf8'));
} finally {
	await studio.close();
}

/** Milliseconds from Imagen's call to the start of the node after Wait, one execution after the other. */
async function measureLatencies(live: Live): Promise<number[]> {
	const latencies: number[] = [];
	for (let run = 0; run < callbacks; run++) {
		const project = await studio.project(2);
		const execution = await live.start(project);
		await studio.parked(execution);
		const { runs } = await studio.client.executionEnd(execution);
		const [call] = studio.relay.callsFor(project);
		latencies.push(runs.Tell[0].startTime - call.at);
	}
	return latencies.sort((one, other) => one - other);
}

/** The same for n8n's own Wait node, which believes every call and reads nothing. */
async function measurePlainWait(): Promise<number[]> {
	const [request, respond] = onRequest('plain-wait');
	const nodes: TestNode[] = [
		request,
		{
			...respond,
			parameters: { ...respond.parameters, responseBody: '={{ $execution.id }} {{ $execution.resumeUrl }}' },
		},
		node('Wait', 'n8n-nodes-base.wait', 1.1, { resume: 'webhook', httpMethod: 'POST', options: {} }),
		tell(studio.witness),
	];
	const live = await studio.publish(nodes);
	const latencies: number[] = [];
	for (let run = 0; run < callbacks; run++) {
		const [execution, resumeUrl] = (await live.start()).split(' ');
		await studio.parked(execution);
		const { pathname, search } = new URL(resumeUrl);
		const called = Date.now();
		await fetch(studio.workbench.n8n.url + pathname + search, { method: 'POST' });
		const { runs } = await studio.client.executionEnd(execution);
		latencies.push(runs.Tell[0].startTime - called);
	}
	return latencies.sort((one, other) => one - other);
}

interface Crowd {
	/** n8n's resident memory in MB: at rest, with all of them parked, and when all have ended. */
	memory: { before: number; parked: number; after: number };
	/** Executions by how often the node after Wait ran. */
	runs: Record<number, number>;
	/** From the first call to the last resumed execution. */
	resumedInSeconds: number;
	edits: number;
}

/** Parks many executions, then lets all calls through at once. */
async function measureCrowd(live: Live): Promise<Crowd> {
	await studio.control.reset();
	await sleep(idleMs);
	const before = await memory();
	const parked = await parkMany(live);
	await sleep(idleMs);
	const whileParked = await memory();

	const started = Date.now();
	await Promise.all(parked.map(({ project }) => studio.relay.deliver(studio.relay.callsFor(project)[0])));
	await until(() => parked.every(({ execution }) => studio.witness.of(execution).length > 0), 300);
	const resumedInSeconds = (Date.now() - started) / 1000;
	await sleep(idleMs);

	const runs: Record<number, number> = {};
	for (const { execution } of parked) {
		const times = studio.witness.of(execution).length;
		runs[times] = (runs[times] ?? 0) + 1;
	}
	const { edits } = await studio.control.billing();
	return { memory: { before, parked: whileParked, after: await memory() }, runs, resumedInSeconds, edits };
}

async function parkMany(live: Live): Promise<Array<{ project: string; execution: string }>> {
	const parked: Array<{ project: string; execution: string }> = [];
	while (parked.length < executions) {
		const batch = Array.from({ length: startedAtOnce }, async () => {
			const project = await studio.project(2);
			studio.relay.hold(project);
			const execution = await live.start(project);
			await studio.parked(execution);
			await studio.called(project);
			return { project, execution };
		});
		parked.push(...(await Promise.all(batch)));
	}
	return parked;
}

/** Resident memory of n8n's main process in MB. */
async function memory(): Promise<number> {
	const status = await readFile(`/proc/${studio.workbench.n8n.pid}/status`, 'utf8');
	return Math.round(Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]) / 1024);
}

function report(
	latencies: number[],
	plain: number[],
	{ memory, runs, resumedInSeconds, edits }: Crowd,
): string {
	const resumed = Object.entries(runs).map(
		([times, count]) => `${count} ${times === '1' ? 'once' : `${times} times`}`,
	);
	return `# Waiting by callback

Made by \`npm run waiting-figures\` on ${cpus().length} cores, which n8n 2.41.1 with SQLite shares with the sandbox that stands for Imagen.

From the call to the start of the node after Wait, ${callbacks} executions one after the other:

| | Median | Fastest | Slowest |
| --- | --- | --- | --- |
| Imagen AI, Wait by callback: token checked, state read from the API | ${spread(latencies)} |
| n8n's own Wait node: believes every call | ${spread(plain)} |

${executions} executions parked, then all called at the same moment:

| | |
| --- | --- |
| n8n's memory before | ${memory.before} MB |
| with ${executions} executions parked | ${memory.parked} MB |
| when all have ended | ${memory.after} MB |
| Executions that went on | ${resumed.join(', ')} |
| until the last one had | ${resumedInSeconds.toFixed(0)} s |
| Edits billed | ${edits} |
`;
}

function spread(sorted: number[]): string {
	const median = sorted[Math.floor(sorted.length / 2)];
	return [median, sorted[0], sorted.at(-1)].map((ms) => `${ms} ms`).join(' | ');
}
