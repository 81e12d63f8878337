import type { IDataObject, IExecuteFunctions, IN8nHttpFullResponse } from 'n8n-workflow';

import { isBesideApi } from '../api/baseUrl';
import { connectionFailure } from '../api/connection';
import { credentialOf, retryOf } from '../api/request';
import type { Retry } from '../api/retry';
import { isRetryable, retryAfterMs, type Failure } from '../errors/failure';
import { ImagenOperationError, LinkReadError } from '../errors/imagenErrors';
import { GET_FRESH_LINKS } from '../errors/nextSteps';
import { contentProblem, HEAD_BYTES } from './content';
import { openUrl, type OpenedFile } from './get';
import { FINGERPRINT_BYTES, knownOf, type KnownBeginning, type Photo, type PhotoSource } from './sources';
import { isSuccess } from './storage';
import { bytesBetween, readAll, slice, toStream, type ByteStream } from './streams';

/** How many times a link may lead on to another. */
const MOST_REDIRECTS = 5;

/** A file whose server does not say how large it is, is read once to its end to know it; one beyond this is not. */
const MOST_COUNTED_BYTES = 256 * 1024 * 1024;

/** What to do where a server cannot be relied on. */
const OTHER_WAY =
	"Use another kind of link, or download the file before this node and set 'Photos From' to Input Files.";

/** A link of the input, and the name of the photo that it leads to. */
export interface Link {
	itemIndex: number;
	url: string;
	fileName: string;
}

/**
 * The photo behind a link. Only its name is known: its source has to be looked at, for its size and to know it again.
 *
 * @param seen what an earlier try of this run has seen of it, which holds for this one, too: what has arrived needs no link any more
 */
export function linkedFile(context: IExecuteFunctions, link: Link, seen: Partial<Seen>): Photo {
	const { itemIndex, fileName } = link;
	const source = new LinkedFile(context, link, seen);
	return { itemIndex, field: 'Link', fileName, originalFileName: fileName, bytes: source.bytes, source };
}

/** What the first look at a file has shown. */
export interface Seen {
	bytes: number;
	known: KnownBeginning;
	/** Whether the server gives a part of it that is asked for, not always the whole. */
	isSeekable: boolean;
	/** What tells one state of the file from another, where the server says it. */
	etag?: string;
}

/** An answer by a link, as it is read. */
interface Answer {
	/** Of 206 the range that was asked for, of 200 the whole file. */
	statusCode: number;
	/** The size of the whole file, where the server says it. */
	size?: number;
	etag?: string;
	body: ByteStream;
}

/** A file that is read from its link each time. The link is private: nothing that shows or stores a photo sees it. */
class LinkedFile implements PhotoSource {
	readonly isLink = true;
	readonly #context: IExecuteFunctions;
	readonly #link: Link;
	readonly #seen: Partial<Seen>;

	constructor(context: IExecuteFunctions, link: Link, seen: Partial<Seen>) {
		this.#context = context;
		this.#link = link;
		this.#seen = seen;
	}

	get bytes(): number {
		return this.#seen.bytes ?? 0;
	}

	get isSeekable(): boolean {
		return this.#seen.isSeekable ?? false;
	}

	get known(): KnownBeginning | undefined {
		return this.#seen.known;
	}

