import fc from 'fast-check';

import { ForwardReader } from '../../../../../nodes/Imagen/transfer/forwardReader';
import type { ByteStream } from '../../../../../nodes/Imagen/transfer/streams';

const KiB = 1024;

/** Bytes of which no two neighbours at a distance of a window are the same. */
const CONTENT = Buffer.from(Array.from({ length: 1500 * KiB }, (_, at) => (at * 7 + (at >> 8) * 13) & 0xff));

function readerOf(chunkBytes: number, isSeekable = false) {
	const progress = { isClosed: false, bytesRead: 0 };
	async function* chunks(start: number) {
		try {
			for (let at = start; at < CONTENT.length; at += chunkBytes) {
				progress.bytesRead += chunkBytes;
				yield CONTENT.subarray(at, at + chunkBytes);
			}
		} finally {
			progress.isClosed = true;
		}
	}
	const open = async (start: number) => chunks(start) as unknown as ByteStream;
	return { reader: new ForwardReader({ open, isSeekable }, CONTENT.length), progress };
}

test('places that are asked for from front to back are read as they are in the file, however it comes in chunks', async () => {
	const place = fc.record({ start: fc.nat({ max: CONTENT.length - 1 }), length: fc.nat({ max: 100 * KiB }) });
	await fc.assert(
		fc.asyncProperty(
			fc.array(place, { maxLength: 6 }),
			fc.integer({ min: 5 * KiB, max: 600 * KiB }),
			fc.boolean(),
			async (places, chunkBytes, isSeekable) => {
				const { reader } = readerOf(chunkBytes, isSeekable);
				for (const { start, length } of places.sort((one, other) => one.start - other.start)) {
					const fits = Math.min(length, CONTENT.length - start);
					const bytes = await reader.at(start, fits);
					expect(bytes.equals(CONTENT.subarray(start, start + fits))).toBe(true);
				}
			},
		),
		{ numRuns: 200 },
	);
});

test('the first part of a file, and what lies shortly before a place that was read, can be read again', async () => {
	const { reader } = readerOf(64 * KiB);
	await reader.head();
	await reader.at(1000 * KiB, 10);
	for (const at of [0, 200 * KiB, 900 * KiB]) {
		expect(await reader.at(at, 10)).toEqual(CONTENT.subarray(at, at + 10));
	}
});

test('what was passed over, and what the file does not have, is out of reach', async () => {
	const { reader } = readerOf(64 * KiB);
	await reader.head();
	await reader.at(1000 * KiB, 10);
	await expect(reader.at(500 * KiB, 10)).rejects.toThrow(RangeError);
	await expect(reader.at(CONTENT.length - 5, 10)).rejects.toThrow(RangeError);
	await expect(reader.at(1100 * KiB, 300 * KiB)).rejects.toThrow(RangeError);
});

test('a file that is closed before its end is not left open', async () => {
	const { reader, progress } = readerOf(64 * KiB);
	await reader.head();
	await reader.close();
	expect(progress.isClosed).toBe(true);
});

test('of a file that can be opened in its middle, what lies before a place is not read', async () => {
	const { reader, progress } = readerOf(4 * KiB, true);
	await reader.head();
	await reader.at(1000 * KiB, 10);
	expect(progress.bytesRead).toBeLessThan(530 * KiB);
	expect(await reader.at(200 * KiB, 10)).toEqual(CONTENT.subarray(200 * KiB, 200 * KiB + 10));
});
