import { setTimeout as sleep } from 'node:timers/promises';
import type { INodeExecutionData } from 'n8n-workflow';
import { ImagenTrigger } from '../../nodes/Imagen/ImagenTrigger.node.ts';
import type { FaultRule } from '../../sandbox/control.mts';
import { rawProfile } from '../../sandbox/test/helpers/studio.mts';
import { activate } from '../../test/engine/index.ts';
import { byId } from '../../test/nodes/imagen.ts';
import { runOperation } from '../cell.mts';
import { record } from '../matrix.mts';
import { openReceiver } from '../receiver.mts';
import { compare } from '../stages.mts';
import { itemsOf, Studio, type Shoot } from '../studio.mts';

/** What may go wrong with a callback, and while the API is asked whether it is true. */
const faults: Array<[name: string, rule: FaultRule, starts: 0 | 1]> = [
	['early', { kind: 'callbackEarly', call: 'callback' }, 1],
	['late', { kind: 'callbackLate', call: 'callback', seconds: 0.2 }, 1],
	['doubled', { kind: 'callbackDoubled', call: 'callback' }, 1],
	['forged', { kind: 'callbackForged', call: 'callback' }, 1],
	['lost', { kind: 'callbackLost', call: 'callback' }, 0],
	['reset before the status', { kind: 'resetBefore', call: 'editStatus' }, 1],
	['503 for the status', { kind: 'status', status: 503, call: 'editStatus' }, 1],
	['HTML for the status', { kind: 'html', call: 'editStatus' }, 1],
	['unwrapped status', { kind: 'unwrapped', call: 'editStatus' }, 1],
	['401 for the status', { kind: 'status', status: 401, call: 'editStatus', times: 'always' }, 0],
];

let studio: Studio;
beforeAll(async () => {
	studio = await Studio.open();
});
afterAll(async () => await studio.close());

describe.each([
	[1, '1 photo'],
	[50, '50 photos'],
])('%i', (count, size) => {
	test.each(faults)(`%s, ${size}`, async (fault, rule, starts) => {
		const begin = performance.now();
		await studio.clear();
		await studio.control.set({ editSeconds: 0.3 });
		const shoot = await studio.uploadedShoot(count, 'REGULAR');
		const { runs, statuses } = await editWithCallback(shoot, rule);
		await studio.control.clearFaults();

		const made = await studio.customer.download(shoot.uuid);
		const { operation, scene } = downloadOf(shoot);
		const problems = [
			...(runs.length === starts ? [] : [`${runs.length} runs in place of ${starts}`]),
			...runs
				.flat()
				.filter(({ json }) => json.status !== 'Completed')
				.map(() => 'started too early'),
			...(fault === 'forged' && !statuses.includes(401) ? ['a forged call was not refused'] : []),
			...(await compare(await runOperation(studio, operation, scene, false), shoot, made)),
		];
		const { edits, exports } = await studio.control.billing();
		const outcome = starts === 1 ? 'healed' : 'told';
		const ms = Math.round(performance.now() - begin);
		const cell = { flow: 'Callbacks', call: 'callback', fault, times: 'once', photos: count } as const;
		record({ ...cell, ms, outcome, requests: statuses.length, edits, exports, problems });
		expect(problems).toEqual([]);
		expect(edits).toBe(1);
	});
});

/** Edits a shoot whose end a trigger waits to be called for: the runs that it starts, and how each call was answered. */
async function editWithCallback(shoot: Shoot, rule: FaultRule) {
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
		await editEnds();
		await sleep(500);
		await receiver.idle();
	} finally {
		await receiver.close();
	}
	const calls = (await studio.control.requests()).filter(({ to }) => to === 'callback');
	return { runs, statuses: calls.map(({ status }) => status) };
}

/** By the wall clock: that of the nodes runs ahead. */
async function editEnds(): Promise<void> {
	for (let look = 0; look < 1500; look++) {
		if ((await studio.control.projects())[0].edit_status === 'Completed') return;
		await sleep(20);
	}
}

/** Whatever became of the call: who asks gets the photos. */
const downloadOf = (shoot: Shoot) => ({
	operation: 'edit.download',
	scene: { parameters: { project: byId(shoot.uuid) }, items: itemsOf(shoot), subjects: [] },
});
