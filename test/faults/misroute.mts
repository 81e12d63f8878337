import http from 'node:http';
import https from 'node:https';
import { createServer, type AddressInfo } from 'node:net';
import { describeApiRequest, type CallName } from '../../sandbox/calls.mts';
import type { Misroute } from './kinds.mts';

type RequestOptions = http.RequestOptions & { port?: number | string };

/** Where a request is to be led astray, if it is. */
export type Choice = (call: CallName) => Misroute | undefined;

/**
 * The network between n8n and Imagen: it can lead the requests of a call to where nobody listens, to a name that nobody has,
 * or to where nobody speaks TLS. What comes of it is the system's own answer.
 */
export class Network {
	readonly #choose: Choice;
	readonly #closedPort: number;
	readonly #request = http.request;

	/** Stands in the way of all that this process sends to the sandbox. */
	static async open(choose: Choice): Promise<Network> {
		const network = new Network(choose, await closedPort());
		http.request = network.#lead.bind(network) as typeof http.request;
		return network;
	}

	private constructor(choose: Choice, closedPort: number) {
		this.#choose = choose;
		this.#closedPort = closedPort;
	}

	close(): void {
		http.request = this.#request;
	}

	#lead(...[options, ...rest]: [RequestOptions, ...never[]]): http.ClientRequest {
		const call = callOf(options);
		const misroute = call && this.#choose(call);
		return misroute ? this.#leadAstray(misroute, options, rest) : this.#request(options, ...rest);
	}

	#leadAstray(kind: Misroute, options: RequestOptions, rest: never[]): http.ClientRequest {
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
