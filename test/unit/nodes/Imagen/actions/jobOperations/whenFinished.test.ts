import type { INodeParameters } from 'n8n-workflow';
import nock from 'nock';

import { verifyToken } from '../../../../../../nodes/Imagen/callbacks/address';
import type { NodeOptions } from '../../../../../support/engine';
import { callbackUrlSentFor } from '../../../../../support/callbacks';
import { useClock } from '../../../../../support/clock';
import { byId, credential, jsonOf, projectItem, runImagen } from '../../../../../support/imagen';
import {
	API_KEY,
	apiListsProfiles,
	apiStarts,
	apiReportsStatus,
	bodyOf,
	RAW_PROFILE,
	requests,
	useImagenApi,
} from '../../../../../support/imagenApi';

useImagenApi();
useClock();

const HOOK = 'https://hooks.example.com/imagen?signature=aB%2Bc%2F==&x=1';

type Job = 'edit' | 'export';

/** Starts a job of project p-1 with an API that is ready for it. */
async function start(job: Job, parameters: INodeParameters, options: Partial<NodeOptions> = {}) {
	if (job === 'edit') apiListsProfiles();
	else apiReportsStatus('edit', 'p-1', 'Completed');
	apiReportsStatus(job, 'p-1', 'Pending');
	apiStarts(job, 'p-1');
	return await run(job, parameters, options);
}

async function run(job: Job, parameters: INodeParameters, options: Partial<NodeOptions> = {}) {
	const profile = byId(RAW_PROFILE.profile_key);
	return await runImagen(
		`${job}.start`,
		{ profile, ...parameters },
		{ items: [projectItem('p-1')], ...options },
	);
}

const queryOf = (url: string) => Object.fromEntries(new URL(url).searchParams);

describe.each(['edit', 'export'] as const)('Start of an %s', (job) => {
	const sentUrl = () => callbackUrlSentFor('p-1', job);

	test('Start asks for no callback unless told to', async () => {
		const result = await start(job, {});
		expect(bodyOf(`POST /projects/p-1/${job}`)).not.toHaveProperty('callback_url');
		expect(jsonOf(result)).toMatchObject([{ sent: true, when_finished: 'doNothing' }]);
	});

	test('Start set to resume this workflow gives Imagen the address of this execution, with a token for it alone', async () => {
		const result = await start(job, { whenFinished: 'resume' });
		const { run: execution } = result;
		expect(execution.status).toBe('success');
		const [, executionId] = /^https:\/\/n8n\.test\/webhook-waiting\/(\d+)\?/.exec(sentUrl()) ?? [];
		const scope = { apiKey: API_KEY, executionId };
		expect(verifyToken(queryOf(sentUrl()), scope)).toBeDefined();
		expect(verifyToken(queryOf(sentUrl()), { ...scope, executionId: undefined })).toBeUndefined();
		expect(sentUrl()).not.toContain(API_KEY);
		expect(jsonOf(result)).toMatchObject([{ when_finished: 'resume' }]);
	});

	test('Start set to call a URL gives Imagen that URL, with a token for the project', async () => {
		const result = await start(job, { whenFinished: 'notifyUrl', callbackUrl: ` ${HOOK} ` });
		expect(sentUrl().startsWith(`${HOOK}&imagen_call=`)).toBe(true);
		expect(verifyToken(queryOf(sentUrl()), { apiKey: API_KEY })).toMatchObject({
			project: { uuid: 'p-1', editingFlow: 'REGULAR' },
			job,
		});
		expect(jsonOf(result)).toMatchObject([{ when_finished: 'notifyUrl' }]);
	});

	test('Start set to call a URL without a token gives it to Imagen byte for byte', async () => {
		await start(job, { whenFinished: 'notifyUrl', callbackUrl: HOOK, options: { addToken: false } });
		expect(sentUrl()).toBe(HOOK);
	});

	test.each([
		['={{ "" }}', 'it is not a full URL'],
		['hooks.example.com', 'it is not a full URL'],
		['http://hooks.example.com/imagen', 'it does not start with https://'],
		['https://localhost:5678/webhook/imagen', "'localhost' can't be reached from the internet"],
		['https://192.168.1.5/webhook/imagen', "'192.168.1.5' can't be reached from the internet"],
	])('Start sends nothing for the callback URL "%s"', async (callbackUrl, problem) => {
		if (job === 'edit') apiListsProfiles();
		const { error } = await run(job, { whenFinished: 'notifyUrl', callbackUrl });
		expect(error?.message).toBe(`Imagen can't notify the 'Callback URL': ${problem}`);
		expect(error).toHaveProperty('description', expect.stringMatching(/ Nothing was sent\.$/));
		expect(requests()).toEqual(job === 'edit' ? ['GET /profiles'] : []);
	});

	test('Start sends nothing when Imagen could not resume this n8n, and says what to do', async () => {
		if (job === 'edit') apiListsProfiles();
		const { error } = await run(job, { whenFinished: 'resume' }, { n8nUrl: 'http://localhost:5678' });
		expect(error?.message).toBe(
			"Imagen can't notify this workflow at its URL: it does not start with https://",
		);
		expect(error).toHaveProperty('description', expect.stringContaining('WEBHOOK_URL'));
	});

	test('one project with a bad callback URL stops all projects before the first is started', async () => {
		if (job === 'edit') apiListsProfiles();
		const { error } = await run(
			job,
			{ whenFinished: 'notifyUrl', callbackUrl: '={{ $json.url }}' },
			{ items: [projectItem('p-1', { url: HOOK }), projectItem('p-2', { url: 'http://nas/hook' })] },
		);
		expect(error?.message).toMatch(/does not start with https/);
		expect(requests().filter((line) => line.startsWith('POST'))).toEqual([]);
	});
});

test('a job that was running already calls none of our URLs, and the node says so', async () => {
	apiListsProfiles();
	apiReportsStatus('edit', 'p-1', 'In Progress');
	const result = await run('edit', { whenFinished: 'resume' });
	expect(jsonOf(result)).toMatchObject([{ sent: false, when_finished: 'doNothing' }]);
});

test('an API on this machine, such as the sandbox, may call this machine', async () => {
	const sandbox = nock('http://127.0.0.1:4010/v1', { reqheaders: { 'x-api-key': API_KEY } });
	sandbox.get('/profiles').reply(200, { profiles: [RAW_PROFILE] });
	sandbox.get('/projects/p-1').twice().reply(404, { detail: 'Project not found' });
	sandbox.get('/projects/p-1/edit/status').reply(200, { status: 'Pending' });
	const callback_url = /^http:\/\/127\.0\.0\.1:5678\/webhook\/imagen\?imagen_call=/;
	sandbox.post('/projects/p-1/edit', (body) => callback_url.test(body.callback_url)).reply(200, {});
	const data = { apiKey: API_KEY, environment: 'custom', customUrl: 'http://127.0.0.1:4010/v1' };

	const { error } = await run(
		'edit',
		{ whenFinished: 'notifyUrl', callbackUrl: 'http://127.0.0.1:5678/webhook/imagen' },
		{ credentials: [{ ...credential, data }] },
	);
	expect(error).toBeUndefined();
});
