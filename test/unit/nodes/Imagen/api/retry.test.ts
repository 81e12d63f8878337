import type { INode } from 'n8n-workflow';

import { ImagenApiError } from '../../../../../nodes/Imagen/errors/imagenErrors';
import { withRetry } from '../../../../../nodes/Imagen/api/retry';
import { pauses, useClock } from '../../../../support/clock';

useClock();

const answered = (statusCode: number) =>
	new ImagenApiError({ getNode: () => ({ name: 'Imagen AI' }) as INode }, 'do it', {
		kind: 'answer',
		statusCode,
		message: 'no',
	});

/** Work that fails in these ways, one try after the other, and then succeeds. */
function failing(...errors: Error[]) {
	const work = async () => {
		work.tries++;
		const error = errors.shift();
		if (error) throw error;
		return 'done';
	};
	work.tries = 0;
	return work;
}

test('a request that fails for a passing reason is tried again until it succeeds', async () => {
	const work = failing(answered(503), answered(429));
	expect(await withRetry(work)).toBe('done');
	expect(work.tries).toBe(3);
	expect(pauses).toEqual([1, 2]);
});

test('a request that fails five times ends with its last error', async () => {
	const last = answered(503);
	const work = failing(...Array.from({ length: 4 }, () => answered(500)), last);
	await expect(withRetry(work)).rejects.toBe(last);
	expect(work.tries).toBe(5);
});

test.each([
	['a refusal', answered(404)],
	['a fault of our own', new TypeError('undefined is not a function')],
])('%s is not tried again', async (_what, error) => {
	const work = failing(error);
	await expect(withRetry(work)).rejects.toBe(error);
	expect(work.tries).toBe(1);
});

test('nothing is tried again once the execution is cancelled', async () => {
	const work = failing(answered(503));
	await expect(withRetry(work, AbortSignal.abort())).rejects.toThrow('no');
	expect(work.tries).toBe(1);
});
