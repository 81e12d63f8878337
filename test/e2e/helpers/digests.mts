import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';

/** SHA-256, in hex. */
export function digest(content: Uint8Array): string {
	return createHash('sha256').update(content).digest('hex');
}

/** Digests by file name. */
export async function digestsOf(paths: string[]): Promise<Record<string, string>> {
	const entries = paths.map(async (path) => [basename(path), digest(await readFile(path))]);
	return Object.fromEntries(await Promise.all(entries)) as Record<string, string>;
}

/** The paths of all files in a folder and below. */
export async function filesBelow(folder: string): Promise<string[]> {
	const entries = await readdir(folder, { recursive: true, withFileTypes: true });
	return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}
