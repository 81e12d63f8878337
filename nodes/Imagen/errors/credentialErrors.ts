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
			: "The 'API Key' of the Imagen AI credential contains a character that can't be part of a key",
		{
			description:
				"Copy the key again from Imagen's email, without the text around it. If a program changed one of its characters, such as - to –, type that character yourself.",
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
		description: 'Enter the full URL, starting with https://, such as https://example.com/v1.',
	});

/** The key would travel unencrypted. @param protocol as `URL.protocol` gives it, such as `http:` */
export const insecureUrl = (protocol: string) =>
	new UserError(`The 'URL' of the Imagen AI credential must start with https://, not ${protocol}//`, {
		description:
			'Change it to https://, so that your API key is encrypted on its way. Plain http:// is accepted only for a server on the same machine as n8n, such as http://127.0.0.1:8080/v1.',
	});
