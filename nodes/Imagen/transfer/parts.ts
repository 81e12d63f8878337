import { PART_BYTES } from './partSize';

/** The most that the API gives links to, and that S3 takes. */
const MOST_PARTS = 10_000;

/** A part of a file: the bytes from `start` up to, but not including, `end`. */
export interface Part {
	/** Counts from 1. */
	number: number;
	/** How many parts the file has. */
	of: number;
	start: number;
	end: number;
}

/** Whether a file of this size goes up in parts, where the API takes them. */
export function needsMultipart(bytes: number): boolean {
	return bytes > PART_BYTES;
}

/** The parts of a file: all of one size, but the last. They are larger only where there would be too many. */
export function partsOf(bytes: number): Part[] {
	const partBytes = Math.max(PART_BYTES, Math.ceil(bytes / MOST_PARTS));
	const of = Math.ceil(bytes / partBytes);
	return Array.from({ length: of }, (_, index) => ({
		number: index + 1,
		of,
		start: index * partBytes,
		end: Math.min((index + 1) * partBytes, bytes),
	}));
}
