/**
 * Why a request brought no good answer, in the terms that decide what happens next: may it be repeated, and could it have
 * changed something?
 *
 * - `answer`: the server answered, but not with 2xx. `message` is its own; of an answer that was cut short, it is missing.
 * - `connection`: no answer, or not the whole of it. `code` is the system's (`ECONNRESET`), empty if it gave none.
 * - `malformed`: a 2xx that is not what the contract says, such as a proxy's HTML page or half a JSON text.
 */
export type Failure =
	| { kind: 'answer'; statusCode: number; message: string; retryAfterMs?: number; isTruncated?: boolean }
	| { kind: 'connection'; code: string; message: string }
	| { kind: 'malformed'; message: string };

/** Codes of a connection that never came about, so that the server cannot have seen the request. */
const NEVER_CONNECTED = [
	'ECONNREFUSED',
	'ENOTFOUND',
	'EAI_AGAIN',
	'EHOSTUNREACH',
	'ENETUNREACH',
	'EADDRNOTAVAIL',
];

/** Codes of TLS that did not come about: a certificate does not heal within a retry. */
export function isUntrustedServer(code: string): boolean {
	return /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS|ERR_SSL|EPROTO/.test(code);
}

/** Whether the same request may do better a moment later. Says nothing on whether repeating it is safe. */
export function isRetryable(failure: Failure): boolean {
	switch (failure.kind) {
		case 'answer':
			return (
				failure.isTruncated === true ||
				failure.statusCode === 408 ||
				// S3 says so with 400.
				(failure.statusCode === 400 && /\bRequestTimeout\b/.test(failure.message)) ||
				failure.statusCode === 429 ||
				failure.statusCode >= 500
			);
		case 'connection':
			return !isUntrustedServer(failure.code);
		case 'malformed':
			return true;
	}
}

/** Whether the server asks for fewer requests: too many of them, or S3's `SlowDown`. */
export function isRateLimited(failure: Failure): boolean {
	return failure.kind === 'answer' && (failure.statusCode === 429 || failure.statusCode === 503);
}

/** Whether the request may have been carried out although it failed: the case in which a paid request is not repeated. */
export function isOutcomeUnknown(failure: Failure): boolean {
	switch (failure.kind) {
		case 'answer':
			return failure.statusCode === 408 || failure.statusCode >= 500;
		case 'connection':
			return !NEVER_CONNECTED.includes(failure.code) && !isUntrustedServer(failure.code);
		case 'malformed':
			return true;
	}
}

/** `Retry-After` in milliseconds: the header gives seconds or an HTTP date. Undefined when there is none to go by. */
export function retryAfterMs(header: unknown, now = Date.now()): number | undefined {
	if (typeof header !== 'string' && typeof header !== 'number') return undefined;
	const text = String(header).trim();
	if (/^\d+$/.test(text)) return Number(text) * 1000;
	const date = Date.parse(text);
	return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
