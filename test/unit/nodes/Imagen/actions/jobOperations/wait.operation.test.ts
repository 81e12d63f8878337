import type { INodeParameters } from 'n8n-workflow';
import nock from 'nock';

import type { NodeOptions } from '../../../../../support/engine';
import { minutesPassed, pauses, useClock } from '../../../../../support/clock';
import { jsonOf, linksOf, projectItem, runImagen } from '../../../../../support/imagen';
import {
	api,
	apiReportsStatus,
	count,
	requests,
	connectionReset,
	useImagenApi,
	wrapped,
} from '../../../../../support/imagenApi';

useImagenApi();
useClock();

const STATUS = 'GET /projects/p-1/edit/status';

const wait = async (parameters: INodeParameters = {}, options: Partial<NodeOptions> = {}) =>
	await runImagen('edit.wait', parameters, { items: [projectItem('p-1')], ...options });

describe('Get edit status, Get export status', () => {
	test.each([
		['PENDING', 'Pending'],
		['IN PROGRESS', 'In Progress'],
		['in_progress', 'In Progress'],
		['COMPLETED', 'Completed'],
		['Failed', 'Failed'],
	])('Get edit status reports %s as %s', async (word, status) => {
		apiReportsStatus('edit', 'p-1', word);
		const result = await runImagen('edit.getStatus', {}, { items: [projectItem('p-1')] });
		expect(jsonOf(result)).toEqual([{ project_uuid: 'p-1', status }]);
	});

	test('Get edit status reports an undocumented status word beside the state that it is taken for', async () => {
		apiReportsStatus('edit', 'p-1', 'Uploading');
		const result = await runImagen('edit.getStatus', {}, { items: [projectItem('p-1')] });
		expect(jsonOf(result)).toEqual([
			{ project_uuid: 'p-1', status: 'In Progress', status_word: 'Uploading' },
		]);
	});

	test('Get export status reports progress and details where the API does', async () => {
		api()
			.get('/projects/p-1/export/status')
			.reply(200, { status: 'In Progress', progress: 40, details: '4 of 10' });
		const result = await runImagen('export.getStatus', {}, { items: [projectItem('p-1')] });
		expect(jsonOf(result)).toEqual([
			{ project_uuid: 'p-1', status: 'In Progress', progress: 40, details: '4 of 10' },
		]);
	});

	test('Get export status reports an export that was never asked for as Pending', async () => {
		const error = { message: 'Project has not been exported yet.' };
		api().get('/projects/p-1/export/status').reply(400, { error });
		const result = await runImagen('export.getStatus', {}, { items: [projectItem('p-1')] });
		expect(jsonOf(result)).toEqual([{ project_uuid: 'p-1', status: 'Pending' }]);
	});

	test('Get edit status asks once for each project, and returns an item for each of the input', async () => {
		apiReportsStatus('edit', 'p-1', 'Completed');
		api().get('/projects/p-2/edit/status').reply(404, { detail: 'Not found' });
		const items = [projectItem('p-1'), projectItem('p-2'), projectItem('p-1')];
		const result = await runImagen('edit.getStatus', {}, { items, onError: 'continueErrorOutput' });
		expect(jsonOf(result)).toMatchObject([{ status: 'Completed' }, { status: 'Completed' }]);
		expect(linksOf(result.output[0])).toEqual([[0], [2]]);
		expect(jsonOf(result, 1)).toMatchObject([
			{ project_uuid: 'p-2', error: expect.stringContaining('Not found') },
		]);
	});
});

