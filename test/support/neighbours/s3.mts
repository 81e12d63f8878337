import { createServer, request as httpRequest, type IncomingMessage, type Server } from 'node:http';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { XMLParser } from 'fast-xml-parser';
import { loopbackHost } from '../../../sandbox/loopback.mts';
import { S3rver, type S3Server } from '../../../sandbox/storage/s3rver.mts';
import type { Service, ServiceAnswer, ServiceRequest } from './neighbours.mts';

/** How many objects a page of a listing has: few, so that there are pages. */
const PAGE_SIZE = 2;

/** The key that s3rver knows. It checks the key, but not the signature. */
export const s3Credential = { region: 'eu-central-1', accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' };

const endpoint = 's3.eu-central-1.amazonaws.com';

/**
 * Amazon S3, played by s3rver. What it has not is answered here: ListParts, which n8n's node asks for at the end of an upload, and
 * continuation tokens, whose cipher Node.js no longer has.
 */
export class S3 implements Service {
	readonly hosts = ['amazonaws.com'];
	readonly #server: Server;
	readonly #s3: S3Server;
	readonly #folder: string;
	readonly #parts = new Map<string, Array<{ number: string; etag: string }>>();

	static async open(...buckets: string[]): Promise<S3> {
		const folder = await mkdtemp(join(tmpdir(), 's3-'));
		const s3 = new S3rver({
			directory: folder,
			silent: true,
			vhostBuckets: false,
			configureBuckets: buckets.map((name) => ({ name })),
		});
		await s3.configureBuckets();
		const server = createServer(s3.callback());
		await new Promise<void>((resolve) => server.listen(0, loopbackHost, resolve));
		return new S3(server, s3, folder);
	}

	private constructor(server: Server, s3: S3Server, folder: string) {
		this.#server = server;
		this.#s3 = s3;
		this.#folder = folder;
	}

	async close(): Promise<void> {
		await new Promise((resolve) => this.#server.close(resolve));
		this.#s3.logger.exceptions.unhandle();
		this.#s3.logger.close();
		await rm(this.#folder, { recursive: true, force: true });
	}

	async answer(request: ServiceRequest): Promise<ServiceAnswer> {
		const { method, query } = request;
		const uploadId = query.get('uploadId') ?? '';
		if (method === 'GET' && uploadId) return this.#listParts(uploadId);
		if (query.has('list-type')) return await this.#page(request);
		const answer = await this.#ask(request);
		const number = query.get('partNumber');
		if (number) {
			const etag = String(answer.headers?.etag);
			this.#parts.set(uploadId, [...(this.#parts.get(uploadId) ?? []), { number, etag }]);
		}
		return answer;
	}

	/** Puts an object into a bucket. */
	async put(bucket: string, key: string, body: Buffer): Promise<void> {
		await this.#call('PUT', bucket, `/${key}`, body);
	}

	/** @returns the bytes of an object */
	async get(bucket: string, key: string): Promise<Buffer> {
		return (await this.#call('GET', bucket, `/${key}`)).bytes ?? Buffer.alloc(0);
	}

	/** The keys of a bucket that begin so, in order. */
	async keys(bucket: string, prefix = ''): Promise<string[]> {
		const query = new URLSearchParams({ prefix });
		const { bytes } = await this.#call('GET', bucket, '/', undefined, query);
		const parser = new XMLParser({ isArray: (name) => name === 'Contents' });
		const { ListBucketResult } = parser.parse(bytes?.toString() ?? '') as {
			ListBucketResult: { Contents?: Array<{ Key: string }> };
		};
		return (ListBucketResult.Contents ?? []).map(({ Key }) => String(Key)).sort();
	}

	async #call(
		method: string,
		bucket: string,
		path: string,
		body: Buffer = Buffer.alloc(0),
		query = new URLSearchParams(),
	): Promise<ServiceAnswer> {
		const answer = await this.#ask({ method, host: `${bucket}.${endpoint}`, path, query, headers: {}, body });
		if (answer.status && answer.status >= 400) throw new Error(`S3: ${method} ${path}: ${answer.status}`);
		return answer;
	}

	async #ask({ method, host, path, query, headers, body }: ServiceRequest): Promise<ServiceAnswer> {
		const { port } = this.#server.address() as AddressInfo;
		const search = query.size > 0 ? `?${query}` : '';
		const answer = await new Promise<IncomingMessage>((resolve, reject) => {
			const sent = httpRequest(
				{
					host: loopbackHost,
					port,
					method,
					path: encodeURI(path) + search,
					headers: { ...withoutLength(headers), host, 'content-length': body.length },
				},
				resolve,
			);
			sent.on('error', reject).end(body);
		});
		const bytes = await buffer(answer);
		return { status: answer.statusCode, headers: withoutLength(answer.headers), bytes };
	}

	/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html: a token is the last key, in base64. */
	async #page({ query, ...request }: ServiceRequest): Promise<ServiceAnswer> {
		const after = Buffer.from(query.get('continuation-token') ?? '', 'base64').toString();
		query.delete('continuation-token');
		if (after) query.set('start-after', after);
		const { bytes, ...answer } = await this.#ask({ ...request, query });
		const [head, ...contents] = (bytes?.toString() ?? '').split(/(?=<Contents>)/);
		if (contents.length <= PAGE_SIZE) return { ...answer, bytes };
		const page = contents.slice(0, PAGE_SIZE).join('');
		const [, last = ''] = /<Key>(.*)<\/Key>/.exec(contents[PAGE_SIZE - 1]) ?? [];
		const token = Buffer.from(last.replaceAll('&amp;', '&')).toString('base64');
		const truncated = head.replace('<IsTruncated>false', '<IsTruncated>true');
		const next = `<NextContinuationToken>${token}</NextContinuationToken>`;
		return { ...answer, bytes: Buffer.from(`${truncated}${next}${page}</ListBucketResult>`) };
	}

	/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListParts.html */
	#listParts(uploadId: string): ServiceAnswer {
		const parts = (this.#parts.get(uploadId) ?? []).map(
			({ number, etag }) => `<Part><PartNumber>${number}</PartNumber><ETag>${etag}</ETag></Part>`,
		);
		const xml = `<?xml version="1.0" encoding="UTF-8"?><ListPartsResult>${parts.join('')}</ListPartsResult>`;
		return { headers: { 'content-type': 'application/xml' }, bytes: Buffer.from(xml) };
	}
}

/** The headers of a message, but for those that say how it is framed on its way. */
function withoutLength(headers: object): Record<string, string> {
	const framing = ['connection', 'content-length', 'keep-alive', 'proxy-connection', 'transfer-encoding'];
	return Object.fromEntries(Object.entries(headers).filter(([name]) => !framing.includes(name)));
}
