import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateCACertificate, getLocal, type CompletedRequest, type Mockttp } from 'mockttp';
import { loopbackHost } from '../../../sandbox/loopback.mts';

/** A request to a service elsewhere, as n8n sends it. */
export interface ServiceRequest {
	method: string;
	host: string;
	path: string;
	query: URLSearchParams;
	headers: CompletedRequest['headers'];
	body: Buffer;
}

export interface ServiceAnswer {
	status?: number;
	headers?: Record<string, string>;
	/** Sent as JSON. */
	json?: unknown;
	bytes?: Buffer;
}

/** A stand-in for a service: the hosts that it has, and what it answers. */
export interface Service {
	hosts: string[];
	/** @returns undefined to a call that it does not know */
	answer(request: ServiceRequest): Promise<ServiceAnswer | undefined> | ServiceAnswer | undefined;
}

/** How a service answers its next calls, in place of what it would. */
export interface Outage {
	host: string;
	/** A part of the path. */
	path: string;
	times: number;
	answer: ServiceAnswer;
}

/**
 * Stand-ins for services elsewhere, behind a proxy that n8n's own nodes reach them by: their addresses, TLS and requests are the
 * real ones. What has no stand-in is refused, so that nothing leaves the machine.
 */
export class Neighbours {
	readonly #services: Service[];
	readonly #outages: Outage[] = [];
	#proxy?: Mockttp;
	#folder = '';
	/** Calls that no stand-in knew. */
	readonly unknown: string[] = [];

	constructor(services: Service[]) {
		this.#services = services;
	}

	async open(): Promise<void> {
		const authority = await generateCACertificate();
		this.#folder = await mkdtemp(join(tmpdir(), 'neighbours-'));
		await writeFile(join(this.#folder, 'ca.pem'), authority.cert);
		this.#proxy = getLocal({ https: authority, recordTraffic: false, http2: false });
		await this.#proxy.start();
		await this.#proxy.forAnyRequest().thenCallback(async (request) => await this.#reply(request));
	}

	/** What n8n needs to reach them. */
	get env(): NodeJS.ProcessEnv {
		const proxy = `http://${loopbackHost}:${this.#proxy?.port}`;
		return {
			HTTP_PROXY: proxy,
			HTTPS_PROXY: proxy,
			NO_PROXY: `${loopbackHost},localhost`,
			NODE_EXTRA_CA_CERTS: join(this.#folder, 'ca.pem'),
		};
	}

	/** Has a service fail. */
	fail(outage: Outage): void {
		this.#outages.push(outage);
	}

	/** Ends what `fail` began. */
	recover(): void {
		this.#outages.length = 0;
	}

	async close(): Promise<void> {
		await this.#proxy?.stop();
		await rm(this.#folder, { recursive: true, force: true });
	}

	async #reply(completed: CompletedRequest) {
		const { host, pathname, searchParams } = new URL(completed.url);
		const request: ServiceRequest = {
			method: completed.method,
			host,
			path: decodeURIComponent(pathname),
			query: searchParams,
			headers: completed.headers,
			body: (await completed.body.getDecodedBuffer()) ?? Buffer.alloc(0),
		};
		const answer = this.#outage(request) ?? (await this.#answer(request));
		if (!answer) this.unknown.push(`${request.method} ${host}${request.path}`);
		const { status = 200, headers = {}, json, bytes } = answer ?? { status: 501 };
		return json === undefined
			? { statusCode: status, headers, rawBody: bytes ?? Buffer.alloc(0) }
			: { statusCode: status, headers, json: json as object };
	}

	/** The answer of the first stand-in that knows the call: two of them may have one host. */
	async #answer(request: ServiceRequest): Promise<ServiceAnswer | undefined> {
		const isAt = (own: string) => request.host === own || request.host.endsWith(`.${own}`);
		for (const service of this.#services.filter(({ hosts }) => hosts.some(isAt))) {
			const answer = await service.answer(request);
			if (answer) return answer;
		}
		return undefined;
	}

	#outage({ host, path }: ServiceRequest): ServiceAnswer | undefined {
		const outage = this.#outages.find((one) => one.times > 0 && host === one.host && path.includes(one.path));
		if (!outage) return undefined;
		outage.times--;
		return outage.answer;
	}
}

/** The bytes of a file, or the range of them that was asked for. */
export function fileAnswer(bytes: Buffer, { headers }: ServiceRequest): ServiceAnswer {
	const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(rangeOf(headers)) ?? [];
	if (from === undefined) return { headers: { 'content-type': 'application/binary' }, bytes };
	const end = Math.min(Number(to), bytes.length - 1);
	return {
		status: 206,
		headers: { 'content-range': `bytes ${from}-${end}/${bytes.length}` },
		bytes: bytes.subarray(Number(from), end + 1),
	};
}

const rangeOf = ({ range }: ServiceRequest['headers']) => String(range ?? '');

/** The JSON of a request. */
export const jsonOf = <Body,>({ body }: ServiceRequest): Body => JSON.parse(body.toString()) as Body;
