import type { FileLink } from '../api/types';
import { ImagenApiError } from '../errors/imagenErrors';

/** Presigned links of a list of files, renewed when they have expired. */
interface PresignedLinks {
	/** Uses the link of a file, given as it was in the list; when the storage says that it has expired, once more with a fresh one. */
	use<T>(file: FileLink, transfer: (link: string) => Promise<T>): Promise<T>;
}

/**
 * Keeps the links of a list of files. When one has expired, those of all files that are not done are asked for in one
 * request, since they are of the same age; transfers that meet it at the same time share that request. Files may have the same
 * name: the API lists them in the same order each time.
 *
 * @param fetchLinks asks the API for links to files with these names
 */
export function presignedLinks(
	files: FileLink[],
	fetchLinks: (fileNames: string[]) => Promise<FileLink[]>,
): PresignedLinks {
	const keys = new Map(keysOf(files).map((key, index) => [files[index], key]));
	const current = new Map(files.map((file) => [keys.get(file), file.link]));
	const open = new Set(files);
	let renewal: Promise<void> | undefined;
	/** What is known of the links that were fetched last: none of the first ones is in doubt. */
	let latest = { worked: true, wasRefused: false };

	async function renew() {
		const fresh = await fetchLinks([...new Set([...open].map(({ file_name }) => file_name))]);
		for (const [index, key] of keysOf(fresh).entries()) current.set(key, fresh[index].link);
		latest = { worked: false, wasRefused: false };
	}

	const linkOf = (file: FileLink) => current.get(keys.get(file)) as string;

	/** Fresh links of which one was refused and none has worked: then age is not the reason, and asking again would not help. */
	const isPointless = () => latest.wasRefused && !latest.worked;

	async function tryOnce<T>(
		file: FileLink,
		link: string,
		transfer: (link: string) => Promise<T>,
	): Promise<T> {
		const result = await transfer(link);
		if (link === linkOf(file)) latest.worked = true;
		open.delete(file);
		return result;
	}

	return {
		async use(file, transfer) {
			const link = linkOf(file);
			return await tryOnce(file, link, transfer).catch(async (error: unknown) => {
				if (!isExpired(error)) throw error;
				if (link === linkOf(file)) {
					if (isPointless()) throw error;
					renewal ??= renew().finally(() => (renewal = undefined));
					await renewal;
				}
				return await tryOnce(file, linkOf(file), transfer).catch((again: unknown) => {
					latest.wasRefused ||= isExpired(again);
					throw again;
				});
			});
		},
	};
}

/** Name and number of each file among those with its name. */
function keysOf(files: FileLink[]): string[] {
	const counts = new Map<string, number>();
	return files.map(({ file_name }) => {
		const count = (counts.get(file_name) ?? 0) + 1;
		counts.set(file_name, count);
		return `${count} ${file_name}`;
	});
}

/** Whether the storage refused a link that may be too old: with 403, or with 400 if it was signed with temporary credentials. */
export function isExpired(error: unknown): boolean {
	if (!(error instanceof ImagenApiError) || error.failure.kind !== 'answer') return false;
	const { statusCode, message } = error.failure;
	return statusCode === 403 || (statusCode === 400 && /\bExpiredToken\b|Request has expired/i.test(message));
}