	/** @throws NodeOperationError where the link does not lead to a photo; LinkReadError where its server does not answer as it should */
	async look(retry: Retry = retryOf(this.#context)): Promise<number> {
		if (!this.known) await retry(async () => await this.#lookOnce());
		return this.bytes;
	}

	/** Finds out how large the file is, and what it begins with. */
	async #lookOnce(): Promise<void> {
		const { statusCode, size, etag, body } = await this.#get(0, FINGERPRINT_BYTES);
		const content = slice(body, 0, size === 0 ? 0 : FINGERPRINT_BYTES);
		const head = await this.#reading(async () => await readAll(content));
		const bytes = size ?? (await this.#count());
		if (head.length !== Math.min(FINGERPRINT_BYTES, bytes))
			throw this.#failure({
				kind: 'connection',
				code: '',
				message: 'its server sent more or less than it announced',
			});
		const problem =
			contentProblem(this.#link.fileName, head.subarray(0, HEAD_BYTES), bytes) ??
			(isShortText(head, bytes) ? 'contains text' : undefined);
		if (problem) throw this.#problem(`leads to a file that ${problem}`, GET_FRESH_LINKS);
		const seen: Seen = { bytes, etag, isSeekable: statusCode === 206, known: knownOf(bytes, head) };
		Object.assign(this.#seen, seen);
	}

	open = async (start: number, end: number): Promise<ByteStream | Buffer> => {
		if (start >= end) return Buffer.alloc(0);
		const seen = this.#seen;
		const { statusCode, size = this.bytes, etag = seen.etag, body } = await this.#get(start, end);
		if (size !== this.bytes || (seen.etag !== undefined && etag !== seen.etag)) {
			body.destroy();
			throw this.#problem('has changed since it was checked', 'Run the node again.', 'The file behind the');
		}
		const isToTheEnd = statusCode === 206 || end === this.bytes;
		const chunks = bytesBetween(body, statusCode === 206 ? 0 : start, isToTheEnd ? Infinity : end);
		return toStream(body, this.#exactly(chunks, end - start), () => body.destroy());
	};

	/** The last chunk is held back until it is sure that none follows: where too much comes, the whole is not sent. */
	async *#exactly(chunks: AsyncIterable<Buffer>, bytes: number): AsyncGenerator<Buffer> {
		let arrived = 0;
		let held: Buffer | undefined;
		try {
			for await (const chunk of chunks) {
				arrived += chunk.length;
				if (arrived > bytes) break;
				if (held) yield held;
				held = chunk;
			}
		} catch (error) {
			throw this.#failure(connectionFailure(error));
		}
		if (arrived > bytes) throw this.#problem('returns more data than its server announced', OTHER_WAY);
		if (arrived < bytes)
			throw this.#failure({
				kind: 'connection',
				code: '',
				message: `only part of the file arrived (${arrived} of ${bytes} bytes)`,
			});
		if (held) yield held;
	}

	async #count(): Promise<number> {
		const { body } = await this.#get();
		let bytes = 0;
		await this.#reading(async () => {
			for await (const chunk of body) {
				bytes += (chunk as Buffer).length;
				if (bytes > MOST_COUNTED_BYTES) return;
			}
		});
		if (bytes <= MOST_COUNTED_BYTES) return bytes;
		throw this.#problem(
			`does not say how large the file is, and the file is larger than ${MOST_COUNTED_BYTES / 1024 / 1024} MiB`,
			OTHER_WAY,
		);
	}

	async #reading<T>(read: () => Promise<T>): Promise<T> {
		return await read().catch((error: unknown) => {
			throw this.#failure(connectionFailure(error));
		});
	}

	/** Opens the file, or a range of it, wherever the link leads on to. */
	async #get(start?: number, end = 0): Promise<Answer> {
		let { url } = this.#link;
		for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
			await this.#requireSafe(url, redirects > 0);
			const range = start === undefined ? {} : { Range: `bytes=${start}-${end - 1}` };
			const { answer, body } = await this.#send(url, range);
			const next = locationOf(answer);
			if (next === undefined) return this.#checked(answer, body, start);
			body.destroy();
			if (next === '' || !URL.canParse(next, url))
				throw this.#problem('redirects to an address that n8n cannot read', OTHER_WAY);
			url = new URL(next, url).href;
		}
		throw this.#problem(`redirects more than ${MOST_REDIRECTS} times`, GET_FRESH_LINKS);
	}

	async #send(url: string, headers: IDataObject): Promise<OpenedFile> {
		return await openUrl(this.#context, url, { headers }).catch((error: unknown) => {
			throw isBlocked(error)
				? this.#problem(
						'leads to an address that your n8n does not allow',
						'Use a public link, or ask whoever runs your n8n to allow the address (N8N_SSRF_ALLOWED_HOSTNAMES).',
					)
				: this.#failure(connectionFailure(error));
		});
	}

	/** @throws NodeOperationError or LinkReadError where an answer does not give the file */
	#checked(answer: IN8nHttpFullResponse, body: ByteStream, start = 0): Answer {
		const { statusCode, headers } = answer;
		const other = isSuccess(answer) ? otherThanAFile(answer) : undefined;
		// Nothing but the range of an empty file has no first byte.
		if (statusCode === 416) return { statusCode, size: 0, body };
		const isOtherRange = statusCode === 206 && !isRangeFrom(answer, start);
		if (isSuccess(answer) && !other && !isOtherRange)
			return { statusCode, size: sizeIn(answer), etag: etagIn(answer), body };
		body.destroy();
		if (isOtherRange) throw this.#problem('returns another part of the file than n8n asked for', OTHER_WAY);
		if (other) throw this.#problem(`leads to ${other}, not to the file itself`, GET_FRESH_LINKS);
		const failure: Failure = {
			kind: 'answer',
			statusCode,
			message: `its server answered with ${statusCode}`,
			retryAfterMs: retryAfterMs(headers['retry-after']),
		};
		throw isRetryable(failure)
			? this.#failure(failure)
			: this.#problem(
					[400, 401, 403, 410].includes(statusCode)
						? `has expired or needs a sign-in (${statusCode})`
						: `does not lead to a file (${statusCode})`,
					GET_FRESH_LINKS,
				);
	}

	/** @throws NodeOperationError where what is sent to an address could be read on the way, or it is no address */
	async #requireSafe(url: string, isRedirect: boolean): Promise<void> {
		const remedy = `Enter a link that starts with https://. ${GET_FRESH_LINKS}`;
		if (!URL.canParse(url)) throw this.#problem('does not look like a web address', remedy);
		const { protocol, hostname } = new URL(url);
		if (protocol === 'https:') return;
		const { baseUrl } = await credentialOf(this.#context);
		if (protocol === 'http:' && isBesideApi(hostname, baseUrl)) return;
		throw isRedirect
			? this.#problem('redirects to an address that does not start with https://', OTHER_WAY)
			: this.#problem('does not start with https://', remedy);
	}

	/** What makes a link useless, however often it is tried. */
	#problem(what: string, remedy: string, subject = 'The') {
		const { fileName, itemIndex } = this.#link;
		return new ImagenOperationError(
			this.#context,
			`${subject} link to '${fileName}' ${what}`,
			remedy,
			itemIndex,
			fileName,
		);
	}

	/** What may be better later. */
	#failure(failure: Failure) {
		const { fileName, itemIndex } = this.#link;
		return new LinkReadError(this.#context, fileName, failure, itemIndex);
	}
}

