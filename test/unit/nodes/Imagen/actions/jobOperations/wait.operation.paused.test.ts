import type { INodeParameters } from 'n8n-workflow';
import nock from 'nock';

import { Imagen } from '../../../../../../nodes/Imagen/Imagen.node';
import { runNode, type NodeOptions } from '../../../../../support/engine';
import {
	callback,
	callOf,
	deliver,
	callWithToken,
	pausedFor,
	startResuming,
	waitingWorkflow,
} from '../../../../../support/callbacks';
import { minutesPassed, useClock } from '../../../../../support/clock';
import {
	credential,
	jsonOf,
	linksOf,
	projectItem,
	runImagen,
	runImagenWorkflow,
} from '../../../../../support/imagen';
import { api, apiListsProfiles, apiReportsStatus, useImagenApi } from '../../../../../support/imagenApi';

useImagenApi();
useClock();

const EXECUTION = '4711';

const wait = async (parameters: INodeParameters, options: Partial<NodeOptions> = {}, job = 'edit') =>
	await runImagen(`${job}.wait`, parameters, {
		items: [projectItem('p-1')],
		executionId: EXECUTION,
		...options,
	});

describe('Auto', () => {
	test('Wait set to Auto pauses for an edit that Start has sent with the address of this execution', async () => {
		await startResuming('p-1', EXECUTION);
		apiReportsStatus('edit', 'p-1', 'In Progress');
		expect((await wait({})).paused).toBeDefined();
	});

	test.each(['doNothing', 'notifyUrl', undefined])(
		'Wait set to Auto polls when Start was set to %s',
		async (when_finished) => {
			apiReportsStatus('edit', 'p-1', 'In Progress', 'Completed');
			const { paused, output } = await wait({}, { items: [projectItem('p-1', { when_finished })] });
			expect(paused).toBeUndefined();
			expect(output[0][0].json.status).toBe('Completed');
		},
	);

	test('Wait set to Auto polls when the edit calls another execution, as that of pinned data or of a calling workflow', async () => {
		await startResuming('p-1', EXECUTION);
		apiReportsStatus('edit', 'p-1', 'In Progress', 'Completed');
		expect((await wait({}, { executionId: '4712' })).paused).toBeUndefined();
	});

	test('Wait set to Auto polls when not all projects have a callback', async () => {
		await startResuming('p-1', EXECUTION);
		apiReportsStatus('edit', 'p-1', 'Completed');
		apiReportsStatus('edit', 'p-2', 'Pending', 'Completed');
		const { paused } = await wait({}, { items: [projectItem('p-1'), projectItem('p-2')] });
		expect(paused).toBeUndefined();
	});

	test('Wait set to Auto polls for an export, whatever Start was set to: callbacks are documented for edits only', async () => {
		await startResuming('p-1', EXECUTION, 'export');
		apiReportsStatus('export', 'p-1', 'In Progress', 'Completed');
		expect((await wait({}, {}, 'export')).paused).toBeUndefined();
	});

	test('Wait set to Auto polls when the edit was found running, as no callback is known for that one', async () => {
		apiListsProfiles();
		apiReportsStatus('edit', 'p-1', 'In Progress', 'In Progress', 'Completed');
		const workflow = waitingWorkflow({ whenFinished: 'resume' }, {});
		const { output, paused } = await runImagenWorkflow(workflow, { items: [projectItem('p-1')] });
		expect(paused).toBeUndefined();
		expect(output('Next')[0][0].json).toMatchObject({ status: 'Completed' });
	});
});

