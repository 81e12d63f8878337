import { hasUnknownOutcome, statusCodeOf } from '../errors/imagenErrors';
import { requireList, rejectWebPage, requireText, UnexpectedAnswerError } from './answer';
import { endpoints } from './endpoints';
import type { ProjectRef } from './projectRef';
import { request, retryOf, withoutCancelSignal } from './request';
import type { ApiContext } from './types';

/**
 * A file that goes up in parts, from its beginning until it is completed or aborted. Of Smart Editing projects only, as the
 * newest SDKs do it.
 */
export interface MultipartUpload {
	fileName: string;
	uploadId: string;
	/** The file's place in the storage; the API asks for it when the upload is aborted. */
	key: string;
	/** In the order of their numbers, which count from 1. */
	parts: PartLink[];
}

/** Where one part goes: a presigned link that works without an API key, for a while. */
interface PartLink {
	partNumber: number;
	link: string;
}

/**
 * Begins an upload in parts. Repeated only after a failure by which it surely was not begun: a lost answer leaves an upload
 * that nobody knows the ID of.
 *
 * @param partCount 1 to 10,000
 */
export async function beginMultipartUpload(
	context: ApiContext,
	project: ProjectRef,
	fileName: string,
	partCount: number,
): Promise<MultipartUpload> {
	return await request(context, {
		method: 'POST',
		path: endpoints.multipartUploads(project),
		purpose: `start the upload of '${fileName}' in parts`,
		body: { file_name: fileName, part_count: partCount },
		repeatIfNotDone: true,
		read: (payload) => ({
			fileName,
			uploadId: requireText(payload, 'upload_id'),
			key: requireText(payload, 'key'),
			parts: toPartLinks(payload, partCount),
		}),
	});
}

/**
 * Puts the parts together, which the API finds by itself. Repeated safely: a 404 after an attempt whose answer was lost means that
 * the file is complete.
 */
export async function completeMultipartUpload(
	context: ApiContext,
	project: ProjectRef,
	{ fileName, uploadId }: MultipartUpload,
): Promise<void> {
	let mayBeDone = false;

	async function complete() {
		await request(context, {
			method: 'POST',
			path: endpoints.completeMultipartUpload(project, uploadId),
			purpose: `finish the upload of '${fileName}'`,
			body: { file_name: fileName },
			read: rejectWebPage,
		}).catch((error: unknown) => {
			if (mayBeDone && statusCodeOf(error) === 404) return;
			mayBeDone ||= hasUnknownOutcome(error);
			throw error;
		});
	}

	await retryOf(context)(complete);
}

/**
 * Aborts an upload, so that its parts do not stay in the storage. Repeated safely: one that is gone already is no error. Not
 * stopped by the execution's own cancelling, which is when uploads are aborted.
 */
export async function abortMultipartUpload(
	context: ApiContext,
	project: ProjectRef,
	{ fileName, uploadId, key }: MultipartUpload,
): Promise<void> {
	await request(withoutCancelSignal(context), {
		method: 'DELETE',
		path: endpoints.multipartUpload(project, uploadId),
		purpose: `cancel the upload of '${fileName}'`,
		body: { key },
		idempotent: true,
		read: rejectWebPage,
	}).catch((error: unknown) => {
		if (statusCodeOf(error) !== 404) throw error;
	});
}

/** A link for each part. @throws UnexpectedAnswer when one is missing */
function toPartLinks(payload: unknown, partCount: number): PartLink[] {
	const links = new Map(
		requireList(payload, 'parts').map((part) => [Number(part.part_number), requireText(part, 'upload_url')]),
	);
	return Array.from({ length: partCount }, (_, index) => {
		const link = links.get(index + 1);
		if (link === undefined) throw new UnexpectedAnswerError(`the answer has no link for part ${index + 1}`);
		return { partNumber: index + 1, link };
	});
}
