import type { IExecuteFunctions } from 'n8n-workflow';

import { pollIntervalMs, readStates } from '../../../../../nodes/Imagen/jobs/poll';
import { jitterBy, passTimeBy } from '../../../../support/clock';
import { seededRandom, SimulatedTime } from '../../../../support/rateLimitedServer';

test('the pause between two status checks grows from 5 seconds to a minute', () => {
	const seconds = [1, 2, 3, 4, 5, 6, 7, 8, 100].map((look) => pollIntervalMs(look) / 1000);
	expect(seconds).toEqual([5, 7.5, 11.25, 16.875, 25.3125, 37.96875, 56.953125, 60, 60]);
});

test('the states of 200 projects are all read from an API that answers 5 requests at once, and others with 429', async () => {
	const time = new SimulatedTime();
	passTimeBy(time.sleep);
	jitterBy(seededRandom(1));
	let underWay = 0;
	const httpRequestWithAuthentication = async () => {
		if (underWay >= 5) return { statusCode: 429, headers: {}, body: {} };
		underWay++;
		await time.sleep(3000);
		underWay--;
		return { statusCode: 200, headers: {}, body: { data: { status: 'Completed' } } };
	};
	const context = {
		getNode: () => ({ name: 'Imagen AI' }),
		getExecutionCancelSignal: () => undefined,
		getCredentials: async () => ({ environment: 'production', apiKey: 'key' }),
		getWorkflowStaticData: () => ({}),
		getContext: () => ({}),
		getWorkflow: () => ({ id: 'w' }),
		helpers: { httpRequestWithAuthentication },
	} as unknown as IExecuteFunctions;
	const projects = Array.from({ length: 200 }, (_, index) => ({
		uuid: `p-${index}`,
		editingFlow: 'I2I' as const,
	}));
	const read = await time.passUntil(readStates(context, 'edit', projects));
	expect(read.flatMap(({ reading }) => reading.error?.message ?? [])).toEqual([]);
});
