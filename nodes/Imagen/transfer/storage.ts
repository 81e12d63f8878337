import type { IDataObject, IHttpRequestOptions, IN8nHttpFullResponse } from 'n8n-workflow';

import { errorMessageFrom } from '../api/answer';
import { connectionFailure } from '../api/connection';
import { IDLE_TIMEOUT_MS } from '../api/limits';
import { cancelSignalOf } from '../api/request';
import type { FileContext } from '../api/types';
import { retryAfterMs, type Failure } from '../errors/failure';
import { ImagenApiError } from '../errors/imagenErrors';

/**
 * A request to the storage behind a presigned link. It goes without credential: the link is the permission.
 *
 * @param purpose completes "Imagen AI could not ...", for the error
 * @throws ImagenApiError when no answer came; what the answer says is for the caller to judge
 */
export async function requestStorage(
	context: FileContext,
	purpose: string,
	options: IHttpRequestOptions,
): Promise<IN8nHttpFullResponse> {
	return await requestWithoutCredential(context, options).catch((error: unknown) => {
		throw storageError(context, purpose, connectionFailure(error));
	});
}

/** A request by a link that is the permission. @param stop ends it besides the execution's own cancelling @throws what n8n throws when no answer came */
export async function requestWithoutCredential(
	context: FileContext,
	options: IHttpRequestOptions,
	stop?: AbortSignal,
): Promise<IN8nHttpFullResponse> {
	return await context.helpers.httpRequest({
		...options,
		timeout: IDLE_TIMEOUT_MS,
		returnFullResponse: true,
		ignoreHttpStatusErrors: true,
		// Followed redirects make the HTTP layer keep the whole body in memory. S3 does not redirect presigned requests.
		disableFollowRedirect: true,
		abortSignal: anyOf(cancelSignalOf(context), stop),
	});
}

function anyOf(...signals: Array<AbortSignal | undefined>): AbortSignal | undefined {
	const given = signals.filter((signal) => signal !== undefined);
	return given.length > 1 ? AbortSignal.any(given) : given[0];
}

/** Whether the storage did what it was asked to. */
export const isSuccess = ({ statusCode }: IN8nHttpFullResponse) => statusCode >= 200 && statusCode <= 299;

/** The error for an answer with which the storage refused a request. @param body of the answer, or the beginning of it */
export function refusalError(
	context: FileContext,
	purpose: string,
	answer: IN8nHttpFullResponse,
	body: unknown,
): ImagenApiError {
	return storageError(context, purpose, {
		kind: 'answer',
		statusCode: answer.statusCode,
		message: errorMessageFrom(body, answer.statusCode),
		retryAfterMs: retryAfterMs((answer.headers as IDataObject)['retry-after']),
	});
}

/** Storage speaks of links and signatures, which nobody can set right in the panel: the next step says what can be done. */
export function storageError(context: FileContext, purpose: string, failure: Failure): ImagenApiError {
	const nextStep =
		failure.kind === 'answer' && failure.statusCode < 500
			? "Run the node again. If it fails again, check whether a proxy or firewall changes outgoing requests: Imagen's storage refused its own link."
			: undefined;
	return new ImagenApiError(context, purpose, failure, { nextStep });
}
