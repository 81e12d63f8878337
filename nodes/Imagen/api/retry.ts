import { isRetryable, type Failure } from '../errors/failure';
import { ImagenApiError } from '../errors/imagenErrors';
import { jitter } from './jitter';
import { pause } from './pause';
import { settle } from './settle';

const TRIES = 5;
const FIRST_DELAY_MS = 1_000;
const LONGEST_DELAY_MS = 30_000;
const LONGEST_RETRY_AFTER_MS = 120_000;

/** By how much of itself a pause becomes longer at most. */
const MOST_JITTER = 0.5;

/** Which failures of a request end its tries. */
export interface RetryRules {
	/** Whether a failure leaves the request repeatable; every one does if left out. */
	mayRepeat?: (failure: Failure) => boolean;
	/** Whether a failure is one of the five after which the request is given up; every one is if left out. */
	countsAsTry?: (failure: Failure) => boolean;
}

/**
 * Repeats an attempt that fails for a temporary reason.
 *
 * @param mayRepeat whether a failure leaves the request repeatable; every one does if left out
 * @throws the last try's error
 */
export type Retry = <T>(attempt: () => Promise<T>, mayRepeat?: (failure: Failure) => boolean) => Promise<T>;

/**
 * The pause before the next try in milliseconds: doubled from try to try (1 is the first), or what the server asks for, and up to half as
 * much again.
 *
 * @param random from 0 up to 1
 */
export function retryDelayMs(tryNumber: number, failure: Failure, random = jitter()): number {
	const backoff = Math.min(FIRST_DELAY_MS * 2 ** (tryNumber - 1), LONGEST_DELAY_MS);
	const asked = failure.kind === 'answer' ? (failure.retryAfterMs ?? 0) : 0;
	const shortest = Math.min(Math.max(asked, backoff), LONGEST_RETRY_AFTER_MS);
	return shortest + backoff * MOST_JITTER * random;
}

/**
 * Repeats what failed for a temporary reason: refused, reset, timed out, cut short, 408, 429, 5xx. Only for requests
 * that may be repeated: reads, links, and transfers to and from presigned links.
 *
 * @throws the last try's error
 */
export async function withRetry<T>(
	attempt: () => Promise<T>,
	signal?: AbortSignal,
	{ mayRepeat = () => true, countsAsTry = () => true }: RetryRules = {},
): Promise<T> {
	let counted = 0;
	for (let tryNumber = 1; ; tryNumber++) {
		const outcome = await settle(attempt);
		if (outcome.status === 'fulfilled') return outcome.value;
		const error: unknown = outcome.reason;
		if (!(error instanceof ImagenApiError) || signal?.aborted) throw error;
		const { failure } = error;
		if (countsAsTry(failure)) counted++;
		if (counted === TRIES || !isRetryable(failure) || !mayRepeat(failure)) throw error;
		await pause(retryDelayMs(tryNumber, failure), signal);
	}
}
