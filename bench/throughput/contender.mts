import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Usage } from '../shared/processUsage.mts';
import type { PhotoSet } from './photoSets.mts';

export type Direction = 'upload' | 'download';

/** What the report calls the contenders. */
export const contenderNames = {
	ours: 'Imagen AI node',
	pooled: 'Client with a connection pool',
	inN8n: 'The same client in n8n’s process',
	handBuilt: 'Hand-built workflow',
	inMemory: 'Whole files in memory',
	raw: 'Bare sockets',
} as const;

export type ContenderName = keyof typeof contenderNames;

/** The photos that every contender moves. */
export interface Job {
	direction: Direction;
	set: PhotoSet;
	/** Each photo of the set in n8n's storage. */
	photos: Array<{ id: string; path: string }>;
	/** As set in the node's options. If left out, the node chooses, and others move `OTHERS_AT_ONCE`. */
	atOnce?: number;
}

/** What the official SDK moves at once. */
export const OTHERS_AT_ONCE = 5;

/** One way of moving photos to Imagen and back, in a process that is measured. */
export interface Contender {
	name: string;
	/**
	 * Moves the photos once.
	 *
	 * @returns the time from the request for links to the last byte, and what the process used meanwhile
	 */
	run(job: Job): Promise<{ seconds: number; usage: Usage }>;
}

/** Counts the bytes in a folder and its subfolders, without n8n's metadata files. @throws Error when a byte is missing */
export async function checkBytes(folder: string, bytes: number): Promise<void> {
	let found = 0;
	for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
		const isFile = entry.isFile() && !entry.name.endsWith('.metadata');
		if (isFile) found += (await stat(join(entry.parentPath, entry.name))).size;
	}
	if (found !== bytes) throw new Error(`${found} of ${bytes} bytes were downloaded`);
}
