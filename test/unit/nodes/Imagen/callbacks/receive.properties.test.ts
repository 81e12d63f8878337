import fc from 'fast-check';
import nock from 'nock';

import { ImagenTrigger } from '../../../../../nodes/Imagen/ImagenTrigger.node';
import { verifyToken } from '../../../../../nodes/Imagen/callbacks/address';
import { forgetCalls } from '../../../../../nodes/Imagen/memory';
import { activate } from '../../../../support/engine';
import { pausedFor, signedUrl } from '../../../../support/callbacks';
import { passTimeBy, useClock } from '../../../../support/clock';
import { credential } from '../../../../support/imagen';
import { API_KEY, apiDescribesProjects } from '../../../../support/imagenApi';

const URL_OF_TRIGGER = 'https://n8n.test/webhook/1f0c/imagen';
const EVENTS = ['editCompleted', 'editFailed', 'exportCompleted', 'exportFailed'];

/** The body of a call: near to Imagen's, or anything. */
const body = fc.oneof(
	fc.record(
		{
			project_uuid: fc.oneof(fc.constant('p-1'), fc.string(), fc.anything()),
			status: fc.oneof(fc.constantFrom('Completed', 'FAILED', 'In Progress'), fc.string(), fc.jsonValue()),
			action: fc.oneof(fc.constantFrom('edit', 'export'), fc.jsonValue()),
		},
		{ requiredKeys: [] },
	),
	fc.jsonValue(),
);

const url = fc.oneof(
	fc.constant(URL_OF_TRIGGER),
	fc.webQueryParameters().map((query) => `${URL_OF_TRIGGER}?${query}`),
	fc.string().map((token) => `${URL_OF_TRIGGER}?imagen_call=1&imagen_token=${encodeURIComponent(token)}`),
	// From another account.
	fc.constant(
		signedUrl(URL_OF_TRIGGER, { apiKey: 'other', project: { uuid: 'p-1', editingFlow: 'REGULAR' } }),
	),
);

const API = 'https://api.imagen-ai.com/v1';
const project = { uuid: 'p-1', editingFlow: 'REGULAR' as const };

useClock();
beforeEach(() => apiDescribesProjects());
beforeAll(() => {
	nock.disableNetConnect();
	// A call is held for half an hour: a few looks at the API in place of 35 are enough for each of hundreds of calls.
	passTimeBy((ms) => jest.setSystemTime(Date.now() + 200 * ms));
});
afterEach(() => nock.cleanAll());

/** The API says of both jobs, as often as it is asked, that they go on. */
function apiIsStillWorking() {
	for (const job of ['edit', 'export']) {
		nock(API)
			.persist()
			.get(`/projects/p-1/${job}/status`)
			.reply(200, { data: { status: 'In Progress' } });
	}
}

const asSent = (value: unknown) =>
	JSON.parse(JSON.stringify(value) ?? 'null') as Record<string, unknown> | null;

test('no call without the right token starts an execution, asks the API or throws; each is answered', async () => {
	const trigger = await activate({
		node: new ImagenTrigger(),
		parameters: { events: EVENTS },
		credentials: [credential],
	});
	await fc.assert(
		fc.asyncProperty(body, url, async (sent, calledUrl) => {
			const payload = asSent(sent);
			const { answer, items } = await trigger.call({ url: calledUrl, body: payload });
			expect(items).toBeUndefined();
			expect(answer?.statusCode).toBe(401);
		}),
		{ numRuns: 500 },
	);
});

test('a genuine notification starts nothing, whatever it claims, while the API says that the job continues', async () => {
	apiIsStillWorking();
	await fc.assert(
		fc.asyncProperty(body, async (sent) => {
			forgetCalls();
			const trigger = await activate({
				node: new ImagenTrigger(),
				parameters: { events: EVENTS },
				credentials: [credential],
			});
			const payload = { ...asSent(sent), project_uuid: 'p-1' };
			const url = signedUrl(URL_OF_TRIGGER, { apiKey: API_KEY, project });
			const { answer, items } = await trigger.call({ url, body: payload });
			expect(items).toBeUndefined();
			expect(answer?.statusCode).toBe(200);
		}),
		{ numRuns: 100 },
	);
}, 60_000);

test('no notification resumes a paused execution, or throws, while the API says that the job continues', async () => {
	const paused = await pausedFor(['p-1'], { wait: { options: { timeoutMinutes: 43_200 } } });
	const { executionId } = paused;
	nock.cleanAll();
	apiIsStillWorking();
	const resumeUrl = `https://n8n.test/webhook-waiting/${executionId}`;
	const genuine = signedUrl(resumeUrl, { apiKey: API_KEY, project, executionId });
	const ofAnother = signedUrl(resumeUrl, { apiKey: API_KEY, project, executionId: 'another' });
	const called = fc.oneof(url, fc.constantFrom(resumeUrl, genuine, ofAnother));
	await fc.assert(
		fc.asyncProperty(body, called, async (sent, calledUrl) => {
			const { answer, resumed } = await paused.call({ url: calledUrl, body: asSent(sent) });
			expect(resumed).toBeUndefined();
			expect(answer?.statusCode).toBe(calledUrl === genuine ? 200 : 401);
		}),
		{ numRuns: 100 },
	);
}, 60_000);

describe('the token of a callback', () => {
	const address = fc
		.tuple(
			fc.webUrl({ withQueryParameters: true, withFragments: true, validSchemes: ['https'] }),
			fc.string({ minLength: 1 }),
		)
		.map(([url, uuid]) => ({
			url,
			scope: { apiKey: API_KEY, project: { uuid, editingFlow: 'I2I' as const } },
		}));
	const queryOf = (url: string) => Object.fromEntries(new URL(url).searchParams);

	test('the token of a callback is good for the address as it is, which keeps all that it had', () => {
		fc.assert(
			fc.property(address, ({ url, scope }) => {
				const called = signedUrl(url, scope);
				expect(verifyToken(queryOf(called), scope)).toBeDefined();
				const [before, after] = [new URL(url), new URL(called)];
				expect([after.origin, after.pathname, after.hash]).toEqual([
					before.origin,
					before.pathname,
					before.hash,
				]);
				expect(after.search.startsWith(before.search)).toBe(true);
			}),
		);
	});

	test('the token of a callback is good for no other project, execution, key or call', () => {
		fc.assert(
			fc.property(address, fc.string({ minLength: 1 }), ({ url, scope }, other) => {
				fc.pre(other !== scope.project.uuid && other !== scope.apiKey);
				const query = queryOf(signedUrl(url, scope));
				const others = [
					verifyToken(query, { ...scope, apiKey: other }),
					verifyToken(query, { ...scope, executionId: other }),
					verifyToken({ ...query, imagen_project: other }, scope),
					verifyToken({ ...query, imagen_source: '' }, scope),
					verifyToken({ ...query, imagen_job: 'export' }, scope),
				];
				expect(others).toEqual(others.map(() => undefined));
				expect(verifyToken({ ...query, imagen_call: `${query.imagen_call}x` }, scope)).toBeUndefined();
				expect(verifyToken({ ...query, imagen_token: other }, scope)).toBeUndefined();
			}),
		);
	});
});
