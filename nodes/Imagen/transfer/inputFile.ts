import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';

import { imageTypeOf } from '../api/formats';
import { orUndefined } from '../api/settle';
import type { FileContext } from '../api/types';
import { ImagenOperationError } from '../errors/imagenErrors';
import { extensionFor } from './mimeTypes';
import type { Photo } from './sources';
import { slice } from './streams';

/**
 * The photo in one binary field of an item.
 *
 * @param noFile the error for an item that has no such field
 */
export async function readInputFile(
	context: IExecuteFunctions,
	itemIndex: number,
	field: string,
	noFile: () => Error,
): Promise<Photo> {
	// Only n8n knows where it keeps binaries: it has more than one way.
	const binary = orUndefined(() => context.helpers.assertBinaryData(itemIndex, field));
	if (!binary) throw noFile();
	const fileName = nameOf(binary) || nameless(binary, `${field}-${itemIndex + 1}`);
	const bytes = await bytesOf(context, itemIndex, binary);
	const open = async (start: number, end: number) => {
		const content = binary.id
			? await context.helpers.getBinaryStream(binary.id, start > 0 ? CHUNK_BYTES_OF_PARTS : undefined)
			: await context.helpers.getBinaryDataBuffer(itemIndex, field);
		return start === 0 && end === bytes ? content : slice(content, start, end);
	};
	return {
		itemIndex,
		field,
		fileName,
		originalFileName: fileName,
		bytes,
		source: { open, isSeekable: false, isLink: false },
	};
}

/** Before a part, the file is read and dropped: with larger chunks in a third of the time. */
const CHUNK_BYTES_OF_PARTS = 1024 * 1024;

/** n8n deletes files with the execution that they belong to, of which pinned data, for one, may be all that is left. */
async function bytesOf(context: IExecuteFunctions, itemIndex: number, binary: IBinaryData): Promise<number> {
	return await binarySize(context, binary).catch(() => {
		throw new ImagenOperationError(
			context,
			`n8n no longer has the file '${nameOf(binary)}'`,
			'Run the node that read the file again, without pinned data. n8n deletes files together with old executions: only the name is left.',
			itemIndex,
			nameOf(binary),
		);
	});
}

/** JPEGs that Imagen does not take under the extensions that they have. */
const OTHER_JPEG = /\.(jpe|jfif)$/i;

/** The name of a file, in the one Unicode form that servers answer in, whatever form a Mac wrote. A JPEG gets an extension that Imagen takes. */
export function fileNameOf(path: string): string {
	const name = (path.split(/[/\\]/).pop() ?? '').normalize('NFC').trim();
	return OTHER_JPEG.test(name) ? `${name}.jpg` : name;
}

/** An extension begins with a letter: `IMG_2024.05.01` and `Dr. Smith` have none. */
const EXTENSION = /.\.[a-z][^\s.]*$/i;

/**
 * Where the name has no extension, what n8n knows of the file says what kind of photo it is. Any other extension is of no photo: a copy such as
 * `X.jpg_original`, or the thumbnail of a video, has the bytes of a JPEG.
 */
function nameOf(binary: IBinaryData): string {
	const name = fileNameOf(binary.fileName ?? '');
	const withoutQuery = name.split('?')[0];
	if (name === '' || imageTypeOf(name) || name.startsWith('.')) return name;
	if (imageTypeOf(withoutQuery)) return withoutQuery;
	return EXTENSION.test(name) ? name : withExtension(name, binary);
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
 * The exact size of a binary in bytes. Its `fileSize` is a rounded text for people; the number is in the store, or, where
 * n8n keeps binaries in memory, in their base64.
 */
export async function binarySize(context: FileContext, binary: IBinaryData): Promise<number> {
	if (binary.id) return (await context.helpers.getBinaryMetadata(binary.id)).fileSize;
	return Buffer.byteLength(binary.data, 'base64');
}
