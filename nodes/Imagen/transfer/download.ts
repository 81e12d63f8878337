import type { IBinaryData } from 'n8n-workflow';

import { isBrokenConnection } from '../api/connection';
import { cancelSignalOf } from '../api/request';
import { withRetry } from '../api/retry';
import type { FileContext, FileLink } from '../api/types';
import { settleWithConcurrency } from './concurrency';
import { nameKey, safeFileName, uniqueNames } from './fileNames';
import { getFile, truncatedDownloadError } from './get';
import { integrityError } from './integrity';
import { mimeTypeOf } from './mimeTypes';
import { presignedLinks } from './presignedLinks';
import { binarySize } from './sources';

/** A result file, kept where n8n keeps binaries, or why it could not be fetched. */
export type DownloadOutcome =
	| { fileName: string; binary: IBinaryData; bytes: number }
	| { fileName: string; error: Error };

export interface DownloadOptions {
	/** Asks the API for the same links again, where they have run out. */
	fetchLinks: () => Promise<FileLink[]>;
	/** How many files are on their way at the same time. */
	parallelDownloads: number;
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
	const signal = cancelSignalOf(context);

	const outcomes = await settleWithConcurrency(
		links.map((file, index) => ({ file, fileName: fileNames[index] })),
		parallelDownloads,
		async ({ file, fileName }) =>
			await presigned.use(
				file,
				async (link) => await withRetry(async () => await storeFile(context, link, fileName), signal),
			),
		signal,
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
	const binary = await context.helpers
		.prepareBinaryData(body, fileName, mimeTypeOf(fileName))
		.catch((error: unknown) => {
			if (!isBrokenConnection(error)) throw error;
			throw truncatedDownloadError(context, fileName, 'the connection broke before the whole file was there');
		});
	const bytes = await binarySize(context, binary);
	const problem = integrityError({ bytes, md5: md5() }, expected);
	if (problem) throw truncatedDownloadError(context, fileName, problem);
	return { binary, bytes };
}
