import { minutesPassed, useClock } from '../../../../support/clock';
import {
	callback,
	callbackUrlSentFor,
	callOf,
	deliver,
	staysPaused,
	pausedFor,
	signedUrl,
} from '../../../../support/callbacks';
import { byId, linksOf } from '../../../../support/imagen';
import { API_KEY, api, apiReportsStatus, count, requests, useImagenApi } from '../../../../support/imagenApi';

useImagenApi();
useClock();

type Answer = [statusCode: number, body: string | object];

/** What is answered for so many minutes when the status of an edit is asked for; then it is Completed. */
function statusFor(uuid: string, minutes: number, answer: Answer): void {
	const end = Date.now() + minutes * 60_000;
	api()
		.persist()
		.get(`/projects/${uuid}/edit/status`)
		.reply(() => (Date.now() < end ? answer : [200, { status: 'Completed' }]));
}

describe('an execution paused for one project', () => {
	test('a paused execution is resumed when Imagen notifies it and the API confirms it', async () => {
		const paused = await pausedFor(['p-1']);
		apiReportsStatus('edit', 'p-1', 'COMPLETED');

		const { statusCode, resumed } = await deliver(paused, callOf('p-1'));

		expect(statusCode).toBe(200);
		expect(resumed?.run.status).toBe('success');
		expect(resumed?.output('Wait')[0]).toEqual([
			{ json: { project_uuid: 'p-1', status: 'Completed' }, pairedItem: { item: 0 } },
		]);
		expect(resumed?.run.data.resultData.runData.Next).toHaveLength(1);
		expect(resumed?.run.data.resultData.runData.Wait).toHaveLength(1);
	});

	test('a paused execution believes the API, not the call', async () => {
		const paused = await pausedFor(['p-1'], { wait: { options: { ifFailed: 'passOn' } } });
		apiReportsStatus('edit', 'p-1', 'Failed');
		const { resumed } = await deliver(paused, callOf('p-1', callback('p-1', 'Completed')));
		expect(resumed?.output('Next')[0][0].json).toMatchObject({ status: 'Failed' });
	});

	test.each([
		"={{ 'FAIL' }}",
		"={{ '' }}",
		'={{ $json.if_failed }}',
		"={{ $json.status ? 'fail' : 'passOn' }}",
	])(
		"a paused execution whose edit fails has an error in its item when 'If Failed' is %s",
		async (ifFailed) => {
			const paused = await pausedFor(['p-1'], { wait: { options: { ifFailed } } });
			apiReportsStatus('edit', 'p-1', 'Failed');
			const { resumed } = await deliver(paused, callOf('p-1'));
			expect(resumed?.output('Next')[0][0].json).toMatchObject({
				status: 'Failed',
				error: expect.stringContaining('could not edit'),
			});
		},
	);

	test('a paused execution goes on when the call comes before the API shows the end', async () => {
		const paused = await pausedFor(['p-1']);
		apiReportsStatus('edit', 'p-1', 'In Progress', 'In Progress', 'Completed');
		expect((await deliver(paused, callOf('p-1'))).resumed?.run.status).toBe('success');
	});

	test('a Completed from before does not make an execution go on that has sent the edit again', async () => {
		const paused = await pausedFor(['p-1'], {
			start: { whenFinished: 'resume', options: { ifAlreadyStarted: 'startAgain' } },
			before: 'Completed',
			looks: ['Completed'],
		});
		// The API lags behind: the call is early, or that of the edit before.
		apiReportsStatus('edit', 'p-1', 'Completed', 'In Progress', 'Completed');
		expect((await deliver(paused, callOf('p-1'))).resumed?.run.status).toBe('success');
		expect(count('GET /projects/p-1/edit/status')).toBe(5);
	});

	test('an execution stays paused when the API does not confirm the end within half an hour', async () => {
		const paused = await pausedFor(['p-1']);
		statusFor('p-1', 60, [200, { status: 'In Progress' }]);
		expect(await deliver(paused, callOf('p-1'))).toEqual(staysPaused(200));
		expect(minutesPassed()).toBe(31);
	});

	test.each([
		['cannot be read for half an hour', 29, [503, 'Moving house']],
		['shows the end minutes later only', 10, [200, { status: 'In Progress' }]],
	])('a paused execution goes on by its one call when the API %s', async (_what, minutes, answer) => {
		const paused = await pausedFor(['p-1']);
		statusFor('p-1', minutes, answer as Answer);
		const { resumed } = await deliver(paused, callOf('p-1'));
		expect(resumed?.output('Next')[0][0].json).toMatchObject({ status: 'Completed' });
		expect(minutesPassed()).toBeGreaterThan(minutes - 1);
	});

	test('an execution stays paused when the API cannot be read for longer, and goes on at a later call', async () => {
		const paused = await pausedFor(['p-1']);
		statusFor('p-1', 40, [503, 'Moving house']);
		expect(await deliver(paused, callOf('p-1'))).toEqual(staysPaused(200));

		jest.setSystemTime(Date.now() + 10 * 60_000);
		expect((await deliver(paused, callOf('p-1'))).resumed?.run.status).toBe('success');
	});

	test('a call does not resume an execution whose limit has passed meanwhile: n8n has done that', async () => {
		const paused = await pausedFor(['p-1'], { wait: { options: { timeoutMinutes: 5 } } });
		statusFor('p-1', 4.9, [503, 'Moving house']);
		expect(await deliver(paused, callOf('p-1'))).toEqual(staysPaused(200));
		expect(minutesPassed()).toBeLessThan(6);
	});

	test('several calls during an outage resume a paused execution once', async () => {
		const paused = await pausedFor(['p-1', 'p-2', 'p-3']);
		for (const uuid of ['p-1', 'p-2', 'p-3']) statusFor(uuid, 20, [503, 'Moving house']);
		const calls = ['p-1', 'p-2', 'p-3'].map(async (uuid) => await deliver(paused, callOf(uuid)));
		const resumed = (await Promise.all(calls)).flatMap((outcome) => outcome.resumed ?? []);
		expect(resumed).toHaveLength(1);
		expect(resumed[0].output('Wait')[0]).toHaveLength(3);
	});

	test('a paused execution goes on when another of its projects cannot be read at first', async () => {
		const paused = await pausedFor(['p-1', 'p-2']);
		statusFor('p-1', 0, [503, 'Moving house']);
		statusFor('p-2', 10, [503, 'Moving house']);
		expect((await deliver(paused, callOf('p-1'))).resumed?.output('Wait')[0]).toHaveLength(2);
	});

	test.each([
		['was deleted', 404, 'no such project', /deleted/],
		['cannot be read with the key any more', 401, 'invalid key', /API key/],
	])(
		'a paused execution ends when the project %s, and says what to do',
		async (_what, statusCode, words, remedy) => {
			const paused = await pausedFor(['p-1']);
			api().get('/projects/p-1/edit/status').reply(statusCode, { error: words });
			const { resumed } = await deliver(paused, callOf('p-1'));
			expect(resumed?.run.status).toBe('success');
			expect(resumed?.output('Next')[0]).toMatchObject([
				{
					json: {
						project_uuid: 'p-1',
						error: `Imagen AI could not get the edit status of project p-1: ${words}`,
						message: expect.stringMatching(remedy),
					},
				},
			]);
		},
	);

	test('a paused execution whose project was deleted leaves through the error output where there is one', async () => {
		const paused = await pausedFor(['p-1'], { settings: { onError: 'continueErrorOutput' } });
		api().get('/projects/p-1/edit/status').reply(404, { error: 'no such project' });
		const [success, failed] = (await deliver(paused, callOf('p-1'))).resumed!.output('Wait');
		expect(success).toEqual([]);
		expect(failed).toMatchObject([
			{ json: { project_uuid: 'p-1', error: expect.stringContaining('p-1: no such project') } },
		]);
	});

	test('an execution stays paused while Imagen reports progress', async () => {
		const paused = await pausedFor(['p-1']);
		apiReportsStatus('edit', 'p-1', 'In Progress');
		const progress = callOf('p-1', callback('p-1', 'In Progress'));
		expect(await deliver(paused, progress)).toEqual(staysPaused(200));
	});

	test('a paused execution is resumed once when Imagen notifies it several times', async () => {
		const paused = await pausedFor(['p-1']);
		apiReportsStatus('edit', 'p-1', ...Array<string>(5).fill('Completed'));
		const calls = [1, 2, 3, 4].map(async () => await deliver(paused, callOf('p-1')));
		const outcomes = [...(await Promise.all(calls)), await deliver(paused, callOf('p-1'))];
		expect(outcomes.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200, 200, 200]);
		expect(outcomes.filter(({ resumed }) => resumed)).toHaveLength(1);
	});

	test('a paused execution hands its input on at the limit', async () => {
		const paused = await pausedFor(['p-1']);
		const { run, output } = await paused.passLimit();
		expect(run.status).toBe('success');
		expect(output('Next')[0][0].json).toMatchObject({ project_uuid: 'p-1', when_finished: 'resume' });
	});
});

