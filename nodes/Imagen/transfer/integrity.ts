import type { IN8nHttpFullResponse } from 'n8n-workflow';

/** What the storage says of a file before it comes, by which its end and its bytes can be checked. */
export interface ExpectedFile {
	bytes?: number;
	/** The MD5 digest in hex. */
	md5?: string;
	/** Whether the file comes in chunks, of which the last one is marked. */
	isChunked: boolean;
}

/** What arrived of a file. */
interface ReceivedFile {
	bytes: number;
	/** The MD5 digest in hex, where there is one to compare with. */
	md5?: string;
}

/** What the headers of an answer announce of the file in its body. */
export function expectedFileOf({ headers }: IN8nHttpFullResponse): ExpectedFile {
	const { 'content-length': length, 'transfer-encoding': encoding } = headers;
	return {
		bytes: length === undefined ? undefined : Number(length),
		md5: md5In(headers),
		isChunked: encoding !== undefined,
	};
}

/** S3's ETag is the digest, unless the file was uploaded in parts (it then ends in a number) or encrypted with a key of its owner's. */
function md5In(headers: IN8nHttpFullResponse['headers']): string | undefined {
	const { etag, 'x-amz-server-side-encryption': encryption = 'AES256' } = headers;
	const isS3 =
		'x-amz-request-id' in headers && !('x-amz-server-side-encryption-customer-algorithm' in headers);
	return isS3 && encryption === 'AES256' ? /^"([\da-f]{32})"$/.exec(String(etag))?.[1] : undefined;
}

/** Why a file is not whole, as words for an error; undefined if it is. */
export function integrityError(
	arrived: ReceivedFile,
	{ bytes, md5, isChunked }: ExpectedFile,
): string | undefined {
	if (bytes !== undefined && arrived.bytes < bytes)
		return `only part of the file arrived (${arrived.bytes} of ${bytes} bytes)`;
	// What the storage keeps compressed is unpacked on its way here: its end is then checked by that, and the digest is another's.
	const isAsSent = bytes === undefined ? !isChunked : arrived.bytes === bytes;
	if (md5 !== undefined && isAsSent) {
		return arrived.md5 === md5 ? undefined : 'the file that arrived is not the one in the storage';
	}
	// The end of the connection may be the end of the file, or a break.
	return bytes === undefined && !isChunked ? 'the storage did not say how long the file is' : undefined;
}