describe('Callback', () => {
	test.each(['edit', 'export'] as const)(
		'Wait set to Callback pauses for an %s that calls this execution',
		async (job) => {
			await startResuming('p-1', EXECUTION, job);
			apiReportsStatus(job, 'p-1', 'Pending');
			expect((await wait({ waitBy: 'callback' }, {}, job)).paused).toBeDefined();
		},
	);

	test('Wait set to Callback is an error at once where nobody was asked to call', async () => {
		apiReportsStatus('edit', 'p-1', 'In Progress');
		const items = [projectItem('p-1', { when_finished: 'doNothing' })];
		const { paused, error } = await wait({ waitBy: 'callback' }, { items });
		expect(paused).toBeUndefined();
		expect(error?.message).toBe(
			"Imagen won't notify this execution when the edit of project p-1 is finished",
		);
		expect(minutesPassed()).toBe(0);
	});

	test('Wait set to Callback goes on without the projects of which nobody calls, where the node continues on fail', async () => {
		await startResuming('p-1', EXECUTION);
		apiReportsStatus('edit', 'p-1', 'Completed');
		apiReportsStatus('edit', 'p-2', 'In Progress');
		const items = [projectItem('p-1'), projectItem('p-2')];
		const result = await wait({ waitBy: 'callback' }, { items, onError: 'continueRegularOutput' });
		expect(result.paused).toBeUndefined();
		expect(jsonOf(result)).toMatchObject([
			{ project_uuid: 'p-1', status: 'Completed' },
			{ project_uuid: 'p-2', error: expect.stringContaining("won't notify") },
		]);
	});

	test('Wait set to Callback does not pause when all is done already', async () => {
		apiReportsStatus('edit', 'p-1', 'Completed');
		apiReportsStatus('edit', 'p-2', 'Completed');
		const items = [projectItem('p-1'), projectItem('p-2'), projectItem('p-1')];
		const result = await wait({ waitBy: 'callback' }, { items });
		expect(result.paused).toBeUndefined();
		expect(jsonOf(result).map(({ project_uuid }) => project_uuid)).toEqual(['p-1', 'p-2', 'p-1']);
		expect(linksOf(result.output[0])).toEqual([[0], [1], [2]]);
		expect(minutesPassed()).toBe(0);
	});

	test('Wait set to Callback does not pause for a project that is unknown', async () => {
		await startResuming('p-1', EXECUTION);
		api().get('/projects/p-1/edit/status').reply(404, { error: 'no such project' });
		const { paused, error } = await wait({ waitBy: 'callback' });
		expect(paused).toBeUndefined();
		expect(error?.message).toMatch(/no such project/);
	});

	test('Wait set to Callback does not pause without input that names a project', async () => {
		const { paused, output } = await wait(
			{ waitBy: 'callback' },
			{ items: [{ json: {} }], onError: 'continueRegularOutput' },
		);
		expect(paused).toBeUndefined();
		expect(output[0]).toMatchObject([{ json: { error: expect.stringContaining("'Project' is empty") } }]);
	});
});

describe('as the tool of an AI agent, which waits for the answer', () => {
	/** n8n runs the tools of an agent as nodes of a type of their own. */
	test.each(['auto', 'callback'])(
		'Wait as the tool of an AI agent never pauses the workflow, also when set to %s',
		async (waitBy) => {
			apiReportsStatus('edit', 'p-1', 'In Progress', 'Completed');
			const { paused, error, output } = await runNode({
				node: new Imagen(),
				type: 'n8n-nodes-imagen-ai.imagenTool',
				parameters: { resource: 'edit', operation: 'wait', waitBy },
				items: [projectItem('p-1')],
				credentials: [credential],
			});
			expect(error).toBeUndefined();
			expect(paused).toBeUndefined();
			expect(output[0][0].json.status).toBe('Completed');
		},
	);
});

test('Wait set to Poll never pauses the workflow', async () => {
	apiReportsStatus('edit', 'p-1', 'In Progress', 'Completed');
	expect((await wait({ waitBy: 'poll' })).paused).toBeUndefined();
});

