/* eslint-disable @n8n/community-nodes/no-restricted-imports -- the streams are those that n8n opens: real files */
import { createReadStream, type ReadStream } from 'fs';
import type { IExecuteFunctions } from 'n8n-workflow';

import type { Photo } from '../../../../../nodes/Imagen/transfer/sources';
import { putPhoto } from '../../../../../nodes/Imagen/transfer/put';

const PHOTO: Photo = {
	itemIndex: 0,
	field: 'data',
	fileName: 'X.dng',
	originalFileName: 'X.dng',
	bytes: 100,
	binary: { id: 'filesystem:x', data: '', mimeType: '' },
};

test.each([undefined, { number: 1, of: 2, start: 0, end: 50 }])(
	'an upload that fails before it reads leaves no file open: part %j',
	async (part) => {
		let file: ReadStream | undefined;
		const context = {
			getNode: () => ({ name: 'Imagen AI' }),
			getExecutionCancelSignal: () => undefined,
			helpers: {
				getBinaryStream: async () => (file = createReadStream('README.md')),
				httpRequest: async () => await Promise.reject(Object.assign(new Error(), { code: 'ECONNREFUSED' })),
			},
		} as unknown as IExecuteFunctions;
		await expect(putPhoto(context, 'https://storage.test/', PHOTO, { part })).rejects.toThrow(
			part ? "upload 'X.dng' (part 1 of 2)" : "upload 'X.dng':",
		);
		expect(file?.destroyed).toBe(true);
	},
);
