import type {
	IDataObject,
	IHttpRequestMethods,
	IHttpRequestOptions,
	IN8nHttpFullResponse,
	UserError,
} from 'n8n-workflow';

import { isOutcomeUnknown, retryAfterMs, type Failure } from '../errors/failure';
import { ImagenApiError, ImagenOperationError } from '../errors/imagenErrors';
import {
	errorMessageFrom,
	isTruncatedJson,
	RefusalError,
	rejectRefusal,
	UnexpectedAnswerError,
	unwrap,
} from './answer';
import { apiKeyIn } from './apiKey';
import { baseUrlOf } from './baseUrl';
import { connectionFailure } from './connection';
import { API_TIMEOUT_MS } from './limits';
import { withRetry, type Retry } from './retry';
import { settle } from './settle';
import type { ApiContext } from './types';

/** One call of the API. */
export interface ApiCall<T> {
	method: IHttpRequestMethods;
	/** From `endpoints`, relative to the base URL. */
	path: string;
	/**
	 * Takes what is needed out of the payload; throws UnexpectedAnswerError where the contract is not kept, RefusalError where the API says
	 * no in a way of this call's own. What says no in the ways of any call is not given to it.
	 */
	read: (payload: unknown) => T;
	/** Completes "Imagen AI could not ...", for the error. */
	purpose: string;
	query?: IDataObject;
	body?: unknown;
	/** Whether a second call does no harm. Reads are idempotent if left out; what is paid or creates something never is. */
	idempotent?: boolean;
	/** Repeats a call that is not idempotent after a failure by which the first one surely was not carried out. */
	repeatIfNotDone?: boolean;
	/**
	 * Sends the JSON body with an empty Content-Type. For the `/edit` of the AI Profile flow the SDKs do so and say that JSON is
	 * rejected, other clients send JSON and work: a JSON text under an empty Content-Type is right under both readings.
	 */
	emptyContentType?: boolean;
	/** How long an answer may take, for a call that does its work before it answers. */
	timeoutMs?: number;
	/** What to do next, where the call knows more than the status says. */
	nextStep?: (failure: Failure) => string | undefined;
}

/**
 * Calls the API with the node's credential and returns what the call reads from the payload.
 *
 * @throws ImagenApiError when no good answer came; NodeOperationError when the credential has no usable base URL.
 */
export async function request<T>(context: ApiContext, call: ApiCall<T>): Promise<T> {
	const options = await toHttpOptions(context, call);
	const attempt = async () => await send(context, call, options);
	const { idempotent = call.method === 'GET', repeatIfNotDone = false } = call;
	if (!idempotent && !repeatIfNotDone) return await attempt();
	return await retryOf(context)(attempt, idempotent ? undefined : isSurelyNotDone);
}

const isSurelyNotDone = (failure: Failure) => !isOutcomeUnknown(failure);

const retries = new WeakMap<ApiContext, Retry>();

/** The same context, whose requests are repeated in this way where they may be: they keep to the limit of those they are made among. */
export function retriedBy<T extends ApiContext>(context: T, retry: Retry): T {
	const retried = Object.create(context) as T;
	retries.set(retried, retry);
	return retried;
}

/** How requests of a context are repeated: as `retriedBy` has set it, or up to five times. */
export function retryOf(context: ApiContext): Retry {
	const usual: Retry = async (attempt, mayRepeat) =>
		await withRetry(attempt, cancelSignalOf(context), { mayRepeat });
	return retries.get(context) ?? usual;
}

/** The signal that an execution was cancelled; only running nodes have one, and n8n before 1.20 has none. */
export function cancelSignalOf(context: ApiContext): AbortSignal | undefined {
	return 'getExecutionCancelSignal' in context ? context.getExecutionCancelSignal() : undefined;
}

/**
 * The same context without the cancel signal, for what has to be set right when the execution was cancelled: n8n itself
 * gives its signal to every request with a credential.
 */
export function withoutCancelSignal<T extends ApiContext>(context: T): T {
	return Object.create(context, { getExecutionCancelSignal: { value: () => undefined } }) as T;
}

