import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ExifTool } from 'exiftool-vendored';
import { cameraFiles } from './root.mts';

/** Puts photos into a folder: camera files of different lengths, which end in random bytes. Gives their length together. */
export async function writePhotos(folder: string, count: number, largestBytes: number): Promise<number> {
	const camera = await readFile(join(cameraFiles, 'Nikon D70.nef'));
	await rm(folder, { recursive: true, force: true });
	await mkdir(folder, { recursive: true });
	let bytes = 0;
	for (let number = 1; number <= count; number++) {
		const photo = Buffer.concat([camera, randomBytes(Math.ceil((largestBytes * number) / count))]);
		await writeFile(join(folder, photoName(number)), photo);
		bytes += photo.length;
	}
	return bytes;
}

/** Has the photos of a folder be taken at these times of a day. */
export async function takeAt(folder: string, times: string[]): Promise<void> {
	const exifTool = new ExifTool();
	try {
		for (const [index, time] of times.entries()) {
			const taken = { DateTimeOriginal: `2026:06:21 ${time}` };
			const writeArgs = ['-m', '-overwrite_original'];
			await exifTool.write(join(folder, photoName(index + 1)), taken, { writeArgs });
		}
	} finally {
		await exifTool.end();
	}
}

export function photoName(number: number): string {
	return `IMG_${String(number).padStart(4, '0')}.nef`;
}
