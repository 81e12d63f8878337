import { createHash } from 'crypto';

import type { FileContext } from '../api/types';
import type { ImagenApiError } from '../errors/imagenErrors';
import { withIdleTimeout } from './idleTimeout';
import { expectedFileOf, type ExpectedFile } from './integrity';
import { isSuccess, refusalError, requestStorage, storageError } from './storage';
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
	const idle = new AbortController();
	// Compressed on the way, the length of the answer would not be that of the file.
	const headers = { 'Accept-Encoding': 'identity' };
	const options = { method: 'GET', url: link, encoding: 'stream', headers } as const;
	const answer = await requestStorage(context, purpose, options, idle.signal);
	const expected = expectedFileOf(answer);
	// Only if there is something to compare it with: it takes up to a quarter of the processor's work with a download.
	const hash = expected.md5 === undefined ? undefined : createHash('md5');
	const body = withIdleTimeout(
		answer.body as ByteStream,
		() => idle.abort(),
		(chunk) => hash?.update(chunk),
	);
	if (!isSuccess(answer)) throw refusalError(context, purpose, answer, await firstText(body));
	return { body, expected, md5: () => hash?.digest('hex') };
}

/** The error for a file that did not arrive whole. @param message says what is missing */
export function truncatedDownloadError(
	context: FileContext,
	fileName: string,
	message: string,
): ImagenApiError {
	return storageError(context, downloadOf(fileName), { kind: 'connection', code: '', message });
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
