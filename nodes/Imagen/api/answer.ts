/** A 2xx answer that does not hold what the contract says. The message completes "Imagen AI could not ...:". */
export class UnexpectedAnswerError extends Error {}

/** A 2xx answer in which the API says, in these words, that it did not do what it was asked to. */
export class RefusalError extends Error {}

/** Whether a value is a JSON object (not null, not a list). */
export function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * The payload of an answer. The documentation wraps every answer as `{"data": ...}`, SDK notes say that production sends
 * it bare: both are taken, and `data` is an envelope only where it is the sole key.
 */
export function unwrap(body: unknown): unknown {
	return isRecord(body) && Object.keys(body).length === 1 && 'data' in body ? body.data : body;
}

/**
 * The server's own words for an error, from whichever of the documented places they are in: `error.message`, `error`,
 * `detail` (a text, or FastAPI's list of fields), S3's XML, the raw text. Never more than a line of it.
 */
export function errorMessageFrom(body: unknown, statusCode: number): string {
	return (
		toSafeLine(messageInJson(unwrap(body)) ?? messageInText(body) ?? '') ||
		`the server answered with status ${statusCode}`
	);
}

const LONGEST_MESSAGE = 500;

/** Queries of links and of callback URLs are secrets. */
const URL_QUERY = /(\bhttps?:\/\/[^\s?"'<>]*\?)[^\s"'<>]+/gi;

/** Words of the server as a line for an error or an output: not too long, and without the secrets of URLs. */
export function toSafeLine(text: string): string {
	const line = text.replace(/\s+/g, ' ').replace(URL_QUERY, '$1…').trim();
	return line.length > LONGEST_MESSAGE ? `${line.slice(0, LONGEST_MESSAGE)}…` : line;
}

function messageInJson(body: unknown): string | undefined {
	if (!isRecord(body)) return undefined;
	const { error, detail, message } = body;
	if (isRecord(error) && typeof error.message === 'string') return error.message;
	if (typeof error === 'string') return error;
	if (typeof detail === 'string') return detail;
	if (Array.isArray(detail)) return detail.map(messageOfField).join('; ');
	if (typeof message === 'string') return message;
	return undefined;
}

/** One entry of FastAPI's 422 list: `{"loc": ["body", "crop"], "msg": "field required"}` reads `crop: field required`. */
function messageOfField(entry: unknown): string {
	if (!isRecord(entry)) return asText(entry);
	const loc = Array.isArray(entry.loc) ? entry.loc : [];
	const path = loc
		.filter((part) => part !== 'body')
		.map(asText)
		.join('.');
	return path ? `${path}: ${asText(entry.msg)}` : asText(entry.msg);
}

/** JSON of any shape as it came: `String` throws for an object with a `toString` of its own. */
function asText(value: unknown): string {
	return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

function messageInText(body: unknown): string | undefined {
	if (typeof body !== 'string') return undefined;
	if (isWebPage(body) || isTruncatedJson(body)) return undefined;
	return messageInS3Xml(body) ?? body;
}

/** Whether a body is an HTML page, as proxies and sign-in portals send it in the API's place. */
function isWebPage(body: unknown): boolean {
	return typeof body === 'string' && /^\s*<(!doctype html|html)/i.test(body);
}

/** Whether a body is the beginning of a JSON text: whole ones arrive parsed. */
export function isTruncatedJson(body: unknown): boolean {
	return typeof body === 'string' && /^\s*[{[]/.test(body);
}

/** For an answer of which nothing is needed. @throws UnexpectedAnswer for a web page: it is some proxy's, and nothing was done */
export function rejectWebPage(payload: unknown): void {
	if (isWebPage(payload)) throw new UnexpectedAnswerError('the answer was a web page');
}

/** Only code and message: S3's error also repeats the access key and the signature of the link. */
/** Stands for the words of an API that says no and not why. */
const NO_REASON = 'the API refused it without a reason';

/**
 * For an answer of which something was asked: some APIs say with 200 that they have not done it, in the payload or in an envelope in it.
 *
 * @throws RefusalError with the API's words
 */
export function rejectRefusal(payload: unknown): void {
	if (!isRecord(payload)) return;
	const parts = [payload, payload.data].filter(isRecord);
	if (!parts.some(saysNo)) return;
	const words = parts.map(messageInJson).find(Boolean);
	throw new RefusalError(toSafeLine(words ?? NO_REASON));
}

const saysNo = ({ error, success }: Record<string, unknown>) =>
	Boolean(error) || String(success).toLowerCase() === 'false';

function messageInS3Xml(xml: string): string | undefined {
	const code = /<Code>([^<]*)<\/Code>/.exec(xml)?.[1];
	const message = /<Message>([^<]*)<\/Message>/.exec(xml)?.[1];
	if (code === undefined) return /^\s*</.test(xml) ? '' : undefined;
	return message ? `${message} (${code})` : code;
}

/** A list that the payload is, or holds under `key`. @throws UnexpectedAnswer when there is none */
export function requireList(payload: unknown, key: string): Array<Record<string, unknown>> {
	const list = Array.isArray(payload) ? payload : isRecord(payload) ? payload[key] : undefined;
	if (!Array.isArray(list) || !list.every(isRecord)) {
		throw new UnexpectedAnswerError(`the answer has no list "${key}"`);
	}
	return list;
}

/** A text that an object holds under one of the keys. @throws UnexpectedAnswer when there is none */
export function requireText(record: unknown, ...keys: string[]): string {
	const text = keys.map((key) => (isRecord(record) ? record[key] : undefined)).find(Boolean);
	if (typeof text !== 'string') throw new UnexpectedAnswerError(`the answer has no "${keys[0]}"`);
	return text;
}

/** A number, or a text that is one; undefined for anything else. */
export function toNumber(value: unknown): number | undefined {
	const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
	return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}
