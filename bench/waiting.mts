import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openCallbackStudio } from '../test/support/callbackStudio.mts';
import { imagen, onRequest, startEdit, recordRun, waitForEdit } from '../test/support/n8n/workflowNodes.mts';
import { printStep } from '../test/support/step.mts';
import { onThisMachine } from './machine.mts';
import { probed } from './throughput/probe.mts';
import { callOneByOne, callPlainWaits, park } from './waiting/callbacks.mts';
import { atRest, measureCrowd, type Crowd } from './waiting/parkedExecutions.mts';
import { startPolls, type Polls } from './waiting/polls.mts';
import { writeReport } from './waiting/report.mts';
import { exitAtSignals } from '../test/support/terminal.mts';

exitAtSignals();

const calls = 30;
const polls = 30;
/** EXECUTIONS=100 is enough to try it out. */
const executions = Number(process.env.EXECUTIONS ?? 1000);

export interface Figures {
	/** Milliseconds from a call to the start of the node after Wait, with nothing else going on. */
	callback: number[];
	plainWait: number[];
	poll: Polls;
	crowd: Crowd;
}

const probe = join(tmpdir(), `waiting-${process.pid}.sock`);
const studio = await openCallbackStudio(probed(probe), { plainResults: true });
try {
	const [figures, machine] = await onThisMachine(measure);
	await writeReport(figures, machine);
} finally {
	await studio.close();
}

async function measure(): Promise<Figures> {
	const parking = await studio.publish([
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
		async () => await callOneByOne(studio, await park(studio, parking, calls)),
	);
	const plainWait = await printStep(`${calls} calls to n8n's own Wait`, () => callPlainWaits(studio, calls));
	const before = await atRest(studio, probe);
	const { ended } = await printStep(`${polls} waits by poll`, () => startPolls(studio, polling, polls));
	const parked = await printStep(`${executions} executions are parked meanwhile`, () =>
		park(studio, parking, executions),
	);
	const poll = await printStep('The polled edits end', () => ended);
	const crowd = await printStep('What is parked goes on', () =>
		measureCrowd(studio, { parked, before, calledOneByOne: calls, probe }),
	);
	return { callback, plainWait, poll, crowd };
}
