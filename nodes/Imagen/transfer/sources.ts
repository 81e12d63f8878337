import { createHash } from 'crypto';

import type { Retry } from '../api/retry';
import { HEAD_BYTES } from './content';
import { ForwardReader } from './forwardReader';
import { readAll, type ByteStream } from './streams';

/** A photo of the input, wherever it lies. Its bytes stay there until they are sent. */
export interface Photo {
	itemIndex: number;
	/** What stands for it in a text where it has no name. */
	field: string;
	/** Its name in the project. */
	fileName: string;
	/** Its name in the input. */
	originalFileName: string;
	bytes: number;
	source: PhotoSource;
}

/** Where a photo's bytes come from. */
export interface PhotoSource {
	/**
	 * The bytes from `start` up to, but not including, `end`: a stream, opened anew at each call, or a buffer where n8n keeps
	 * binaries in memory.
	 */
	open(start: number, end: number): Promise<ByteStream | Buffer>;
	/** Whether opening it in the middle costs no more than at its start, as far as is known: of a link only after the first look. */
	isSeekable: boolean;
	/** Whether it lies behind a link, which may expire. */
	isLink: boolean;
	/** What the first look at it has found. */
	known?: KnownBeginning;
	/**
	 * Finds out what only the source can say, once. Without it, the photo is known as it is.
	 *
	 * @param retry repeats an attempt that fails
	 * @returns its size
	 */
	look?(retry?: Retry): Promise<number>;
}

/** What is known of a photo that was looked at. */
export interface KnownBeginning {
	/** The first bytes, as many as there are up to `HEAD_BYTES`. */
	head: Buffer;
	fingerprint: string;
}

/** @param beginning the first bytes of a file, as many as there are up to `FINGERPRINT_BYTES` */
export function knownOf(bytes: number, beginning: Buffer): KnownBeginning {
	const digest = createHash('md5').update(beginning).digest('hex').slice(0, 8);
	// A part of a buffer would keep the whole of it.
	return { head: Buffer.from(beginning.subarray(0, HEAD_BYTES)), fingerprint: `${bytes}-${digest}` };
}

/** The first bytes of a photo, at most so many. */
export async function headOf({ source, bytes }: Photo, mostBytes: number): Promise<Buffer> {
	const most = Math.min(mostBytes, bytes);
	const { head = Buffer.alloc(0) } = source.known ?? {};
	return head.length >= most ? head.subarray(0, most) : await readAll(await source.open(0, most));
}

/** Reads places of a photo, in one pass over as much of it as they need. */
export async function readPlaces<T>(photo: Photo, read: (file: ForwardReader) => Promise<T>): Promise<T> {
	const file = new ForwardReader(photo.source, photo.bytes);
	try {
		return await read(file);
	} finally {
		await file.close();
	}
}

/** As much as one read of a file gives: cameras write their serial and picture numbers, and when it was taken, within it. */
export const FINGERPRINT_BYTES = 64 * 1024;

/** Tells a photo from others of its name: its size, and a digest of its head. Two files that differ further on only are taken for one. */
export async function fingerprintOf(photo: Photo): Promise<string> {
	const { source, bytes } = photo;
	await source.look?.();
	source.known ??= knownOf(bytes, await headOf(photo, FINGERPRINT_BYTES));
	return source.known.fingerprint;
}

/** The base64 of the photo's MD5 digest, as S3 compares it. */
export async function md5Of({ source, bytes }: Photo): Promise<string> {
	const hash = createHash('md5');
	const content = await source.open(0, bytes);
	if (Buffer.isBuffer(content)) hash.update(content);
	else for await (const chunk of content) hash.update(chunk);
	return hash.digest('base64');
}
