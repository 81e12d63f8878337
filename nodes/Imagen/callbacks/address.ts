import { createHmac, randomBytes, timingSafeEqual } from 'crypto';

import { editingFlowIn, type ProjectRef, type EditingFlow } from '../api/editingFlow';

/** Query parameters that are added to a callback URL. */
const TOKEN = 'imagen_token';
const CALL = 'imagen_call';
const SOURCE = 'imagen_source';

/** What a callback's token vouches for. */
export interface CallbackScope {
	apiKey: string;
	project: ProjectRef;
	/** The execution that the callback resumes; none where it calls any other URL. */
	executionId?: string;
}

/**
 * A callback URL with a token that only the holder of the API key can make, and a number of this one call, by which a
 * second delivery of it is known. A callback does not tell the kind of project, so the address does. What the URL has already stays as it is: n8n signs its query.
 */
export function withToken(url: string, scope: CallbackScope): string {
	const call = randomBytes(9).toString('base64url');
	const [address, fragment] = splitFragment(url);
	const separator = address.includes('?') ? '&' : '?';
	const kind = scope.project.editingFlow === 'I2I' ? `&${SOURCE}=I2I` : '';
	return `${address}${separator}${CALL}=${call}${kind}&${TOKEN}=${tokenFor(scope, call)}${fragment}`;
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

/** The kind of project that a called address is for; `genuineCall` vouches for it. */
export function editingFlowOfCall(query: Record<string, unknown>): EditingFlow {
	return editingFlowIn({ project_source: query[SOURCE] });
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