describe('Wait', () => {
	test('Wait costs no time when the edit is done already', async () => {
		apiReportsStatus('edit', 'p-1', 'COMPLETED');
		const result = await wait();
		expect(jsonOf(result)).toEqual([{ project_uuid: 'p-1', status: 'Completed' }]);
		expect(pauses).toEqual([]);
	});

	test('Wait checks again, at growing intervals', async () => {
		apiReportsStatus('edit', 'p-1', 'Pending', 'IN PROGRESS', 'In Progress', 'Completed');
		expect(jsonOf(await wait())).toEqual([{ project_uuid: 'p-1', status: 'Completed' }]);
		expect(pauses).toEqual([5, 7.5, 11.25]);
	});

	test('Wait checks only the projects that are still open', async () => {
		apiReportsStatus('edit', 'p-1', 'Completed');
		apiReportsStatus('edit', 'p-2', 'In Progress', 'Completed');
		const items = [projectItem('p-2'), projectItem('p-1'), projectItem('p-2')];
		const result = await wait({}, { items });
		expect(jsonOf(result).map(({ project_uuid }) => project_uuid)).toEqual(['p-2', 'p-1', 'p-2']);
		expect(linksOf(result.output[0])).toEqual([[0], [1], [2]]);
		expect(count(STATUS)).toBe(1);
	});

	test.each([
		['fails, and says that nothing is lost', 'fail'],
		['gives the last state', 'returnState'],
	])('Wait at the end of its time %s', async (_what, ifNotFinished) => {
		apiReportsStatus('edit', 'p-1', ...Array(6).fill('In Progress'));
		const result = await wait({ options: { timeoutMinutes: 1, ifNotFinished } });
		expect(minutesPassed()).toBe(1);
		if (ifNotFinished === 'returnState') {
			expect(jsonOf(result)).toEqual([{ project_uuid: 'p-1', status: 'In Progress' }]);
			return;
		}
		expect(result.error).toMatchObject({
			message: 'The edit of project p-1 is still In Progress after 1 minute',
			description: expect.stringContaining('Nothing is lost'),
		});
	});

	test('Wait checks once when it has no time at all', async () => {
		apiReportsStatus('edit', 'p-1', 'In Progress');
		const result = await wait({ options: { timeoutMinutes: 0, ifNotFinished: 'returnState' } });
		expect(jsonOf(result)).toMatchObject([{ status: 'In Progress' }]);
	});

	test.each([['1'], [' 1 '], ['={{ 1 }}'], ['={{ "1.0" }}']])(
		'Wait takes the number of minutes as a text, too: %j',
		async (timeoutMinutes) => {
			apiReportsStatus('edit', 'p-1', ...Array(6).fill('In Progress'));
			await wait({ options: { timeoutMinutes } });
			expect(minutesPassed()).toBe(1);
		},
	);

	test('Wait that polls for less than a day does not give up unless set to', async () => {
		apiReportsStatus('edit', 'p-1', 'In Progress');
		api()
			.get('/projects/p-1/edit/status')
			.reply(() => {
				jest.setSystemTime(Date.now() + 23 * 3_600_000);
				return [200, { status: 'In Progress' }];
			});
		apiReportsStatus('edit', 'p-1', 'Completed');
		expect(jsonOf(await wait())).toMatchObject([{ status: 'Completed' }]);
	});

	test.each([
		['30 min', "'30 min', which is not a number"],
		['={{ NaN }}', "'NaN', which is not a number"],
		['={{ true }}', "'true', which is not a number"],
		['={{ [30] }}', "'[30]', which is not a number"],
		['={{ ({}) }}', "'{}', which is not a number"],
		[-1, "'-1', which is less than 0"],
		[43_201, "'43201', which is more than 43,200"],
		['={{ Infinity }}', "'Infinity', which is more than 43,200"],
	])('Wait refuses to give up after %j minutes, and says what to enter', async (timeoutMinutes, problem) => {
		expect((await wait({ options: { timeoutMinutes } })).error).toMatchObject({
			message: `'Give Up After (Minutes)' is ${problem}`,
			description: 'Enter a number of minutes, from 0 to 43,200 (30 days). Nothing was sent.',
		});
		expect(requests()).toEqual([]);
	});

	test('Wait fails with an edit that failed, in the words of the API', async () => {
		api()
			.get('/projects/p-1/edit/status')
			.reply(200, wrapped({ status: 'FAILED', details: 'Corrupt file' }));
		expect((await wait()).error).toMatchObject({
			message: 'Imagen AI could not edit project p-1: Corrupt file',
			description: expect.stringContaining('name this project'),
		});
	});

	test('Wait passes a failed edit on where that is set', async () => {
		apiReportsStatus('edit', 'p-1', 'Failed');
		expect(jsonOf(await wait({ options: { ifFailed: 'passOn' } }))).toEqual([
			{ project_uuid: 'p-1', status: 'Failed' },
		]);
	});

	test('Wait sends a failed project to the error output, and passes the others on', async () => {
		apiReportsStatus('edit', 'p-1', 'Failed');
		apiReportsStatus('edit', 'p-2', 'Completed');
		const items = [projectItem('p-1'), projectItem('p-2')];
		const result = await wait({}, { items, onError: 'continueErrorOutput' });
		expect(jsonOf(result)).toEqual([{ project_uuid: 'p-2', status: 'Completed' }]);
		expect(jsonOf(result, 1)).toMatchObject([{ error: 'Imagen AI could not edit project p-1' }]);
		expect(linksOf(result.output[1])).toEqual([[0]]);
	});

	test('Wait gives up on a status without a known meaning that has stayed for two hours, and names it', async () => {
		api().get('/projects/p-1/edit/status').times(200).reply(200, { status: 'Edited' });
		const { error } = await runImagen('edit.wait', { waitBy: 'poll' }, { items: [projectItem('p-1')] });
		expect(error?.message).toBe(
			"The edit of project p-1 has the status 'Edited', which this node does not know",
		);
		expect(minutesPassed()).toBeGreaterThanOrEqual(120);
		expect(minutesPassed()).toBeLessThan(125);
		nock.cleanAll();
	});

	test('Wait goes on with a status without a known meaning as long as its progress moves', async () => {
		for (let progress = 0; progress < 200; progress++)
			api().get('/projects/p-1/edit/status').reply(200, { status: 'Culling', progress });
		apiReportsStatus('edit', 'p-1', 'Completed');
		const result = await runImagen('edit.wait', { waitBy: 'poll' }, { items: [projectItem('p-1')] });
		expect(jsonOf(result)).toMatchObject([{ status: 'Completed' }]);
		expect(minutesPassed()).toBeGreaterThan(180);
	});

	test('Wait outlasts an outage of the API', async () => {
		apiReportsStatus('edit', 'p-1', 'In Progress');
		api().get('/projects/p-1/edit/status').times(5).reply(503);
		api().get('/projects/p-1/edit/status').times(5).replyWithError(connectionReset());
		apiReportsStatus('edit', 'p-1', 'Completed');
		expect(jsonOf(await wait())).toMatchObject([{ status: 'Completed' }]);
	});

	test('Wait does not wait for a project that does not exist', async () => {
		api().get('/projects/p-1/edit/status').reply(404, { detail: 'Not found' });
		expect((await wait()).error?.message).toBe(
			'Imagen AI could not get the edit status of project p-1: Not found',
		);
		expect(pauses).toEqual([]);
	});

	const refused = (statusCode: number, times: number) =>
		api().get('/projects/p-1/edit/status').times(times).reply(statusCode, { detail: 'Not found' });

	test.each([403, 404])('Wait outlasts an answer %i between others', async (statusCode) => {
		apiReportsStatus('edit', 'p-1', 'In Progress');
		refused(statusCode, 2);
		api().get('/projects/p-1/edit/status').times(5).reply(503);
		refused(statusCode, 1);
		apiReportsStatus('edit', 'p-1', 'Completed');
		expect(jsonOf(await wait())).toMatchObject([{ status: 'Completed' }]);
	});

	test('Wait ends when a project that was there is not for five minutes', async () => {
		apiReportsStatus('edit', 'p-1', 'In Progress');
		refused(404, 20);
		expect((await wait()).error?.message).toContain('project p-1: Not found');
		expect(minutesPassed()).toBeGreaterThanOrEqual(5);
		expect(minutesPassed()).toBeLessThan(7);
		nock.cleanAll();
	});

	test('Wait reports an outage that lasts to the end of its time', async () => {
		api().get('/projects/p-1/edit/status').times(5).reply(503, 'Moving house');
		expect((await wait({ options: { timeoutMinutes: 0 } })).error?.message).toContain('Moving house');
	});

	test('Wait ends when the execution is stopped', async () => {
		const stop = new AbortController();
		api()
			.get('/projects/p-1/edit/status')
			.reply(() => {
				stop.abort();
				return [200, { status: 'In Progress' }];
			});
		await wait({}, { abortSignal: stop.signal });
		expect(requests()).toEqual([STATUS]);
	});

	test('Wait waits for exports the same way as for edits', async () => {
		apiReportsStatus('export', 'p-1', 'In Progress', 'Completed');
		const result = await runImagen('export.wait', {}, { items: [projectItem('p-1')] });
		expect(jsonOf(result)).toEqual([{ project_uuid: 'p-1', status: 'Completed' }]);
	});
});
