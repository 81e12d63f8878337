import type { INodeParameters } from 'n8n-workflow';
import { ImagenPollTrigger } from '../../nodes/Imagen/ImagenPollTrigger.node.ts';
import { advanceMinutes } from '../faults/quickTime.mts';
import { Testbed } from '../faults/testbed.mts';
import { activate, type ActiveTrigger } from '../support/engine/index.ts';

jest.setTimeout(120_000);

let testbed: Testbed;
beforeAll(async () => {
	testbed = await Testbed.open();
});
afterAll(async () => await testbed.close());

const DAY = 24 * 60;
const LOOK_BACK_DAYS = 30;
/** How many of the older projects were created on one day. */
const OLD_A_DAY = 50;

/** An account with 10,000 projects, of which so many were created and edited within the last 30 days. */
async function accountWith(recent: number): Promise<void> {
	await testbed.clear();
	for (let left = 10_000 - recent; left > 0; left -= OLD_A_DAY) {
		await testbed.control.createProjects(Math.min(left, OLD_A_DAY));
		advanceMinutes(DAY);
	}
	advanceMinutes(LOOK_BACK_DAYS * DAY);
	for (let number = 0; number < recent; number++) {
		await testbed.control.createProject({ name: `Shoot ${number}`, photos: ['IMG_1.NEF'], state: 'edited' });
		advanceMinutes((LOOK_BACK_DAYS * DAY) / (recent + 1));
	}
}

/** One look: how many items it gives, and how many requests it takes. */
async function look(trigger: ActiveTrigger) {
	await testbed.control.clearRequests();
	const items = await trigger.poll();
	return { items: items?.length ?? 0, requests: (await testbed.control.requests()).length };
}

const trigger = async (parameters: INodeParameters = {}) =>
	await activate({
		node: new ImagenPollTrigger(),
		parameters: { events: ['editCompleted', 'exportCompleted'], ...parameters },
		credentials: [testbed.credential],
	});

test.each([
	{ recent: 0, requests: 2, bytes: 1_000 },
	{ recent: 390, requests: 5, bytes: 30_000 },
	{ recent: 1_000, requests: 12, bytes: 50_000 },
])(
	'a look at 10,000 projects, of which $recent are younger than Look Back, takes at most $requests requests, and less than $bytes bytes in the workflow',
	async ({ recent, requests, bytes }) => {
		await accountWith(recent);
		const active = await trigger();
		const first = await look(active);
		expect(first.items).toBe(0);
		expect(first.requests).toBeLessThanOrEqual(requests);
		await testbed.control.createProject({ name: 'New', photos: ['IMG_1.NEF'], state: 'edited' });

		const later = await look(active);
		expect(later.items).toBe(1);
		expect(later.requests).toBeLessThanOrEqual(requests);
		expect(active.stored()?.length).toBeLessThan(bytes);
	},
);
