import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** What was written: its length, and its MD5. */
export interface Measured {
	bytes: number;
	digest: Buffer;
}

/** Writes a stream to a file and measures it on the way; memory stays flat, whatever its length. */
export async function writeMeasured(content: AsyncIterable<Buffer>, path: string): Promise<Measured> {
	const measuring = new MeasuringStream();
	await pipeline(content, measuring, createWriteStream(path));
	return { bytes: measuring.bytes, digest: measuring.digest() };
}

/** Passes bytes on, counting and digesting them. */
class MeasuringStream extends Transform {
	bytes = 0;
	readonly #hash = createHash('md5');

	override _transform(chunk: Buffer, _encoding: string, done: (error: null, chunk: Buffer) => void): void {
		this.bytes += chunk.length;
		this.#hash.update(chunk);
		done(null, chunk);
	}

	/** The MD5 of all that went through; may be read once, at the end. */
	digest(): Buffer {
		return this.#hash.digest();
	}
}
