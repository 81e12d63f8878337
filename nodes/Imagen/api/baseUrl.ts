import { UserError, type ICredentialDataDecryptedObject } from 'n8n-workflow';

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
	if (customUrl === '') {
		throw new UserError("The 'URL' of the Imagen AI credential is empty", {
			description:
				"Enter the base URL of the API, such as https://example.com/v1, or choose another 'Environment'.",
		});
	}
	if (!URL.canParse(customUrl)) {
		throw new UserError("The 'URL' of the Imagen AI credential is not a URL", {
			description: 'Enter it whole, with https:// in front, such as https://example.com/v1.',
		});
	}
	const { protocol, hostname, origin, pathname } = new URL(customUrl);
	if (protocol !== 'https:' && !(protocol === 'http:' && isLoopback(hostname))) {
		throw new UserError(`The 'URL' of the Imagen AI credential must begin with https://, not ${protocol}//`, {
			description:
				'Your API key would travel unprotected. Plain http is accepted only for a server on this machine, such as http://127.0.0.1:8080/v1.',
		});
	}
	return `${origin}${pathname}`.replace(/\/+$/, '');
}
