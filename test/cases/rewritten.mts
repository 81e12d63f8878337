import { createServer, request, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** An answer of the API on its way to n8n. */
export interface Answer {
	method: string;
	path: string;
	/** The JSON body; undefined if it is none. */
	body: any;
}

/** Gives another body for an answer, or nothing to leave it as it is. The answer waits for it. */
export type Rewrite = (answer: Answer) => unknown;

/** Works with an API whose answers are rewritten. @param work is given its base URL */
export async function withAnswers<T>(
	apiUrl: string,
	rewrite: Rewrite,
	work: (apiUrl: string) => Promise<T>,
): Promise<T> {
	const server = createServer((incoming, outgoing) => {
		const { method = 'GET', url = '/', headers } = incoming;
		const forwarded = request(new URL(url, apiUrl), { method, headers }, async (answered) => {
			const body = await jsonOf(answered);
			const { 'content-length': _length, 'transfer-encoding': _encoding, ...kept } = answered.headers;
			const rewritten = (await rewrite({ method, path: url, body })) ?? body;
			outgoing.writeHead(answered.statusCode ?? 500, kept).end(JSON.stringify(rewritten));
		});
		incoming.pipe(forwarded);
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	try {
		return await work(`http://127.0.0.1:${port}${new URL(apiUrl).pathname}`);
	} finally {
		server.closeAllConnections();
		await new Promise((resolve) => server.close(resolve));
	}
}

async function jsonOf(answered: IncomingMessage): Promise<unknown> {
	const body = await text(answered);
	try {
		return JSON.parse(body);
	} catch {
		return undefined;
	}
}
