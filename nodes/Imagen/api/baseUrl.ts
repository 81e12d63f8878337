import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

import { insecureUrl, noUrl, notAUrl } from '../errors/credentialErrors';

/** Where the API answers, by the credential's environment (api-docs.imagen-ai.com; the beta host is the original guide's). */
export const BASE_URLS = {
	production: 'https://api.imagen-ai.com/v1',
	beta: 'https://api-beta.imagen-ai.com/v1',
} as const;

const LOOPBACK_HOST = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** Whether a URL's host is this machine itself. `host` as `URL.hostname` gives it. */
export function isLoopback(host: string): boolean {
	return LOOPBACK_HOST.test(host);
}

/** Whether a host and the API are both this machine itself, as a sandbox is: only then may anything go without https. */
export function isBesideApi(host: string, apiBaseUrl: string): boolean {
	return isLoopback(host) && isLoopback(new URL(apiBaseUrl).hostname);
}

/**
 * The API's base URL for a credential, without a trailing slash.
 *
 * @throws UserError when a custom URL is missing, is no URL, or would send the API key over plain http to another machine.
 */
export function baseUrlOf(credential: ICredentialDataDecryptedObject): string {
	const { environment } = credential;
	if (environment === 'production' || environment === 'beta') return BASE_URLS[environment];
	return checkedCustomUrl(String(credential.customUrl ?? '').trim());
}

function checkedCustomUrl(customUrl: string): string {
	if (customUrl === '') throw noUrl();
	if (!URL.canParse(customUrl)) throw notAUrl();
	const { protocol, hostname, origin, pathname } = new URL(customUrl);
	const isSafe = protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname));
	if (!isSafe) throw insecureUrl(protocol);
	return `${origin}${pathname}`.replace(/\/+$/, '');
}