/** The same context, whose work ends by this signal, too. */
export function stoppedBy<T extends ApiContext>(context: T, stop: AbortSignal): T {
	const cancel = cancelSignalOf(context);
	const signal = cancel ? AbortSignal.any([cancel, stop]) : stop;
	return Object.create(context, { getExecutionCancelSignal: { value: () => signal } }) as T;
}

async function toHttpOptions(context: ApiContext, call: ApiCall<unknown>): Promise<IHttpRequestOptions> {
	return {
		method: call.method,
		baseURL: (await credentialOf(context)).baseUrl,
		url: call.path,
		qs: call.query,
		body: call.body === undefined ? undefined : JSON.stringify(call.body),
		headers: {
			Accept: 'application/json',
			...(call.body !== undefined && { 'Content-Type': call.emptyContentType ? '' : 'application/json' }),
		},
		timeout: call.timeoutMs ?? API_TIMEOUT_MS,
		// Errors are read here, so that they are the API's own words and carry nothing of the request.
		ignoreHttpStatusErrors: true,
		returnFullResponse: true,
		// n8n would hand the key and the body on to wherever a redirect leads: it strips only its own kinds of credentials.
		disableFollowRedirect: true,
	};
}

/** Where the API is, and the key to it. */
interface Credential {
	baseUrl: string;
	apiKey: string;
}

/** What the node's credential holds. @throws NodeOperationError when it has no usable URL or key */
export async function credentialOf(context: ApiContext): Promise<Credential> {
	const credential = await context.getCredentials('imagenApi');
	try {
		return { baseUrl: baseUrlOf(credential), apiKey: apiKeyIn(credential) };
	} catch (error) {
		throw unusable(context, error as UserError);
	}
}

function unusable(context: ApiContext, { message, description }: UserError) {
	return new ImagenOperationError(context, message, `${description} Nothing was sent.`);
}

async function send<T>(context: ApiContext, call: ApiCall<T>, options: IHttpRequestOptions): Promise<T> {
	// n8n's helpers write into what they are given: each try gets options of its own.
	const answer = await receive(context, call, { ...options, headers: { ...options.headers } });
	if (answer.statusCode < 200 || answer.statusCode > 299) {
		throw failed(context, call, {
			kind: 'answer',
			statusCode: answer.statusCode,
			message: await withoutKey(context, errorMessageFrom(answer.body, answer.statusCode)),
			retryAfterMs: retryAfterMs(answer.headers['retry-after']),
			isTruncated: isTruncatedJson(answer.body),
		});
	}
	return await readPayload(context, call, unwrap(answer.body));
}

/** Some servers repeat the key that they refuse. */
async function withoutKey(context: ApiContext, text: string): Promise<string> {
	return text.replaceAll((await credentialOf(context)).apiKey, '…');
}

async function receive(
	context: ApiContext,
	call: ApiCall<unknown>,
	options: IHttpRequestOptions,
): Promise<IN8nHttpFullResponse> {
	return await context.helpers.httpRequestWithAuthentication
		.call(context, 'imagenApi', options)
		.catch((error: unknown) => {
			throw failed(context, call, connectionFailure(error));
		});
}

async function readPayload<T>(context: ApiContext, call: ApiCall<T>, payload: unknown): Promise<T> {
	const outcome = await settle(async () => {
		if (call.method !== 'GET') rejectRefusal(payload);
		return call.read(payload);
	});
	if (outcome.status === 'fulfilled') return outcome.value;
	const error: unknown = outcome.reason;
	if (error instanceof RefusalError) {
		const message = await withoutKey(context, error.message);
		throw failed(context, call, { kind: 'answer', statusCode: 200, message });
	}
	if (error instanceof UnexpectedAnswerError) {
		throw failed(context, call, { kind: 'malformed', message: error.message });
	}
	throw error;
}

function failed(context: ApiContext, call: ApiCall<unknown>, failure: Failure): ImagenApiError {
	return new ImagenApiError(context, call.purpose, failure, { nextStep: call.nextStep?.(failure) });
}
