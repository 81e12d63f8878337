/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals --
   The reader is held against camera files on the disk. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ExifDateTime, ExifTool } from 'exiftool-vendored';

import { readCaptureTime } from '../../../../../nodes/Imagen/matching/captureTime';

const FOLDER = join(__dirname, '../../../../../demo/photos');
const photos = readdirSync(FOLDER).filter((name) => !name.endsWith('.md'));
const bytesOf = (name: string) => readFileSync(join(FOLDER, name));

describe('the capture time of camera files', () => {
	const exifTool = new ExifTool();
	afterAll(async () => await exifTool.end());

	test.each(photos)('the capture time of a camera file is read as ExifTool reads it: %s', async (name) => {
		const tags = await exifTool.read(join(FOLDER, name), {
			readArgs: ['-ExifIFD:DateTimeOriginal', '-ExifIFD:SubSecTimeOriginal'],
		});
		const { DateTimeOriginal: taken, SubSecTimeOriginal: fraction = 0 } = tags;
		const expected =
			taken instanceof ExifDateTime
				? Date.UTC(taken.year, taken.month - 1, taken.day, taken.hour, taken.minute, taken.second) +
					Number(`0.${fraction}`) * 1000
				: undefined;
		expect(readCaptureTime(bytesOf(name))).toBe(expected);
	});
});

/** A TIFF whose first directory leads to EXIF with a time and a fraction. */
function tiff(littleEndian: boolean, taken: string, fraction: string): Buffer {
	const bytes = Buffer.alloc(128);
	const uint16 = (value: number, at: number) =>
		littleEndian ? bytes.writeUInt16LE(value, at) : bytes.writeUInt16BE(value, at);
	const uint32 = (value: number, at: number) =>
		littleEndian ? bytes.writeUInt32LE(value, at) : bytes.writeUInt32BE(value, at);
	const entry = (at: number, tag: number, type: number, count: number, value: number) => {
		uint16(tag, at);
		uint16(type, at + 2);
		uint32(count, at + 4);
		uint32(value, at + 8);
	};
	bytes.write(littleEndian ? 'II' : 'MM', 0, 'latin1');
	uint32(8, 4);
	uint16(1, 8);
	entry(10, 0x8769, 4, 1, 30);
	uint16(2, 30);
	entry(32, 0x9003, 2, 20, 80);
	entry(44, 0x9291, 2, fraction.length + 1, 0);
	bytes.write(`${fraction}\0`, 52, 'latin1');
	bytes.write(`${taken}\0`, 80, 'latin1');
	return bytes;
}

test.each([true, false])('capture times count fractions of a second (little-endian: %s)', (littleEndian) => {
	expect(readCaptureTime(tiff(littleEndian, '2026:06:21 10:00:00', '25'))).toBe(
		Date.UTC(2026, 5, 21, 10) + 250,
	);
});

test.each([
	['no file at all', Buffer.alloc(0)],
	['no photo', Buffer.from('plain text, and some more of it')],
	['a JPEG that ends in its header', Buffer.from([0xff, 0xd8, 0xff, 0xe1])],
	['a file cut before its time', tiff(true, '2026:06:21 10:00:00', '0').subarray(0, 90)],
	['a clock that was never set', tiff(true, '0000:00:00 00:00:00', '0')],
	['blanks for a time', tiff(true, '    :  :     :  :  ', '0')],
])('there is no capture time to read, and no error, in: %s', (_what, bytes) => {
	expect(readCaptureTime(bytes)).toBeUndefined();
});

test.each(photos)(
	'damage anywhere in a camera file never makes reading its capture time fail: %s',
	(name) => {
		const whole = bytesOf(name).subarray(0, 4096);
		for (let at = 0; at < whole.length; at += 7) {
			const damaged = Buffer.from(whole);
			damaged[at] ^= 0xff;
			expect(() => readCaptureTime(damaged)).not.toThrow();
		}
	},
);
