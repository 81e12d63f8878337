import { createServer, request as forward, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A way to the API on which one request is held, and answered in the API's place. */
export interface Gate {
	apiUrl: string;
	/** Fulfilled when a request has come that is held. */
	held: Promise<void>;
	close(): Promise<void>;
}

/**
 * Opens a way to the API.
 *
 * @param path what the path of the POST that is held ends with: the first of them only
 * @param refused a status and message, with which it is answered
 * @param until how many reads of a status have to come after it, before it is answered
 */
export async function openGate(
	apiUrl: string,
	{ path, refused, until }: { path: string; refused: { status: number; message: string }; until: number },
): Promise<Gate> {
	const target = new URL(apiUrl);
	let readsLeft = until;
	let answer: (() => void) | undefined;
	let markHeld = () => {};
	const held = new Promise<void>((resolve) => (markHeld = resolve));

	const server = createServer((incoming, outgoing) => {
		if (!answer && incoming.method === 'POST' && incoming.url?.endsWith(path)) {
			incoming.resume();
			answer = () => {
				outgoing.writeHead(refused.status, { 'Content-Type': 'application/json' });
				outgoing.end(JSON.stringify({ error: { message: refused.message } }));
			};
			return markHeld();
		}
		if (answer && isStatusRead(incoming) && --readsLeft === 0) answer();
		const { hostname, port } = target;
		const { method, url, headers } = incoming;
		const request = forward({ hostname, port, method, path: url, headers }, (answered) => {
			outgoing.writeHead(answered.statusCode!, answered.headers);
			answered.pipe(outgoing);
		});
		incoming.pipe(request);
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	return {
		apiUrl: `http://127.0.0.1:${port}${target.pathname}`,
		held,
		async close() {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}

/** Of Smart Editing, the project itself tells its status. */
const isStatusRead = ({ method, url }: IncomingMessage) =>
	method === 'GET' && /\/status$|\/i2i\/projects\/\w+$/.test(String(url));
