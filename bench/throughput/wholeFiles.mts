import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { forEachConcurrently, requestLinks, type Transfer } from './transfer.mts';

/** The obvious client: fetch, with each file completely in memory. */
export async function transfer(order: Transfer): Promise<void> {
	const { direction, paths, folder, atOnce } = order;
	await forEachConcurrently(await requestLinks(order), atOnce, async ({ fileName, url }) => {
		if (direction === 'upload') await put(url, await readFile(paths[fileName]));
		else await writeFile(join(folder, fileName), await get(url));
	});
}

async function put(url: string, body: Buffer): Promise<void> {
	const response = await fetch(url, { method: 'PUT', body, headers: { 'content-type': '' } });
	await response.arrayBuffer();
	if (!response.ok) throw new Error(`The storage answers ${response.status}`);
}

async function get(url: string): Promise<Buffer> {
	const response = await fetch(url);
	if (!response.ok) throw new Error(`The storage answers ${response.status}`);
	return Buffer.from(await response.arrayBuffer());
}
