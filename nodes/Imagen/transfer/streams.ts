import type { IExecuteFunctions } from 'n8n-workflow';

/** A body that is read while it is sent or stored: Node's stream of bytes. */
export type ByteStream = Awaited<ReturnType<IExecuteFunctions['helpers']['getBinaryStream']>>;

/** The bytes from `start` up to, but not including, `end`. Of a stream, what comes after them is not read; it closes with them. */
export function slice(content: ByteStream | Buffer, start: number, end: number): ByteStream | Buffer {
	if (Buffer.isBuffer(content)) return content.subarray(start, end);
	return toStream(content, bytesBetween(content, start, end), () => content.destroy());
}

/** The same as `slice`, of what comes in chunks. */
export async function* bytesBetween(chunks: AsyncIterable<Buffer>, start: number, end: number) {
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
 *
 * @param close ends what the generator reads, when the stream ends or is destroyed: a generator that has not begun, or waits for
 *   bytes, does not do so itself
 */
export function toStream(like: ByteStream, bytes: AsyncIterable<Buffer>, close: () => void): ByteStream {
	const { from } = like.constructor as unknown as { from: (bytes: AsyncIterable<Buffer>) => ByteStream };
	const stream = from(bytes);
	const destroy = stream._destroy.bind(stream);
	stream._destroy = (error, callback) => {
		close();
		destroy(error, callback);
	};
	return stream;
}

/** All that is in a small stream. */
export async function readAll(content: ByteStream | Buffer): Promise<Buffer> {
	if (Buffer.isBuffer(content)) return content;
	const chunks: Buffer[] = [];
	for await (const chunk of content) chunks.push(Buffer.from(chunk));
	return Buffer.concat(chunks);
}

/** The first bytes, at most so many, which stay in the stream. */
export async function peek(content: ByteStream | Buffer, mostBytes: number): Promise<Buffer> {
	if (Buffer.isBuffer(content)) return content.subarray(0, mostBytes);
	let head: Buffer = Buffer.alloc(0);
	while (head.length < mostBytes) {
		const chunk = (content.read() ?? (await nextChunk(content))) as Buffer | null;
		if (chunk === null) break;
		head = head.length > 0 ? Buffer.concat([head, chunk]) : chunk;
	}
	if (head.length > 0) content.unshift(head);
	return head.subarray(0, mostBytes);
}

async function nextChunk(stream: ByteStream): Promise<unknown> {
	await new Promise<void>((resolve, reject) => {
		const settle = (error?: Error) => {
			stream.off('readable', onNext).off('end', onNext).off('error', settle);
			if (error) reject(error);
			else resolve();
		};
		const onNext = () => settle();
		stream.on('readable', onNext).on('end', onNext).on('error', settle);
	});
	return stream.read();
}
