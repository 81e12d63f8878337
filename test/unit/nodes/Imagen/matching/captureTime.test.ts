/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals --
   The reader is held against camera files on the disk. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { ExifDateTime, ExifTool } from 'exiftool-vendored';
import fc from 'fast-check';

import { readCapture } from '../../../../../nodes/Imagen/matching/captureTime';
import { ForwardReader } from '../../../../../nodes/Imagen/transfer/forwardReader';
import { sourceOf } from '../../../../support/photoNamed';

const ROOT = join(__dirname, '../../../../..');
const ODD = join(ROOT, 'test/support/photos');
const photos = ['demo/photos', 'test/support/photos'].flatMap((folder) =>
	readdirSync(join(ROOT, folder))
		.filter((name) => !name.endsWith('.md'))
		.map((name) => join(ROOT, folder, name)),
);

const MiB = 1024 * 1024;
const CHUNK = Buffer.alloc(64 * 1024);

/** A file of these pieces, numbers for so many empty bytes, and how much of it has been read. */
function fileOf(...pieces: Array<Buffer | number>) {
	const progress = { bytesRead: 0 };
	async function* chunks() {
		for (const piece of pieces) {
			const size = typeof piece === 'number' ? piece : piece.length;
			for (let at = 0; at < size; at += CHUNK.length) {
				const bytes =
					typeof piece === 'number' ? CHUNK.subarray(0, size - at) : piece.subarray(at, at + CHUNK.length);
				progress.bytesRead += bytes.length;
				yield bytes;
			}
		}
	}
	const bytes = pieces.reduce<number>(
		(sum, piece) => sum + (typeof piece === 'number' ? piece : piece.length),
		0,
	);
	return { reader: new ForwardReader(sourceOf(chunks), bytes), progress };
}

const captureIn = async (...pieces: Array<Buffer | number>) => await readCapture(fileOf(...pieces).reader);

describe('the capture time of camera files', () => {
	const exifTool = new ExifTool();
	afterAll(async () => await exifTool.end());

	test.each(photos.filter((path) => !path.endsWith('Leica M10.dng')).map((path) => [basename(path), path]))(
		'the capture time and the exposure time of a camera file are read as ExifTool reads them: %s',
		async (_name, path) => {
			const tags = await exifTool.read(path, {
				readArgs: ['-DateTimeOriginal', '-ExifIFD:SubSecTimeOriginal', '-ExposureTime#'],
			});
			const { DateTimeOriginal: taken, SubSecTimeOriginal: fraction = 0, ExposureTime: exposure } = tags;
			expect(taken).toBeInstanceOf(ExifDateTime);
			const { year, month, day, hour, minute, second } = taken as ExifDateTime;
			const capture = await captureIn(readFileSync(path));
			expect(capture.takenAt).toBe(
				Date.UTC(year, month - 1, day, hour, minute, second) + Number(`0.${fraction}`) * 1000,
			);
			expect(capture.exposureMs).toBeCloseTo(Number(exposure) * 1000, 3);
		},
	);
});

/** Tags of a TIFF: texts, fractions, or where a directory is. */
type Tags = Record<number, string | [number, number] | number>;

/** A directory that lies at this place, followed by its values. */
function directory(at: number, tags: Tags, littleEndian = true): Buffer {
	const bytes = Buffer.alloc(2 + Object.keys(tags).length * 12 + 256);
	const uint16 = (value: number, to: number) =>
		littleEndian ? bytes.writeUInt16LE(value, to) : bytes.writeUInt16BE(value, to);
	const uint32 = (value: number, to: number) =>
		littleEndian ? bytes.writeUInt32LE(value >>> 0, to) : bytes.writeUInt32BE(value >>> 0, to);
	uint16(Object.keys(tags).length, 0);
	let valuesAt = 2 + Object.keys(tags).length * 12 + 4;
	for (const [index, [tag, value]] of Object.entries(tags).entries()) {
		const entry = 2 + index * 12;
		uint16(Number(tag), entry);
		uint16(typeof value === 'string' ? 2 : typeof value === 'number' ? 4 : 5, entry + 2);
		uint32(typeof value === 'string' ? value.length + 1 : 1, entry + 4);
		if (typeof value === 'number') {
			uint32(value, entry + 8);
		} else if (typeof value === 'string' && value.length < 4) {
			bytes.write(`${value}\0`, entry + 8, 'latin1');
		} else {
			uint32(at + valuesAt, entry + 8);
			if (typeof value === 'string') valuesAt += bytes.write(`${value}\0`, valuesAt, 'latin1');
			else for (const part of value) valuesAt = uint32(part, valuesAt);
		}
	}
	return bytes;
}

/** A TIFF whose first directory has these tags. */
function tiff(tags: Tags, littleEndian = true): Buffer {
	const header = Buffer.from(littleEndian ? 'II*\0\x08\0\0\0' : 'MM\0*\0\0\0\x08', 'latin1');
	return Buffer.concat([header, directory(8, tags, littleEndian)]);
}

