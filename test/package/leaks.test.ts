import { createRequire } from 'module'; // eslint-disable-line @n8n/community-nodes/no-restricted-imports -- sees what n8n logs
import { inspect } from 'util'; // eslint-disable-line @n8n/community-nodes/no-restricted-imports -- sees all that an error holds
import { stringify } from 'flatted';
import type { INodeParameters } from 'n8n-workflow';
import nock from 'nock';

import { Imagen } from '../../nodes/Imagen/Imagen.node';
import { ImagenTrigger } from '../../nodes/Imagen/ImagenTrigger.node';
import { forgetRecentRecords } from '../../nodes/Imagen/memory';
import {
	activate,
	photo,
	runNode,
	type InputItem,
	type NodeOptions,
	type NodeResult,
} from '../support/engine';
import { callOf, pausedFor, signedUrl } from '../support/callbacks';
import { useClock } from '../support/clock';
import { byId, credential, projectItem } from '../support/imagen';
import {
	API_KEY,
	EXPIRED,
	SIGNATURE,
	apiGivesDownloadLinks,
	apiGivesUploadLinks,
	apiListsProfiles,
	apiReportsStatus,
	linkTo,
	apiDescribesProjects,
} from '../support/imagenApi';

// n8n-core's own copy, as the engine takes it.
const { Logger } = createRequire(require.resolve('n8n-core'))(
	'@n8n/backend-common',
) as typeof import('@n8n/backend-common');

useClock();

const API = 'https://api.imagen-ai.com/v1';
const CALLBACK = 'https://n8n.test/webhook/imagen?secret=callback-that-stays-home';
/** The same as Imagen is told it. */
const CALLED = `${CALLBACK}&imagen_call=1&imagen_token=token-that-stays-home`;
const SECRETS = ['token-that-stays-home', API_KEY, SIGNATURE, 'imagen_token=', 'callback-that-stays-home'];

let logged: unknown[] = [];

beforeAll(() => nock.disableNetConnect());
beforeEach(() => {
	apiDescribesProjects();
	forgetRecentRecords();
	logged = [];
	for (const level of ['error', 'warn', 'info', 'debug', 'verbose'] as const) {
		const method = level as 'error';
		if (!(level in Logger.prototype)) continue;
		jest.spyOn(Logger.prototype, method).mockImplementation((...entry) => void logged.push(entry));
	}
});
afterEach(() => nock.cleanAll());

/** An answer that repeats all it was sent, as some servers' error pages do. */
function repeating(this: { req: { headers: unknown } }, _uri: string, body: unknown) {
	const request = { headers: this.req.headers, body };
	return [500, { error: { message: `Cannot do ${JSON.stringify(request)}` }, request }];
}

/** A connection that breaks, told by an error that holds all that was sent. */
const broken = () =>
	Object.assign(new Error(`read ECONNRESET ${linkTo('p-1', '1.NEF')}`), {
		code: 'ECONNRESET',
		config: { headers: { 'x-api-key': API_KEY }, url: linkTo('p-1', '1.NEF') },
	});

interface Run {
	operation: `${string}.${string}`;
	parameters?: INodeParameters;
	items?: InputItem[];
	/** What the servers answer. */
	answers: () => void;
}

const storage = () => nock('https://storage.test').persist();
const started: INodeParameters = { profile: byId(14715), whenFinished: 'notifyUrl', callbackUrl: CALLBACK };

