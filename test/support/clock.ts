/** When each test begins. */
const START = '2026-06-21T10:00:00.000Z';

/** The pauses of the test so far, in seconds. */
export const pauses: number[] = [];

/**
 * The stand-in for `nodes/Imagen/api/pause`, over at once while the date moves on. A test file takes it with
 * `jest.mock('.../pause', () => jest.requireActual('.../clock'))`.
 */
export async function pause(ms: number, signal?: AbortSignal): Promise<void> {
	if (signal?.aborted) return;
	pauses.push(ms / 1000);
	jest.setSystemTime(Date.now() + ms);
}

/** How long the test has lasted by the nodes' clock, in minutes. */
export function minutesPassed(): number {
	return (Date.now() - Date.parse(START)) / 60_000;
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
