import { pauses, useClock } from '../../../../support/clock';
import { credential, jsonOf, runImagen } from '../../../../support/imagen';
import {
	api,
	apiListsProfiles,
	count,
	requests,
	connectionReset,
	useImagenApi,
} from '../../../../support/imagenApi';

useImagenApi();
useClock();

const list = async () => await runImagen('profile.getAll');
const create = async () => await runImagen('project.create', { name: 'Shoot' });

describe('an error of the API', () => {
	test.each([
		[
			400,
			{ error: { message: 'File "x" appears 2 times.' } },
			'File "x" appears 2 times.',
			/correct what the message names/,
		],
		[401, { error: 'Bad key' }, 'Bad key', /Check the API key in the Imagen AI credential/],
		[403, { detail: 'No API access' }, 'No API access', /does not allow it to do this/],
		[404, { detail: 'Not found' }, 'Not found', /it may have been deleted/],
		[409, { message: 'Busy' }, 'Busy', /state of the project does not allow this/],
		[
			422,
			{ detail: [{ loc: ['body', 'name'], msg: 'too long' }] },
			'name: too long',
			/the field that the message names/,
		],
		[302, '', 'the server answered with status 302', /redirects to another address/],
		[404, '<html>Sign in</html>', 'the server answered with status 404', /it may have been deleted/],
	])(
		'an API error %i %j reaches the user as "%s", with the next step',
		async (status, body, words, nextStep) => {
			api().post('/projects/', { name: 'Shoot' }).reply(status, body, { Location: 'https://evil.test/' });
			const { error } = await create();
			expect(error).toMatchObject({
				message: `Imagen AI could not create project 'Shoot': ${words}`,
				description: expect.stringMatching(nextStep),
				httpCode: String(status),
			});
		},
	);

	test('a request answered with 401 is sent once: a wrong key does not get right by asking again', async () => {
		api().get('/profiles').reply(401, { error: 'Bad key' });
		expect((await list()).error?.message).toBe('Imagen AI could not list the profiles: Bad key');
		expect(requests()).toEqual(['GET /profiles']);
	});
});

describe('a request that changes nothing', () => {
	test.each([408, 429, 500, 502, 503, 504])(
		'a request that changes nothing is tried again after %i',
		async (status) => {
			api().get('/profiles').reply(status, 'try later');
			apiListsProfiles();
			expect(jsonOf(await list())).toHaveLength(2);
			expect(pauses).toEqual([1]);
		},
	);

	test.each(['ECONNRESET', 'ECONNREFUSED', 'ETIMEDOUT', 'ENOTFOUND'])(
		'a request that changes nothing is tried again after %s',
		async (code) => {
			api().get('/profiles').replyWithError(connectionReset(code));
			apiListsProfiles();
			expect(jsonOf(await list())).toHaveLength(2);
		},
	);

	test("a request that changes nothing is tried again after an answer that is not the API's", async () => {
		api().get('/profiles').reply(200, '<html>Welcome to the hotel wifi</html>');
		apiListsProfiles();
		expect(jsonOf(await list())).toHaveLength(2);
	});

	test('a request that is tried again waits as long as the server asks', async () => {
		api().get('/profiles').reply(429, {}, { 'Retry-After': '17' });
		api().get('/profiles').reply(503, {}, { 'Retry-After': 'Sun, 21 Jun 2026 10:01:17 GMT' });
		apiListsProfiles();
		expect(jsonOf(await list())).toHaveLength(2);
		expect(pauses).toEqual([17, 60]);
	});

	test('a request that keeps failing is given up after five tries, with pauses that double', async () => {
		api().get('/profiles').times(5).reply(503, 'We are moving house');
		expect((await list()).error).toMatchObject({
			message: 'Imagen AI could not list the profiles: We are moving house',
			description: expect.stringContaining("the problem is on Imagen's side"),
		});
		expect(pauses).toEqual([1, 2, 4, 8]);
	});

	test('a request that is refused for too many requests says so in the words of the API', async () => {
		api().get('/profiles').times(5).reply(429, { error: 'Slow down' });
		expect((await list()).error).toMatchObject({
			message: 'Imagen AI could not list the profiles: Slow down',
			description: expect.stringContaining('too many requests'),
			httpCode: '429',
		});
	});

	test('a request whose secure connection is opened on its way says whom to ask', async () => {
		api().get('/profiles').replyWithError(connectionReset('SELF_SIGNED_CERT_IN_CHAIN'));
		expect((await list()).error).toMatchObject({
			message: "Imagen AI could not list the profiles: the server's certificate is not trusted",
			description: expect.stringContaining('NODE_EXTRA_CA_CERTS'),
		});
	});

	test('a request that found no connection says why', async () => {
		api().get('/profiles').times(5).replyWithError(connectionReset('ECONNREFUSED'));
		expect((await list()).error).toMatchObject({
			message: 'Imagen AI could not list the profiles: the server refused the connection',
			description: expect.stringContaining("Check 'Environment' in the credential (for Custom, also 'URL')"),
		});
	});

	test('a request that was answered by something other than the API says so', async () => {
		api().get('/profiles').times(5).reply(200, '<html>Welcome to the hotel wifi</html>');
		expect((await list()).error).toMatchObject({
			message: 'Imagen AI could not list the profiles: the answer has no list "profiles"',
			description: expect.stringContaining("the answer did not come from Imagen's API"),
		});
	});
});

describe('a request that changes something', () => {
	test.each([429, 500, 503])('a request that changes something is not repeated after %i', async (status) => {
		api().post('/projects/').reply(status, { error: 'Oh' });
		expect((await create()).error?.message).toBe("Imagen AI could not create project 'Shoot': Oh");
		expect(count('POST /projects/')).toBe(1);
	});

	test('a request that changes something is not repeated after a broken connection', async () => {
		api().post('/projects/').replyWithError(connectionReset());
		expect((await create()).error?.message).toContain('the connection broke');
		expect(count('POST /projects/')).toBe(1);
	});
});

test.each([
	['', /is empty/],
	['http://proxy.example.com/v1', /must start with https/],
])('a credential with the custom URL %j stops the node before any request', async (customUrl, message) => {
	const data = { ...credential.data, environment: 'custom', customUrl };
	const { error } = await runImagen('profile.getAll', {}, { credentials: [{ ...credential, data }] });
	expect(error).toMatchObject({ message: expect.stringMatching(message), description: expect.any(String) });
	expect(requests()).toEqual([]);
});

test('stopping the execution ends the tries of a request', async () => {
	const stop = new AbortController();
	api()
		.get('/profiles')
		.reply(() => {
			stop.abort();
			return [503];
		});
	await runImagen('profile.getAll', {}, { abortSignal: stop.signal });
	expect(count('GET /profiles')).toBe(1);
});
