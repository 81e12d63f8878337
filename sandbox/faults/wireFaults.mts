import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { finished } from 'node:stream/promises';
import { buffer, json } from 'node:stream/consumers';
import { errorBody } from '../api/errors.mts';
import type { Clock } from '../clock.mts';
import { s3ErrorCode, s3ErrorXml } from '../storage/s3Error.mts';
import type { FaultAt, FaultKindAt, FaultRule } from './faultRules.mts';

/** A request that meets a fault, and how to forward it. */
export interface Exchange {
	request: IncomingMessage;
	response: ServerResponse;
	fault: FaultAt<'wire'>;
	to: 'api' | 'storage';
	clock: Clock;
	/** An origin other than the one that was asked. */
	otherOrigin(): string;
	/** Has the request carried out; gives the answer that would have been. */
	forward(): Promise<IncomingMessage>;
}

/** Answers a request as its fault demands. */
export async function applyFault(exchange: Exchange): Promise<void> {
	await wireFaults[exchange.fault.kind](exchange);
}

/** What each fault of the connection does in place of the real answer. */
const wireFaults: Record<FaultKindAt<'wire'>, (exchange: Exchange) => void | Promise<void>> = {
	async status(exchange) {
		const { fault, to } = exchange;
		const status = fault.status ?? 500;
		await (fault.done ? carryOut(exchange) : takeBody(exchange));
		const headers: OutgoingHttpHeaders =
			fault.retryAfter === undefined ? {} : { 'Retry-After': fault.retryAfter };
		if (fault.body !== undefined) return answer(exchange, status, fault.body, headers);
		if (to === 'api') return answer(exchange, status, errorBody(status), headers);
		headers['Content-Type'] = 'application/xml';
		answer(exchange, status, s3ErrorXml(s3ErrorCode(status), `Status ${status} by order`), headers);
	},

	resetBefore: reset,

	async resetMidBody(exchange) {
		const announced = Number(exchange.request.headers['content-length'] ?? 0);
		if (exchange.request.method === 'PUT') {
			await readBytes(exchange.request, Math.floor(announced / 2));
		} else {
			await sendHalf(exchange, await exchange.forward());
		}
		reset(exchange);
	},

	async resetAfter(exchange) {
		await carryOut(exchange);
		reset(exchange);
	},

	async hang(exchange) {
		if (exchange.fault.done ?? true) await carryOut(exchange);
		await keepSilent(exchange);
	},

	async stall(exchange) {
		await sendHalf(exchange, await exchange.forward());
		await keepSilent(exchange);
	},

	async html(exchange) {
		await carryOut(exchange);
		const page =
			exchange.fault.body ?? '<!doctype html><title>One moment</title><h1>We will be right back</h1>';
		answer(exchange, exchange.fault.status ?? 200, page, { 'Content-Type': 'text/html' });
	},

	async truncatedJson(exchange) {
		const upstream = await exchange.forward();
		const text = (await buffer(upstream)).toString();
		const headers = { 'Content-Type': 'application/json' };
		answer(exchange, upstream.statusCode ?? 200, text.slice(0, Math.ceil(text.length / 2)), headers);
	},

	async truncatedDownload(exchange) {
		const upstream = await exchange.forward();
		if (exchange.fault.contentLength ?? true) {
			await sendHalf(exchange, upstream);
			exchange.response.destroy();
			return;
		}
		delete upstream.headers['content-length'];
		// Without length and chunks, only the end of the connection ends the body.
		exchange.response.useChunkedEncodingByDefault = false;
		exchange.response.shouldKeepAlive = false;
		await sendHalf(exchange, upstream);
		exchange.response.end();
	},

	async wrongLength(exchange) {
		const upstream = await exchange.forward();
		const length = Math.floor(Number(upstream.headers['content-length']) / 2);
		exchange.response.writeHead(upstream.statusCode ?? 200, {
			...upstream.headers,
			'content-length': length,
		});
		upstream.pipe(exchange.response);
		await finished(exchange.response);
	},

	unwrapped: rewriting((body) => (isRecord(body) && 'data' in body ? body.data : body)),

	missingKey: rewriting((body, { key = '' }) => mapRecords(body, ({ [key]: _left, ...rest }) => rest)),

	upperCaseStatus: rewriting((body) =>
		mapRecords(body, (record) =>
			typeof record.status === 'string' ? { ...record, status: record.status.toUpperCase() } : record,
		),
	),

	unknownStatus: rewriting((body, { word = 'Queued' }) =>
		mapRecords(body, (record) => ('status' in record ? { ...record, status: word } : record)),
	),

	uploadLinkKey: rewriting((body) =>
		mapRecords(body, ({ download_link: link, ...rest }) =>
			link === undefined ? rest : { ...rest, upload_link: link },
		),
	),

	emptyList: rewriting((body) =>
		mapRecords(body, (record) => ('files_list' in record ? { ...record, files_list: [] } : record)),
	),

	async expiredLinks(exchange) {
		if (exchange.to === 'api') return await expireLinks(exchange);
		await takeBody(exchange);
		const headers = { 'Content-Type': 'application/xml' };
		const { status = 403 } = exchange.fault;
		answer(exchange, status, s3ErrorXml('AccessDenied', 'Request has expired'), headers);
	},

	async redirect(exchange) {
		await takeBody(exchange);
		const { to: target } = exchange.fault;
		const location = target ?? `${exchange.otherOrigin()}${exchange.request.url}`;
		answer(exchange, exchange.fault.status ?? 307, '', { Location: location });
	},
};

