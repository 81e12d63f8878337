import type { ForwardReader } from '../transfer/forwardReader';
import type { Capture } from './captureTime';
import { unlessOutOfReach } from './tiff';

/** Records by their type, among them heaps of further records. */
const IMAGE_PROPERTIES = 0x300a;
const EXIF_INFORMATION = 0x300b;
const TIME_STAMP = 0x180e;
const SHOT_INFO = 0x102a;

/** Which of the 16-bit numbers of the shot info is the exposure time. */
const EXPOSURE_TIME = 22;

/** Type, size and place of a record. */
const RECORD_BYTES = 10;

/** A part of the file. The records in it count their places from its start. */
interface Block {
	start: number;
	size: number;
}

/**
 * Reads Canon's CRW, the RAW format of its cameras until 2004 (CIFF): a heap with its directory at its end, so that the file is
 * read to its own end. Few heaps are looked into, each from the one around it, so that damage cannot lead in circles.
 */
export async function readCiff(file: ForwardReader): Promise<Capture> {
	// Its byte order is little-endian in every CRW.
	const start = (await file.at(2, 4)).readUInt32LE();
	const whole = await recordsOf(file, { start, size: file.bytes - start });
	const properties = await recordsOf(file, whole.get(IMAGE_PROPERTIES));
	// What has no exposure may still have a time.
	const information = await unlessOutOfReach(recordsOf(file, properties.get(EXIF_INFORMATION)));
	return {
		takenAt: await unlessOutOfReach(timeOf(file, properties.get(TIME_STAMP))),
		exposureMs: await unlessOutOfReach(exposureOf(file, information?.get(SHOT_INFO))),
	};
}

/** @throws RangeError when there is no such heap, or it is damaged */
async function recordsOf(file: ForwardReader, heap: Block | undefined): Promise<Map<number, Block>> {
	const { start, size } = required(heap);
	const directory = start + (await file.at(start + size - 4, 4)).readUInt32LE();
	const number = (await file.at(directory, 2)).readUInt16LE();
	const bytes = await file.at(directory + 2, number * RECORD_BYTES);
	const records = new Map<number, Block>();
	for (let at = 0; at < bytes.length; at += RECORD_BYTES) {
		const place = { size: bytes.readUInt32LE(at + 2), start: start + bytes.readUInt32LE(at + 6) };
		records.set(bytes.readUInt16LE(at), place);
	}
	return records;
}

/** In seconds of the camera's clock since 1970. */
async function timeOf(file: ForwardReader, record: Block | undefined): Promise<number | undefined> {
	const seconds = (await file.at(required(record).start, 4)).readUInt32LE();
	return seconds === 0 ? undefined : seconds * 1000;
}

/** In 32nds of an exposure step, of which 0 is a second and each one more half as long. */
async function exposureOf(file: ForwardReader, record: Block | undefined): Promise<number> {
	const steps = (await file.at(required(record).start + EXPOSURE_TIME * 2, 2)).readInt16LE() / 32;
	return 2 ** -steps * 1000;
}

function required(block: Block | undefined): Block {
	if (!block) throw new RangeError('The file has no such record');
	return block;
}