/** Where an answer leads on to; undefined where it does not. */
function locationOf({ statusCode, headers }: IN8nHttpFullResponse): string | undefined {
	return [301, 302, 303, 307, 308].includes(statusCode) ? String(headers.location ?? '') : undefined;
}

/** Of a range, `bytes 0-65535/1234567` says it; what is unpacked on the way has another length than the answer. */
function sizeIn({ statusCode, headers }: IN8nHttpFullResponse): number | undefined {
	const size =
		statusCode === 206
			? /\/(\d+)$/.exec(String(headers['content-range']))?.[1]
			: (headers['content-length'] as string | undefined);
	return size === undefined ? undefined : Number(size);
}

/** What servers answer in place of a file, without a status that says so. */
const OTHERS: Array<[contentType: RegExp, what: string]> = [
	[/^(text\/html|application\/xhtml\+xml)\b/i, 'a web page'],
	[/^(application|text)\/([\w.]+\+)?json\b/i, 'JSON'],
	[/^(application|text)\/([\w.]+\+)?xml\b/i, 'XML'],
];

const otherThanAFile = ({ headers }: IN8nHttpFullResponse) =>
	OTHERS.find(([contentType]) => contentType.test(String(headers['content-type'])))?.[1];

/** Words such as "Quota exceeded": no photo is as small as that. */
const isShortText = (head: Buffer, bytes: number) =>
	bytes < 4096 && /^[\t\n\r\x20-\x7e]*$/.test(head.toString('latin1'));

/** Of 206, `bytes 0-65535/1234567` says where it begins. */
const isRangeFrom = ({ headers }: IN8nHttpFullResponse, start: number) =>
	String(headers['content-range']).startsWith(`bytes ${start}-`);

/** A weak one says little of the bytes. */
function etagIn({ headers }: IN8nHttpFullResponse): string | undefined {
	const etag = String(headers.etag ?? '');
	return etag.startsWith('"') ? etag : undefined;
}

/** n8n's protection of internal addresses has errors of its own. */
function isBlocked(error: unknown): boolean {
	const { name, cause } = error as { name?: string; cause?: unknown };
	return /^SsrfBlocked/.test(name ?? '') || (cause instanceof Error && isBlocked(cause));
}
