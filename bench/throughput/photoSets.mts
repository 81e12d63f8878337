import { randomBytes } from 'node:crypto';
import { link, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Photos that all have the same size. */
export interface PhotoSet {
	/** Such as `200 x 25 MB`. */
	name: string;
	count: number;
	/** Of each photo. */
	bytes: number;
	fileNames: string[];
}

export function photoSet(count: number, kilobytes: number): PhotoSet {
	return {
		name: `${count.toLocaleString('en')} × ${sizeName(kilobytes)}`,
		count,
		bytes: kilobytes * 1000,
		fileNames: Array.from({ length: count }, (_, index) => `IMG_${String(index + 1).padStart(4, '0')}.dng`),
	};
}

const sizeName = (kilobytes: number) => (kilobytes < 1000 ? `${kilobytes} kB` : `${kilobytes / 1000} MB`);

/** How many photos of a set have bytes of their own; the others are hard links to those, to save space. */
const DISTINCT_PHOTOS = 8;

/**
 * Writes a set into n8n's storage as n8n does: a file with the bytes, and a metadata file beside it. The bytes are random:
 * photos cannot be compressed.
 *
 * @param storage n8n's folder for binary data
 * @returns the id of each photo in n8n, and its path
 */
export async function writeSet(
	storage: string,
	{ count, bytes, fileNames }: PhotoSet,
): Promise<Array<{ id: string; path: string }>> {
	const folder = 'bench/photos/binary_data';
	await rm(join(storage, folder), { recursive: true, force: true });
	await mkdir(join(storage, folder), { recursive: true });
	const pathOf = (index: number) => join(storage, folder, fileNames[index]);
	for (let index = 0; index < count; index++) {
		if (index < DISTINCT_PHOTOS) await writeFile(pathOf(index), randomBytes(bytes));
		else await link(pathOf(index % DISTINCT_PHOTOS), pathOf(index));
		const metadata = { fileName: fileNames[index], mimeType: 'image/x-adobe-dng', fileSize: bytes };
		await writeFile(`${pathOf(index)}.metadata`, JSON.stringify(metadata));
	}
	return fileNames.map((fileName, index) => ({
		id: `filesystem-v2:${folder}/${fileName}`,
		path: pathOf(index),
	}));
}
