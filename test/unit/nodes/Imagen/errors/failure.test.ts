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

test.each([408, 429, 500, 502, 503, 504])(
	'a request that was answered with %i may be tried again',
	(statusCode) => {
		expect(isRetryable(answer(statusCode))).toBe(true);
	},
);

test.each([301, 400, 401, 403, 404, 409, 422])(
	'a request that was answered with %i is not tried again',
	(statusCode) => {
		expect(isRetryable(answer(statusCode))).toBe(false);
	},
);

test.each(['ECONNRESET', 'ECONNREFUSED', 'ECONNABORTED', 'ENOTFOUND', ''])(
	'a request that broke off with %j may be tried again',
	(code) => {
		expect(isRetryable(connection(code))).toBe(true);
	},
);

test.each(['CERT_HAS_EXPIRED', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'ERR_TLS_CERT_ALTNAME_INVALID', 'EPROTO'])(
	'a request that does not trust the certificate is not tried again: %s',
	(code) => {
		expect(isRetryable(connection(code))).toBe(false);
	},
);

test("a request with an answer that is not the API's may be tried again", () => {
	expect(isRetryable(malformed)).toBe(true);
});

test.each([
	answer(500),
	answer(504),
	answer(408),
	connection('ECONNRESET'),
	connection('ECONNABORTED'),
	malformed,
])('a paid request whose failure leaves it open may have arrived: %j', (failure) => {
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
])('a paid request that was refused, or never connected, did not arrive: %j', (failure) => {
	expect(isOutcomeUnknown(failure)).toBe(false);
});

test('the pause before another try doubles from try to try, up to half a minute', () => {
	const delays = [1, 2, 3, 4, 5, 6, 9].map((tryNumber) => retryDelayMs(tryNumber, answer(500)));
	expect(delays).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
});

test('the pause before another try is what the server asks for, within two minutes, but no less than its own', () => {
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

test.each([
	['ECONNREFUSED', 'the server refused the connection'],
	['ENOTFOUND', "the server's address could not be found"],
	['ECONNABORTED', 'the server did not answer in time'],
	['ETIMEDOUT', 'the server did not answer in time'],
	['ERR_CANCELED', 'the execution was cancelled'],
	['CERT_HAS_EXPIRED', "the server's certificate is not trusted"],
	['ECONNRESET', 'the connection broke before the whole answer arrived'],
])('a failed connection with the code %s is reported as: %s', (code, message) => {
	expect(connectionFailure({ code })).toEqual({ kind: 'connection', code, message });
	expect(connectionFailure({ httpCode: code })).toEqual({ kind: 'connection', code, message });
});

test.each([[undefined], ['text'], [new Error('boom')], [{ code: 5 }]])(
	'the failure %p has no code of a connection',
	(thrown) => {
		expect(connectionFailure(thrown)).toMatchObject({ kind: 'connection', code: '' });
	},
);

test('the error of a failed connection keeps nothing of the request that it came from', () => {
	const thrown = { code: 'ECONNRESET', message: 'GET https://x/?Signature=abc', config: { headers: {} } };
	expect(JSON.stringify(connectionFailure(thrown))).not.toContain('Signature');
});

test('a full disk is not reported as a broken connection', () => {
	expect(isBrokenConnection({ code: 'ECONNRESET' })).toBe(true);
	expect(isBrokenConnection({ code: 'ENOSPC' })).toBe(false);
	expect(isBrokenConnection(new Error('boom'))).toBe(false);
});

test('an error whose words were cut off is worth another try, and stands for nothing done', () => {
	const failure: Failure = { kind: 'answer', statusCode: 400, message: '', isTruncated: true };
	expect([isRetryable(failure), isOutcomeUnknown(failure)]).toEqual([true, false]);
});
