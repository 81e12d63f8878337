/* eslint-disable @n8n/community-nodes/no-restricted-imports -- the streams are those that n8n opens */
import { Readable } from 'stream';
import { stringify } from 'flatted';

import type { FileContext } from '../../../../../nodes/Imagen/api/types';
import { downloadFiles } from '../../../../../nodes/Imagen/transfer/download';

const LINK = 'https://storage.test/A_1.jpg?X-Amz-Signature=secret';

/** What a download ends with that ends in this way while its bytes arrive. */
async function outcomeOf(onStore: () => unknown) {
	const cancelling = new AbortController();
	const context = {
		getNode: () => ({ name: 'Imagen AI' }),
		getExecutionCancelSignal: () => cancelling.signal,
		helpers: {
			httpRequest: async () => ({ statusCode: 200, headers: {}, body: Readable.from([Buffer.from('jpeg')]) }),
			prepareBinaryData: async () => {
				cancelling.abort();
				throw onStore();
			},
		},
	} as unknown as FileContext;
	const links = [{ file_name: 'A_1.jpg', link: LINK }];
	const [outcome] = await downloadFiles(context, links, { fetchLinks: async () => links });
	return 'error' in outcome ? outcome.error : undefined;
}

test('the error of a cancelled download says so, and does not hold the link', async () => {
	const canceled = Object.assign(new Error('canceled'), { code: 'ERR_CANCELED', config: { url: LINK } });
	const error = await outcomeOf(() => canceled);
	expect(error?.message).toBe("Imagen AI could not download 'A_1.jpg': the execution was cancelled");
	expect(stringify([error, error?.stack])).not.toContain('secret');
});

test('a disk that is full is named as such, not as a broken connection', async () => {
	const full = Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
	expect(await outcomeOf(() => full)).toBe(full);
});
