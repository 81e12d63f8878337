import http from 'node:http';
import https from 'node:https';
import { createServer, type AddressInfo } from 'node:net';
import { describeApiRequest, type CallName } from '../../sandbox/calls.mts';
import type { NetworkFault } from './faultCatalog.mts';

type RequestOptions = http.RequestOptions & { port?: number | string };

/** Decides which fault a request meets, if any. */
export type ChooseFault = (call: CallName) => NetworkFault | undefined;

/**
 * Sends this process's requests to Imagen elsewhere where a fault is chosen: to a port that nobody listens on, to a name that
 * does not resolve, or to a server that does not speak TLS. The error that follows is the operating system's own.
 */
export class RequestRerouter {
	readonly #choose: ChooseFault;
	readonly #closedPort: number;
	readonly #request = http.request;

	/** Takes over `http.request` until it is closed. */
	static async open(choose: ChooseFault): Promise<RequestRerouter> {
		const rerouter = new RequestRerouter(choose, await closedPort());
		http.request = rerouter.#send.bind(rerouter) as typeof http.request;
		return rerouter;
	}

	private constructor(choose: ChooseFault, closedPort: number) {
		this.#choose = choose;
		this.#closedPort = closedPort;
	}

	close(): void {
		http.request = this.#request;
	}

	#send(...[options, ...rest]: [RequestOptions, ...never[]]): http.ClientRequest {
		const call = callOf(options);
		const fault = call && this.#choose(call);
		return fault ? this.#reroute(fault, options, rest) : this.#request(options, ...rest);
	}

	#reroute(kind: NetworkFault, options: RequestOptions, rest: never[]): http.ClientRequest {
		switch (kind) {
			case 'refused':
				return this.#request({ ...options, port: this.#closedPort }, ...rest);
			case 'dns':
				return this.#request({ ...options, host: undefined, hostname: 'imagen.invalid' }, ...rest);
			case 'tls':
				return https.request({ ...options, protocol: 'https:', agent: undefined }, ...rest);
		}
	}
}

function callOf({ method = 'GET', path }: RequestOptions): CallName | undefined {
	const [plainPath, query = ''] = String(path).split('?');
	if (!query.includes('Signature=')) return describeApiRequest(method, plainPath).call;
	const isPart = query.includes('uploadId=');
	return method === 'PUT' ? (isPart ? 'part' : 'put') : 'get';
}

/** A port on which nobody listens. */
async function closedPort(): Promise<number> {
	const server = createServer();
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	await new Promise((resolve) => server.close(resolve));
	return port;
}
