import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openCallbackStudio, type CallbackStudio } from '../../test/support/callbackStudio.mts';
import {
	imagen,
	onRequest,
	startEdit,
	recordRun,
	waitForEdit,
} from '../../test/support/n8n/workflowNodes.mts';
import { printStep } from '../../test/support/step.mts';
import { withMachine } from '../shared/machine.mts';
import { withUsageServer } from '../shared/processUsage.mts';
import { deliverOneByOne, resumePlainWaits, startPaused } from './callbackLatency.mts';
import { idleState, measurePausedExecutions, type PausedFigures } from './pausedExecutions.mts';
import { startPolledWaits, type PolledWaits } from './polledWaits.mts';
import { writeWaitingReport } from './waitingReport.mts';

const calls = 30;
const polls = 30;
/** EXECUTIONS=100 is enough to try it out. */
const executions = Number(process.env.EXECUTIONS ?? 1000);

export interface WaitingFigures {
	/** Milliseconds from a callback to the start of the node after Wait, while nothing else runs. */
	callback: number[];
	plainWait: number[];
	poll: PolledWaits;
	paused: PausedFigures;
}

/** Measures executions that wait for Imagen, and writes `bench/waiting.md`. */
export async function measureWaiting(): Promise<void> {
	const usageSocket = join(tmpdir(), `waiting-${process.pid}.sock`);
	const studio = await openCallbackStudio(withUsageServer(usageSocket), { plainResults: true });
	try {
		const [figures, machine] = await withMachine(() => measure(studio, usageSocket));
		await writeWaitingReport(figures, machine);
	} finally {
		await studio.close();
	}
}

async function measure(studio: CallbackStudio, usageSocket: string): Promise<WaitingFigures> {
	const pausing = await studio.publish([
		...onRequest('waiting'),
		startEdit(),
		waitForEdit(),
		recordRun(studio.recorder),
	]);
	const polling = await studio.publish([
		...onRequest('polling'),
		startEdit(),
		imagen('Wait', 'edit', 'wait', { waitBy: 'poll' }),
		recordRun(studio.recorder),
	]);
	const callback = await printStep(
		`${calls} callbacks`,
		async () => await deliverOneByOne(studio, await startPaused(studio, pausing, calls)),
	);
	const plainWait = await printStep(`${calls} calls to n8n's own Wait`, () =>
		resumePlainWaits(studio, calls),
	);
	const before = await idleState(studio, usageSocket);
	const { ended } = await printStep(`${polls} waits by poll`, () => startPolledWaits(studio, polling, polls));
	const paused = await printStep(`${executions} executions are paused meanwhile`, () =>
		startPaused(studio, pausing, executions),
	);
	const poll = await printStep('The polled edits end', () => ended);
	const pausedFigures = await printStep('The paused executions resume', () =>
		measurePausedExecutions(studio, { paused, before, deliveredOneByOne: calls, usageSocket }),
	);
	return { callback, plainWait, poll, paused: pausedFigures };
}