const runs: Record<string, Run> = {
	'profiles of an API that repeats the request': {
		operation: 'profile.getAll',
		answers: () => nock(API).persist().get('/profiles').reply(repeating),
	},
	'a project over a broken connection': {
		operation: 'project.create',
		answers: () => nock(API).persist().post('/projects/').replyWithError(broken()),
	},
	'an edit that is refused with the callback in the words': {
		operation: 'edit.start',
		parameters: started,
		answers: () => {
			apiListsProfiles();
			apiReportsStatus('edit', 'p-1', 'Pending');
			nock(API).post('/projects/p-1/edit').reply(repeating);
			nock(API).persist().get('/projects/p-1/edit/status').reply(repeating);
		},
	},
	'an edit that fails with the callback in its details': {
		operation: 'edit.wait',
		answers: () => {
			nock(API)
				.get('/projects/p-1/edit/status')
				.reply(200, { data: { status: 'Failed', details: `Nobody answered at ${CALLED}` } });
		},
	},
	'a retouch that is refused in words that repeat the key': {
		operation: 'retouch.applyInstruction',
		parameters: { fileName: 'a.jpg', instruction: 'More light' },
		answers: () => {
			const message = `Not for ${API_KEY} at ${linkTo('p-1', 'a.jpg')}`;
			nock(API)
				.post('/projects/p-1/images/a.jpg/copilot')
				.reply(200, { data: { status: 'FAILED', message } });
		},
	},
	'an upload to a link that has run out': {
		operation: 'photo.upload',
		items: [photo('1.NEF', Buffer.from('raw'), { project_uuid: 'p-1' })],
		answers: () => {
			apiGivesUploadLinks('p-1', ['1.NEF']);
			apiGivesUploadLinks('p-1', ['1.NEF'], 2);
			storage().put(/.*/).reply(403, EXPIRED);
		},
	},
	'an upload over a broken connection': {
		operation: 'photo.upload',
		items: [photo('1.NEF', Buffer.from('raw'), { project_uuid: 'p-1' })],
		answers: () => {
			apiGivesUploadLinks('p-1', ['1.NEF']);
			storage().put(/.*/).replyWithError(broken());
		},
	},
	'a download over a broken connection': {
		operation: 'edit.download',
		answers: () => {
			apiReportsStatus('edit', 'p-1', 'Completed');
			apiGivesDownloadLinks('edit', 'p-1', ['1.xmp']);
			storage().get(/.*/).replyWithError(broken());
		},
	},
	'a download that is redirected': {
		operation: 'edit.download',
		answers: () => {
			apiReportsStatus('edit', 'p-1', 'Completed');
			apiGivesDownloadLinks('edit', 'p-1', ['1.xmp']);
			storage()
				.get(/.*/)
				.reply(307, '', { Location: linkTo('p-1', '1.xmp', 9) });
		},
	},
};

const settings: Array<[string, Partial<NodeOptions>]> = [
	['stops', {}],
	['continues', { onError: 'continueRegularOutput' }],
	['continues with an error output', { onError: 'continueErrorOutput' }],
];

describe.each(settings)('a node that %s', (_what, options) => {
	test.each(Object.entries(runs))(
		'the error of %s shows no secret',
		async (_run, { operation, parameters, items, answers }) => {
			answers();
			const [resource, name] = operation.split('.');
			const result = await runNode({
				node: new Imagen(),
				parameters: { resource, operation: name, ...parameters },
				credentials: [credential],
				items: items ?? [projectItem('p-1')],
				...options,
			});
			expect(hasFailed(result)).toBe(true);
			const shown = allThatIsShown(result);
			const given = stringify(parameters ?? {});
			expect(secretsIn(shown).filter((secret) => !given.includes(secret))).toEqual([]);
		},
	);
});

test('what the API says of a start is shown without the callback address', async () => {
	apiListsProfiles();
	apiReportsStatus('edit', 'p-1', 'Pending');
	nock(API)
		.post('/projects/p-1/edit')
		.reply(200, { data: { message: `Will call ${CALLED}` } });
	const result = await runNode({
		node: new Imagen(),
		parameters: { resource: 'edit', operation: 'start', project: byId('p-1'), profile: byId(14715) },
		credentials: [credential],
		items: [projectItem('p-1')],
	});
	expect(result.error).toBeUndefined();
	expect(result.output[0][0].json).toMatchObject({ message: 'Will call https://n8n.test/webhook/imagen?…' });
	expect(secretsIn(allThatIsShown(result))).toEqual([]);
});

