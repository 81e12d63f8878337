import { setTimeout as sleep } from 'node:timers/promises';
import { advanceMinutes } from '../faults/quickTime.mts';
import { passTimeBy } from '../support/clock.ts';

// An edit is waited for through hours: enough of a pause is real for the sandbox to get on with its work, and no more.
passTimeBy(async (ms) => {
	advanceMinutes(ms / 60_000);
	await sleep(Math.min(ms / 1000, 30));
});
