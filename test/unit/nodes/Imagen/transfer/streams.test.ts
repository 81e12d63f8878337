/* eslint-disable @n8n/community-nodes/no-restricted-imports -- the streams are those that n8n opens: real files */
import { createReadStream, mkdtempSync, rmSync, writeFileSync, type ReadStream } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';

import { type ByteStream, peek, slice, toStream } from '../../../../../nodes/Imagen/transfer/streams';

const CHUNK_BYTES = 10;
const BYTES = Buffer.from(Array.from({ length: 10_000 }, (_, index) => (index * 7) % 256));

const folder = mkdtempSync(join(tmpdir(), 'range-'));
const file = join(folder, 'file');
let opened: ReadStream;

beforeAll(() => writeFileSync(file, BYTES));
afterAll(() => rmSync(folder, { recursive: true }));

const rangeOfFile = (start: number, end: number, path = file) => {
	opened = createReadStream(path, { highWaterMark: CHUNK_BYTES });
	return slice(opened, start, end) as ByteStream;
};

async function bytesOf(stream: ByteStream): Promise<Buffer> {
	const chunks: Buffer[] = [];
	for await (const chunk of stream) chunks.push(chunk);
	return Buffer.concat(chunks);
}

const closed = async (stream: ReadStream) =>
	await new Promise<void>((resolve) => (stream.closed ? resolve() : stream.on('close', resolve)));

test.each([
	['all', 0, 10_000],
	['the first chunk', 0, 10],
	['within a chunk', 12, 17],
	['one byte at the end of a chunk', 19, 20],
	['one byte at the beginning of a chunk', 20, 21],
	['across chunks', 15, 1_234],
	['whole chunks', 30, 60],
	['the end', 9_995, 10_000],
])('a part is cut out of a file and of a buffer byte for byte: %s', async (_what, start, end) => {
	const expected = BYTES.subarray(start, end);
	expect(await bytesOf(rangeOfFile(start, end))).toEqual(expected);
	expect(slice(BYTES, start, end)).toEqual(expected);
});

test('what comes after the part of a stream is not read, and the file is closed', async () => {
	await bytesOf(rangeOfFile(5, 25));
	await closed(opened);
	expect(opened.bytesRead).toBeLessThan(100);
});

test('a part of a file that cannot be read is an error', async () => {
	await expect(bytesOf(rangeOfFile(0, 10, join(folder, 'none')))).rejects.toMatchObject({ code: 'ENOENT' });
});

test('a part of a file that breaks off is an error', async () => {
	const range = rangeOfFile(0, 10_000);
	range.once('data', () => opened.destroy(new Error('The disk is gone')));
	await expect(
		new Promise((resolve, reject) => range.on('error', reject).on('end', resolve)),
	).rejects.toThrow('The disk is gone');
});

test('no more of a file is read than its part asks for', async () => {
	const range = rangeOfFile(0, 10_000);
	range.once('data', () => range.pause());
	await new Promise((resolve) => range.once('pause', resolve));
	const { bytesRead } = opened;
	expect(bytesRead).toBeLessThan(100);
	range.destroy();
	opened.destroy();
	await closed(opened);
});

test('what a stream reads is closed at once when the stream is destroyed, also while it waits for bytes', async () => {
	async function* silent(): AsyncGenerator<Buffer> {
		yield Buffer.from('some');
		await new Promise(() => {});
	}
	const close = jest.fn();
	const stream = toStream(createReadStream(file), silent(), close);
	await new Promise((resolve) => stream.once('data', resolve));
	expect(close).not.toHaveBeenCalled();
	stream.destroy();
	expect(close).toHaveBeenCalledTimes(1);
});

test('the beginning of a stream can be looked at however small its chunks are, and stays in it', async () => {
	const stream = rangeOfFile(0, 10_000);
	expect(await peek(stream, 500)).toEqual(BYTES.subarray(0, 500));
	// Node.js warns of more than ten.
	expect(stream.listenerCount('error')).toBeLessThan(3);
	expect(await bytesOf(stream)).toEqual(BYTES);
});
