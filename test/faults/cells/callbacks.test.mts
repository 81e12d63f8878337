import { setTimeout as sleep } from 'node:timers/promises';
import type { INodeExecutionData } from 'n8n-workflow';
import { ImagenTrigger } from '../../../nodes/Imagen/ImagenTrigger.node.ts';
import { rawProfile } from '../../../sandbox/test/helpers/studio.mts';
import { activate } from '../../support/engine/index.ts';
import { byId } from '../../support/imagen.ts';
import { notRefused, type CallFault } from '../called.mts';
import { keySeen, runOperation } from '../cell.mts';
import { callMatrix } from '../matrix.mts';
import { openReceiver } from '../receiver.mts';
import { compare, downloadOf } from '../stages.mts';
import { itemsOf, type Shoot, type Studio } from '../studio.mts';

callMatrix('Callbacks to a trigger', async (studio, fault, photos) => {
	await studio.control.set({ editSeconds: 0.3 });
	const shoot = await studio.uploadedShoot(photos, 'REGULAR');
	const { runs, statuses } = await editWithCallback(studio, shoot, fault);
	const log = await studio.control.requests();
	await studio.control.clearFaults();

	const made = await studio.customer.download(shoot.uuid);
	const { operation, scene } = downloadOf(shoot);
	const problems = [
		...(runs.length === Number(fault.starts) ? [] : [`${runs.length} runs`]),
		...runs
			.flat()
			.filter(({ json }) => json.status !== 'Completed')
			.map(() => 'started too early'),
		...notRefused(fault, statuses),
		...keySeen(log),
		...(await compare(await runOperation(studio, operation, scene, false), shoot, made)),
	];
	return { outcome: fault.starts ? 'healed' : 'told', requests: statuses.length, problems };
});

/** Edits a shoot whose end a trigger waits to be called for: the runs that it starts, and how each call was answered. */
async function editWithCallback(studio: Studio, shoot: Shoot, { rule }: CallFault) {
	const trigger = await activate({
		node: new ImagenTrigger(),
		parameters: { events: ['editCompleted', 'editFailed'] },
		credentials: [studio.credential],
	});
	const runs: INodeExecutionData[][] = [];
	const receiver = await openReceiver(async (call) => {
		const { answer, items } = await trigger.call(call);
		if (items) runs.push(items);
		return answer;
	});
	try {
		const atCallback = rule.call === 'callback';
		if (atCallback) await studio.control.addFaults(rule);
		const parameters = {
			project: byId(shoot.uuid),
			profile: byId(rawProfile),
			whenFinished: 'callUrl',
			callbackUrl: `${receiver.origin}/webhook/imagen`,
		};
		const scene = { parameters, items: itemsOf(shoot), subjects: [] };
		expect((await runOperation(studio, 'edit.start', scene, false)).error).toBeUndefined();
		if (!atCallback) await studio.control.addFaults(rule);
		await studio.editEnds();
		await sleep(500);
		await receiver.idle();
	} finally {
		await receiver.close();
	}
	const calls = (await studio.control.requests()).filter(({ to }) => to === 'callback');
	return { runs, statuses: calls.map(({ status }) => status) };
}