describe('a failed edit, after the callback', () => {
	const resumeFailed = async (ifFailed: string, settings = {}) => {
		const paused = await pausedFor(['p-1'], { wait: { options: { ifFailed } }, settings });
		apiReportsStatus('edit', 'p-1', 'Failed');
		return (await deliver(paused, callOf('p-1', callback('p-1', 'Failed')))).resumed;
	};

	test('a failed edit is reported in its item after the callback', async () => {
		const resumed = await resumeFailed('fail');
		expect(resumed?.output('Next')[0][0].json).toEqual({
			project_uuid: 'p-1',
			status: 'Failed',
			error: 'Imagen AI could not edit project p-1',
			message: expect.stringContaining('name this project'),
		});
	});

	test('a failed edit leaves through the error output after the callback where there is one, with its input', async () => {
		const resumed = await resumeFailed('fail', { onError: 'continueErrorOutput' });
		const [success, failed] = resumed!.output('Wait');
		expect(success).toEqual([]);
		expect(failed).toMatchObject([
			{ json: { project_uuid: 'p-1', error: 'Imagen AI could not edit project p-1' } },
		]);
	});

	test('a failed edit is passed on as it is after the callback where that is wanted', async () => {
		const resumed = await resumeFailed('passOn');
		expect(resumed?.output('Next')[0][0].json).toEqual({ project_uuid: 'p-1', status: 'Failed' });
	});
});

test('items that name no project keep their errors and their places while the others are waited for', async () => {
	await startResuming('p-1', EXECUTION);
	apiReportsStatus('edit', 'p-1', 'In Progress');
	const { paused } = await wait(
		{ waitBy: 'callback' },
		{ items: [{ json: {} }, projectItem('p-1')], onError: 'continueRegularOutput' },
	);
	apiReportsStatus('edit', 'p-1', 'Completed');
	const { resumed } = await deliver(paused!, callWithToken(paused!, 'p-1'));
	const [items] = resumed!.output('Node');
	expect(items.map(({ json }) => json)).toMatchObject([
		{ error: expect.stringContaining("'Project' is empty") },
		{ project_uuid: 'p-1', status: 'Completed' },
	]);
	expect(linksOf(items)).toEqual([[0], [1]]);
});

describe('Give Up After (Minutes) of a paused execution', () => {
	const until = async (options: INodeParameters = {}) => {
		await startResuming('p-1', EXECUTION);
		apiReportsStatus('edit', 'p-1', 'Pending');
		const { paused, error } = await wait({ waitBy: 'callback', options });
		return { until: paused?.until.toISOString(), error };
	};

	test('a paused execution is limited to 24 hours unless set otherwise, as a wait that polls is', async () => {
		expect((await until()).until).toBe('2026-06-22T10:00:00.000Z');
	});

	test.each([
		[90, '2026-06-21T11:30:00.000Z'],
		['90', '2026-06-21T11:30:00.000Z'],
		['={{ 2 * 1440 }}', '2026-06-23T10:00:00.000Z'],
		['', '2026-06-22T10:00:00.000Z'],
		['={{ undefined }}', '2026-06-22T10:00:00.000Z'],
		['={{ null }}', '2026-06-22T10:00:00.000Z'],
		['={{ " " }}', '2026-06-22T10:00:00.000Z'],
	])(
		'a paused execution that gives up after %j minutes resumes by itself at %s',
		async (timeoutMinutes, end) => {
			expect((await until({ timeoutMinutes })).until).toBe(end);
		},
	);

	test('a Wait that is to give up after something that is no number is refused, and the workflow is not paused', async () => {
		const { until: end, error } = await until({ timeoutMinutes: '={{ "soon" }}' });
		expect(end).toBeUndefined();
		expect(error?.message).toBe("'Give Up After (Minutes)' is 'soon', which is not a number");
		nock.cleanAll();
	});

	test('a Wait that gives up at once checks once, and never pauses the workflow', async () => {
		apiReportsStatus('edit', 'p-1', 'In Progress');
		const options = { timeoutMinutes: 0, ifNotFinished: 'returnState' };
		const { paused, output } = await wait({ options });
		expect(paused).toBeUndefined();
		expect(output[0]).toMatchObject([{ json: { status: 'In Progress' } }]);
	});
});