describe('redirects', () => {
	const elsewhere = 'https://elsewhere.test';
	const away = { Location: `${elsewhere}/v1` };
	const redirected: Record<string, Run> = {
		'of a read': {
			operation: 'profile.getAll',
			answers: () => nock(API).persist().get('/profiles').reply(307, '', away),
		},
		'of what creates something': {
			operation: 'project.create',
			answers: () => nock(API).persist().post('/projects/').reply(308, '', away),
		},
		'of an edit': {
			operation: 'edit.start',
			parameters: started,
			answers: () => {
				apiListsProfiles();
				apiReportsStatus('edit', 'p-1', 'Pending');
				nock(API).post('/projects/p-1/edit').reply(307, '', away);
			},
		},
		'of a photo': {
			operation: 'photo.upload',
			items: [photo('1.NEF', Buffer.from('raw'), { project_uuid: 'p-1' })],
			answers: () => {
				apiGivesUploadLinks('p-1', ['1.NEF']);
				storage().put(/.*/).reply(307, '', away);
			},
		},
		'of a result': {
			operation: 'edit.download',
			answers: () => {
				apiReportsStatus('edit', 'p-1', 'Completed');
				apiGivesDownloadLinks('edit', 'p-1', ['1.xmp']);
				storage().get(/.*/).reply(307, '', away);
			},
		},
	};

	test.each(Object.entries(redirected))(
		'a redirect %s to another host gets neither key nor body',
		async (_what, { operation, parameters, items, answers }) => {
			answers();
			const sent: unknown[] = [];
			const reply = (uri: string) => (sent.push(uri), [200, {}]) as [number, object];
			const there = nock(elsewhere).persist();
			for (const method of ['get', 'post', 'put'] as const) there[method](/.*/).reply(reply);
			const [resource, name] = operation.split('.');
			const result = await runNode({
				node: new Imagen(),
				parameters: { resource, operation: name, ...parameters },
				credentials: [credential],
				items: items ?? [projectItem('p-1')],
			});
			expect(hasFailed(result)).toBe(true);
			expect(sent).toEqual([]);
		},
	);
});

describe('callbacks', () => {
	const body = { project_uuid: 'p-1', status: 'Completed', action: 'edit' };

	test('an API that repeats its request after a callback shows no secret in the log', async () => {
		nock(API).persist().get('/projects/p-1/edit/status').reply(repeating);
		const trigger = await activate({
			node: new ImagenTrigger(),
			parameters: { events: ['editCompleted'] },
			credentials: [credential],
		});
		const scope = { apiKey: API_KEY, project: { uuid: 'p-1', editingFlow: 'REGULAR' as const } };
		const { answer, items } = await trigger.call({ url: signedUrl(CALLBACK, scope), body });
		expect(items).toBeUndefined();
		expect(logged).not.toEqual([]);
		expect(secretsIn(inspect([logged, answer], { depth: 20 }))).toEqual([]);
	});

	test('a paused execution, and one that continues with an error, are saved without secrets', async () => {
		const paused = await pausedFor(['p-1']);
		const call = callOf('p-1');
		nock.cleanAll();
		nock(API)
			.persist()
			.get('/projects/p-1/edit/status')
			.reply(401, { error: { message: `No ${API_KEY}` } });
		const { answer, resumed } = await paused.call(call);
		expect(resumed?.output('Next')[0][0].json.error).toBeDefined();
		const token = new URL(call.url).searchParams.get('imagen_token') as string;
		const shown = [stringify([paused, resumed?.run, answer]), inspect(logged, { depth: 20 })].join('\n');
		expect([...SECRETS, token].filter((secret) => shown.includes(secret))).toEqual([]);
	});
});

const secretsIn = (text: string) => SECRETS.filter((secret) => text.includes(secret));

function hasFailed({ error, output }: NodeResult): boolean {
	return error !== undefined || output.flat().some(({ json }) => json.error !== undefined);
}

/** The run as n8n saves it, its outputs, its error with all that hangs on it, and the log. */
function allThatIsShown({ run, output, error }: NodeResult): string {
	const { message, description, stack, cause } = (error ?? {}) as Error & { description?: string };
	return [
		stringify([run, output, error, message, description, stack, cause]),
		inspect(error, { depth: 20, showHidden: true }),
		inspect(logged, { depth: 20 }),
	].join('\n');
}
