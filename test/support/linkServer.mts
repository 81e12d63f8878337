import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { loopbackHost } from '../../sandbox/loopback.mts';

/** What nobody should see of a link. */
export const LINK_TOKEN = 'token-of-a-link';

/** How the server answers for one file. */
export interface LinkBehaviour {
	/** Whether it gives a range when it is asked for one. */
	ranges?: boolean;
	/** Whether it says how long the file is. */
	length?: boolean;
	/** Whether it keeps the file compressed, and gives it so to everybody. */
	gzip?: boolean;
	/** What it says the state of the file is, with each request; nothing if left out. */
	etags?: string[];
	/** How many other addresses it leads over. */
	redirects?: number;
	/** The status of its first answers, before it gives the file. */
	statuses?: number[];
	/** From which request on the link has expired. */
	expiresAfter?: number;
	/** After how many bytes the first answer that is longer breaks off. */
	breaksAfter?: number;
	/** Whether all of them do. */
	breaksAlways?: boolean;
	/** What the file is from its second request on. */
	then?: Buffer;
	contentType?: string;
	/** Where it leads, in place of to the file. */
	location?: string;
}

/** A file store with temporary links, which behave well unless told otherwise. */
export class LinkServer {
	readonly #server: Server;
	readonly #files = new Map<string, { bytes: Buffer; behaviour: LinkBehaviour }>();
	readonly #replies = new Map<string, (body: string) => unknown>();
	/** The requests for files, as `IMG_1.NEF bytes=0-65535`. */
	readonly requests: string[] = [];
	/** The headers of these. */
	readonly headers: IncomingMessage['headers'][] = [];

	static async open(): Promise<LinkServer> {
		const server = createServer();
		await new Promise<void>((resolve) => server.listen(0, loopbackHost, resolve));
		return new LinkServer(server);
	}

	private constructor(server: Server) {
		this.#server = server.on('request', (request, response) => this.#answer(request, response));
	}

	async close(): Promise<void> {
		this.#server.closeAllConnections();
		await new Promise((resolve) => this.#server.close(resolve));
	}

	clear(): void {
		this.#files.clear();
		this.requests.length = 0;
		this.headers.length = 0;
	}

	/** Keeps a file. @returns the link to it */
	keep(name: string, bytes: Buffer, behaviour: LinkBehaviour = {}): string {
		this.#files.set(name, { bytes, behaviour });
		return this.linkTo(name, behaviour.redirects);
	}

	/** The API of the store: what it answers at a path, as JSON, to what it is sent. @returns its address */
	answer(path: string, reply: (body: string) => unknown): string {
		this.#replies.set(path, reply);
		return `${this.#origin}${path}`;
	}

	get #origin(): string {
		return `http://${loopbackHost}:${(this.#server.address() as AddressInfo).port}`;
	}

	/** The link to a file. @param redirects over how many other addresses it leads */
	linkTo(name: string, redirects = 0): string {
		return `${this.#origin}/${encodeURIComponent(name)}?token=${LINK_TOKEN}&left=${redirects}`;
	}

	#answer(request: IncomingMessage, response: ServerResponse): void {
		const { pathname, searchParams } = new URL(request.url ?? '', 'http://host');
		const reply = this.#replies.get(pathname);
		if (reply) return void answerJson(request, response, reply);
		const name = decodeURIComponent(pathname.slice(1));
		const file = this.#files.get(name);
		const left = Number(searchParams.get('left'));
		if (!file) return void response.writeHead(404).end();
		const location = left > 0 ? this.linkTo(name, left - 1) : file.behaviour.location;
		if (location) return void response.writeHead(302, { location }).end();
		this.requests.push([name, request.headers.range].filter(Boolean).join(' '));
		this.headers.push(request.headers);
		const number = this.requests.filter((line) => line.split(' ')[0] === name).length;
		const { statuses = [], expiresAfter = Infinity } = file.behaviour;
		const status = number > expiresAfter ? 403 : statuses[number - 1];
		if (status) return void response.writeHead(status).end(`refused ${LINK_TOKEN}`);
		const etag = file.behaviour.etags?.at(number - 1);
		if (etag) response.setHeader('etag', etag);
		give(file, request.headers.range, response);
		file.bytes = file.behaviour.then ?? file.bytes;
	}
}

async function answerJson(
	request: IncomingMessage,
	response: ServerResponse,
	reply: (body: string) => unknown,
): Promise<void> {
	const answer = JSON.stringify(reply(await text(request)));
	response.writeHead(200, { 'content-type': 'application/json' }).end(answer);
}

function give(
	{ bytes, behaviour }: { bytes: Buffer; behaviour: LinkBehaviour },
	range: string | undefined,
	response: ServerResponse,
): void {
	const { ranges = true, length = true, contentType = 'application/octet-stream', breaksAfter } = behaviour;
	const [, from, to] = (ranges && /^bytes=(\d+)-(\d+)$/.exec(range ?? '')) || [];
	if (from !== undefined && Number(from) >= bytes.length) {
		return void response.writeHead(416, { 'content-range': `bytes */${bytes.length}` }).end();
	}
	const [start, end] =
		from === undefined ? [0, bytes.length] : [Number(from), Math.min(Number(to) + 1, bytes.length)];
	if (behaviour.gzip) response.setHeader('content-encoding', 'gzip');
	const part = behaviour.gzip ? gzipSync(bytes) : bytes.subarray(start, end);
	response.writeHead(from === undefined ? 200 : 206, {
		'content-type': contentType,
		...(length && { 'content-length': part.length }),
		...(from !== undefined && {
			'content-range': `bytes ${start}-${end - 1}/${length ? bytes.length : '*'}`,
		}),
	});
	if (breaksAfter === undefined || part.length <= breaksAfter) return void response.end(part);
	if (!behaviour.breaksAlways) delete behaviour.breaksAfter;
	response.write(part.subarray(0, breaksAfter), () => response.destroy());
}
