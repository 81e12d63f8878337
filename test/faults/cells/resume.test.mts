import { setTimeout as sleep } from 'node:timers/promises';
import { Imagen } from '../../../nodes/Imagen/Imagen.node.ts';
import { runWorkflow, type PausedExecution, type WorkflowResult } from '../../support/engine/index.ts';
import { waitingWorkflow } from '../../support/callbacks.ts';
import { NODE_TYPE } from '../../support/imagen.ts';
import { acceptedForgery, type CallbackFault } from '../callbackFaults.mts';
import { savedSecrets, runOperation } from '../cell.mts';
import { keyLeaks } from '../keyLeaks.mts';
import { callbackMatrix } from '../matrix.mts';
import { openCallbackReceiver } from '../../support/callbackReceiver.mts';
import { wrongOrLostFiles, downloadRun } from '../scenarios.mts';
import type { Shoot, Testbed } from '../testbed.mts';
import { reportedErrors } from '../reportedErrors.mts';

const expectation = ({ outcomeForWait }: CallbackFault) =>
	outcomeForWait === 'recovered'
		? 'a paused execution resumes once, the photos can be downloaded,'
		: 'a paused execution resumes once with an error, the photos can be downloaded later,';

callbackMatrix('Callbacks to a paused execution', expectation, async (testbed, fault, photos) => {
	// Long enough for the execution to be paused before the edit ends.
	await testbed.control.set({ editSeconds: 2 });
	const shoot = await testbed.uploadedShoot(photos, 'REGULAR');
	const { runs, statuses } = await editAndWait(testbed, shoot, fault);

	const { operation, prepared } = downloadRun(shoot);
	const first = await runOperation(testbed, operation, prepared, false);
	const log = await testbed.control.requests();
	await testbed.control.clearFaults();
	const generated = await testbed.client.download(shoot.uuid);
	const outcome = reportedErrors(first).length > 0 ? 'reported' : 'recovered';
	const later = outcome === 'reported' ? await runOperation(testbed, operation, prepared, false) : first;
	const problems = [
		...(outcome === fault.outcomeForWait ? [] : [`${outcome} instead of ${fault.outcomeForWait}`]),
		...(runs.length === 1 ? [] : [`resumed ${runs.length} times`]),
		...runs.flatMap((run) => tooEarly(run)),
		...runs.flatMap((run) => savedSecrets(run)),
		...acceptedForgery(fault, statuses),
		...keyLeaks(log),
		...(await wrongOrLostFiles(first, shoot, generated)),
		...(await wrongOrLostFiles(later, shoot, generated)),
		...reportedErrors(later).map(({ message }) => `run again: ${message}`),
	];
	return { outcome, requests: statuses.length, problems };
});

/**
 * Starts an edit and pauses until it is done: the runs that followed, and the status that each callback was answered with.
 * Callbacks are handed over once the execution is paused; where none resumes it, the limit of the wait does.
 */
async function editAndWait(testbed: Testbed, shoot: Shoot, { rule }: CallbackFault) {
	const runs: WorkflowResult[] = [];
	let resolvePaused: (paused: PausedExecution) => void = () => {};
	const paused = new Promise<PausedExecution>((resolve) => (resolvePaused = resolve));
	const receiver = await openCallbackReceiver(async ({ path, body }) => {
		const call = { url: `${receiver.origin}${path}`, body };
		const { answer, resumed } = await (await paused).call(call);
		if (resumed) runs.push(resumed);
		return answer?.statusCode ?? 204;
	});
	try {
		const atCallback = rule.call === 'callback';
		if (atCallback) await testbed.control.addFaults(rule);
		const { paused: execution, error } = await runWorkflow(waitingWorkflow({ whenFinished: 'resume' }, {}), {
			nodeTypes: { [NODE_TYPE]: new Imagen() },
			credentials: [testbed.credential],
			items: [{ json: { project_uuid: shoot.uuid } }],
			n8nUrl: receiver.origin,
		});
		expect(error).toBeUndefined();
		if (!atCallback) await testbed.control.addFaults(rule);
		resolvePaused(execution!);
		await testbed.editEnds();
		await sleep(500);
		await receiver.idle();
		if (runs.length === 0) runs.push(await execution!.passLimit());
	} finally {
		await receiver.close();
	}
	const calls = (await testbed.control.requests()).filter(({ to }) => to === 'callback');
	return { runs, statuses: calls.map(({ status }) => status) };
}

/** Wait's output is the end, an error, or (at the limit) its input, which says that the edit was sent. */
function tooEarly(run: WorkflowResult): string[] {
	return run
		.output('Next')
		.flat()
		.filter(({ json }) => json.status === 'In Progress' && json.sent === undefined)
		.map(() => 'resumed too early');
}
