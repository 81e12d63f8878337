/* eslint-disable @n8n/community-nodes/no-restricted-imports -- the streams are those that n8n opens */
import { Readable } from 'stream';
import type { IDataObject, IExecuteFunctions, IHttpRequestOptions } from 'n8n-workflow';

import { linkedFile } from '../../../../../nodes/Imagen/transfer/linkedFile';
import { readPlaces } from '../../../../../nodes/Imagen/transfer/sources';
import { passTimeBy } from '../../../../support/clock';

const KiB = 1024;
const MiB = KiB * KiB;
const LINK = 'https://drive.test/A_1.NEF?token=secret';

interface Answer {
	statusCode: number;
	headers?: IDataObject;
	body?: Buffer | AsyncIterable<Buffer>;
}

beforeEach(() => passTimeBy(async () => {}));

/** The photo behind a link whose server answers in this way, and what was asked for. */
function photoFrom(answer: (url: string, range: { start: number; end: number } | undefined) => Answer) {
	const requests: string[] = [];
	const context = {
		getNode: () => ({ name: 'Imagen AI' }),
		getExecutionCancelSignal: () => undefined,
		getCredentials: async () => ({ environment: 'production', apiKey: 'key' }),
		helpers: {
			httpRequest: async ({ url, headers }: IHttpRequestOptions) => {
				const [, start, end] = /^bytes=(\d+)-(\d+)$/.exec(String(headers?.Range)) ?? [];
				requests.push(`${url.split('?')[0]} ${start ?? ''}-${end ?? ''}`);
				const range = start === undefined ? undefined : { start: Number(start), end: Number(end) + 1 };
				const { body = Buffer.alloc(0), headers: given = {}, statusCode } = answer(url, range);
				return {
					statusCode,
					headers: given,
					body: Readable.from(Buffer.isBuffer(body) ? [body] : body, { objectMode: false }),
				};
			},
		},
	} as unknown as IExecuteFunctions;
	return { photo: linkedFile(context, { itemIndex: 0, url: LINK, fileName: 'A_1.NEF' }, {}), requests };
}

/** What looking at the photo ends with. */
async function lookError(answer: Parameters<typeof photoFrom>[0]) {
	const error = await photoFrom(answer).photo.source.look!().catch((thrown: unknown) => thrown);
	expect(error).toBeInstanceOf(Error);
	return error as Error & { description: string };
}

async function* zeros(bytes: number) {
	const chunk = Buffer.alloc(MiB);
	for (let sent = 0; sent < bytes; sent += MiB) yield chunk;
}

test('a link whose server does not say how large a file is, is of use up to 256 MiB only, and says so', async () => {
	const error = await lookError(() => ({ statusCode: 200, body: zeros(257 * MiB) }));
	expect(error.message).toBe(
		"The link to 'A_1.NEF' does not say how large the file is, and the file is larger than 256 MiB",
	);
	expect(error.description).toContain('Use another kind of link');
});

test('a link whose server gives another part of the file than the one asked for is an error that says so', async () => {
	const error = await lookError(() => ({
		statusCode: 206,
		headers: { 'content-range': 'bytes 100-65635/300000' },
	}));
	expect(error.message).toBe("The link to 'A_1.NEF' returns another part of the file than n8n asked for");
	expect(error.description).toContain('Use another kind of link');
});

test.each([['http://'], ['']])(
	'a link that redirects to %j is an error about this address, not about too many redirects',
	async (location) => {
		const error = await lookError(() => ({ statusCode: 302, headers: { location } }));
		expect(error.message).toBe("The link to 'A_1.NEF' redirects to an address that n8n cannot read");
	},
);

test('a link that redirects to an address without https is not asked to be one that starts with https', async () => {
	const error = await lookError(() => ({
		statusCode: 302,
		headers: { location: 'http://photos.example.com/A_1.NEF' },
	}));
	expect(error.message).toBe(
		"The link to 'A_1.NEF' redirects to an address that does not start with https://",
	);
	expect(error.description).not.toContain('Enter a link that starts with https://');
});

/** Where the end of the file is read after its beginning, with these answers. */
async function readBothEnds(knowsRanges: boolean) {
	const bytes = Buffer.alloc(2 * MiB, 1);
	const { photo, requests } = photoFrom((_url, range) =>
		knowsRanges && range
			? {
					statusCode: 206,
					headers: { 'content-range': `bytes ${range.start}-${range.end - 1}/${bytes.length}` },
					body: bytes.subarray(range.start, range.end),
				}
			: { statusCode: 200, headers: { 'content-length': String(bytes.length) }, body: bytes },
	);
	const looked = { ...photo, bytes: await photo.source.look!() };
	await readPlaces(looked, async (file) => {
		await file.head();
		await file.at(MiB, 10);
		await file.at(2 * MiB - 10, 10);
	});
	return requests.slice(1);
}

test('a place within a photo is asked for alone where the server gives parts', async () => {
	expect(await readBothEnds(true)).toHaveLength(3);
});

test('a photo whose server gives no parts is downloaded once, however many places of it are read', async () => {
	expect(await readBothEnds(false)).toHaveLength(1);
});
