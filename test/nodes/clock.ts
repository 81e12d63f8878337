/**
 * Time that passes only where the nodes pause. A test file takes it in place of `nodes/Imagen/api/pause`:
 * `jest.mock('.../pause', () => jest.requireActual('.../clock'))`.
 */

const START = '2026-06-21T10:00:00.000Z';

/** What keeps running as ever: n8n and the HTTP layer need it. Only the date stands still. */
const REAL: NonNullable<FakeTimers['doNotFake']> = [
	...(['hrtime', 'nextTick', 'performance', 'queueMicrotask', 'setImmediate', 'clearImmediate'] as const),
	...(['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] as const),
];

type FakeTimers = Exclude<Parameters<typeof jest.useFakeTimers>[0], undefined | { legacyFakeTimers: true }>;

/** The pauses of the test so far, in seconds. */
export const pauses: number[] = [];

/** The test's doubles of the nodes' pause: over at once, while the date moves on. */
export async function pause(ms: number, signal?: AbortSignal): Promise<void> {
	if (signal?.aborted) return;
	pauses.push(ms / 1000);
	jest.setSystemTime(Date.now() + ms);
}

/** How long the test has lasted, in minutes of the nodes' time. */
export function minutesPassed(): number {
	return (Date.now() - Date.parse(START)) / 60_000;
}

/** Lets each test of the file begin at the same moment, with no pauses yet. */
export function useClock(): void {
	beforeEach(() => {
		pauses.length = 0;
		jest.useFakeTimers({ now: Date.parse(START), doNotFake: REAL });
	});
	afterEach(() => jest.useRealTimers());
}
