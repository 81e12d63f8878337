import { createHmac, randomBytes, timingSafeEqual } from 'crypto';

import { isLoopback } from '../api/baseUrl';
import { editingFlowIn, type ProjectRef, type EditingFlow } from '../api/projectRef';

/** Query parameters that are added to a callback URL. */
const TOKEN = 'imagen_token';
const CALL = 'imagen_call';
const EDITING_FLOW = 'imagen_source';

/** What a callback's token vouches for. */
interface CallbackScope {
	apiKey: string;
	project: ProjectRef;
	/** The execution that the callback resumes; none where it calls any other URL. */
	executionId?: string;
}

/**
 * A callback URL with a token that only the holder of the API key can make, and a number by which a second delivery of the same
 * call is recognized. The body of a callback does not name the editing flow, so the address does. What the URL has already stays
 * as it is: n8n signs its query.
 */
export function signCallbackUrl(url: string, scope: CallbackScope): string {
	const call = randomBytes(9).toString('base64url');
	const [address, fragment] = splitFragment(url);
	const separator = address.includes('?') ? '&' : '?';
	const flow = scope.project.editingFlow === 'I2I' ? `&${EDITING_FLOW}=I2I` : '';
	return `${address}${separator}${CALL}=${call}${flow}&${TOKEN}=${tokenFor(scope, call)}${fragment}`;
}

/**
 * Checks the token of a call, in constant time.
 *
 * @param query of the URL that was called
 * @returns the number of the call; undefined when the token is missing or not genuine
 */
export function verifyToken(query: Record<string, unknown>, scope: CallbackScope): string | undefined {
	const { [TOKEN]: token, [CALL]: call } = query;
	if (typeof token !== 'string' || typeof call !== 'string') return undefined;
	const given = Buffer.from(token);
	const expected = Buffer.from(tokenFor(scope, call));
	return given.length === expected.length && timingSafeEqual(given, expected) ? call : undefined;
}

/** The editing flow of the project that a called address is about; `verifyToken` vouches for it. */
export function editingFlowOfCall(query: Record<string, unknown>): EditingFlow {
	return editingFlowIn({ project_source: query[EDITING_FLOW] });
}

/** The API key itself signs nothing: what is signed is sent to Imagen and through proxies, and must not help to guess it. */
function tokenFor(
	{ apiKey, project: { uuid, editingFlow }, executionId = '' }: CallbackScope,
	call: string,
): string {
	const key = createHmac('sha256', apiKey).update('n8n-nodes-imagen-ai callback').digest();
	return createHmac('sha256', key)
		.update(JSON.stringify([uuid, editingFlow, executionId, call]))
		.digest('base64url');
}

function splitFragment(url: string): [address: string, fragment: string] {
	const hash = url.indexOf('#');
	return hash === -1 ? [url, ''] : [url.slice(0, hash), url.slice(hash)];
}

/** Hosts that only machines in the same building can call: private and link-local IPv4 and IPv6, and local names. */
const PRIVATE_HOST =
	/^(10|127|0|169\.254|192\.168|172\.(1[6-9]|2\d|3[01])|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7]))(\.\d+)+$|^(\[::1?\]|\[f[cd]|\[fe[89ab]|\[::ffff:)|(^|\.)localhost$|\.(local|internal|lan|home\.arpa)$/i;

/**
 * Why Imagen could not call a URL, as a sentence; undefined when it can. Imagen calls public https only. Loopback is right
 * exactly where the API itself is on loopback, as a sandbox is.
 *
 * @param apiBaseUrl of the API that will do the calling
 */
export function callbackUrlProblem(callbackUrl: string, apiBaseUrl: string): string | undefined {
	if (!URL.canParse(callbackUrl)) return 'it is not a whole URL.';
	const { protocol, hostname } = new URL(callbackUrl);
	if (isLoopback(hostname) && isLoopback(new URL(apiBaseUrl).hostname)) return undefined;
	if (protocol !== 'https:') return 'it does not begin with https://.';
	const host = hostname.replace(/\.$/, '');
	if (PRIVATE_HOST.test(host) || !/[.:]/.test(host)) {
		return `Imagen cannot reach '${hostname}' from the internet.`;
	}
	return undefined;
}
