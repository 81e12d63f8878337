import type { IExecuteFunctions } from 'n8n-workflow';

import { PART_BYTES } from '../api/limits';
import {
	abortMultipartUpload,
	beginMultipartUpload,
	completeMultipartUpload,
	type MultipartUpload,
} from '../api/multipart';
import type { ProjectRef } from '../api/projectRef';
import { retriedBy } from '../api/request';
import type { Retry } from '../api/retry';
import { settle } from '../api/settle';
import { isExpired } from './presignedLinks';
import { putPhoto, type Part } from './put';
import type { Photo } from './sources';

/** The most that the API gives links to, and that S3 takes. */
const MOST_PARTS = 10_000;

/** Whether a file of this size goes up in parts, where the API takes them. */
export function needsMultipart(bytes: number): boolean {
	return bytes > PART_BYTES;
}

/** The parts of a file: all of one size, but the last. They are larger only where there would be too many. */
export function partsOf(bytes: number): Part[] {
	const partBytes = Math.max(PART_BYTES, Math.ceil(bytes / MOST_PARTS));
	const of = Math.ceil(bytes / partBytes);
	return Array.from({ length: of }, (_, index) => ({
		number: index + 1,
		of,
		start: index * partBytes,
		end: Math.min((index + 1) * partBytes, bytes),
	}));
}

/**
 * Uploads a photo in parts, one part at a time: the number of parallel uploads limits the photos. An upload that fails or is
 * cancelled is aborted, so that no parts stay with Imagen. When a link has expired, the upload begins again, once: fresh links
 * come with a new upload only.
 *
 * @throws ImagenApiError for what failed, never for the abort after it
 */
export async function uploadInParts(
	context: IExecuteFunctions,
	project: ProjectRef,
	photo: Photo,
	retry: Retry,
): Promise<void> {
	const parts = partsOf(photo.bytes);
	const retrying = retriedBy(context, retry);
	const begin = async () => await beginMultipartUpload(retrying, project, photo.fileName, parts.length);
	const send = async (upload: MultipartUpload) => {
		await orAbort(
			context,
			project,
			upload,
			async () => await sendParts(context, upload, photo, parts, retry),
		);
		return upload;
	};

	const sent = await send(await begin()).catch(async (error: unknown) => {
		if (!isExpired(error)) throw error;
		return await send(await begin());
	});
	await orAbort(context, project, sent, async () => await completeMultipartUpload(retrying, project, sent));
}

async function sendParts(
	context: IExecuteFunctions,
	{ parts: links }: MultipartUpload,
	photo: Photo,
	parts: Part[],
	retry: Retry,
): Promise<void> {
	for (const [index, { link }] of links.entries()) {
		await retry(async () => await putPhoto(context, link, photo, { part: parts[index] }));
	}
}

async function orAbort(
	context: IExecuteFunctions,
	project: ProjectRef,
	upload: MultipartUpload,
	work: () => Promise<void>,
): Promise<void> {
	const outcome = await settle(work);
	if (outcome.status === 'fulfilled') return;
	await abortMultipartUpload(context, project, upload).catch((error: Error) => {
		context.logger.warn(`${context.getNode().name}: ${error.message}`);
	});
	throw outcome.reason;
}