describe('who may resume an execution', () => {
	test('nobody resumes a paused execution without the token that went to Imagen', async () => {
		const paused = await pausedFor(['p-1']);
		const url = new URL(callbackUrlSentFor('p-1'));
		const token = String(url.searchParams.get('imagen_token'));
		const withOther = (value?: string) => {
			const forged = new URL(url);
			forged.searchParams.delete('imagen_token');
			if (value !== undefined) forged.searchParams.set('imagen_token', value);
			return { url: forged.href, body: callback('p-1') };
		};
		const twice = { url: `${url.href}&imagen_token=${token}`, body: callback('p-1') };
		const calls = [withOther(), withOther(''), withOther(`${token}A`), withOther('A'.repeat(43)), twice];

		for (const call of calls) expect(await deliver(paused, call)).toEqual(staysPaused(401));
		expect(count('GET /projects/p-1/edit/status')).toBe(2);
	});

	test('no call whose address was changed to another project resumes a paused execution', async () => {
		const paused = await pausedFor(['p-1']);
		const url = callbackUrlSentFor('p-1').replace('imagen_project=p-1', 'imagen_project=p-2');
		expect(await deliver(paused, { url, body: callback('p-2') })).toEqual(staysPaused(401));
	});

	test('no call of another execution resumes a paused execution', async () => {
		const paused = await pausedFor(['p-1']);
		const url = signedUrl('https://n8n.test/webhook-waiting/1', {
			apiKey: API_KEY,
			project: { uuid: 'p-1', editingFlow: 'REGULAR' as const },
			executionId: 'another',
		});
		expect(await deliver(paused, { url, body: callback('p-1') })).toEqual(staysPaused(401));
	});

	test('no call for a project that this Wait is not about resumes a paused execution', async () => {
		apiReportsStatus('edit', 'p-1', 'Pending');
		const paused = await pausedFor(['p-1', 'p-2'], { wait: { project: byId('p-1') }, looks: [] });
		expect(await deliver(paused, callOf('p-2'))).toEqual(staysPaused(200));
	});

	test.each([
		['nothing', null],
		['a text', 'Completed'],
		['a list', [callback('p-1')]],
		['another form', { data: callback('p-1') }],
		['another project', callback('p-2')],
		['no status', { project_uuid: 'p-1' }],
		['a status in other words', callback('p-1', 'Edited')],
		['a status that is out of date', callback('p-1', 'In Progress')],
		['its action in capitals', callback('p-1', 'Completed', 'EDIT')],
		['no action', { ...callback('p-1'), action: null }],
		['an unknown action', callback('p-1', 'Completed', 'delete')],
	])(
		'a genuine call resumes a paused execution by its address, also when its body holds %s',
		async (_what, body) => {
			const paused = await pausedFor(['p-1']);
			apiReportsStatus('edit', 'p-1', 'Completed');
			const { statusCode, resumed } = await deliver(paused, callOf('p-1', body));
			expect(statusCode).toBe(200);
			expect(resumed?.output('Next')[0][0].json).toMatchObject({ project_uuid: 'p-1', status: 'Completed' });
		},
	);
});

