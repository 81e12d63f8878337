import type { IExecuteFunctions } from 'n8n-workflow';

import { getUploadLinks } from '../api/links';
import { pause } from '../api/pause';
import type { ProjectRef } from '../api/projectRef';
import { cancelSignalOf } from '../api/request';
import type { Retry } from '../api/retry';
import { settle } from '../api/settle';
import type { FileLink, FileToUpload } from '../api/types';
import { ImagenOperationError, statusCodeOf } from '../errors/imagenErrors';
import { settleInParallel } from './concurrency';
import { needsMultipart, uploadInParts } from './parts';
import { presignedLinks } from './presignedLinks';
import { putPhoto } from './put';
import { md5Of, type Photo } from './sources';

/** How to upload photos. */
export interface UploadOptions {
	/** How many photos are on their way at the same time; as many as their sizes allow, if left out. */
	parallelUploads?: number;
	/**
	 * Whether the storage gets the MD5 digest of each photo, to refuse what arrives altered. Not of a photo that goes up in
	 * parts: the API takes none there.
	 */
	verifyMd5: boolean;
	/** Is given each photo that has arrived. */
	onUploaded?: (photo: Photo) => Promise<void> | void;
}

/** What became of one photo: uploaded, or why not. */
export interface UploadOutcome {
	photo: Photo;
	error?: Error;
}

/**
 * Uploads photos to a project as streams: with one request for all links, the large ones of a Smart Editing project in
 * parts. A photo that fails does not stop the others.
 *
 * @returns each photo's outcome, in the order given
 * @throws ImagenApiError when the API gives no links
 */
export async function uploadPhotos(
	context: IExecuteFunctions,
	project: ProjectRef,
	photos: Photo[],
	options: UploadOptions,
): Promise<UploadOutcome[]> {
	const inParts = new Set(
		photos.filter(({ bytes }) => project.editingFlow === 'I2I' && needsMultipart(bytes)),
	);
	const whole = photos.filter((photo) => !inParts.has(photo));
	const uploadWhole = await uploaderOf(context, project, whole, options);

	const outcomes = await settleInParallel(
		photos,
		{ most: options.parallelUploads, bytesOf: ({ bytes }) => bytes },
		async (photo, retry) => {
			if (inParts.has(photo)) await uploadInParts(context, project, photo, retry);
			else await uploadWhole(photo, retry);
			await options.onUploaded?.(photo);
		},
		cancelSignalOf(context),
	);
	return outcomes.map((outcome, index) => ({
		photo: photos[index],
		...(outcome.status === 'rejected' && { error: outcome.reason }),
	}));
}

/** What uploads any of these photos, each as a whole. Asks for their links, if there are photos. */
async function uploaderOf(
	context: IExecuteFunctions,
	project: ProjectRef,
	photos: Photo[],
	options: UploadOptions,
): Promise<(photo: Photo, retry: Retry) => Promise<void>> {
	const signal = cancelSignalOf(context);
	const { files, unread } = await filesToUpload(context, photos, options);
	const fetchLinks = async (fileNames: string[]) =>
		await inPieces(
			fileNames,
			async (piece) =>
				await getUploadLinks(
					context,
					project,
					piece.map((fileName) => files.get(fileName) as FileToUpload),
				),
		);
	const links = files.size > 0 ? await linksFor([...files.keys()], fetchLinks, signal) : [];
	const presigned = presignedLinks(links, fetchLinks);
	const linkOf = new Map(links.map((link) => [link.file_name, link]));

	return async (photo, retry) => {
		const { fileName } = photo;
		const file = linkOf.get(fileName);
		if (!file) throw unread.get(fileName) ?? noLink(context, photo);
		const md5 = files.get(fileName)?.md5;
		await presigned.use(
			file,
			async (link) => await retry(async () => await putPhoto(context, link, photo, { md5 })),
		);
	};
}

/** Links to these files: in one request, or in halves where the API finds it too large. */
async function inPieces(
	fileNames: string[],
	fetch: (fileNames: string[]) => Promise<FileLink[]>,
): Promise<FileLink[]> {
	const outcome = await settle(async () => await fetch(fileNames));
	if (outcome.status === 'fulfilled') return outcome.value;
	if (!isTooLarge(outcome.reason, fileNames.length)) throw outcome.reason;
	const middle = Math.ceil(fileNames.length / 2);
	const first = await inPieces(fileNames.slice(0, middle), fetch);
	return [...first, ...(await inPieces(fileNames.slice(middle), fetch))];
}

/** As few files as no API finds too many: then 422 is about one of them. */
const FEW_FILES = 100;

function isTooLarge(error: unknown, files: number): boolean {
	const statusCode = statusCodeOf(error);
	return (statusCode === 413 && files > 1) || (statusCode === 422 && files > FEW_FILES);
}

const LATE_LINKS_MS = 5_000;

/** Links to these files. What an answer leaves out is asked for once more: lists of the API can be late. */
async function linksFor(
	fileNames: string[],
	fetchLinks: (fileNames: string[]) => Promise<FileLink[]>,
	signal?: AbortSignal,
): Promise<FileLink[]> {
	const links = await fetchLinks(fileNames);
	const linked = new Set(links.map(({ file_name }) => file_name));
	const missing = fileNames.filter((fileName) => !linked.has(fileName));
	if (missing.length === 0) return links;
	await pause(LATE_LINKS_MS, signal);
	return [...links, ...(await fetchLinks(missing))];
}

/** What the links request says of the photos, by file name; of those that could not be read for it, why. */
async function filesToUpload(
	context: IExecuteFunctions,
	photos: Photo[],
	{ parallelUploads, verifyMd5 }: UploadOptions,
) {
	const files = new Map<string, FileToUpload>();
	const unread = new Map<string, Error>();
	const signal = cancelSignalOf(context);
	const md5s = await settleInParallel(
		photos,
		{ most: parallelUploads, bytesOf: ({ bytes }) => bytes },
		async (photo, retry) => (verifyMd5 ? await retry(async () => await md5Of(photo)) : undefined),
		signal,
	);
	for (const [index, { fileName }] of photos.entries()) {
		const md5 = md5s[index];
		if (md5.status === 'rejected') unread.set(fileName, md5.reason as Error);
		else files.set(fileName, { file_name: fileName, ...(md5.value && { md5: md5.value }) });
	}
	return { files, unread };
}

function noLink(context: IExecuteFunctions, { fileName, itemIndex }: Photo) {
	return new ImagenOperationError(
		context,
		`Imagen AI returned no upload link for '${fileName}'`,
		'Run the node again. If it fails again, rename the photo: its name may contain characters that Imagen does not accept.',
		itemIndex,
		fileName,
	);
}
