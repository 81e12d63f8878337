import type { IBinaryData } from 'n8n-workflow';

import type { FileContext } from '../api/types';

/**
 * The exact size of a binary in bytes. Its `fileSize` is a rounded text for people; the number is in the store, or, where
 * n8n keeps binaries in memory, in their base64.
 */
export async function binarySize(context: FileContext, binary: IBinaryData): Promise<number> {
	if (binary.id) return (await context.helpers.getBinaryMetadata(binary.id)).fileSize;
	return Buffer.byteLength(binary.data, 'base64');
}
