import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import type { WebhookAnswer, WebhookCall } from '../support/engine/index.ts';

/** Where Imagen calls back: a door on loopback that hands each call to a node, and its answer back. */
export interface Receiver {
	origin: string;
	/** Fulfilled when every call so far is dealt with. */
	idle(): Promise<void>;
	close(): Promise<void>;
}

export async function openReceiver(
	handle: (call: WebhookCall) => Promise<WebhookAnswer | undefined>,
): Promise<Receiver> {
	const calls: Array<Promise<void>> = [];
	let origin = '';

	async function receive(request: IncomingMessage): Promise<number> {
		const answer = await handle({ url: `${origin}${request.url}`, body: await json(request) });
		return answer?.statusCode ?? 204;
	}

	const server = createServer((request, response) => {
		calls.push(
			receive(request).then(
				(statusCode) => void response.writeHead(statusCode).end(),
				() => void response.writeHead(500).end(),
			),
		);
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	return {
		origin,
		idle: async () => void (await Promise.all(calls)),
		async close() {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}
