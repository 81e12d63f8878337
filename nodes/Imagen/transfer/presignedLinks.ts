import type { FileLink } from '../api/types';
import { statusCodeOf } from '../errors/imagenErrors';

/** Presigned links by file name, asked for again when they have run out. */
interface PresignedLinks {
	/** Uses a file's link; when the storage answers 403, once more with a fresh one. */
	use<T>(fileName: string, transfer: (link: string) => Promise<T>): Promise<T>;
}

/**
 * Keeps the links of a list of files. When one has expired, those of all files that are not done are asked for in one
 * request, since they are of the same age; transfers that meet it at the same time share that request.
 *
 * @param fetchLinks asks the API for links to these files
 */
export function presignedLinks(
	links: FileLink[],
	fetchLinks: (fileNames: string[]) => Promise<FileLink[]>,
): PresignedLinks {
	const current = new Map(links.map(({ file_name, link }) => [file_name, link]));
	const open = new Set(current.keys());
	let renewal: Promise<void> | undefined;
	let freshIsRefused = false;

	async function renew() {
		for (const { file_name, link } of await fetchLinks([...open])) current.set(file_name, link);
	}

	async function freshLink(fileName: string, expired: string): Promise<string> {
		if (current.get(fileName) === expired) {
			renewal ??= renew().finally(() => (renewal = undefined));
			await renewal;
		}
		return current.get(fileName) as string;
	}

	async function useFresh<T>(fileName: string, transfer: (link: string) => Promise<T>): Promise<T> {
		const link = current.get(fileName) as string;
		return await transfer(link).catch(async (error: unknown) => {
			if (!isRefused(error) || freshIsRefused) throw error;
			return await transfer(await freshLink(fileName, link)).catch((again: unknown) => {
				// Then it was not the age of the link: to ask for thousands of others would help nobody.
				freshIsRefused = isRefused(again);
				throw again;
			});
		});
	}

	return {
		async use(fileName, transfer) {
			const result = await useFresh(fileName, transfer);
			open.delete(fileName);
			return result;
		},
	};
}

const isRefused = (error: unknown) => statusCodeOf(error) === 403;
