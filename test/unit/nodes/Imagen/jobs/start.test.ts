import type { IExecuteFunctions } from 'n8n-workflow';

import { getJobState } from '../../../../../nodes/Imagen/api/jobs';
import { pause } from '../../../../../nodes/Imagen/api/pause';
import type { IfAlreadyStarted } from '../../../../../nodes/Imagen/jobs/ledger';
import { forgetRecentRecords } from '../../../../../nodes/Imagen/memory';
import { ImagenApiError } from '../../../../../nodes/Imagen/errors/imagenErrors';
import { startOnce, type StartRequest } from '../../../../../nodes/Imagen/jobs/start';
import { useClock } from '../../../../support/clock';

jest.mock('../../../../../nodes/Imagen/api/jobs');
jest.mock('../../../../../nodes/Imagen/api/projects');
useClock();

beforeEach(forgetRecentRecords);

let executions = 0;

/** As much of an execution as a start asks for. */
const execution = () => {
	const memory = {};
	const staticData = {};
	return {
		getContext: () => memory,
		getExecutionId: () => String(++executions),
		getMode: () => 'trigger',
		getWorkflow: () => ({ id: 'workflow' }),
		getWorkflowStaticData: () => staticData,
		putExecutionToWait: () => {},
		getNode: () => ({ name: 'Start' }),
		evaluateExpression: () => 0,
	} as unknown as IExecuteFunctions;
};

const startOf = (send: StartRequest['send'], ifAlreadyStarted: IfAlreadyStarted = 'skip'): StartRequest => ({
	job: 'edit',
	project: { uuid: 'p-1', editingFlow: 'REGULAR' },
	ifAlreadyStarted,
	settings: {},
	send,
});

test('executions that read the status in the very same moment send one edit', async () => {
	jest.mocked(getJobState).mockResolvedValue({ status: 'Pending' });
	const send = jest.fn().mockResolvedValue(undefined);
	const start = async () => await startOnce(execution(), startOf(send));
	const started = await Promise.all([start(), start()]);
	expect(send).toHaveBeenCalledTimes(1);
	expect(started.map(({ sent }) => sent)).toEqual([true, false]);
});

test('a refused edit that another execution waited for is sent by that one, which then tells how it went', async () => {
	jest.mocked(getJobState).mockResolvedValue({ status: 'Pending' });
	const refusal = new Error('callback_url must be reachable');
	const refuseLater = async () => {
		await pause(3_000);
		throw refusal;
	};
	const send = jest.fn().mockResolvedValue(undefined);
	const [first, second] = await Promise.allSettled([
		startOnce(execution(), startOf(refuseLater)),
		startOnce(execution(), startOf(send)),
	]);
	expect(first).toEqual({ status: 'rejected', reason: refusal });
	expect(send).toHaveBeenCalledTimes(1);
	expect(second).toMatchObject({
		status: 'fulfilled',
		value: { state: { status: 'In Progress' }, sent: true },
	});
});

test('a Start Again that is refused does not make those who wait for an unclear edit send it once more', async () => {
	jest.mocked(getJobState).mockResolvedValue({ status: 'Pending' });
	const failing = (afterMs: number, error: Error) =>
		jest.fn().mockImplementation(async () => {
			await pause(afterMs);
			throw error;
		});
	const timedOut = new ImagenApiError(execution(), 'start the edit', {
		kind: 'connection',
		code: 'ETIMEDOUT',
		message: 'there was no answer in time',
	});
	const unclear = failing(0, timedOut);
	const send = jest.fn().mockResolvedValue(undefined);
	const refused = failing(1_000, new Error('callback_url must be reachable'));
	const outcomes = await Promise.allSettled([
		startOnce(execution(), startOf(unclear)),
		startOnce(execution(), startOf(send)),
		startOnce(execution(), startOf(refused, 'startAgain')),
	]);
	expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
	expect([unclear, send, refused].map((request) => request.mock.calls.length)).toEqual([1, 0, 1]);
});
