/* eslint-disable @n8n/community-nodes/no-restricted-imports -- a real server on loopback has to stop in the middle of a file */
import 'reflect-metadata';
import { once } from 'events';
import { createServer, type Server } from 'http';
import type { AddressInfo } from 'net';
import { Readable } from 'stream';

import { sleep } from 'n8n-workflow';

import { ImagenApi } from '../../../../../credentials/ImagenApi.credentials';
import { Imagen } from '../../../../../nodes/Imagen/Imagen.node';
import { withIdleTimeout } from '../../../../../nodes/Imagen/transfer/idleTimeout';
import { useClock } from '../../../../support/clock';
import { runNode } from '../../../../support/engine';

jest.mock('../../../../../nodes/Imagen/api/limits', () => ({
	...jest.requireActual<object>('../../../../../nodes/Imagen/api/limits'),
	API_TIMEOUT_MS: 5_000,
	IDLE_TIMEOUT_MS: 60,
}));

const UUID = '65f3a1c09b7e4d2f8a6c1e57';

useClock();

let server: Server;
let transfers = 0;

/** A server on loopback that sends half of a file and then nothing more, the first time. */
beforeEach(async () => {
	transfers = 0;
	server = createServer((request, response) => {
		const { port } = server.address() as AddressInfo;
		if (request.url?.endsWith(UUID)) return response.end(json({ project_uuid: UUID }));
		if (request.url?.endsWith('/status')) return response.end(json({ status: 'Completed' }));
		if (request.url?.endsWith('_links')) {
			return response.end(
				json({ files_list: [{ file_name: 'a.xmp', download_link: `http://127.0.0.1:${port}/a.xmp` }] }),
			);
		}
		transfers += 1;
		response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': 8 });
		return transfers === 1 ? response.write('1234') : response.end('12345678');
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterEach(() => {
	server.closeAllConnections();
	server.close();
});

test('a download that stops arriving is ended and begun again', async () => {
	const { port } = server.address() as AddressInfo;

	const { output, error } = await runNode({
		node: new Imagen(),
		parameters: {
			resource: 'edit',
			operation: 'download',
			project: { __rl: true, mode: 'id', value: UUID },
		},
		credentials: [
			{
				type: new ImagenApi(),
				data: { apiKey: 'key', environment: 'custom', customUrl: `http://127.0.0.1:${port}/v1` },
			},
		],
	});

	expect(error).toBeUndefined();
	expect(output[0].map(({ json: { file_name, bytes } }) => ({ file_name, bytes }))).toEqual([
		{ file_name: 'a.xmp', bytes: 8 },
	]);
	expect(transfers).toBe(2);
});

describe('a body', () => {
	/** As newer HTTP layers give it out: a stream around Node's own message, which has no clock. */
	const around = (chunks: AsyncIterable<Buffer>) => Readable.from(chunks, { objectMode: false });

	test('a body that stops arriving has its request ended, and its reader gets an error', async () => {
		let giveUp = () => {};
		const givenUp = new Promise<never>((_resolve, reject) => (giveUp = () => reject(new Error('aborted'))));
		const body = withIdleTimeout(
			around(
				(async function* () {
					yield Buffer.from('half');
					await givenUp;
				})(),
			),
			giveUp,
			() => {},
		);
		const [error] = await once(body.resume(), 'error');
		expect(error).toMatchObject({ code: 'ETIMEDOUT' });
	});

	test('a body that nobody reads for a while is not given up', async () => {
		const giveUp = jest.fn();
		let bytesShown = 0;
		const body = withIdleTimeout(
			around(Readable.from([Buffer.alloc(200_000), Buffer.alloc(200_000)])),
			giveUp,
			(chunk) => (bytesShown += chunk.length),
		);
		let bytes = 0;
		for await (const chunk of body) {
			bytes += chunk.length;
			await sleep(150);
		}
		expect([bytes, bytesShown]).toEqual([400_000, 400_000]);
		expect(giveUp).not.toHaveBeenCalled();
	});
});

const json = (data: unknown) => JSON.stringify({ data });
