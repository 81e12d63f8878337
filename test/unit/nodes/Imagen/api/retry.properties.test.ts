import fc from 'fast-check';

import { retryAfterMs, type Failure } from '../../../../../nodes/Imagen/errors/failure';
import { retryDelayMs } from '../../../../../nodes/Imagen/api/retry';
import { pollIntervalMs } from '../../../../../nodes/Imagen/jobs/poll';

const answer = (retryAfter?: number): Failure => ({
	kind: 'answer',
	statusCode: 503,
	message: '',
	retryAfterMs: retryAfter,
});

const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const tryNumber = fc.integer({ min: 1, max: 1000 });

test('pauses between tries grow, and end at 30 to 45 seconds', () => {
	fc.assert(
		fc.property(tryNumber, random, (number, share) => {
			const pause = retryDelayMs(number, answer(), share);
			expect(pause).toBeGreaterThanOrEqual(1_000);
			expect(pause).toBeLessThanOrEqual(45_000);
			expect(retryDelayMs(number + 1, answer(), share)).toBeGreaterThanOrEqual(pause);
		}),
	);
});

test('what was refused at the same instant is not tried again at the same instant', () => {
	const delays = [0, 0.25, 0.5, 0.75].map((share) => retryDelayMs(1, answer(), share));
	expect(delays).toEqual([1_000, 1_125, 1_250, 1_375]);
	expect(retryDelayMs(1, answer(60_000), 0.5)).toBeGreaterThan(60_000);
});

test('Retry-After is waited for, up to two minutes and a bit, and never shortens a pause', () => {
	fc.assert(
		fc.property(tryNumber, fc.nat(1e9), random, (number, asked, share) => {
			const pause = retryDelayMs(number, answer(asked), share);
			expect(pause).toBeGreaterThanOrEqual(Math.min(asked, 120_000));
			expect(pause).toBeGreaterThanOrEqual(retryDelayMs(number, answer(), share));
			expect(pause).toBeLessThanOrEqual(135_000);
		}),
	);
});

test('whatever Retry-After holds, it is read as a time to wait or as nothing', () => {
	const header = fc.oneof(
		fc.string(),
		fc.nat().map(String),
		fc.date({ noInvalidDate: true }).map((date) => date.toUTCString()),
		fc.anything(),
	);
	fc.assert(
		fc.property(header, (value) => {
			const ms = retryAfterMs(value);
			if (ms === undefined) return;
			expect(ms).toBeGreaterThanOrEqual(0);
			expect(retryDelayMs(1, answer(ms), 0)).toBeLessThanOrEqual(120_000);
		}),
		{ numRuns: 2000 },
	);
});

test('checks of a status grow rarer, down to one a minute', () => {
	fc.assert(
		fc.property(tryNumber, (look) => {
			const interval = pollIntervalMs(look);
			expect(interval).toBeGreaterThanOrEqual(5_000);
			expect(interval).toBeLessThanOrEqual(60_000);
			expect(pollIntervalMs(look + 1)).toBeGreaterThanOrEqual(interval);
		}),
	);
});
