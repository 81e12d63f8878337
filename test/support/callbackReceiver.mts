import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

/** A callback as it arrived. */
export interface ReceivedCallback {
	/** Path and query. */
	path: string;
	headers: Record<string, string | string[] | undefined>;
	body: any;
}

/** A server on loopback that Imagen's callbacks are sent to. */
export interface CallbackReceiver {
	origin: string;
	/** A callback URL with a query that only its owner knows. */
	url: string;
	received: ReceivedCallback[];
	/** Fulfilled when every callback so far is answered. */
	idle(): Promise<void>;
	close(): Promise<void>;
}

/** Opens a receiver that keeps every callback and answers with the status that `answer` gives. */
export async function openCallbackReceiver(
	answer: (callback: ReceivedCallback) => number | Promise<number> = () => 200,
): Promise<CallbackReceiver> {
	const received: ReceivedCallback[] = [];
	const answers: Array<Promise<void>> = [];

	async function receive(request: IncomingMessage): Promise<number> {
		const { url: path = '', headers } = request;
		const callback = { path, headers, body: await json(request) };
		received.push(callback);
		return await answer(callback);
	}

	const server = createServer((request, response) => {
		answers.push(
			receive(request).then(
				(status) => void response.writeHead(status).end(),
				() => void response.writeHead(500).end(),
			),
		);
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	return {
		origin,
		url: `${origin}/callback?token=secret`,
		received,
		idle: async () => void (await Promise.all(answers)),
		async close() {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}
