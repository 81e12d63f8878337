/**
 * The one stand-in for the pause of the nodes. Jest loads this file before each test file (`setupFilesAfterEnv`), so that no
 * test waits: a pause is noted, and the clock moves on by as much.
 */

/** When each test begins. */
const START = '2026-06-21T10:00:00.000Z';

/** The pauses of the nodes so far, in seconds. */
export const pauses: number[] = [];

// How long a test takes is no promise of the nodes: a busy machine with two cores needs its time for a thousand items.
jest.setTimeout(30_000);

let passTime = (ms: number): unknown => jest.setSystemTime(Date.now() + ms);

/** Has time pass in another way during a pause. */
export function passTimeBy(pass: (ms: number) => unknown): void {
	passTime = pass;
}

jest.mock('../../nodes/Imagen/api/pause', () => ({
	async pause(ms: number, signal?: AbortSignal): Promise<void> {
		if (signal?.aborted) return;
		pauses.push(ms / 1000);
		await passTime(ms);
	},
}));

let randomShare = (): number => 0;

/** Has pauses be made longer by these shares, from 0 up to 1; by nothing if it is not called. */
export function jitterBy(random: () => number): void {
	randomShare = random;
}

jest.mock('../../nodes/Imagen/api/jitter', () => ({ jitter: () => randomShare() }));

/** How long the test has lasted by the nodes' clock, in minutes. */
export function minutesPassed(): number {
	return (Date.now() - Date.parse(START)) / 60_000;
}

/** Lets everything else that is under way have a turn. */
export async function settled(): Promise<void> {
	// eslint-disable-next-line @n8n/community-nodes/no-restricted-globals -- the event loop is that of the test, not of n8n
	await new Promise((resolve) => setImmediate(resolve));
}

/** Lets time pass only where the nodes pause; n8n and the HTTP layer keep their own timers. */
export function useClock(): void {
	beforeEach(() => {
		pauses.length = 0;
		jest.useFakeTimers({
			now: Date.parse(START),
			doNotFake: [
				...([
					'hrtime',
					'nextTick',
					'performance',
					'queueMicrotask',
					'setImmediate',
					'clearImmediate',
				] as const),
				...(['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] as const),
			],
		});
	});
	afterEach(() => jest.useRealTimers());
}
