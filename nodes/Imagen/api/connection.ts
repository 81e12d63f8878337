import { isUntrustedServer, type Failure } from '../errors/failure';
import { isRecord } from './answer';

/**
 * What an HTTP helper threw because no whole answer came. The system's code is in `code`, or, where n8n has wrapped the
 * error in its own, in `httpCode`. Nothing else is kept: the HTTP library's error holds headers and URL.
 */
export function connectionFailure(thrown: unknown): Failure {
	const code = codeOf(thrown);
	return { kind: 'connection', code, message: messageForCode(code) };
}

function codeOf(thrown: unknown): string {
	if (!isRecord(thrown)) return '';
	const code = thrown.code ?? thrown.httpCode;
	return typeof code === 'string' ? code : '';
}

function messageForCode(code: string): string {
	switch (code) {
		case 'ECONNREFUSED':
			return 'the server refused the connection';
		case 'ENOTFOUND':
		case 'EAI_AGAIN':
			return "the server's address could not be found";
		case 'ETIMEDOUT':
		case 'ECONNABORTED':
			return 'the server did not answer in time';
		case 'ERR_CANCELED':
			return 'the execution was cancelled';
		default:
			return isUntrustedServer(code)
				? "the server's certificate is not trusted"
				: 'the connection broke before the whole answer arrived';
	}
}

/** Whether an error is the HTTP library's own, which holds headers and URL: that of a cancelled request, for one. */
export function isHttpLibraryError(thrown: unknown): boolean {
	return isRecord(thrown) && (codeOf(thrown) === 'ERR_CANCELED' || thrown.config !== undefined);
}

/** Codes of a connection that broke while it was in use, as Node and the HTTP library give them. */
const BROKEN = [
	'ECONNRESET',
	'ECONNABORTED',
	'ETIMEDOUT',
	'EPIPE',
	'ERR_BAD_RESPONSE',
	'ERR_STREAM_PREMATURE_CLOSE',
];

/** Whether an error that came while an answer was read is the connection's, and not, say, that of a full disk. */
export function isBrokenConnection(thrown: unknown): boolean {
	return BROKEN.includes(codeOf(thrown));
}
