import type { ForwardReader } from '../transfer/forwardReader';

const EXIF_IFD = 0x8769;

/** Tag, type, count and value, or where the value is. */
const ENTRY_BYTES = 12;

/** Longer texts are cut: a date is shorter. */
const LONGEST_TEXT = 64;

/** The tags of a TIFF that say something of the photo as a whole. */
export interface TiffTags {
	/** @throws RangeError where the tag has a value that cannot be reached */
	text(tag: number): Promise<string | undefined>;
	/** A fraction, signed or not. @throws RangeError where the tag has a value that cannot be reached */
	fraction(tag: number): Promise<number | undefined>;
}

/** Where a tag's value is, or the pointer to it. */
interface Entry {
	count: number;
	valueAt: number;
}

type Directory = Map<number, Entry>;

/**
 * Reads the tags of the first directory and of EXIF's, which is the one to believe where both have a tag. A camera that writes
 * EXIF behind the pixels is read on; where that cannot be reached, the first directory often has a date of its own.
 *
 * @param start where the TIFF begins in the file; its own pointers count from there
 */
export async function readTiff(file: ForwardReader, start: number): Promise<TiffTags | undefined> {
	const order = (await file.at(start, 2)).toString('latin1');
	if (order !== 'II' && order !== 'MM') return undefined;
	const isLittle = order === 'II';
	const uint16 = (bytes: Buffer, at = 0) => (isLittle ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at));
	const uint32 = (bytes: Buffer, at = 0) => (isLittle ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at));
	const int32 = (bytes: Buffer, at = 0) => (isLittle ? bytes.readInt32LE(at) : bytes.readInt32BE(at));
	const bytesAt = async (at: number, length: number) => await file.at(start + at, length);
	const pointerAt = async (at: number) => uint32(await bytesAt(at, 4));

	async function directoryAt(at: number): Promise<Directory> {
		const number = uint16(await bytesAt(at, 2));
		const bytes = await bytesAt(at + 2, number * ENTRY_BYTES);
		const entries: Directory = new Map();
		for (let offset = 0; offset < bytes.length; offset += ENTRY_BYTES) {
			const entry = { count: uint32(bytes, offset + 4), valueAt: at + 2 + offset + 8 };
			entries.set(uint16(bytes, offset), entry);
		}
		return entries;
	}

	const first = await directoryAt(await pointerAt(4));
	const exif = first.get(EXIF_IFD);
	const ofExif = exif && (await unlessOutOfReach(directoryAt(await pointerAt(exif.valueAt))));
	const find = (tag: number) => ofExif?.get(tag) ?? first.get(tag);
	return {
		async text(tag) {
			const entry = find(tag);
			if (!entry) return undefined;
			// Up to four bytes are in the entry itself.
			const at = entry.count > 4 ? await pointerAt(entry.valueAt) : entry.valueAt;
			return (await bytesAt(at, Math.min(entry.count, LONGEST_TEXT))).toString('latin1');
		},
		async fraction(tag) {
			const entry = find(tag);
			if (!entry) return undefined;
			const bytes = await bytesAt(await pointerAt(entry.valueAt), 8);
			return int32(bytes) / int32(bytes, 4);
		},
	};
}

/** What a reading gives; undefined where it leads to bytes that cannot be reached, or that the file does not have. */
export async function unlessOutOfReach<T>(reading: Promise<T>): Promise<T | undefined> {
	return await reading.catch((error: Error) => {
		if (error.name === 'RangeError') return undefined;
		throw error;
	});
}
