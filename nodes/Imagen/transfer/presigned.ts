import { createHash } from 'crypto';
import type { IDataObject, IHttpRequestOptions, IN8nHttpFullResponse } from 'n8n-workflow';

import { errorMessageFrom } from '../api/answer';
import { connectionFailure } from '../api/connection';
import { ImagenApiError } from '../errors/imagenErrors';
import { retryAfterMs, type Failure } from '../errors/failure';
import { cancelSignalOf } from '../api/request';
import { IDLE_TIMEOUT_MS } from '../api/timeouts';
import type { FileContext } from '../api/types';
import type { ByteStream } from './byteStream';
import { withIdleTimeout } from './idleTimeout';
import { announcedBy, type Announced } from './integrity';

/** How many files are on their way at the same time, unless the user sets it. */
export const PARALLEL_TRANSFERS = 5;

/** Requests to the storage behind presigned links go without credential: the link is the permission. */
async function requestStorage(
	context: FileContext,
	purpose: string,
	options: IHttpRequestOptions,
	stop?: AbortSignal,
): Promise<IN8nHttpFullResponse> {
	return await context.helpers
		.httpRequest({
			...options,
			timeout: IDLE_TIMEOUT_MS,
			returnFullResponse: true,
			ignoreHttpStatusErrors: true,
			// Followed redirects make the HTTP layer keep the whole body in memory. S3 does not redirect presigned requests.
			disableFollowRedirect: true,
			abortSignal: anyOf(cancelSignalOf(context), stop),
		})
		.catch((error: unknown) => {
			throw storageError(context, purpose, connectionFailure(error));
		});
}

function anyOf(...signals: Array<AbortSignal | undefined>): AbortSignal | undefined {
	const given = signals.filter((signal) => signal !== undefined);
	return given.length > 1 ? AbortSignal.any(given) : given[0];
}

/**
 * Sends a file to a presigned link, with the exact length (S3 refuses chunked bodies) and an empty Content-Type (it is
 * part of the signature).
 *
 * @throws ImagenApiError when the storage did not take it
 */
export async function putFile(
	context: FileContext,
	link: string,
	file: {
		/** Completes "Imagen AI could not ...", for the error. */
		purpose: string;
		bytes: number;
		body: ByteStream | Buffer;
		/** Base64 of the digest, where the link was signed with it. */
		md5?: string;
	},
): Promise<void> {
	const { purpose } = file;
	const answer = await requestStorage(context, purpose, {
		method: 'PUT',
		url: link,
		body: file.body as IHttpRequestOptions['body'],
		headers: {
			'Content-Type': '',
			'Content-Length': file.bytes,
			...(file.md5 && { 'Content-MD5': file.md5 }),
		},
	});
	if (!isSuccess(answer)) throw refused(context, purpose, answer, answer.body);
}

/**
 * Opens the file behind a presigned link.
 *
 * @returns its bytes as they come, what the storage announces of them, and the digest of what has come
 * @throws ImagenApiError when the storage does not give it
 */
export async function getFile(
	context: FileContext,
	link: string,
	fileName: string,
): Promise<{ body: ByteStream; announced: Announced; md5: () => string | undefined }> {
	const purpose = downloadOf(fileName);
	const idle = new AbortController();
	// Compressed on the way, the length of the answer would not be that of the file.
	const headers = { 'Accept-Encoding': 'identity' };
	const options = { method: 'GET', url: link, encoding: 'stream', headers } as const;
	const answer = await requestStorage(context, purpose, options, idle.signal);
	const announced = announcedBy(answer);
	// Only if there is something to compare it with: it takes up to a quarter of the processor's work with a download.
	const hash = announced.md5 === undefined ? undefined : createHash('md5');
	const body = withIdleTimeout(
		answer.body as ByteStream,
		() => idle.abort(),
		(chunk) => hash?.update(chunk),
	);
	if (!isSuccess(answer)) throw refused(context, purpose, answer, await firstText(body));
	return { body, announced, md5: () => hash?.digest('hex') };
}

/** The error for a file that broke off on its way here. */
export function truncatedDownloadError(
	context: FileContext,
	fileName: string,
	words: string,
): ImagenApiError {
	return storageError(context, downloadOf(fileName), { kind: 'connection', code: '', message: words });
}

const downloadOf = (fileName: string) => `download '${fileName}'`;

const isSuccess = ({ statusCode }: IN8nHttpFullResponse) => statusCode >= 200 && statusCode <= 299;

function refused(context: FileContext, purpose: string, answer: IN8nHttpFullResponse, body: unknown) {
	return storageError(context, purpose, {
		kind: 'answer',
		statusCode: answer.statusCode,
		message: errorMessageFrom(body, answer.statusCode),
		retryAfterMs: retryAfterMs((answer.headers as IDataObject)['retry-after']),
	});
}

/** Storage speaks of links and signatures, which nobody can set right in the panel. */
function storageError(context: FileContext, purpose: string, failure: Failure): ImagenApiError {
	const nextStep =
		failure.kind === 'answer' && failure.statusCode < 500
			? "Imagen's storage refused the link it had given. Run the node again; if it stays, check whether a proxy or firewall changes requests on their way out."
			: undefined;
	return new ImagenApiError(context.getNode(), purpose, failure, { nextStep });
}

const MOST_ERROR_TEXT_BYTES = 4_096;

/** The beginning of an error's body; S3 says what is wrong within the first lines. */
async function firstText(body: ByteStream): Promise<string> {
	const chunks: Buffer[] = [];
	let bytes = 0;
	try {
		for await (const chunk of body) {
			chunks.push(Buffer.from(chunk));
			bytes += chunk.length;
			if (bytes >= MOST_ERROR_TEXT_BYTES) break;
		}
	} catch {
		// The status has said enough.
	}
	return Buffer.concat(chunks).toString();
}
