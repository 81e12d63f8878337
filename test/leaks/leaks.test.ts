import { createRequire } from 'module'; // eslint-disable-line @n8n/community-nodes/no-restricted-imports -- sees what n8n logs
import { inspect } from 'util'; // eslint-disable-line @n8n/community-nodes/no-restricted-imports -- sees all that an error holds
import { stringify } from 'flatted';
import type { INodeParameters } from 'n8n-workflow';
import nock from 'nock';

import { Imagen } from '../../nodes/Imagen/Imagen.node';
import { photo, runNode, type InputItem, type NodeOptions, type NodeResult } from '../engine';
import { useClock } from '../nodes/clock';
import { byId, credential, projectItem } from '../nodes/imagen';
import {
	API_KEY,
	EXPIRED,
	SIGNATURE,
	apiGivesDownloadLinks,
	apiGivesUploadLinks,
	apiListsProfiles,
	apiTellsStatus,
	linkTo,
} from '../nodes/imagenApi';

jest.mock('../../nodes/Imagen/api/pause', () => jest.requireActual('../nodes/clock'));

// n8n-core's own copy, as the engine takes it.
const { Logger } = createRequire(require.resolve('n8n-core'))(
	'@n8n/backend-common',
) as typeof import('@n8n/backend-common');

useClock();

const API = 'https://api.imagen-ai.com/v1';
const CALLBACK = 'https://n8n.test/webhook/imagen?secret=callback-that-stays-home';
const SECRETS = [API_KEY, SIGNATURE, 'imagen_token=', 'callback-that-stays-home'];

let logged: unknown[] = [];

beforeAll(() => nock.disableNetConnect());
beforeEach(() => {
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
const started: INodeParameters = { profile: byId(14715), whenFinished: 'callUrl', callbackUrl: CALLBACK };

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
			apiTellsStatus('edit', 'p-1', 'Pending');
			nock(API).post('/projects/p-1/edit').reply(repeating);
			nock(API).persist().get('/projects/p-1/edit/status').reply(repeating);
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
			apiTellsStatus('edit', 'p-1', 'Completed');
			apiGivesDownloadLinks('edit', 'p-1', ['1.xmp']);
			storage().get(/.*/).replyWithError(broken());
		},
	},
	'a download that is redirected': {
		operation: 'edit.download',
		answers: () => {
			apiTellsStatus('edit', 'p-1', 'Completed');
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
		'shows no secret of %s',
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
			expect(
				SECRETS.filter((secret) => shown.includes(secret) && !stringify(parameters ?? {}).includes(secret)),
			).toEqual([]);
		},
	);
});

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
