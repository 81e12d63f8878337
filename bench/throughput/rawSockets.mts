import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { connect, type TLSSocket } from 'node:tls';
import { forEachConcurrently, requestLinks, type Transfer } from './transfer.mts';

/**
 * The most that the benchmark's server can take: bytes from memory over bare TLS sockets, without an HTTP client. A contender
 * that came near it would be limited by the server.
 */
export async function transfer(order: Transfer): Promise<void> {
	const { direction, paths, atOnce, apiUrl } = order;
	const { hostname, port, host } = new URL(apiUrl);
	const body = direction === 'upload' ? randomBytes(statSync(Object.values(paths)[0]).size) : Buffer.alloc(0);
	const idle: TLSSocket[] = [];
	await forEachConcurrently(await requestLinks(order), atOnce, async ({ url }) => {
		const socket = idle.pop() ?? connect(Number(port), hostname);
		const { pathname, search } = new URL(url);
		const method = direction === 'upload' ? 'PUT' : 'GET';
		socket.write(
			`${method} ${pathname}${search} HTTP/1.1\r\nHost: ${host}\r\nContent-Length: ${body.length}\r\n\r\n`,
		);
		socket.write(body);
		await readResponse(socket);
		idle.push(socket);
	});
	for (const socket of idle) socket.destroy();
}

/** Reads a response to its end and drops it. */
async function readResponse(socket: TLSSocket): Promise<void> {
	let head = '';
	let left: number | undefined;
	while (left !== 0) {
		const [chunk] = (await once(socket, 'data')) as [Buffer];
		if (left === undefined) {
			head += chunk.toString('latin1');
			const end = head.indexOf('\r\n\r\n');
			if (end === -1) continue;
			if (!head.startsWith('HTTP/1.1 200')) throw new Error(head.slice(0, head.indexOf('\r\n')));
			const length = Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0);
			left = length - (head.length - end - 4);
		} else {
			left -= chunk.length;
		}
	}
}
