import http from 'node:http';
import https from 'node:https';
import { createServer, type AddressInfo } from 'node:net';
import { describeApiRequest, type CallName } from '../sandbox/calls.mts';
import type { Misroute } from './kinds.mts';
import type { Times } from './rules.mts';

type RequestOptions = http.RequestOptions & { port?: number | string };

/**
 * The network between n8n and Imagen: it can lead the requests of a call to where nobody listens, to a name that nobody has,
 * or to where nobody speaks TLS. What comes of it is the system's own answer.
 */
export class Network {
	readonly #ports: { api: string; storage: string };
	readonly #closedPort: number;
	readonly #request = http.request;
	#misroute?: { kind: Misroute; call: CallName; left: number };
	#met = 0;

	static async between(apiUrl: string, storageUrl: string): Promise<Network> {
		const network = new Network(new URL(apiUrl).port, new URL(storageUrl).port, await closedPort());
		http.request = network.#lead.bind(network) as typeof http.request;
		return network;
	}

	private constructor(api: string, storage: string, closed: number) {
		this.#ports = { api, storage };
		this.#closedPort = closed;
	}

	/** Leads requests of a call astray: the next one, or all. */
	disturb(kind: Misroute, call: CallName, times: Times): void {
		this.#misroute = { kind, call, left: times === 'once' ? 1 : Infinity };
		this.#met = 0;
	}

	/** Ends the disturbance. @returns how many requests it met */
	settle(): number {
		this.#misroute = undefined;
		const met = this.#met;
		this.#met = 0;
		return met;
	}

	close(): void {
		http.request = this.#request;
	}

	#lead(...[options, ...rest]: [RequestOptions, ...never[]]): http.ClientRequest {
		const misroute = this.#misroute;
		if (misroute && misroute.left > 0 && this.#callOf(options) === misroute.call) {
			misroute.left -= 1;
			this.#met += 1;
			return this.#leadAstray(misroute.kind, options, rest);
		}
		return this.#request(options, ...rest);
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

	#callOf({ method = 'GET', path, port }: RequestOptions): CallName | undefined {
		const [plainPath] = String(path).split('?');
		if (String(port) === this.#ports.api) return describeApiRequest(method, plainPath).call;
		if (String(port) !== this.#ports.storage) return undefined;
		const isPart = String(path).includes('uploadId=');
		return method === 'PUT' ? (isPart ? 'part' : 'put') : 'get';
	}
}

/** A port on which nobody listens. */
async function closedPort(): Promise<number> {
	const server = createServer();
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	await new Promise((resolve) => server.close(resolve));
	return port;
}
