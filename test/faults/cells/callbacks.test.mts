import { setTimeout as sleep } from 'node:timers/promises';
import type { INodeExecutionData } from 'n8n-workflow';
import { ImagenTrigger } from '../../../nodes/Imagen/ImagenTrigger.node.ts';
import { rawProfile } from '../../../sandbox/sandboxClient.mts';
import { activate } from '../../support/engine/index.ts';
import { byId } from '../../support/imagen.ts';
import { acceptedForgery, type CallbackFault } from '../callbackFaults.mts';
import { runOperation } from '../cell.mts';
import { keyLeaks } from '../keyLeaks.mts';
import { callbackMatrix } from '../matrix.mts';
import { openCallbackReceiver } from '../../support/callbackReceiver.mts';
import { wrongOrLostFiles, downloadRun } from '../scenarios.mts';
import { itemsOf, type Shoot, type Testbed } from '../testbed.mts';

const expectation = ({ startsTrigger }: CallbackFault) =>
	startsTrigger ? 'the trigger starts its workflow once' : 'the trigger starts no workflow';

callbackMatrix('Callbacks to a trigger', expectation, async (testbed, fault, photos) => {
	await testbed.control.set({ editSeconds: 0.3 });
	const shoot = await testbed.uploadedShoot(photos, 'REGULAR');
	const { runs, statuses } = await editWithCallback(testbed, shoot, fault);
	const log = await testbed.control.requests();
	await testbed.control.clearFaults();

	const generated = await testbed.client.download(shoot.uuid);
	const { operation, prepared } = downloadRun(shoot);
	const problems = [
		...(runs.length === Number(fault.startsTrigger) ? [] : [`${runs.length} runs`]),
		...runs
			.flat()
			.filter(({ json }) => json.status !== 'Completed')
			.map(() => 'started too early'),
		...acceptedForgery(fault, statuses),
		...keyLeaks(log),
		...(await wrongOrLostFiles(await runOperation(testbed, operation, prepared, false), shoot, generated)),
	];
	return { outcome: fault.startsTrigger ? 'recovered' : 'reported', requests: statuses.length, problems };
});

/** Edits a shoot with a callback to a trigger: the runs that it starts, and the status that each callback was answered with. */
async function editWithCallback(testbed: Testbed, shoot: Shoot, { rule }: CallbackFault) {
	const trigger = await activate({
		node: new ImagenTrigger(),
		parameters: { events: ['editCompleted', 'editFailed'] },
		credentials: [testbed.credential],
	});
	const runs: INodeExecutionData[][] = [];
	const receiver = await openCallbackReceiver(async ({ path, body }) => {
		const { answer, items } = await trigger.call({ url: `${receiver.origin}${path}`, body });
		if (items) runs.push(items);
		return answer?.statusCode ?? 204;
	});
	try {
		const atCallback = rule.call === 'callback';
		if (atCallback) await testbed.control.addFaults(rule);
		const parameters = {
			project: byId(shoot.uuid),
			profile: byId(rawProfile),
			whenFinished: 'notifyUrl',
			callbackUrl: `${receiver.origin}/webhook/imagen`,
		};
		const prepared = { parameters, items: itemsOf(shoot), subjects: [] };
		expect((await runOperation(testbed, 'edit.start', prepared, false)).error).toBeUndefined();
		if (!atCallback) await testbed.control.addFaults(rule);
		await testbed.editEnds();
		await sleep(500);
		await receiver.idle();
	} finally {
		await receiver.close();
	}
	const calls = (await testbed.control.requests()).filter(({ to }) => to === 'callback');
	return { runs, statuses: calls.map(({ status }) => status) };
}
