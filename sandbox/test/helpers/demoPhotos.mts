import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';

/** One of the demo's camera files. */
export async function photo(name: string): Promise<Buffer> {
	return await readFile(resolve('demo/photos', name));
}

/** The Content-MD5 of some bytes. */
export function md5(bytes: Buffer): string {
	return createHash('md5').update(bytes).digest('base64');
}
