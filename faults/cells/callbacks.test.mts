import { setTimeout as sleep } from 'node:timers/promises';
import type { INodeExecutionData } from 'n8n-workflow';
import { ImagenTrigger } from '../../nodes/Imagen/ImagenTrigger.node.ts';
import { rawProfile } from '../../sandbox/test/helpers/studio.mts';
import { activate } from '../../test/engine/index.ts';
import { byId } from '../../test/nodes/imagen.ts';
import { callFaults, titleOf, type CallFault } from '../called.mts';
import { keySeen, runOperation } from '../cell.mts';
import { record } from '../matrix.mts';
import { openReceiver } from '../receiver.mts';
import { compare, downloadOf } from '../stages.mts';
import { itemsOf, Studio, type Shoot } from '../studio.mts';

let studio: Studio;
beforeAll(async () => {
	studio = await Studio.open();
});
afterAll(async () => await studio.close());

describe.each([1, 50])('%i', (count) => {
	test.each(callFaults.map((fault) => [titleOf(fault, count), fault] as const))(
		'%s',
		async (_title, fault) => {
			const begin = performance.now();
			await studio.clear();
			await studio.control.set({ editSeconds: 0.3 });
			const shoot = await studio.uploadedShoot(count, 'REGULAR');
			const { runs, statuses } = await editWithCallback(shoot, fault);
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
				...(fault.name === 'forged' && !statuses.includes(401) ? ['a forged call was not refused'] : []),
				...keySeen(log),
				...(await compare(await runOperation(studio, operation, scene, false), shoot, made)),
			];
			const { edits, exports } = await studio.control.billing();
			record({
				flow: 'Callbacks to a trigger',
				call: 'callback',
				fault: fault.name,
				times: fault.times,
				photos: count,
				ms: Math.round(performance.now() - begin),
				outcome: fault.starts ? 'healed' : 'told',
				requests: statuses.length,
				edits,
				exports,
				problems,
			});
			expect(problems).toEqual([]);
			expect(edits).toBe(1);
		},
	);
});

/** Edits a shoot whose end a trigger waits to be called for: the runs that it starts, and how each call was answered. */
async function editWithCallback(shoot: Shoot, { rule }: CallFault) {
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
