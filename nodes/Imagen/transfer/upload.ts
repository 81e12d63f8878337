import { NodeOperationError, type IExecuteFunctions } from 'n8n-workflow';

import { getUploadLinks } from '../api/links';
import { cancelSignalOf } from '../api/request';
import { withRetry } from '../api/retry';
import type { ProjectRef } from '../api/source';
import type { FileLink, FileToUpload } from '../api/types';
import { settleAll } from '../api/settle';
import { linkBook, type LinkBook } from './links';
import { md5Of, openPhoto, type Photo } from './photo';
import { putFile } from './presigned';

export interface UploadOptions {
	/** How many photos are on their way at the same time. */
	parallelUploads: number;
	/** Whether the storage is told the MD5 digest of each photo, to refuse what arrives altered. */
	verifyMd5: boolean;
	/** Told of each photo that has arrived. */
	onUploaded?: (photo: Photo) => void;
}

/** What became of one photo: uploaded, or why not. */
export interface UploadOutcome {
	photo: Photo;
	error?: Error;
}

/**
 * Uploads photos to a project: one request for all links, then the photos themselves as streams. A photo that fails does
 * not stop the others.
 *
 * @returns each photo's outcome, in the order given
 * @throws ImagenApiError when the API gives no links
 */
export async function uploadPhotos(
	context: IExecuteFunctions,
	project: ProjectRef,
	photos: Photo[],
	{ parallelUploads, verifyMd5, onUploaded }: UploadOptions,
): Promise<UploadOutcome[]> {
	const files = await announced(context, photos, verifyMd5);
	const fetchLinks = async (fileNames: string[]) =>
		await getUploadLinks(
			context,
			project,
			fileNames.map((fileName) => files.get(fileName) as FileToUpload),
		);
	const links = await fetchLinks([...files.keys()]);
	const book = linkBook(links, fetchLinks);
	const linked = new Set(links.map((link: FileLink) => link.file_name));

	const outcomes = await settleAll(
		photos,
		parallelUploads,
		async (photo) => {
			if (!linked.has(photo.fileName)) throw noLink(context, photo);
			await uploadPhoto(context, photo, book, files.get(photo.fileName)?.md5);
			onUploaded?.(photo);
		},
		cancelSignalOf(context),
	);
	return outcomes.map((outcome, index) => ({
		photo: photos[index],
		...(outcome.status === 'rejected' && { error: outcome.reason }),
	}));
}

/** What the links request says of the photos, by file name. Digests are taken one after the other: they wait for the disk. */
async function announced(context: IExecuteFunctions, photos: Photo[], verifyMd5: boolean) {
	const files = new Map<string, FileToUpload>();
	for (const photo of photos) {
		files.set(photo.fileName, {
			file_name: photo.fileName,
			...(verifyMd5 && { md5: await md5Of(context, photo) }),
		});
	}
	return files;
}

async function uploadPhoto(context: IExecuteFunctions, photo: Photo, book: LinkBook, md5?: string) {
	const signal = cancelSignalOf(context);
	await book.use(
		photo.fileName,
		async (link) => await withRetry(async () => await sendPhoto(context, link, photo, md5), signal),
	);
}

async function sendPhoto(context: IExecuteFunctions, link: string, photo: Photo, md5?: string) {
	const body = await openPhoto(context, photo);
	try {
		await putFile(context, link, { name: photo.fileName, bytes: photo.bytes, body, md5 });
	} finally {
		// A request that fails early leaves its stream, and with it an open file, behind.
		if (!Buffer.isBuffer(body)) body.destroy();
	}
}

function noLink(context: IExecuteFunctions, { fileName, itemIndex }: Photo) {
	return new NodeOperationError(context.getNode(), `Imagen AI gave no upload link for '${fileName}'`, {
		itemIndex,
		description:
			'Run the node again. If it stays, rename the photo: its name may hold characters that Imagen does not take.',
	});
}
