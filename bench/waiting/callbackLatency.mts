import { until, type Live, type Studio } from '../../test/e2e/helpers/studio.mts';
import { node, onRequest, tell, type TestNode } from '../../test/e2e/helpers/workflows.mts';

/** A parked execution. Imagen's callback for it has come, and is held back until it is delivered. */
export interface ParkedExecution {
	project: string;
	execution: string;
}

/** Long enough that an execution is parked before its edit ends, however busy the machine. */
const editSeconds = 30;
const startedAtOnce = 10;
const timeoutSeconds = 240;

/** Starts executions, each for a project of one photo. Returns once all are parked and have their callback. */
export async function park(studio: Studio, live: Live, size: number): Promise<ParkedExecution[]> {
	const parkedBefore = await studio.client.countExecutions('waiting');
	const parked: ParkedExecution[] = [];
	while (parked.length < size) {
		const length = Math.min(startedAtOnce, size - parked.length);
		parked.push(...(await Promise.all(Array.from({ length }, () => startOne(studio, live)))));
		const all = parkedBefore + parked.length;
		const areParked = async () => (await studio.client.countExecutions('waiting')) === all;
		await until(areParked, timeoutSeconds).catch(async () => await throwNotParked(studio, parked));
		if (parked.length % 100 === 0) process.stdout.write(`  ${parked.length} parked\n`);
	}
	for (const { project } of parked) await studio.called(project);
	return parked;
}

/** @throws Error that names the executions that are not parked */
async function throwNotParked(studio: Studio, parked: ParkedExecution[]): Promise<never> {
	const others: string[] = [];
	for (const { execution, project } of parked) {
		const { status, error } = await studio.client.execution(execution);
		if (status !== 'waiting') others.push(`${execution} of ${project}: ${error?.message ?? status}`);
	}
	throw new Error(`Not parked: ${others.join('; ') || 'unknown'}`);
}

async function startOne(studio: Studio, live: Live): Promise<ParkedExecution> {
	const project = await studio.project(editSeconds);
	studio.relay.hold(project);
	return { project, execution: await live.start(project) };
}

/** Delivers the callbacks, one after the other. @returns the milliseconds from each callback to the start of the node after Wait */
export async function deliverOneByOne(studio: Studio, parked: ParkedExecution[]): Promise<number[]> {
	const latencies: number[] = [];
	for (const { project, execution } of parked) {
		const [call] = studio.relay.callsFor(project);
		const called = Date.now();
		await studio.relay.deliver(call);
		const { runs } = await studio.client.executionEnd(execution);
		latencies.push(runs.Tell[0].startTime - called);
	}
	return latencies;
}

/** The same for n8n's own Wait node, which accepts every call without a check. */
export async function resumePlainWaits(studio: Studio, count: number): Promise<number[]> {
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
	for (let run = 0; run < count; run++) {
		const [execution, resumeUrl] = (await live.start()).split(' ');
		await studio.parked(execution);
		const { pathname, search } = new URL(resumeUrl);
		const called = Date.now();
		await fetch(studio.workbench.n8n.url + pathname + search, { method: 'POST' });
		const { runs } = await studio.client.executionEnd(execution);
		latencies.push(runs.Tell[0].startTime - called);
	}
	return latencies;
}
