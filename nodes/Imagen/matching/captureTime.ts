import type { ForwardReader } from '../transfer/forwardReader';
import { readPlaces, type Photo } from '../transfer/sources';
import { readCiff } from './ciff';
import { unlessOutOfReach, readTiff, type TiffTags } from './tiff';

/** When a photo was taken, and for how long; undefined what the file does not say. */
export interface Capture {
	/** The start of the exposure, in milliseconds of the camera's own clock. */
	takenAt: number | undefined;
	/** The exposure time in milliseconds. */
	exposureMs: number | undefined;
}

const EXPOSURE_TIME = 0x829a;
/** Halvings of a second. */
const SHUTTER_SPEED = 0x9201;

/** EXIF's dates, each with its fraction of a second, the best first: when the photo was taken, digitized and last changed. */
const DATES = [
	{ date: 0x9003, fraction: 0x9291 },
	{ date: 0x9004, fraction: 0x9292 },
	{ date: 0x0132, fraction: 0x9290 },
];

/** Longer exposures than a day are damage. */
const LONGEST_MS = 24 * 3_600_000;

/** Reads when a photo was taken. Reads its first part only, unless what says so lies further on. */
export async function captureOf(photo: Photo): Promise<Capture> {
	return await readPlaces(photo, readCapture);
}

/** Reads a JPEG, the RAW formats that are a TIFF by another name, Canon's CR3 and CRW, and Fujifilm's RAF. */
export async function readCapture(file: ForwardReader): Promise<Capture> {
	// Where a number points out of the file, or too far, the photo has no readable time.
	const { takenAt, exposureMs = 0 } = (await unlessOutOfReach(captureIn(file))) ?? {};
	return { takenAt, exposureMs: exposureMs > 0 && exposureMs <= LONGEST_MS ? exposureMs : undefined };
}

async function captureIn(file: ForwardReader): Promise<Capture | undefined> {
	const head = await file.head();
	const kind = head.toString('latin1', 0, 16);
	if (kind.slice(6, 14) === 'HEAPCCDR') return await readCiff(file);
	const start = startOfTiff(head, kind);
	const tags = start === undefined ? undefined : await readTiff(file, start);
	return tags && { takenAt: await takenAt(tags), exposureMs: await exposureMs(tags) };
}

/** Where in a file the TIFF with its EXIF begins. */
function startOfTiff(head: Buffer, kind: string): number | undefined {
	if (kind.startsWith('\xff\xd8')) return startInJpeg(head, 0);
	if (kind.startsWith('FUJIFILMCCD-RAW')) return startInJpeg(head, head.readUInt32BE(84));
	if (kind.slice(4, 12) === 'ftypcrx ') return startInCr3(head);
	return 0;
}

/** The APP1 segment that holds EXIF. */
function startInJpeg(head: Buffer, start: number): number | undefined {
	for (let at = start + 2; head.readUInt8(at) === 0xff; at += 2 + head.readUInt16BE(at + 2)) {
		if (head.readUInt8(at + 1) === 0xe1 && head.toString('latin1', at + 4, at + 10) === 'Exif\0\0') {
			return at + 10;
		}
	}
	return undefined;
}

/** CR3 keeps the EXIF tags as the first directory of a TIFF in a box of its own. */
function startInCr3(head: Buffer): number | undefined {
	const box = head.indexOf('CMT2');
	return box === -1 ? undefined : box + 4;
}

async function takenAt(tags: TiffTags): Promise<number | undefined> {
	for (const { date, fraction } of DATES) {
		const taken = await unlessOutOfReach(tags.text(date));
		const time = toMilliseconds(taken ?? '', (await unlessOutOfReach(tags.text(fraction))) ?? '');
		if (time !== undefined) return time;
	}
	return undefined;
}

async function exposureMs(tags: TiffTags): Promise<number | undefined> {
	const seconds = await unlessOutOfReach(tags.fraction(EXPOSURE_TIME));
	if (seconds !== undefined) return seconds * 1000;
	const halvings = await unlessOutOfReach(tags.fraction(SHUTTER_SPEED));
	return halvings === undefined ? undefined : 2 ** -halvings * 1000;
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
