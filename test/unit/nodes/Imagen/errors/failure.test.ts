import { connectionFailure, isBrokenConnection } from '../../../../../nodes/Imagen/api/connection';
import {
	isRetryable,
	isOutcomeUnknown,
	retryAfterMs,
	type Failure,
} from '../../../../../nodes/Imagen/errors/failure';
import { retryDelayMs } from '../../../../../nodes/Imagen/api/retry';

const answer = (statusCode: number, retryAfter?: number): Failure => ({
	kind: 'answer',
	statusCode,
	message: '',
	retryAfterMs: retryAfter,
});
const connection = (code: string): Failure => ({ kind: 'connection', code, message: '' });
const malformed: Failure = { kind: 'malformed', message: '' };

describe('whether another try may do better', () => {
	test.each([408, 429, 500, 502, 503, 504])('it may after %i', (statusCode) => {
		expect(isRetryable(answer(statusCode))).toBe(true);
	});

	test.each([301, 400, 401, 403, 404, 409, 422])('it will not after %i', (statusCode) => {
		expect(isRetryable(answer(statusCode))).toBe(false);
	});

	test.each(['ECONNRESET', 'ECONNREFUSED', 'ECONNABORTED', 'ENOTFOUND', ''])('it may after %j', (code) => {
		expect(isRetryable(connection(code))).toBe(true);
	});

	test.each(['CERT_HAS_EXPIRED', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'ERR_TLS_CERT_ALTNAME_INVALID', 'EPROTO'])(
		'a certificate does not heal: %s',
		(code) => {
			expect(isRetryable(connection(code))).toBe(false);
		},
	);

	test("it may after an answer that is not the API's", () => {
		expect(isRetryable(malformed)).toBe(true);
	});
});

describe('whether a paid request may have arrived', () => {
	test.each([
		answer(500),
		answer(504),
		answer(408),
		connection('ECONNRESET'),
		connection('ECONNABORTED'),
		malformed,
	])('it may after %j', (failure) => {
		expect(isOutcomeUnknown(failure)).toBe(true);
	});

	test.each([
		answer(400),
		answer(401),
		answer(404),
		answer(422),
		answer(429),
		connection('ECONNREFUSED'),
		connection('ENOTFOUND'),
		connection('CERT_HAS_EXPIRED'),
	])('it did not after %j', (failure) => {
		expect(isOutcomeUnknown(failure)).toBe(false);
	});
});

describe('the pause before another try', () => {
	test('doubles from try to try, up to half a minute', () => {
		const delays = [1, 2, 3, 4, 5, 6, 9].map((tryNumber) => retryDelayMs(tryNumber, answer(500)));
		expect(delays).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
	});

	test('is what the server asks for, within two minutes, but no less than its own', () => {
		expect(retryDelayMs(1, answer(429, 20_000))).toBe(20_000);
		expect(retryDelayMs(1, answer(429, 3_600_000))).toBe(120_000);
		expect(retryDelayMs(4, answer(429, 0))).toBe(8_000);
	});

	test.each([
		['7', 7_000],
		[7, 7_000],
		[' 0 ', 0],
		['Sun, 21 Jun 2026 10:00:30 GMT', 30_000],
		['Sun, 21 Jun 2026 09:00:00 GMT', 0],
		['soon', undefined],
		[undefined, undefined],
		[['7'], undefined],
	])('Retry-After %j asks for %j ms', (header, ms) => {
		expect(retryAfterMs(header, Date.parse('2026-06-21T10:00:00Z'))).toBe(ms);
	});
});

describe('a connection that failed', () => {
	test.each([
		['ECONNREFUSED', 'the server refused the connection'],
		['ENOTFOUND', 'the name of the server could not be looked up'],
		['ECONNABORTED', 'no answer came in time'],
		['ETIMEDOUT', 'no answer came in time'],
		['ERR_CANCELED', 'the execution was cancelled'],
		['CERT_HAS_EXPIRED', "the server's certificate is not to be trusted"],
		['ECONNRESET', 'the connection broke before the whole answer was there'],
	])('%s reads: %s', (code, message) => {
		expect(connectionFailure({ code })).toEqual({ kind: 'connection', code, message });
		expect(connectionFailure({ httpCode: code })).toEqual({ kind: 'connection', code, message });
	});

	test.each([[undefined], ['text'], [new Error('boom')], [{ code: 5 }]])('%p has no code', (thrown) => {
		expect(connectionFailure(thrown)).toMatchObject({ kind: 'connection', code: '' });
	});

	test('keeps nothing of the request that it came from', () => {
		const thrown = { code: 'ECONNRESET', message: 'GET https://x/?Signature=abc', config: { headers: {} } };
		expect(JSON.stringify(connectionFailure(thrown))).not.toContain('Signature');
	});

	test('a full disk is not a broken connection', () => {
		expect(isBrokenConnection({ code: 'ECONNRESET' })).toBe(true);
		expect(isBrokenConnection({ code: 'ENOSPC' })).toBe(false);
		expect(isBrokenConnection(new Error('boom'))).toBe(false);
	});
});

test('an error whose words were cut off is worth another try, and stands for nothing done', () => {
	const failure: Failure = { kind: 'answer', statusCode: 400, message: '', isCutShort: true };
	expect([isRetryable(failure), isOutcomeUnknown(failure)]).toEqual([true, false]);
});