/** S3 looks at `Expires` before it looks at the signature, so this is all it takes. */
const expireLinks = rewriting((body) =>
	mapRecords(body, (record) =>
		Object.fromEntries(
			Object.entries(record).map(([name, value]) => [
				name,
				/_(link|url)$/.test(name) ? expired(value) : value,
			]),
		),
	),
);

function expired(link: unknown): string {
	const url = new URL(String(link));
	url.searchParams.set('Expires', '1000000000');
	return url.href;
}

/** A fault that changes the JSON of the answer and nothing else. */
function rewriting(change: (body: unknown, fault: FaultRule) => unknown) {
	return async (exchange: Exchange): Promise<void> => {
		const upstream = await exchange.forward();
		const body = change(await json(upstream), exchange.fault);
		answer(exchange, upstream.statusCode ?? 200, body, { 'Content-Type': 'application/json' });
	};
}

/** Applies `change` to every object in a JSON value, inside out. */
function mapRecords(value: unknown, change: (record: Record<string, unknown>) => unknown): unknown {
	if (Array.isArray(value)) return value.map((item) => mapRecords(item, change));
	if (!isRecord(value)) return value;
	return change(
		Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapRecords(item, change)])),
	);
}

function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Has the request carried out and discards the answer. */
async function carryOut(exchange: Exchange): Promise<void> {
	const upstream = await exchange.forward();
	await finished(upstream.resume());
}

/** Sends nothing more until the client gives up or the time is over. */
async function keepSilent(exchange: Exchange): Promise<void> {
	const gone = new AbortController();
	exchange.response.once('close', () => gone.abort());
	await exchange.clock.sleep(exchange.fault.seconds ?? 600, gone.signal);
	reset(exchange);
}

/** Reads the request to its end and discards it. */
async function takeBody({ request }: Exchange): Promise<void> {
	await finished(request.resume(), { writable: false });
}

function answer({ response }: Exchange, status: number, body: unknown, headers: OutgoingHttpHeaders): void {
	const isText = typeof body === 'string';
	const text = isText ? body : JSON.stringify(body);
	const type = isText ? 'text/plain' : 'application/json';
	response
		.writeHead(status, { 'Content-Type': type, 'Content-Length': Buffer.byteLength(text), ...headers })
		.end(text);
}

/** Sends head and first half of an answer as they came. */
async function sendHalf({ response }: Exchange, upstream: IncomingMessage): Promise<void> {
	const { 'transfer-encoding': _chunked, connection: _connection, ...headers } = upstream.headers;
	const whole = Number(upstream.headers['content-length'] ?? 0);
	response.writeHead(upstream.statusCode ?? 200, headers);
	for await (const chunk of firstBytes(upstream, Math.floor(whole / 2))) {
		await new Promise((resolve) => response.write(chunk, resolve));
	}
}

async function* firstBytes(stream: IncomingMessage, count: number): AsyncGenerator<Buffer> {
	let left = count;
	for await (const chunk of stream) {
		const part = (chunk as Buffer).subarray(0, left);
		left -= part.length;
		if (part.length > 0) yield part;
		if (left === 0) return;
	}
}

async function readBytes(stream: IncomingMessage, count: number): Promise<void> {
	let left = count;
	for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
		left -= (chunk as Buffer).length;
		if (left <= 0) return;
	}
}

/** Resets the connection: the client sees ECONNRESET. */
function reset({ request }: Exchange): void {
	request.socket.resetAndDestroy();
}