const EXIF = 0x8769;
const ORIGINAL = 0x9003;
const FRACTION = 0x9291;
const CHANGED = 0x0132;
const EXPOSURE = 0x829a;
const SHUTTER_SPEED = 0x9201;
const AT_TEN = Date.UTC(2026, 5, 21, 10);

test.each([true, false])(
	'capture times count fractions of a second, and exposure times any fraction (little-endian: %s)',
	async (littleEndian) => {
		const tags = { [EXPOSURE]: [10, 4], [ORIGINAL]: '2026:06:21 10:00:00', [FRACTION]: '25' } satisfies Tags;
		expect(await captureIn(tiff(tags, littleEndian))).toEqual({ takenAt: AT_TEN + 250, exposureMs: 2500 });
	},
);

test('where a file has no exposure time, its shutter speed says how long the exposure was', async () => {
	const halvings: [number, number] = [-3, 1];
	const { exposureMs } = await captureIn(tiff({ [SHUTTER_SPEED]: halvings }));
	expect(exposureMs).toBe(8000);
});

test.each<[string, [number, number]]>([
	['nothing of nothing', [0, 0]],
	['for ever', [1, 0]],
	['no time at all', [0, 1]],
	['less than no time', [-5, 1]],
	['a month', [2_592_000, 1]],
])('an exposure that lasted %s is none that a file can say', async (_what, exposure) => {
	expect((await captureIn(tiff({ [EXPOSURE]: exposure }))).exposureMs).toBeUndefined();
});

test('a file without EXIF was taken when its first directory says, if need be when it was changed last', async () => {
	const changed = { [CHANGED]: '2026:06:21 10:00:00' };
	expect((await captureIn(tiff(changed))).takenAt).toBe(AT_TEN);
	const taken = { ...changed, [ORIGINAL]: '2026:06:21 09:59:58' };
	expect((await captureIn(tiff(taken))).takenAt).toBe(AT_TEN - 2000);
});

test('a camera file whose EXIF is cut off was taken when its first directory says: a Leica M10', async () => {
	const { takenAt, exposureMs } = await captureIn(readFileSync(join(ODD, 'Leica M10.dng')));
	expect(takenAt).toBe(Date.UTC(2017, 0, 5, 17, 54, 40));
	expect(exposureMs).toBeUndefined();
});

/** Where the Leica M10 puts EXIF: behind the pixels. */
const LEICA_EXIF = 0x1b1d752;

test('a camera file with its EXIF behind the pixels is read on to there, and no further: a Leica M10', async () => {
	const head = readFileSync(join(ODD, 'Leica M10.dng'));
	const exif = directory(LEICA_EXIF, {
		...{ [EXPOSURE]: [1, 2], [ORIGINAL]: '2026:06:21 10:00:00', [FRACTION]: '07' },
	});
	const { reader, progress } = fileOf(head, LEICA_EXIF - head.length, exif, 40 * MiB);
	expect(await readCapture(reader)).toEqual({ takenAt: AT_TEN + 70, exposureMs: 500 });
	expect(progress.bytesRead).toBeLessThan(LEICA_EXIF + MiB / 2);
});

test('a file whose first directory is behind the pixels is read on to there', async () => {
	const at = 25 * MiB;
	const header = Buffer.from('II*\0\0\0\x90\x01', 'latin1');
	expect(header.readUInt32LE(4)).toBe(at);
	const exifAt = at + 1000;
	const pieces = [header, at - header.length, directory(at, { [EXIF]: exifAt })];
	const exif = directory(exifAt, { [ORIGINAL]: '2026:06:21 10:00:00' });
	const between = exifAt - at - (pieces[2] as Buffer).length;
	expect((await captureIn(...pieces, between, exif)).takenAt).toBe(AT_TEN);
});

test('of a file that says all in its first part, nothing else is read', async () => {
	const { reader, progress } = fileOf(tiff({ [ORIGINAL]: '2026:06:21 10:00:00' }), 50 * MiB);
	expect((await readCapture(reader)).takenAt).toBe(AT_TEN);
	expect(progress.bytesRead).toBeLessThan(MiB / 2);
});

test('nothing is read on for a directory that is too far away, or beyond the end of the file', async () => {
	for (const [exifAt, size] of [
		[300 * MiB, 400 * MiB],
		[100 * MiB, 50 * MiB],
	]) {
		const tags = { [CHANGED]: '2026:06:21 10:00:00', [EXIF]: exifAt };
		const { reader, progress } = fileOf(tiff(tags), size);
		expect((await readCapture(reader)).takenAt).toBe(AT_TEN);
		expect(progress.bytesRead).toBeLessThan(MiB / 2);
	}
});

