import { createHash, type Hash } from 'crypto';
import type { IDataObject, IHttpRequestOptions, IN8nHttpFullResponse } from 'n8n-workflow';

import { connectionFailure } from '../api/connection';
import type { FileContext } from '../api/types';
import type { ImagenApiError } from '../errors/imagenErrors';
import { withIdleTimeout } from './idleTimeout';
import { expectedFileOf, type ExpectedFile } from './integrity';
import { isSuccess, refusalError, requestWithoutCredential, storageError } from './storage';
import type { ByteStream } from './streams';

/**
 * Opens the file behind a presigned link.
 *
 * @returns its bytes as they come, what the storage says to expect, and the digest of what has come
 * @throws ImagenApiError when the storage does not give it
 */
export async function getFile(
	context: FileContext,
	link: string,
	fileName: string,
): Promise<{ body: ByteStream; expected: ExpectedFile; md5: () => string | undefined }> {
	const purpose = downloadOf(fileName);
	let hash: Hash | undefined;
	const onChunk = (chunk: Buffer) => hash?.update(chunk);
	const { answer, body } = await openUrl(context, link, { onChunk }).catch((error: unknown) => {
		throw storageError(context, purpose, connectionFailure(error));
	});
	const expected = expectedFileOf(answer);
	// Only if there is something to compare it with: it takes up to a quarter of the processor's work with a download.
	if (expected.md5 !== undefined) hash = createHash('md5');
	if (!isSuccess(answer)) throw refusalError(context, purpose, answer, await firstText(body));
	return { body, expected, md5: () => hash?.digest('hex') };
}

/** An answer whose body is read as it comes. */
export interface OpenedFile {
	answer: IN8nHttpFullResponse;
	body: ByteStream;
}

/**
 * Opens what is behind a link, which is the permission.
 *
 * @param onChunk is shown what passes
 * @throws what n8n throws when no answer came; what the answer says is for the caller to judge
 */
export async function openUrl(
	context: FileContext,
	url: string,
	{ headers = {}, onChunk = () => {} }: { headers?: IDataObject; onChunk?: (chunk: Buffer) => void },
): Promise<OpenedFile> {
	const idle = new AbortController();
	const options: IHttpRequestOptions = {
		method: 'GET',
		url,
		encoding: 'stream',
		// Compressed on the way, the length of the answer would not be that of the file.
		headers: { 'Accept-Encoding': 'identity', ...headers },
	};
	const answer = await requestWithoutCredential(context, options, idle.signal);
	return { answer, body: withIdleTimeout(answer.body as ByteStream, () => idle.abort(), onChunk) };
}

/** The error for a file that did not arrive whole. @param message says what is missing */
export function truncatedDownloadError(
	context: FileContext,
	fileName: string,
	message: string,
): ImagenApiError {
	return storageError(context, downloadOf(fileName), { kind: 'connection', code: '', message });
}

/** The error for a file that did not arrive. @param thrown by the HTTP library, whose error holds the link: nothing of it but the reason is kept */
export function failedDownloadError(context: FileContext, fileName: string, thrown: unknown): ImagenApiError {
	return storageError(context, downloadOf(fileName), connectionFailure(thrown));
}

const downloadOf = (fileName: string) => `download '${fileName}'`;

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
