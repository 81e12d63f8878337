/* eslint-disable @n8n/community-nodes/no-restricted-imports -- a real server on loopback has to stop in the middle of a file */
import 'reflect-metadata';
import { createServer, IncomingMessage, type Server } from 'http';
import type { AddressInfo } from 'net';

import { ImagenApi } from '../../../../credentials/ImagenApi.credentials';
import { Imagen } from '../../../../nodes/Imagen/Imagen.node';
import { runNode } from '../../../engine';

jest.mock('../../../../nodes/Imagen/api/pause', () => ({ pause: async () => {} }));

const UUID = '65f3a1c09b7e4d2f8a6c1e57';

let server: Server;
let transfers = 0;

/** A server on loopback that sends half of a file and then nothing more, the first time. */
beforeEach(async () => {
	transfers = 0;
	server = createServer((request, response) => {
		const { port } = server.address() as AddressInfo;
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

test('a download that stops coming is ended and begun anew', async () => {
	const { setTimeout: real } = IncomingMessage.prototype;
	const soon = jest.spyOn(IncomingMessage.prototype, 'setTimeout').mockImplementation(function (
		this: IncomingMessage,
		_ms: number,
		onIdle?: () => void,
	) {
		return real.call(this, 50, onIdle);
	});
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
	expect(soon).toHaveBeenCalledWith(300_000, expect.any(Function));
});

const json = (data: unknown) => JSON.stringify({ data });
