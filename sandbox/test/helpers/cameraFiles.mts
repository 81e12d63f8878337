import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';

/** A camera file that the tests have. */
export async function photo(name: string): Promise<Buffer> {
	return await readFile(resolve('test/support/photos', name));
}

/** One of the demo's photographs. */
export async function photograph(name: string): Promise<Buffer> {
	return await readFile(resolve('demo/photos', name));
}

/** The Content-MD5 of some bytes. */
export function md5(bytes: Buffer): string {
	return createHash('md5').update(bytes).digest('base64');
}
