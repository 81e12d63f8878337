import type { IExecuteFunctions } from 'n8n-workflow';

/** A body that is read while it is sent or stored: Node's stream of bytes. */
export type ByteStream = Awaited<ReturnType<IExecuteFunctions['helpers']['getBinaryStream']>>;

/** The bytes from `start` up to, but not including, `end`. Of a stream, what comes after them is not read. */
export function slice(content: ByteStream | Buffer, start: number, end: number): ByteStream | Buffer {
	return Buffer.isBuffer(content)
		? content.subarray(start, end)
		: toStream(content, bytesBetween(content, start, end));
}

async function* bytesBetween(chunks: AsyncIterable<Buffer>, start: number, end: number) {
	let position = 0;
	for await (const chunk of chunks) {
		const from = Math.max(start - position, 0);
		if (from < chunk.length) yield chunk.subarray(from, end - position);
		position += chunk.length;
		if (position >= end) return;
	}
}

/**
 * A stream of what a generator gives, of the same class as `like`. Nodes may not import Node's `Readable`, but every readable stream hands its `from`
 * down. (`compose` would do, were it not for its error when the generator ends before the stream does.)
 */
export function toStream(like: ByteStream, bytes: AsyncIterable<Buffer>): ByteStream {
	const { from } = like.constructor as unknown as { from: (bytes: AsyncIterable<Buffer>) => ByteStream };
	return from(bytes);
}
