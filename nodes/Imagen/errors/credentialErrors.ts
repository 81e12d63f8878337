import { UserError } from 'n8n-workflow';

/** The credential has the environment Custom and no URL. */
export const noUrl = () =>
	new UserError("The 'URL' of the Imagen AI credential is empty", {
		description:
			"Enter the base URL of the API, such as https://example.com/v1, or choose another 'Environment'.",
	});

/** What the credential has as its URL is none. */
export const notAUrl = () =>
	new UserError("The 'URL' of the Imagen AI credential is not a URL", {
		description: 'Enter it whole, with https:// in front, such as https://example.com/v1.',
	});

/** The key would travel unencrypted. @param protocol as `URL.protocol` gives it, such as `http:` */
export const insecureUrl = (protocol: string) =>
	new UserError(`The 'URL' of the Imagen AI credential must begin with https://, not ${protocol}//`, {
		description:
			'Your API key would travel unprotected. Plain http is accepted only for a server on this machine, such as http://127.0.0.1:8080/v1.',
	});
