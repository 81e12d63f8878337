import { createHmac, randomBytes, timingSafeEqual } from 'crypto';

import { isBesideApi } from '../api/baseUrl';
import type { Job } from '../api/endpoints';
import { editingFlowIn, type ProjectRef } from '../api/projectRef';

/** Query parameters that are added to a callback URL. */
const CALL = 'imagen_call';
const PROJECT = 'imagen_project';
const EDITING_FLOW = 'imagen_source';
const JOB = 'imagen_job';
const TOKEN = 'imagen_token';

/** What a call is about. The address says it all, so that nothing depends on the body, which anybody can write. */
export interface CallbackAddress {
	project: ProjectRef;
	job: Job;
	/** The same for each delivery of one call. */
	callNumber: string;
}

/** Who may make a callback URL, and what for. */
interface Signer {
	apiKey: string;
	/** The execution that the callback resumes; none where it calls any other URL. */
	executionId?: string;
}

/**
 * A callback URL that names project and job, with a token that only the holder of the API key can make, and a number by which a
 * second delivery of the same call is recognized. What the URL has already stays as it is: n8n signs its query.
 */
export function signCallbackUrl(url: string, signer: Signer, job: Job, project: ProjectRef): string {
	const about = { project, job, callNumber: randomBytes(9).toString('base64url') };
	const [address, fragment] = splitFragment(url);
	const parameters = [
		[CALL, about.callNumber],
		[PROJECT, project.uuid],
		...(project.editingFlow === 'I2I' ? [[EDITING_FLOW, 'I2I']] : []),
		[JOB, job],
		[TOKEN, tokenFor(signer, about)],
	].map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
	return `${address}${address.includes('?') ? '&' : '?'}${parameters.join('&')}${fragment}`;
}

/**
 * Checks the token of a call, in constant time.
 *
 * @param query of the URL that was called
 * @returns what the call is about; undefined when the token is missing or not genuine
 */
export function verifyToken(query: Record<string, unknown>, signer: Signer): CallbackAddress | undefined {
	const { [TOKEN]: token, [CALL]: callNumber, [PROJECT]: uuid, [JOB]: job } = query;
	if (typeof token !== 'string' || typeof callNumber !== 'string' || typeof uuid !== 'string')
		return undefined;
	if (job !== 'edit' && job !== 'export') return undefined;
	const editingFlow = editingFlowIn({ project_source: query[EDITING_FLOW] });
	const about: CallbackAddress = { project: { uuid, editingFlow }, job, callNumber };
	const given = Buffer.from(token);
	const expected = Buffer.from(tokenFor(signer, about));
	return given.length === expected.length && timingSafeEqual(given, expected) ? about : undefined;
}

/** The API key itself signs nothing: what is signed is sent to Imagen and through proxies, and must not help to guess it. */
function tokenFor(
	{ apiKey, executionId = '' }: Signer,
	{ project, job, callNumber }: CallbackAddress,
): string {
	const key = createHmac('sha256', apiKey).update('n8n-nodes-imagen-ai callback').digest();
	return createHmac('sha256', key)
		.update(JSON.stringify([project.uuid, project.editingFlow, job, executionId, callNumber]))
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
 * Why Imagen could not call a URL, as the end of a message; undefined when it can. Imagen calls public https only. Loopback is right
 * exactly where the API itself is on loopback, as a sandbox is.
 *
 * @param apiBaseUrl of the API that will do the calling
 */
export function callbackUrlProblem(callbackUrl: string, apiBaseUrl: string): string | undefined {
	if (!URL.canParse(callbackUrl)) return 'it is not a full URL';
	const { protocol, hostname } = new URL(callbackUrl);
	if (isBesideApi(hostname, apiBaseUrl)) return undefined;
	if (protocol !== 'https:') return 'it does not start with https://';
	const host = hostname.replace(/\.$/, '');
	if (PRIVATE_HOST.test(host) || !/[.:]/.test(host)) {
		return `'${hostname}' can't be reached from the internet`;
	}
	return undefined;
}
