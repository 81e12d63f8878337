import type { IExecuteFunctions } from 'n8n-workflow';

import { headOf, type Photo } from '../transfer/sources';

/** Cameras write a photo's metadata first; what is not within this is not looked for. */
const HEAD_BYTES = 256 * 1024;

const EXIF_IFD = 0x8769;
const DATE_TIME_ORIGINAL = 0x9003;
const SUB_SEC_TIME_ORIGINAL = 0x9291;

/** When a photo was taken, in milliseconds of the camera's own clock; undefined where the file does not say. Reads its head only. */
export async function captureTimeOf(context: IExecuteFunctions, photo: Photo): Promise<number | undefined> {
	return readCaptureTime(await headOf(context, photo, HEAD_BYTES));
}

/**
 * Reads EXIF's DateTimeOriginal, with its fraction of a second, from the head of a file: JPEG, the RAW formats that are a
 * TIFF by another name, Canon's CR3 and Fujifilm's RAF.
 */
export function readCaptureTime(head: Buffer): number | undefined {
	try {
		return timeIn(head);
	} catch {
		// A number that points beyond the head, or damage: the photo has no readable time.
		return undefined;
	}
}

function timeIn(head: Buffer): number | undefined {
	const kind = head.toString('latin1', 0, 16);
	if (kind.startsWith('\xff\xd8')) return timeInJpeg(head);
	if (kind.startsWith('FUJIFILMCCD-RAW')) return timeInJpeg(head.subarray(head.readUInt32BE(84)));
	if (kind.slice(4, 12) === 'ftypcrx ') return timeInCr3(head);
	return timeInTiff(head);
}

/** The APP1 segment that holds EXIF. */
function timeInJpeg(head: Buffer): number | undefined {
	for (let at = 2; head.readUInt8(at) === 0xff; at += 2 + head.readUInt16BE(at + 2)) {
		if (head.readUInt8(at + 1) === 0xe1 && head.toString('latin1', at + 4, at + 10) === 'Exif\0\0') {
			return timeInTiff(head.subarray(at + 10));
		}
	}
	return undefined;
}

/** CR3 keeps the EXIF tags as the first directory of a TIFF in a box of its own. */
function timeInCr3(head: Buffer): number | undefined {
	const box = head.indexOf('CMT2');
	return box === -1 ? undefined : timeInTiff(head.subarray(box + 4));
}

function timeInTiff(tiff: Buffer): number | undefined {
	const order = tiff.toString('latin1', 0, 2);
	if (order !== 'II' && order !== 'MM') return undefined;
	const reader = tiffReader(tiff, order === 'II');
	const first = reader.directoryAt(reader.uint32(4));
	const exif = first.get(EXIF_IFD);
	const tags = exif === undefined ? first : reader.directoryAt(reader.uint32(exif.valueAt));
	const taken = tags.get(DATE_TIME_ORIGINAL);
	const fraction = tags.get(SUB_SEC_TIME_ORIGINAL);
	return taken && toMilliseconds(reader.text(taken), fraction ? reader.text(fraction) : '');
}

interface Entry {
	/** Bytes of a text. */
	count: number;
	/** Where its value is, or the pointer to it. */
	valueAt: number;
}

/** Reads a TIFF's numbers in its byte order. Beyond the buffer's end they throw a RangeError. */
function tiffReader(tiff: Buffer, littleEndian: boolean) {
	const uint16 = (at: number) => (littleEndian ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at));
	const uint32 = (at: number) => (littleEndian ? tiff.readUInt32LE(at) : tiff.readUInt32BE(at));
	return {
		uint32,
		directoryAt(start: number): Map<number, Entry> {
			const entries = new Map<number, Entry>();
			for (let index = 0; index < uint16(start); index++) {
				const at = start + 2 + index * 12;
				entries.set(uint16(at), { count: uint32(at + 4), valueAt: at + 8 });
			}
			return entries;
		},
		/** Up to four bytes are in the entry itself. */
		text({ count, valueAt }: Entry): string {
			const at = count > 4 ? uint32(valueAt) : valueAt;
			return tiff.toString('latin1', at, at + count);
		},
	};
}

/** EXIF's `2026:06:21 10:00:00` and the digits after the seconds' point. The time zone is not recorded and does not matter. */
function toMilliseconds(taken: string, fraction: string): number | undefined {
	const parts = /^(\d{4}):(\d\d):(\d\d) (\d\d):(\d\d):(\d\d)/.exec(taken)?.slice(1).map(Number);
	if (!parts) return undefined;
	const [year, month, day, hours, minutes, seconds] = parts;
	const digits = /^\d+/.exec(fraction)?.[0] ?? '0';
	const time = Date.UTC(year, month - 1, day, hours, minutes, seconds) + Number(`0.${digits}`) * 1000;
	return Number.isNaN(time) || year === 0 ? undefined : time;
}
