import type { IExecuteFunctions } from 'n8n-workflow';

import type { Part } from './parts';
import { openPhoto, type Photo } from './sources';
import type { ByteStream } from './byteStream';
import { putFile } from './presigned';
import { cut } from './streams';

/** Before a part, the file is read and dropped: with larger chunks in a third of the time. */
const CHUNK_BYTES_OF_PARTS = 1024 * 1024;

/**
 * One try at sending a photo, or a part of it, to a presigned link. Its bytes are read anew each time.
 *
 * @throws ImagenApiError that names the photo and the part
 */
export async function sendPhoto(
	context: IExecuteFunctions,
	link: string,
	photo: Photo,
	{ part, md5 }: { part?: Part; md5?: string } = {},
): Promise<void> {
	const { start, end } = part ?? { start: 0, end: photo.bytes };
	const content = await openPhoto(context, photo, part && CHUNK_BYTES_OF_PARTS);
	const body = part ? cut(content, start, end) : content;
	try {
		await putFile(context, link, { purpose: purposeOf(photo, part), bytes: end - start, body, md5 });
	} finally {
		// A request that fails early leaves its stream, and with it an open file, behind.
		for (const opened of [body, content]) close(opened);
	}
}

function purposeOf({ fileName }: Photo, part?: Part): string {
	return part ? `upload '${fileName}' (part ${part.number} of ${part.of})` : `upload '${fileName}'`;
}

function close(content: ByteStream | Buffer) {
	if (!Buffer.isBuffer(content)) content.destroy();
}
