import { isLoopback } from '../api/baseUrl';

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
