import { createHash, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import { apiCalls, baseUrlPath, describeApiRequest } from '../../sandbox/calls.mts';
import { loopbackHost } from '../../sandbox/loopback.mts';
import { presign, signatureOf } from '../../sandbox/storage/presign.mts';
import { Line, type LineConditions } from './line.mts';
import type { PhotoSet } from './photoSets.mts';
import { serve, type Tasks } from './taskProcess.mts';

/**
 * Imagen's API and storage as far as speed is concerned, over TLS, in a process of its own: it presigns links for a set of photos,
 * checks the signature and the length of uploads, counts their bytes and drops them, and serves downloads from memory.
 * The sandbox keeps photos on disk: its disk would be measured, not the contenders.
 */
export interface ImagenTasks extends Tasks {
	/** Gets ready for a set of photos over a line, or over none; counts from 0. */
	expect: (order: { set: PhotoSet; line?: LineConditions }) => void;
	counts: (none: null) => Counts;
	address: (none: null) => { apiUrl: string; apiKey: string };
}

/** Requests and photos since the last `expect`. */
export interface Counts {
	apiRequests: number;
	storageRequests: number;
	connections: number;
	/** Photos that were received or sent completely. */
	photos: number;
	bytes: number;
	refused: string[];
}

const apiKey = 'bench-key';
const bucket = 'imagen';
const linkSeconds = 3600;
const sliceBytes = 256 * 1024;

let set: PhotoSet = { name: 'none', count: 0, bytes: 0, fileNames: [] };
let line: Line | undefined;
let counts = none();
let content = Buffer.alloc(0);
let digest = '';

const [certificate, key] = process.argv.slice(2);
const server = createHttpsServer(
	{ cert: readFileSync(certificate), key: readFileSync(key), minVersion: 'TLSv1.3', requestTimeout: 0 },
	(request, response) => {
		answer(request, response).catch((error: Error) => {
			counts.refused.push(error.message);
			response.destroy();
		});
	},
);
server.keepAliveTimeout = 60_000;

const listener = createServer({ noDelay: true, allowHalfOpen: true }, (client) => {
	counts.connections++;
	const toServer = { host: loopbackHost, port: serverPort, noDelay: true, allowHalfOpen: true };
	if (line) line.join(client, connect(toServer));
	else server.emit('connection', client);
});
const serverPort = await listen(server);
const origin = `https://${loopbackHost}:${await listen(listener)}`;

serve({
	expect(order) {
		// A connection that was kept would not be on the new line.
		server.closeAllConnections();
		({ set } = order);
		line = order.line && new Line(order.line);
		counts = none();
		if (content.length !== set.bytes) {
			content = randomBytes(set.bytes);
			digest = createHash('md5').update(content).digest('hex');
		}
	},
	counts: () => counts,
	address: () => ({ apiUrl: `${origin}${baseUrlPath}`, apiKey }),
} satisfies ImagenTasks);

async function listen(server: Server): Promise<number> {
	server.listen(0, loopbackHost);
	await once(server, 'listening');
	return (server.address() as AddressInfo).port;
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
	const { pathname, searchParams } = new URL(request.url!, origin);
	if (pathname.startsWith(baseUrlPath)) return await answerApi(request, response, pathname);
	counts.storageRequests++;
	const refusal = refusalOf(request, pathname, searchParams);
	if (refusal) {
		counts.refused.push(refusal);
		request.resume();
		response.writeHead(403).end(refusal);
	} else if (request.method === 'PUT') {
		await receive(request, response);
	} else {
		await give(response);
	}
}

async function answerApi(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
	counts.apiRequests++;
	await once(request.resume(), 'end');
	const { call } = describeApiRequest(request.method!, path);
	const isAllowed = request.headers['x-api-key'] === apiKey;
	const data = isAllowed && call ? dataOf(call) : undefined;
	response.writeHead(data ? 200 : 404, { 'content-type': 'application/json' });
	response.end(JSON.stringify(data ? { data } : { detail: 'Not Found' }));
	if (!data) counts.refused.push(`${request.method} ${path}`);
}

function dataOf(call: string): object | undefined {
	switch (call) {
		case 'uploadLinks' satisfies keyof typeof apiCalls:
			return { files_list: links('PUT', 'upload_link') };
		case 'editLinks' satisfies keyof typeof apiCalls:
			return { files_list: links('GET', 'download_link') };
		case 'editStatus' satisfies keyof typeof apiCalls:
			return { status: 'Completed' };
		case 'project' satisfies keyof typeof apiCalls:
			return { project_uuid: 'bench', name: 'Benchmark', number_of_images: set.fileNames.length };
		default:
			return undefined;
	}
}

function links(method: 'PUT' | 'GET', key: string): object[] {
	return set.fileNames.map((fileName) => ({
		file_name: fileName,
		[key]: presign({ method, origin, bucket, key: fileName, expiresAt: Date.now() + linkSeconds * 1000 }),
	}));
}

function refusalOf(
	{ method = '', headers }: IncomingMessage,
	path: string,
	query: URLSearchParams,
): string | undefined {
	const expected = signatureOf({
		method,
		md5: headers['content-md5']?.toString() ?? '',
		contentType: headers['content-type'] ?? '',
		expires: Number(query.get('Expires')),
		resource: path,
	});
	const given = query.get('Signature') ?? '';
	if (given.length !== expected.length || !timingSafeEqual(Buffer.from(given), Buffer.from(expected)))
		return `${method} ${path}: the signature does not match`;
	if (method === 'PUT' && Number(headers['content-length']) !== set.bytes)
		return `${method} ${path}: announces ${headers['content-length']} bytes`;
	return undefined;
}

async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
	let bytes = 0;
	request.on('data', (chunk: Buffer) => {
		bytes += chunk.length;
	});
	await once(request, 'end');
	if (bytes !== set.bytes) throw new Error(`${bytes} of ${set.bytes} bytes came`);
	count(bytes);
	response.setHeader('x-amz-request-id', randomUUID());
	response.end();
}

async function give(response: ServerResponse): Promise<void> {
	response.writeHead(200, {
		'content-length': content.length,
		'content-type': 'application/octet-stream',
		etag: `"${digest}"`,
		'x-amz-request-id': randomUUID(),
	});
	for (let start = 0; start < content.length; start += sliceBytes) {
		if (!response.write(content.subarray(start, start + sliceBytes))) await once(response, 'drain');
	}
	count(content.length);
	response.end();
}

function count(bytes: number): void {
	counts.photos++;
	counts.bytes += bytes;
}

function none(): Counts {
	return { apiRequests: 0, storageRequests: 0, connections: 0, photos: 0, bytes: 0, refused: [] };
}
