import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';
import { createHash } from 'crypto';

import type { FileContext } from '../api/types';
import { imageTypeOf } from '../api/formats';
import { orUndefined } from '../api/settle';
import { ImagenOperationError } from '../errors/imagenErrors';
import { ForwardReader } from './forwardReader';
import { extensionFor } from './mimeTypes';
import type { ByteStream } from './streams';

/** A photo among the node's input items. Its bytes stay where n8n keeps them until they are sent. */
export interface Photo {
	itemIndex: number;
	/** The item's binary field. */
	field: string;
	/** Its name in the project. */
	fileName: string;
	/** Its name in the item. */
	originalFileName: string;
	bytes: number;
	binary: IBinaryData;
}

/**
 * The photo in one binary field of an item.
 *
 * @param noFile the error for an item that has no such field
 */
export async function readPhoto(
	context: IExecuteFunctions,
	itemIndex: number,
	field: string,
	noFile: () => Error,
): Promise<Photo> {
	// Only n8n knows where it keeps binaries: it has more than one way.
	const binary = orUndefined(() => context.helpers.assertBinaryData(itemIndex, field));
	if (!binary) throw noFile();
	const fileName = nameOf(binary) || nameless(binary, `${field}-${itemIndex + 1}`);
	return {
		itemIndex,
		field,
		fileName,
		originalFileName: fileName,
		bytes: await bytesOf(context, itemIndex, binary),
		binary,
	};
}

/** n8n deletes files with the execution that they belong to, of which pinned data, for one, may be all that is left. */
async function bytesOf(context: IExecuteFunctions, itemIndex: number, binary: IBinaryData): Promise<number> {
	return await binarySize(context, binary).catch(() => {
		throw new ImagenOperationError(
			context,
			`n8n no longer has the file '${nameOf(binary)}'`,
			'Only its name is left: n8n deletes files together with old executions. Run the node that read the file once more, without pinned data.',
			itemIndex,
			nameOf(binary),
		);
	});
}

/**
 * Without folders, and in the one Unicode form that servers answer in, whatever form a Mac wrote. Where the name does not say what kind
 * of photo it is, what n8n knows of the file does.
 */
function nameOf(binary: IBinaryData): string {
	const name = ((binary.fileName ?? '').split(/[/\\]/).pop() ?? '').normalize('NFC').trim();
	const withoutQuery = name.split('?')[0];
	if (name === '' || imageTypeOf(name) || name.startsWith('.')) return name;
	return imageTypeOf(withoutQuery) ? withoutQuery : withExtension(name, binary);
}

/** A file without a name is a photo where n8n knows its format; else it stays without. */
function nameless(binary: IBinaryData, name: string): string {
	const named = withExtension(name, binary);
	return named === name ? '' : named;
}

function withExtension(name: string, { fileExtension = '', mimeType }: IBinaryData): string {
	const extension = imageTypeOf(`x.${fileExtension}`) ? fileExtension : extensionFor(mimeType);
	return extension ? `${name}.${extension}` : name;
}

/**
 * The photo's bytes: a stream, opened again at each call, or the buffer where n8n keeps binaries in memory.
 *
 * @param chunkBytes how much of a file is read at a time; Node's 64 KiB if left out
 */
export async function openPhoto(
	context: IExecuteFunctions,
	photo: Photo,
	chunkBytes?: number,
): Promise<ByteStream | Buffer> {
	const { binary } = photo;
	return binary.id
		? await context.helpers.getBinaryStream(binary.id, chunkBytes)
		: await context.helpers.getBinaryDataBuffer(photo.itemIndex, photo.field);
}

/**
 * The exact size of a binary in bytes. Its `fileSize` is a rounded text for people; the number is in the store, or, where
 * n8n keeps binaries in memory, in their base64.
 */
export async function binarySize(context: FileContext, binary: IBinaryData): Promise<number> {
	if (binary.id) return (await context.helpers.getBinaryMetadata(binary.id)).fileSize;
	return Buffer.byteLength(binary.data, 'base64');
}

/** The first bytes of a photo, at most so many. */
export async function headOf(context: IExecuteFunctions, photo: Photo, mostBytes: number): Promise<Buffer> {
	const content = await openPhoto(context, photo);
	if (Buffer.isBuffer(content)) return content.subarray(0, mostBytes);
	const chunks: Buffer[] = [];
	let bytes = 0;
	// Leaving the loop closes the stream.
	for await (const chunk of content) {
		chunks.push(Buffer.from(chunk));
		bytes += chunk.length;
		if (bytes >= mostBytes) break;
	}
	return Buffer.concat(chunks).subarray(0, mostBytes);
}

/** Reads places of a photo, in one pass over as much of it as they need. */
export async function readPlaces<T>(
	context: IExecuteFunctions,
	photo: Photo,
	read: (file: ForwardReader) => Promise<T>,
): Promise<T> {
	const content = await openPhoto(context, photo);
	const file = new ForwardReader(Buffer.isBuffer(content) ? only(content) : content, photo.bytes);
	try {
		return await read(file);
	} finally {
		await file.close();
	}
}

async function* only(content: Buffer): AsyncGenerator<Buffer> {
	yield content;
}

/** As much as one read of a file gives: cameras write their serial and picture numbers, and when it was taken, within it. */
const FINGERPRINT_BYTES = 64 * 1024;

/** Tells a photo from others of its name: its size, and a digest of its head. Two files that differ further on only are taken for one. */
export async function fingerprintOf(context: IExecuteFunctions, photo: Photo): Promise<string> {
	const digest = createHash('md5').update(await headOf(context, photo, FINGERPRINT_BYTES));
	return `${photo.bytes}-${digest.digest('hex').slice(0, 8)}`;
}

/** The base64 of the photo's MD5 digest, as S3 compares it. */
export async function md5Of(context: IExecuteFunctions, photo: Photo): Promise<string> {
	const hash = createHash('md5');
	const content = await openPhoto(context, photo);
	if (Buffer.isBuffer(content)) hash.update(content);
	else for await (const chunk of content) hash.update(chunk);
	return hash.digest('base64');
}
