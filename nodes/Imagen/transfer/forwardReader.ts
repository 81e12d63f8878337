import type { PhotoSource } from './sources';

/** How much is read, and kept, around a place that is asked for. Cameras write most of what they know of a photo within its first part. */
export const WINDOW_BYTES = 256 * 1024;

/** How much of a window lies before the place: programs write a directory's values before or after it. */
const LEAD_BYTES = WINDOW_BYTES / 2;

/**
 * How far a file is read on. Files of 60 megapixels with their directory behind the pixels are within it; what lies further on
 * would cost more time to pass over than it is worth.
 */
const FARTHEST_BYTES = 128 * 1024 * 1024;

/** A part of a file. */
interface Window {
	start: number;
	bytes: Buffer;
}

/**
 * Reads places of a file in one pass from its start to its end, and no further than the last place asked for. Keeps the first
 * part and what was asked for later, not what lies between: a place that was passed over cannot be read any more. What lies between is
 * not even read where the file can be opened in its middle.
 */
export class ForwardReader {
	#chunks?: AsyncIterator<Buffer>;
	readonly #windows: Window[] = [];
	/** How far the file has been read. */
	#position = 0;

	/** @param bytes the file's size */
	constructor(
		private readonly source: Pick<PhotoSource, 'open' | 'isSeekable'>,
		readonly bytes: number,
	) {}

	/** The first part of the file, in which cameras write most of what they know. */
	async head(): Promise<Buffer> {
		return await this.at(0, Math.min(this.bytes, WINDOW_BYTES));
	}

	/** @throws RangeError where the file has no such bytes, or they are too many, too far on or passed over */
	async at(start: number, length: number): Promise<Buffer> {
		return this.#kept(start, length) ?? (await this.#readOn(start, length));
	}

	/** Closes the file. */
	async close(): Promise<void> {
		await this.#chunks?.return?.();
	}

	#kept(start: number, length: number): Buffer | undefined {
		const window = this.#windows.find(
			(each) => start >= each.start && start + length <= each.start + each.bytes.length,
		);
		return window?.bytes.subarray(start - window.start, start - window.start + length);
	}

	async #readOn(start: number, length: number): Promise<Buffer> {
		const end = start + length;
		const last = this.#windows.at(-1);
		const isAhead = start >= (last?.start ?? 0);
		if (!isAhead || length > WINDOW_BYTES || end > Math.min(this.bytes, FARTHEST_BYTES)) {
			throw new RangeError(`Bytes ${start} to ${end} are out of reach`);
		}
		const from = Math.max(this.#position, start - LEAD_BYTES);
		const next = await this.#take(from, Math.max(end, from + WINDOW_BYTES));
		if (last && last.start + last.bytes.length === next.start) {
			// A place may begin in one window and end in the next.
			last.bytes = Buffer.concat([last.bytes, next.bytes]);
		} else {
			this.#windows.push(next);
		}
		const bytes = this.#kept(start, length);
		if (!bytes) throw new RangeError(`The file has no bytes ${start} to ${end}`);
		return bytes;
	}

	/** Reads up to `until`, or the file's end, and keeps the chunks that reach beyond `from`. */
	async #take(from: number, until: number): Promise<Window> {
		const chunks = await this.#chunksFrom(from, until);
		const kept: Buffer[] = [];
		let start = this.#position;
		while (this.#position < until) {
			const { value, done } = await chunks.next();
			if (done) break;
			this.#position += value.length;
			if (this.#position > from) kept.push(value);
			else start = this.#position;
		}
		return { start, bytes: kept.length === 1 ? kept[0] : Buffer.concat(kept) };
	}

	/** What comes next of the file, at `from` or before. */
	async #chunksFrom(from: number, until: number): Promise<AsyncIterator<Buffer>> {
		const { isSeekable, open } = this.source;
		if (this.#chunks && !isSeekable) return this.#chunks;
		await this.close();
		if (isSeekable) this.#position = from;
		const content = await open(this.#position, isSeekable ? Math.min(until, this.bytes) : this.bytes);
		const chunks = Buffer.isBuffer(content) ? only(content) : (content as AsyncIterable<Buffer>);
		return (this.#chunks = chunks[Symbol.asyncIterator]());
	}
}

async function* only(content: Buffer): AsyncGenerator<Buffer> {
	yield content;
}
