import type { IExecuteFunctions, IHttpRequestOptions } from 'n8n-workflow';

import type { FileContext } from '../api/types';
import { ImagenApiError, ImagenOperationError } from '../errors/imagenErrors';
import { contentProblem, contentRemedy, HEAD_BYTES } from './content';
import { FINGERPRINT_BYTES, knownOf, type Photo } from './sources';
import { isSuccess, refusalError, requestStorage } from './storage';
import { peek, type ByteStream } from './streams';

/** A part of a file: the bytes from `start` up to, but not including, `end`. */
export interface Part {
	/** Counts from 1. */
	number: number;
	/** How many parts the file has. */
	of: number;
	start: number;
	end: number;
}

/**
 * One try at sending a photo, or a part of it, to a presigned link. Its bytes are read again each time.
 *
 * @param purpose completes "Imagen AI could not ...", for the error, where it is another than to upload the photo
 * @throws ImagenApiError that names the photo and the part; NodeOperationError where the file is surely no photo of its kind
 */
export async function putPhoto(
	context: IExecuteFunctions,
	link: string,
	photo: Photo,
	{ part, md5, purpose = purposeOf(photo, part) }: { part?: Part; md5?: string; purpose?: string } = {},
): Promise<void> {
	const { start, end } = part ?? { start: 0, end: photo.bytes };
	const body = await photo.source.open(start, end);
	try {
		// Only what has begun to come is sent on: the storage waits for the bytes of a request for seconds only.
		if (start === 0) await requireContent(context, photo, body);
		else await peek(body, 1);
		await putFile(context, link, { purpose, bytes: end - start, body, md5 });
	} catch (error) {
		throw readingError(body) ?? error;
	} finally {
		// A request that fails early leaves its stream, and with it an open file, behind.
		close(body);
	}
}

/** Looks at the beginning of what is sent, and remembers it: nobody has to open the photo once more to know it again. */
async function requireContent(
	context: IExecuteFunctions,
	{ fileName, bytes, itemIndex, source }: Photo,
	content: ByteStream | Buffer,
): Promise<void> {
	const most = Math.min(FINGERPRINT_BYTES, bytes);
	const beginning = await peek(content, most);
	if (beginning.length === most) source.known ??= knownOf(bytes, beginning);
	const problem = contentProblem(fileName, beginning.subarray(0, HEAD_BYTES), bytes);
	if (!problem) return;
	throw new ImagenOperationError(
		context,
		`'${fileName}' ${problem} and wasn't uploaded`,
		contentRemedy(problem),
		itemIndex,
		fileName,
	);
}

/** A file as it is sent: with its exact length, because S3 refuses chunked bodies. */
interface FileToPut {
	/** Completes "Imagen AI could not ...", for the error. */
	purpose: string;
	bytes: number;
	body: ByteStream | Buffer;
	/** Base64 of the digest, where the link was signed with it. */
	md5?: string;
}

/** The empty Content-Type is part of the link's signature. @throws ImagenApiError when the storage did not take the file */
async function putFile(context: FileContext, link: string, file: FileToPut): Promise<void> {
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
	if (!isSuccess(answer)) throw refusalError(context, purpose, answer, answer.body);
}

function purposeOf({ fileName }: Photo, part?: Part): string {
	return part ? `upload '${fileName}' (part ${part.number} of ${part.of})` : `upload '${fileName}'`;
}

/** Why the body could not be read, where that is what broke the request, and its source can say it. */
function readingError(body: ByteStream | Buffer): Error | undefined {
	if (Buffer.isBuffer(body)) return undefined;
	const { errored } = body;
	return errored instanceof ImagenApiError || errored instanceof ImagenOperationError ? errored : undefined;
}

function close(content: ByteStream | Buffer) {
	if (!Buffer.isBuffer(content)) content.destroy();
}
