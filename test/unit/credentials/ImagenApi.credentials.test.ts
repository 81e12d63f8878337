import type { ICredentialDataDecryptedObject, IHttpRequestOptions } from 'n8n-workflow';
import nock from 'nock';

import { ImagenApi } from '../../../credentials/ImagenApi.credentials';
import { testCredential } from '../../support/engine';

const KEY = 'key-of-a-user';
const credential = new ImagenApi();

const authenticate = async (data: ICredentialDataDecryptedObject, request: Record<string, unknown>) =>
	await credential.authenticate(
		{ apiKey: KEY, environment: 'production', ...data },
		request as unknown as IHttpRequestOptions,
	);

const custom = (customUrl: string) => ({ environment: 'custom', customUrl });

beforeAll(() => nock.disableNetConnect());

afterEach(() => {
	const missing = nock.pendingMocks();
	nock.cleanAll();
	expect(missing).toEqual([]);
});

describe('requests', () => {
	test('requests carry the key in x-api-key, without the blanks that were copied with it', async () => {
		const request = { baseURL: 'https://api.imagen-ai.com/v1', url: '/profiles', headers: { Accept: 'x' } };
		expect(await authenticate({ apiKey: `  ${KEY}\n` }, request)).toEqual({
			...request,
			disableFollowRedirect: true,
			followRedirect: false,
			followAllRedirects: false,
			headers: { Accept: 'x', 'x-api-key': KEY },
		});
	});

	test.each([
		['in quotes', `"${KEY}"`],
		['in curly quotes', `“${KEY}”`],
		['in quotes with blanks in them', ` ‘ ${KEY} ’ `],
		['broken over two lines', `${KEY.slice(0, 5)}\r\n  ${KEY.slice(5)}`],
		['with invisible characters', `\ufeff${KEY.slice(0, 3)}\u200b${KEY.slice(3)}`],
		['with a blank that does not break', `\u00a0${KEY}\u00a0`],
	])('a key that was copied %s is taken without them', async (_how, apiKey) => {
		const request = { baseURL: 'https://api.imagen-ai.com/v1', url: '/profiles' };
		expect(await authenticate({ apiKey }, request)).toMatchObject({ headers: { 'x-api-key': KEY } });
	});

	test.each([
		['', "The 'API Key' of the Imagen AI credential is empty"],
		[' “” ', "The 'API Key' of the Imagen AI credential is empty"],
		[`Key: ${KEY}`, "The 'API Key' of the Imagen AI credential contains a space"],
		[
			'key–of-a-user',
			"The 'API Key' of the Imagen AI credential contains a character that can't be part of a key",
		],
		['kéy', "The 'API Key' of the Imagen AI credential contains a character that can't be part of a key"],
	])('the key %j is refused with words that name the field', async (apiKey, message) => {
		const request = { baseURL: 'https://api.imagen-ai.com/v1', url: '/profiles' };
		await expect(authenticate({ apiKey }, request)).rejects.toThrow(message);
	});

	test.each([
		['with a whole URL', { url: 'https://api.imagen-ai.com/v1/profiles' }],
		['of the HTTP Request node', { uri: 'https://api.imagen-ai.com/v1/profiles' }],
	])('requests %s carry the key too', async (_what, request) => {
		expect(await authenticate({}, request)).toMatchObject({ headers: { 'x-api-key': KEY } });
	});

	test.each([
		['another host', { uri: 'https://api.example.com/v1/profiles' }],
		['a host that only begins like it', { uri: 'https://api.imagen-ai.com.example.com/v1' }],
		['the same host without TLS', { uri: 'http://api.imagen-ai.com/v1/profiles' }],
		['the other environment', { uri: 'https://api-beta.imagen-ai.com/v1/profiles' }],
		['a storage link', { url: 'https://storage.test/IMG_1.NEF?Signature=x' }],
		[
			'a whole URL beside the base',
			{ baseURL: 'https://api.imagen-ai.com/v1', url: 'https://api.example.com' },
		],
		[
			'a URL without protocol',
			{ baseURL: 'https://api.imagen-ai.com/v1', url: '//api.example.com/profiles' },
		],
		['no URL', {}],
	])('requests to %s are refused, and the key stays home', async (_what, request) => {
		const refused = authenticate({}, request);
		await expect(refused).rejects.toThrow(
			'This Imagen AI credential works for https://api.imagen-ai.com only',
		);
		await expect(refused).rejects.not.toThrow(KEY);
	});

	test('requests go to the custom URL, with or without a slash at its end', async () => {
		for (const url of ['https://proxy.example.com/v1', 'https://proxy.example.com/v1/']) {
			const request = { baseURL: url, url: '/profiles' };
			expect(await authenticate(custom(url), request)).toMatchObject({ headers: { 'x-api-key': KEY } });
		}
	});

	test('requests to a custom URL that would expose the key are refused with the reason', async () => {
		const request = { uri: 'http://proxy.example.com/v1/profiles' };
		const refused = authenticate(custom('http://proxy.example.com/v1'), request);
		await expect(refused).rejects.toThrow("The 'URL' of the Imagen AI credential must start with https://");
	});
});

