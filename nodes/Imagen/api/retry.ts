import { isRetryable, type Failure } from '../errors/failure';
import { ImagenApiError } from '../errors/imagenErrors';
import { pause } from './pause';
import { settle } from './settle';

const TRIES = 5;
const FIRST_DELAY_MS = 1_000;
const LONGEST_DELAY_MS = 30_000;
const LONGEST_RETRY_AFTER_MS = 120_000;

/** The pause before the next try in milliseconds, doubled from try to try (1 is the first), or what the server asks for. */
export function retryDelayMs(tryNumber: number, failure: Failure): number {
	const backoff = Math.min(FIRST_DELAY_MS * 2 ** (tryNumber - 1), LONGEST_DELAY_MS);
	const asked = failure.kind === 'answer' ? failure.retryAfterMs : undefined;
	return asked === undefined ? backoff : Math.min(Math.max(asked, backoff), LONGEST_RETRY_AFTER_MS);
}

/**
 * Repeats what failed for a temporary reason: refused, reset, timed out, cut short, 408, 429, 5xx. Only for requests
 * that may be repeated: reads, links, and transfers to and from presigned links.
 *
 * @param mayRepeat whether a failure leaves the request repeatable; every one does if left out
 * @throws the last try's error
 */
export async function withRetry<T>(
	attempt: () => Promise<T>,
	signal?: AbortSignal,
	mayRepeat: (failure: Failure) => boolean = () => true,
): Promise<T> {
	for (let tryNumber = 1; ; tryNumber++) {
		const outcome = await settle(attempt);
		if (outcome.status === 'fulfilled') return outcome.value;
		const error: unknown = outcome.reason;
		const isWorthAnother =
			error instanceof ImagenApiError && isRetryable(error.failure) && mayRepeat(error.failure);
		if (!isWorthAnother || tryNumber === TRIES || signal?.aborted) throw error;
		await pause(retryDelayMs(tryNumber, error.failure), signal);
	}
}
