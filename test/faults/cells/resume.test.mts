import { setTimeout as sleep } from 'node:timers/promises';
import { Imagen } from '../../../nodes/Imagen/Imagen.node.ts';
import { runWorkflow, type ParkedExecution, type WorkflowResult } from '../../support/engine/index.ts';
import { waitingWorkflow } from '../../support/callbacks.ts';
import { NODE_TYPE } from '../../support/imagen.ts';
import { notRefused, type CallFault } from '../called.mts';
import { keySeen, leaks, runOperation } from '../cell.mts';
import { callMatrix } from '../matrix.mts';
import { openReceiver } from '../receiver.mts';
import { compare, downloadOf } from '../stages.mts';
import type { Shoot, Studio } from '../studio.mts';
import { toldBy } from '../told.mts';

callMatrix('Callbacks to a parked Wait', async (studio, fault, photos) => {
	// Long enough to be parked before it ends.
	await studio.control.set({ editSeconds: 2 });
	const shoot = await studio.uploadedShoot(photos, 'REGULAR');
	const { runs, statuses } = await editAndPark(studio, shoot, fault);

	const { operation, scene } = downloadOf(shoot);
	const first = await runOperation(studio, operation, scene, false);
	const log = await studio.control.requests();
	await studio.control.clearFaults();
	const made = await studio.customer.download(shoot.uuid);
	const outcome = toldBy(first).length > 0 ? 'told' : 'healed';
	const later = outcome === 'told' ? await runOperation(studio, operation, scene, false) : first;
	const problems = [
		...(outcome === fault.resumes ? [] : [`${outcome} in place of ${fault.resumes}`]),
		...(runs.length === 1 ? [] : [`went on ${runs.length} times`]),
		...runs.flatMap((run) => tooEarly(run)),
		...runs.flatMap((run) => leaks(run)),
		...notRefused(fault, statuses),
		...keySeen(log),
		...(await compare(first, shoot, made)),
		...(await compare(later, shoot, made)),
		...toldBy(later).map(({ message }) => `run again: ${message}`),
	];
	return { outcome, requests: statuses.length, problems };
});

/**
 * Starts the edit of a shoot and parks until it is done: how the workflow went on, and how each call was answered. Calls are
 * handed over once it is parked; where none makes it go on, the limit of the wait does.
 */
async function editAndPark(studio: Studio, shoot: Shoot, { rule }: CallFault) {
	const runs: WorkflowResult[] = [];
	let parkedAt: (parked: ParkedExecution) => void = () => {};
	const parking = new Promise<ParkedExecution>((resolve) => (parkedAt = resolve));
	const receiver = await openReceiver(async (call) => {
		const { answer, resumed } = await (await parking).call(call);
		if (resumed) runs.push(resumed);
		return answer;
	});
	try {
		const atCallback = rule.call === 'callback';
		if (atCallback) await studio.control.addFaults(rule);
		const { parked, error } = await runWorkflow(waitingWorkflow({ whenFinished: 'resume' }, {}), {
			nodeTypes: { [NODE_TYPE]: new Imagen() },
			credentials: [studio.credential],
			items: [{ json: { project_uuid: shoot.uuid } }],
			n8nUrl: receiver.origin,
		});
		expect(error).toBeUndefined();
		if (!atCallback) await studio.control.addFaults(rule);
		parkedAt(parked!);
		await studio.editEnds();
		await sleep(500);
		await receiver.idle();
		if (runs.length === 0) runs.push(await parked!.passLimit());
	} finally {
		await receiver.close();
	}
	const calls = (await studio.control.requests()).filter(({ to }) => to === 'callback');
	return { runs, statuses: calls.map(({ status }) => status) };
}

/** What Wait hands on is the end, an error, or (at the limit) its input, which says that the edit was sent. */
function tooEarly(run: WorkflowResult): string[] {
	return run
		.output('Next')
		.flat()
		.filter(({ json }) => json.status === 'In Progress' && json.sent === undefined)
		.map(() => 'went on too early');
}
