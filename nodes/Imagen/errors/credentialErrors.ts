import { UserError } from 'n8n-workflow';

/** The credential has no key. */
export const noKey = () =>
	new UserError("The 'API Key' of the Imagen AI credential is empty", {
		description: 'Paste the key that Imagen sent you.',
	});

/** No header takes what the credential has as its key. Which sign it is stays unsaid: it may be part of the key. */
export const notAKey = (holdsSpace: boolean) =>
	new UserError(
		holdsSpace
			? "The 'API Key' of the Imagen AI credential contains a space"
			: "The 'API Key' of the Imagen AI credential contains a character that no API key has",
		{
			description:
				"Copy the key again from Imagen's e-mail, the key alone, without the words around it. If a document changed its characters, such as - to –, type them again.",
		},
	);

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
