import fc from 'fast-check';
import nock from 'nock';

import { ImagenTrigger } from '../../nodes/Imagen/ImagenTrigger.node';
import { withToken } from '../../nodes/Imagen/waiting/callbackToken';
import { activate } from '../engine';
import { credential } from '../nodes/imagen';
import { API_KEY } from '../nodes/imagenApi';

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
	// Genuine, for another project or from another account.
	fc.constant(withToken(URL_OF_TRIGGER, { apiKey: API_KEY, project: { uuid: 'p-2', source: 'REGULAR' } })),
	fc.constant(withToken(URL_OF_TRIGGER, { apiKey: 'other', project: { uuid: 'p-1', source: 'REGULAR' } })),
);

beforeAll(() => nock.disableNetConnect());

test('no call without the right token starts a run, asks the API or throws; each is answered', async () => {
	const trigger = await activate({
		node: new ImagenTrigger(),
		parameters: { events: EVENTS },
		credentials: [credential],
	});
	await fc.assert(
		fc.asyncProperty(body, url, async (sent, calledUrl) => {
			const payload = JSON.parse(JSON.stringify(sent) ?? 'null') as { project_uuid?: unknown } | null;
			fc.pre(payload?.project_uuid !== 'p-2');
			const { answer, items } = await trigger.call({ url: calledUrl, body: payload });
			expect(items).toBeUndefined();
			expect([400, 401]).toContain(answer?.statusCode);
		}),
		{ numRuns: 500 },
	);
});
