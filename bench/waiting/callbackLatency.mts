import { until } from '../../sandbox/until.mts';
import type { CallbackStudio, PublishedWorkflow } from '../../test/support/callbackStudio.mts';
import { node, onRequest, recordRun, type TestNode } from '../../test/support/n8n/workflowNodes.mts';

/** A paused execution. Imagen's callback for it has come, and is held back until it is delivered. */
export interface PausedExecution {
	project: string;
	execution: string;
}

/** Long enough that an execution is paused before its edit ends, however busy the machine. */
const editSeconds = 30;
const startedAtOnce = 10;
const timeoutSeconds = 240;

/** Starts executions, each for a project of one photo. Returns once all are paused and have their callback. */
export async function startPaused(
	studio: CallbackStudio,
	live: PublishedWorkflow,
	size: number,
): Promise<PausedExecution[]> {
	const pausedBefore = await studio.client.countExecutions('waiting');
	const paused: PausedExecution[] = [];
	while (paused.length < size) {
		const length = Math.min(startedAtOnce, size - paused.length);
		paused.push(...(await Promise.all(Array.from({ length }, () => startOne(studio, live)))));
		const all = pausedBefore + paused.length;
		const arePaused = async () => (await studio.client.countExecutions('waiting')) === all;
		await until(arePaused, { seconds: timeoutSeconds }).catch(
			async () => await throwNotPaused(studio, paused),
		);
		if (paused.length % 100 === 0) process.stdout.write(`  ${paused.length} paused\n`);
	}
	for (const { project } of paused) await studio.callbackReceived(project);
	return paused;
}

/** @throws Error that names the executions that are not paused */
async function throwNotPaused(studio: CallbackStudio, paused: PausedExecution[]): Promise<never> {
	const others: string[] = [];
	for (const { execution, project } of paused) {
		const { status, error } = await studio.client.execution(execution);
		if (status !== 'waiting') others.push(`${execution} of ${project}: ${error?.message ?? status}`);
	}
	throw new Error(`Not paused: ${others.join('; ') || 'unknown'}`);
}

async function startOne(studio: CallbackStudio, live: PublishedWorkflow): Promise<PausedExecution> {
	const project = await studio.newProject(editSeconds);
	studio.callbackProxy.hold(project);
	return { project, execution: await live.start(project) };
}

/** Delivers the callbacks, one after the other. @returns the milliseconds from each callback to the start of the node after Wait */
export async function deliverOneByOne(studio: CallbackStudio, paused: PausedExecution[]): Promise<number[]> {
	const latencies: number[] = [];
	for (const { project, execution } of paused) {
		const [call] = studio.callbackProxy.receivedFor(project);
		const called = Date.now();
		await studio.callbackProxy.deliver(call);
		const { runs } = await studio.client.executionEnd(execution);
		latencies.push(runs['Record Run'][0].startTime - called);
	}
	return latencies;
}

/** The same for n8n's own Wait node, which accepts every call without a check. */
export async function resumePlainWaits(studio: CallbackStudio, count: number): Promise<number[]> {
	const [request, respond] = onRequest('plain-wait');
	const nodes: TestNode[] = [
		request,
		{
			...respond,
			parameters: { ...respond.parameters, responseBody: '={{ $execution.id }} {{ $execution.resumeUrl }}' },
		},
		node('Wait', 'n8n-nodes-base.wait', 1.1, { resume: 'webhook', httpMethod: 'POST', options: {} }),
		recordRun(studio.recorder),
	];
	const live = await studio.publish(nodes);
	const latencies: number[] = [];
	for (let run = 0; run < count; run++) {
		const [execution, resumeUrl] = (await live.start()).split(' ');
		await studio.executionPaused(execution);
		const { pathname, search } = new URL(resumeUrl);
		const called = Date.now();
		await fetch(studio.n8n.url + pathname + search, { method: 'POST' });
		const { runs } = await studio.client.executionEnd(execution);
		latencies.push(runs['Record Run'][0].startTime - called);
	}
	return latencies;
}