describe('saving the credential', () => {
	test.each([
		['production', {}, 'https://api.imagen-ai.com'],
		['beta', { environment: 'beta' }, 'https://api-beta.imagen-ai.com'],
		['a custom URL', custom('https://proxy.example.com/v1'), 'https://proxy.example.com'],
		[
			'a custom URL with a slash at its end',
			custom('https://proxy.example.com/v1/'),
			'https://proxy.example.com',
		],
		['a server on this machine', custom('http://127.0.0.1:4010/v1'), 'http://127.0.0.1:4010'],
	])('saving the credential lists the profiles of %s', async (_what, data, origin) => {
		nock(origin, { reqheaders: { 'x-api-key': KEY } })
			.get('/v1/profiles')
			.reply(200, { data: { profiles: [] } });
		expect(await testCredential({ type: credential, data: { apiKey: KEY, ...data } })).toEqual({});
	});

	test.each([
		['', "The 'URL' of the Imagen AI credential is empty"],
		['proxy.example.com', "The 'URL' of the Imagen AI credential is not a URL"],
		[
			'http://proxy.example.com/v1',
			"The 'URL' of the Imagen AI credential must start with https://, not http://",
		],
	])(
		'saving the credential with the custom URL %j says what is wrong with it, and sends nothing',
		async (url, message) => {
			const { error } = await testCredential({ type: credential, data: { apiKey: KEY, ...custom(url) } });
			expect(error?.message).toBe(message);
		},
	);

	test('saving the credential with a key that no header takes says so, and sends nothing', async () => {
		const { error } = await testCredential({ type: credential, data: { apiKey: 'kéy' } });
		expect(error?.message).toBe(
			"The 'API Key' of the Imagen AI credential contains a character that can't be part of a key",
		);
	});

	test('saving the credential follows no redirect: the key would go to wherever it leads', async () => {
		nock('https://api.imagen-ai.com')
			.get('/v1/profiles')
			.reply(302, '', { location: 'https://elsewhere.test/profiles' });
		const elsewhere = nock('https://elsewhere.test')
			.get('/profiles')
			.reply(200, { data: { profiles: [] } });
		const { error } = await testCredential({ type: credential, data: { apiKey: KEY } });
		expect(error).toBeDefined();
		expect(elsewhere.isDone()).toBe(false);
		nock.cleanAll();
	});

	test('saving the credential with a wrong key says so', async () => {
		nock('https://api.imagen-ai.com').get('/v1/profiles').times(2).reply(401, { error: 'Bad key' });
		const { error } = await testCredential({ type: credential, data: { apiKey: KEY } });
		expect(error?.message).toMatch(/authorization/i);
	});
});
