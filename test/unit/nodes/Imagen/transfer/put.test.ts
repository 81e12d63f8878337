/* eslint-disable @n8n/community-nodes/no-restricted-imports -- the streams are those that n8n opens: real files */
import { createReadStream, type ReadStream } from 'fs';
import type { IExecuteFunctions } from 'n8n-workflow';

import { readInputFile } from '../../../../../nodes/Imagen/transfer/inputFile';
import { putPhoto } from '../../../../../nodes/Imagen/transfer/put';

test.each([undefined, { number: 1, of: 2, start: 0, end: 50 }])(
	'an upload that fails before it reads leaves no file open: part %j',
	async (part) => {
		let file: ReadStream | undefined;
		const context = {
			getNode: () => ({ name: 'Imagen AI' }),
			getExecutionCancelSignal: () => undefined,
			helpers: {
				assertBinaryData: () => ({ id: 'filesystem:x', fileName: 'X.dng', mimeType: '', data: '' }),
				getBinaryMetadata: async () => ({ fileSize: 100 }),
				getBinaryStream: async () => (file = createReadStream('test/support/photos/Leica M10.dng')),
				httpRequest: async () => await Promise.reject(Object.assign(new Error(), { code: 'ECONNREFUSED' })),
			},
		} as unknown as IExecuteFunctions;
		const photo = await readInputFile(context, 0, 'data', () => new Error('no file'));
		await expect(putPhoto(context, 'https://storage.test/', photo, { part })).rejects.toThrow(
			part ? "upload 'X.dng' (part 1 of 2)" : "upload 'X.dng':",
		);
		expect(file?.destroyed).toBe(true);
	},
);
