import { createServer, request as send } from 'node:http';
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';
import type { Subject } from './calls.mts';
import type { Clock } from './clock.mts';
import type { Faults } from './faults/faultRules.mts';
import { applyFault } from './faults/wireFaults.mts';
import { loopbackHost as host } from './loopback.mts';
import type { LoggedRequest, RequestLog } from './requestLog.mts';

/** A proxy on loopback in front of a server: it logs every request and applies the faults that are asked for. */
export interface FaultProxy {
	/** Scheme, host and port. */
	origin: string;
	close(): Promise<void>;
}

export interface FaultProxyOptions {
	to: 'api' | 'storage';
	/** 0 takes a free one. */
	port: number;
	handler: RequestListener;
	describe(method: string, path: string, query: URLSearchParams): Subject;
	/** Paths that begin with this are neither logged nor given faults. */
	quietPath?: string;
	/** Another origin that reaches this sandbox, for redirects. */
	otherOrigin(): string;
	apiKey: string;
	clock: Clock;
	faults: Faults;
	log: RequestLog;
}

/** Opens a proxy; it answers as soon as the promise is fulfilled. */
export async function openFaultProxy(options: FaultProxyOptions): Promise<FaultProxy> {
	const { handler, faults, log, quietPath } = options;
	// A request whose answer a fault changes is forwarded to this inner server, which has the same handler.
	const innerServer = createServer(handler);
	const server = createServer((request, response) => {
		const method = request.method ?? 'GET';
		const [path, query] = (request.url ?? '/').split('?');
		if (quietPath !== undefined && path.startsWith(quietPath)) return handler(request, response);

		const subject = options.describe(method, path, new URLSearchParams(query));
		const fault = subject.call && faults.take('wire', subject);
		const entry = log.add({
			to: options.to,
			call: subject.call ?? null,
			method,
			path,
			project_uuid: subject.projectUuid ?? null,
			file_name: subject.fileName ?? null,
			status: null,
			api_key: carriesKey(request, options.apiKey),
			content_type: request.headers['content-type'] ?? null,
			content_length: numberOrNull(request.headers['content-length']),
			fault: fault?.kind ?? null,
		});
		logStatus(response, entry);
		if (!fault) return handler(request, response);

		const forward = async () => await forwardTo(request, portOf(innerServer));
		const { to, clock, otherOrigin } = options;
		applyFault({ request, response, fault, to, clock, otherOrigin, forward }).catch(() => response.destroy());
	});
	await listen(innerServer, 0);
	await listen(server, options.port).catch(async (error: unknown) => {
		await close(innerServer);
		throw error;
	});
	return {
		origin: `http://${host}:${portOf(server)}`,
		async close() {
			await Promise.all([close(server), close(innerServer)]);
		},
	};
}

/** Forwards a request to the handler and gives its answer. */
async function forwardTo(request: IncomingMessage, port: number): Promise<IncomingMessage> {
	return await new Promise((resolve, reject) => {
		const { method, url: path, headers } = request;
		const onward = send({ host, port, method, path, headers, agent: false }, resolve).on('error', reject);
		pipeline(request, onward).catch(reject);
	});
}

function logStatus(response: ServerResponse, entry: LoggedRequest): void {
	response.on('close', () => {
		if (response.headersSent) entry.status = response.statusCode;
	});
}

function carriesKey({ headers, url = '' }: IncomingMessage, apiKey: string): boolean {
	const texts = [url, ...Object.values(headers).flat()];
	return headers['x-api-key'] !== undefined || texts.some((text) => text?.includes(apiKey));
}

function numberOrNull(text: string | undefined): number | null {
	return text === undefined ? null : Number(text);
}

function portOf(server: Server): number {
	return (server.address() as AddressInfo).port;
}

async function listen(server: Server, port: number): Promise<void> {
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject).listen(port, host, resolve);
	});
}

async function close(server: Server): Promise<void> {
	await new Promise<void>((resolve) => {
		server.close(() => resolve());
		server.closeAllConnections();
	});
}
