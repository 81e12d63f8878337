import { NodeApiError, NodeOperationError, type INode } from 'n8n-workflow';

import { isOutcomeUnknown, type Failure } from './failure';
import { nextStepAfter } from './nextSteps';

/** Whatever knows the node in which the error happened: any of n8n's contexts. */
type ErrorContext = { getNode(): INode };

/**
 * A request that failed, for the person in front of the panel: what could not be done, in the server's own words, and
 * what to do next. It is built from plain facts, never from the HTTP library's error, which carries the API key and the
 * presigned URL with it.
 */
export class ImagenApiError extends NodeApiError {
	constructor(
		context: ErrorContext,
		/** What was tried, as in "could not ...". */
		readonly purpose: string,
		readonly failure: Failure,
		{ itemIndex, nextStep }: { itemIndex?: number; nextStep?: string } = {},
	) {
		const message = `Imagen AI could not ${purpose}: ${failure.message}`;
		super(
			context.getNode(),
			{ message },
			{
				message,
				description: nextStep ?? nextStepAfter(failure),
				httpCode: failure.kind === 'answer' ? String(failure.statusCode) : undefined,
				itemIndex,
			},
		);
		this.message = message;
	}
}

/**
 * What the node itself has found to be wrong: what happened, and what to do next.
 *
 * n8n puts a text of its own in place of a message in which it finds a code of the system, and finds EACCES in
 * `LakeAccess.jpg`. So both kinds of errors set their message once more.
 */
export class ImagenOperationError extends NodeOperationError {
	/**
	 * @param description what to do next
	 * @param itemIndex of the input item that it is about
	 */
	constructor(context: ErrorContext, message: string, description: string, itemIndex?: number) {
		super(context.getNode(), message, { description, itemIndex });
		this.message = message;
	}
}

/** An error in an output: what happened, and what to do next. */
export function toErrorJson({ message, description }: Error & { description?: string | null }): {
	error: string;
	message?: string;
} {
	return { error: message, ...(description && { message: description }) };
}

/** Whether a request failed in a way that leaves open whether it was carried out. */
export function hasUnknownOutcome(error: unknown): boolean {
	return error instanceof ImagenApiError && isOutcomeUnknown(error.failure);
}

/** The status of the answer that an error stands for; undefined when there was no answer, or it is another kind of error. */
export function statusCodeOf(error: unknown): number | undefined {
	if (!(error instanceof ImagenApiError) || error.failure.kind !== 'answer') return undefined;
	return error.failure.statusCode;
}
