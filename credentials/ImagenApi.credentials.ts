import {
	UserError,
	type ICredentialDataDecryptedObject,
	type ICredentialTestRequest,
	type ICredentialType,
	type Icon,
	type IHttpRequestOptions,
	type INodeProperties,
} from 'n8n-workflow';

import { apiKeyIn } from '../nodes/Imagen/api/apiKey';
import { BASE_URLS, baseUrlOf } from '../nodes/Imagen/api/baseUrl';

/** The HTTP Request node names the URL `uri`, and has redirects switched by fields of its own. */
type RequestOptions = IHttpRequestOptions & { uri?: string };

/**
 * Neither of n8n's request helpers follows a redirect then. n8n would hand `x-api-key` on to wherever it leads: it holds back only
 * the headers that it knows. The API does not redirect.
 */
const NO_REDIRECTS = { disableFollowRedirect: true, followRedirect: false, followAllRedirects: false };

const KEY_NOT_ACCEPTED =
	"Imagen AI didn't accept this API key. Check that you copied all of it, and that 'Environment' is the one the key is for.";

/** The API key of an Imagen account, and the API that it is for. */
export class ImagenApi implements ICredentialType {
	name = 'imagenApi';

	displayName = 'Imagen AI API';

	/** The credential itself sends the key to no other address than the API's. */
	hideDomainRestrictionFields = true;

	icon: Icon = { light: 'file:../icons/imagen.svg', dark: 'file:../icons/imagen.dark.svg' };

	documentationUrl = 'https://api-docs.imagen-ai.com/docs/quickstart';

	properties: INodeProperties[] = [
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			hint: 'Ask the Imagen team for a key, and give them the email address of your Imagen account',
		},
		{
			displayName: 'Environment',
			name: 'environment',
			type: 'options',
			options: [
				{ name: 'Beta', value: 'beta', description: BASE_URLS.beta },
				{ name: 'Custom', value: 'custom', description: 'Another address, such as a sandbox or a proxy' },
				{ name: 'Production', value: 'production', description: BASE_URLS.production },
			],
			default: 'production',
			description: 'Which API the key is for',
		},
		{
			displayName: 'URL',
			name: 'customUrl',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. https://example.com/v1',
			displayOptions: { show: { environment: ['custom'] } },
			description:
				'Base URL of the API, with https://. It usually ends with /v1. Use http:// only for a server on this machine.',
		},
	];

	/** Puts the key on requests to the API itself, refuses to put it on any other, and lets none be redirected. */
	async authenticate(
		credentials: ICredentialDataDecryptedObject,
		requestOptions: IHttpRequestOptions,
	): Promise<IHttpRequestOptions> {
		const baseUrl = baseUrlOf(credentials);
		const { baseURL, url, uri } = requestOptions as RequestOptions;
		refuseOtherOrigin(baseUrl, url ?? uri ?? '', baseURL);
		return {
			...requestOptions,
			...NO_REDIRECTS,
			headers: { ...requestOptions.headers, 'x-api-key': apiKeyIn(credentials) },
		};
	}

	test: ICredentialTestRequest = {
		request: {
			baseURL: `={{ (${JSON.stringify(BASE_URLS)})[$credentials.environment] || $credentials.customUrl }}`,
			url: '/profiles',
		},
		rules: [
			{ type: 'responseCode', properties: { value: 401, message: KEY_NOT_ACCEPTED } },
			{ type: 'responseCode', properties: { value: 403, message: KEY_NOT_ACCEPTED } },
			{
				type: 'responseCode',
				properties: {
					value: 404,
					message: "There is no Imagen API at this 'URL'. It usually ends with /v1.",
				},
			},
		],
	};
}

function refuseOtherOrigin(baseUrl: string, url: string, requestBaseUrl?: string) {
	const { origin } = new URL(baseUrl);
	// A whole URL wins over the base of the request, as it does in n8n's HTTP layer.
	const base = requestBaseUrl || undefined;
	if (URL.canParse(url, base) && new URL(url, base).origin === origin) return;
	throw new UserError(`This Imagen AI credential works for ${origin} only`, {
		description:
			"Check the URL of the request, or 'Environment' in the credential. The API key is not sent to any other address.",
	});
}
