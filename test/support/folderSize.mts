import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** What a folder holds: without the descriptions that n8n writes beside its files. */
export interface FolderSize {
	files: number;
	bytes: number;
}

export async function folderSize(folder: string): Promise<FolderSize> {
	const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
	const files = entries.filter((entry) => entry.isFile() && !entry.name.endsWith('.metadata'));
	// A file may be gone by now.
	const sizes = files.map(async ({ parentPath, name }) => await sizeOf(join(parentPath, name)));
	const bytes = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
	return { files: files.length, bytes };
}

async function sizeOf(file: string): Promise<number> {
	return await stat(file).then(
		({ size }) => size,
		() => 0,
	);
}

/** Looks into a folder again and again while some work is done. Gives the most that it held. */
export async function mostInFolder<Result>(
	folder: string,
	work: () => Promise<Result>,
	everyMs = 50,
): Promise<{ result: Result; most: FolderSize }> {
	const most: FolderSize = { files: 0, bytes: 0 };
	const ended = new AbortController();
	const look = async () => {
		const { files, bytes } = await folderSize(folder);
		Object.assign(most, { files: Math.max(most.files, files), bytes: Math.max(most.bytes, bytes) });
	};
	const looking = (async () => {
		while (!ended.signal.aborted) {
			await look();
			await sleep(everyMs);
		}
	})();
	try {
		const result = await work();
		return { result, most };
	} finally {
		ended.abort();
		await looking;
	}
}
