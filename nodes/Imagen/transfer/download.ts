import type { IBinaryData } from 'n8n-workflow';

import { isBrokenConnection, isHttpLibraryError } from '../api/connection';
import { cancelSignalOf } from '../api/request';
import type { FileContext, FileLink } from '../api/types';
import { settleInParallel } from './concurrency';
import { answerInPlaceOf, HEAD_BYTES } from './content';
import { nameKey, safeFileName, uniqueNames } from './fileNames';
import { failedDownloadError, getFile, truncatedDownloadError } from './get';
import { integrityError } from './integrity';
import { mimeTypeOf } from './mimeTypes';
import { presignedLinks } from './presignedLinks';
import { binarySize } from './inputFile';
import { peek } from './streams';

/** A result file, kept where n8n keeps binaries, or why it could not be fetched. */
export type DownloadOutcome =
	| { fileName: string; binary: IBinaryData; bytes: number }
	| { fileName: string; error: Error };

/** How to download files. */
export interface DownloadOptions {
	/** Asks the API for the same links again, where they have run out. */
	fetchLinks: () => Promise<FileLink[]>;
	/** How many files are on their way at the same time; as many as their sizes allow, if left out. */
	parallelDownloads?: number;
}

/**
 * Fetches result files into n8n's binary store, as streams. A file that fails does not stop the others.
 *
 * @param links of the files that are wanted, as the API gave them
 * @returns each file's outcome, in the order of the links, under a name that is safe to write anywhere
 */
export async function downloadFiles(
	context: FileContext,
	links: FileLink[],
	{ fetchLinks, parallelDownloads }: DownloadOptions,
): Promise<DownloadOutcome[]> {
	const fileNames = uniqueNames(
		links.map(({ file_name }) => safeFileName(file_name)),
		nameKey,
	);
	const presigned = presignedLinks(links, fetchLinks);

	const sizes = { number: 0, sum: 0 };
	const outcomes = await settleInParallel(
		links.map((file, index) => ({ file, fileName: fileNames[index] })),
		// The results of one job are of a size: what is still to come is as large as what has come.
		{ most: parallelDownloads, bytesOf: () => (sizes.number > 0 ? sizes.sum / sizes.number : undefined) },
		async ({ file, fileName }, retry) => {
			const stored = await presigned.use(
				file,
				async (link) => await retry(async () => await storeFile(context, link, fileName)),
			);
			sizes.number++;
			sizes.sum += stored.bytes;
			return stored;
		},
		cancelSignalOf(context),
	);
	return outcomes.map((outcome, index) => {
		const fileName = fileNames[index];
		return outcome.status === 'fulfilled'
			? { fileName, ...outcome.value }
			: { fileName, error: outcome.reason as Error };
	});
}

async function storeFile(context: FileContext, link: string, fileName: string) {
	const { body, expected, md5 } = await getFile(context, link, fileName);
	// An error that comes between the look and the storing is met by whoever reads on.
	body.on('error', () => {});
	const storing = peek(body, HEAD_BYTES).then(async (head) => {
		const other = answerInPlaceOf(fileName, head);
		if (other === undefined)
			return await context.helpers.prepareBinaryData(body, fileName, mimeTypeOf(fileName));
		body.destroy();
		throw truncatedDownloadError(context, fileName, `the storage returned ${other} instead of the file`);
	});
	const binary = await storing.catch((error: unknown) => {
		if (isBrokenConnection(error))
			throw truncatedDownloadError(context, fileName, 'the connection broke before the whole file arrived');
		throw isHttpLibraryError(error) ? failedDownloadError(context, fileName, error) : error;
	});
	// Newer releases of n8n say it with the file.
	const bytes = binary.bytes ?? (await binarySize(context, binary));
	const problem = integrityError({ bytes, md5: md5() }, expected);
	if (problem) throw truncatedDownloadError(context, fileName, problem);
	return { binary, bytes };
}