/** A CRW with so many bytes of pixels before what the camera knows of them. */
function crw(pixels: number): Array<Buffer | number> {
	const bytes = readFileSync(join(ODD, 'Canon 300D.crw'));
	const start = bytes.readUInt32LE(2);
	const directoryAt = bytes.readUInt32LE(bytes.length - 4);
	bytes.writeUInt32LE(directoryAt + pixels, bytes.length - 4);
	for (let index = 0; index < bytes.readUInt16LE(start + directoryAt); index++) {
		const at = start + directoryAt + 2 + index * 10 + 6;
		bytes.writeUInt32LE(bytes.readUInt32LE(at) + pixels, at);
	}
	return [bytes.subarray(0, start), pixels, bytes.subarray(start)];
}

test.each([0, 6 * MiB, 6 * MiB + 54_321])(
	'a CRW of Canon is read to its end, where its directory is (pixels: %s bytes)',
	async (pixels) => {
		expect(await captureIn(...crw(pixels))).toEqual({
			takenAt: Date.UTC(2003, 10, 10, 17, 39, 26),
			exposureMs: 15.625,
		});
	},
);

test.each([
	['no file at all', Buffer.alloc(0)],
	['no photo', Buffer.from('plain text, and some more of it')],
	['a JPEG that ends in its header', Buffer.from([0xff, 0xd8, 0xff, 0xe1])],
	['a file cut before its time', tiff({ [ORIGINAL]: '2026:06:21 10:00:00' }).subarray(0, 30)],
	['a clock that was never set', tiff({ [ORIGINAL]: '0000:00:00 00:00:00', [FRACTION]: '0' })],
	['blanks for a time', tiff({ [ORIGINAL]: '    :  :     :  :  ' })],
	['a directory of more entries than the file has bytes', tiff({}).fill(0xff, 8, 10)],
	['a CRW that ends in its header', readFileSync(join(ODD, 'Canon 300D.crw')).subarray(0, 26)],
])('there is no capture time to read, and no error, in: %s', async (_what, bytes) => {
	expect((await captureIn(bytes)).takenAt).toBeUndefined();
});

test('directories that lead to each other are not followed in circles', async () => {
	const bytes = tiff({ [CHANGED]: '2026:06:21 10:00:00', [EXIF]: 8 });
	expect((await captureIn(bytes)).takenAt).toBe(AT_TEN);
	const [, , heap] = crw(0) as [Buffer, number, Buffer];
	const file = Buffer.concat([crw(0)[0] as Buffer, heap]);
	// The heap of the image's properties is the whole file again.
	const record = 26 + file.readUInt32LE(file.length - 4) + 2 + 2 * 10;
	expect(file.readUInt16LE(record)).toBe(0x300a);
	file.writeUInt32LE(file.length - 26, record + 2);
	file.writeUInt32LE(0, record + 6);
	expect(await captureIn(file)).toEqual({ takenAt: undefined, exposureMs: undefined });
});

test.each(photos.map((path) => [basename(path), path]))(
	'damage anywhere in a camera file never makes reading its capture time fail: %s',
	async (_name, path) => {
		const whole = readFileSync(path);
		// Directories are within the first part, and in a CRW at the end.
		const places = [...Array(4096).keys(), ...Array(2048).keys()].map((at, index) =>
			index < 4096 ? at : whole.length - 1 - at,
		);
		for (const at of places.filter((place) => place % 7 === 0 && place < whole.length && place >= 0)) {
			const damaged = Buffer.from(whole);
			damaged[at] ^= 0xff;
			await expect(captureIn(damaged)).resolves.toBeDefined();
		}
	},
);

test('whatever bytes follow the beginning of a photo, reading its capture time comes to an end', async () => {
	const beginning = fc.constantFrom(
		...['II*\0\x08\0\0\0', 'MM\0*\0\0\0\x08', 'II\x1a\0\0\0HEAPCCDR\0\0\0\0\0\0\0\0\0\0\0\0'],
		...['\xff\xd8\xff\xe1\0\x40Exif\0\0II*\0\x08\0\0\0', '\0\0\0\x18ftypcrx CMT2II*\0\x08\0\0\0'],
	);
	await fc.assert(
		fc.asyncProperty(beginning, fc.uint8Array({ maxLength: 400 }), async (start, rest) => {
			const bytes = Buffer.concat([Buffer.from(start, 'latin1'), rest]);
			await expect(captureIn(bytes)).resolves.toBeDefined();
		}),
		{ numRuns: 2000 },
	);
});

test('a disk that cannot be read is no photo without a time', async () => {
	// eslint-disable-next-line require-yield
	async function* broken(): AsyncGenerator<Buffer> {
		throw new Error('EIO: i/o error, read');
	}
	await expect(readCapture(new ForwardReader(sourceOf(broken), 1000))).rejects.toThrow('EIO');
});