describe('an execution paused for three projects', () => {
	const uuids = ['p-1', 'p-2', 'p-3'];

	test.each([[['p-1', 'p-2', 'p-3']], [['p-3', 'p-1', 'p-2']], [['p-2', 'p-3', 'p-1']]])(
		'an execution paused for three projects goes on with the last one, in the order %j',
		async (order) => {
			const paused = await pausedFor(['p-1', 'p-2', 'p-3', 'p-1']);
			const done = new Set<string>();
			for (const uuid of order) {
				done.add(uuid);
				const isLast = done.size === 3;
				for (const other of uuids)
					apiReportsStatus('edit', other, done.has(other) ? 'Completed' : 'In Progress');

				const { statusCode, resumed } = await deliver(paused, callOf(uuid));

				expect(statusCode).toBe(200);
				expect(resumed !== undefined).toBe(isLast);
				if (!resumed) continue;
				const [items] = resumed.output('Wait');
				expect(items.map(({ json }) => json.project_uuid)).toEqual(['p-1', 'p-2', 'p-3', 'p-1']);
				expect(linksOf(items)).toEqual([[0], [1], [2], [3]]);
			}
		},
	);

	test('an execution paused for three projects learns of one that was deleted by its call, and waits for the others', async () => {
		const paused = await pausedFor(uuids);
		const deleted = () => api().get('/projects/p-1/edit/status').reply(404, { error: 'no such project' });
		deleted();
		for (const uuid of ['p-2', 'p-3']) apiReportsStatus('edit', uuid, 'In Progress');
		expect(await deliver(paused, callOf('p-1'))).toEqual(staysPaused(200));

		deleted();
		apiReportsStatus('edit', 'p-2', 'Completed');
		apiReportsStatus('edit', 'p-3', 'Completed');
		const { resumed } = await deliver(paused, callOf('p-2'));
		expect(resumed?.output('Wait')[0].map(({ json }) => json.error !== undefined)).toEqual([
			true,
			false,
			false,
		]);
	});

	test('an execution paused for three projects is resumed once when all three notifications come at the same time', async () => {
		const paused = await pausedFor(uuids);
		for (const uuid of uuids) apiReportsStatus('edit', uuid, ...Array<string>(3).fill('Completed'));
		const outcomes = await Promise.all(uuids.map(async (uuid) => await deliver(paused, callOf(uuid))));
		expect(outcomes.filter(({ resumed }) => resumed)).toHaveLength(1);
	});

	test('an execution paused for three projects reports the one that failed in its item', async () => {
		const paused = await pausedFor(uuids);
		for (const uuid of uuids) apiReportsStatus('edit', uuid, uuid === 'p-2' ? 'Failed' : 'Completed');
		const { resumed } = await deliver(paused, callOf('p-3'));
		expect(resumed?.run.status).toBe('success');
		expect(resumed?.output('Wait')[0].map(({ json }) => json)).toEqual([
			{ project_uuid: 'p-1', status: 'Completed' },
			{
				project_uuid: 'p-2',
				status: 'Failed',
				error: 'Imagen AI could not edit project p-2',
				message: expect.stringContaining('name this project'),
			},
			{ project_uuid: 'p-3', status: 'Completed' },
		]);
	});

	test('an execution paused for three projects reports the one that was deleted meanwhile in its item', async () => {
		const paused = await pausedFor(uuids);
		apiReportsStatus('edit', 'p-3', 'Completed');
		apiReportsStatus('edit', 'p-1', 'Completed');
		api().get('/projects/p-2/edit/status').reply(404, { error: 'no such project' });
		const { resumed } = await deliver(paused, callOf('p-3'));
		expect(resumed?.output('Wait')[0][1]).toEqual({
			json: {
				project_uuid: 'p-2',
				error: 'Imagen AI could not get the edit status of project p-2: no such project',
				message: expect.stringContaining('deleted'),
			},
			pairedItem: { item: 1 },
		});
	});
});

test('a call to a paused execution is answered before the API is read', async () => {
	const paused = await pausedFor(['p-1']);
	const before = requests().length;
	const readBeforeAnswer: number[] = [];
	apiReportsStatus('edit', 'p-1', 'Completed');
	await deliver(paused, {
		...callOf('p-1'),
		onAnswer: () => readBeforeAnswer.push(requests().length - before),
	});
	expect(readBeforeAnswer).toEqual([0]);
});
