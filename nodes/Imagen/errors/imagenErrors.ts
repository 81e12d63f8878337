import { NodeApiError, NodeOperationError, type INode } from 'n8n-workflow';

import { isOutcomeUnknown, type Failure } from './failure';
import { nextStepAfter, nextStepAfterLink } from './nextSteps';

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
		{
			itemIndex,
			nextStep,
			message = `Imagen AI could not ${purpose}: ${failure.message}`,
		}: { itemIndex?: number; nextStep?: string; message?: string } = {},
	) {
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

/** A photo that could not be read from its link: nothing of that request has reached Imagen. */
export class LinkReadError extends ImagenApiError {
	constructor(
		context: ErrorContext,
		readonly fileName: string,
		failure: Failure,
		itemIndex: number,
	) {
		super(context, `read '${fileName}' from its link`, failure, {
			itemIndex,
			nextStep: nextStepAfterLink(failure),
		});
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
	 * @param fileName of the file that it is about, as the message has it in single quotes
	 */
	constructor(
		context: ErrorContext,
		message: string,
		description: string,
		itemIndex?: number,
		readonly fileName?: string,
	) {
		super(context.getNode(), message, { description, itemIndex });
		this.message = message;
	}
}

/** The file that an error is about, as its message has it in single quotes; undefined where it is about none. */
export function fileNameIn(error: unknown): string | undefined {
	return error instanceof ImagenOperationError || error instanceof LinkReadError ? error.fileName : undefined;
}

/** What a person reads of an error. */
export type ErrorText = Pick<Error, 'message'> & { description?: string | null };

/**
 * Several things that went wrong, with none of the input items alone: n8n would put the number of one into the message, and counts from 0.
 */
export class ImagenAggregateError extends ImagenOperationError {
	/**
	 * @param describe gives the description, with more steps
	 * @param done what stands all the same, or that nothing was done
	 * @param byItem what went wrong with each item
	 */
	constructor(
		context: ErrorContext,
		message: string,
		private readonly describe: (moreSteps: string[]) => string,
		private done: string,
		private readonly byItem: Map<number, ErrorText[]>,
	) {
		super(context, message, describe([]));
	}

	/** Adds a step before the list of reasons. */
	addStep(step: string): void {
		this.description = this.describe([step]);
		this.done = `${this.done} ${step}`.trim();
	}

	/** What concerns an item: of things that are wrong with many items, the whole would be too much for each of them. */
	forItem(itemIndex: number): ErrorText {
		if (this.byItem.size < 2) return this;
		const own = this.byItem.get(itemIndex) ?? [{ message: this.message, description: '' }];
		const remedies = [...new Set(own.map(({ description }) => description ?? ''))];
		const isSaid = remedies.some((remedy) => remedy.includes(this.done));
		return {
			message: own.map(({ message }) => message).join('; '),
			description: [...remedies, isSaid ? '' : this.done].filter(Boolean).join(' '),
		};
	}
}

/** Adds a step to what an error says to do next. @param step whole sentences */
export function addNextStep(error: unknown, step: string): void {
	if (error instanceof ImagenAggregateError) error.addStep(step);
	else if (error instanceof NodeApiError || error instanceof NodeOperationError)
		error.description = [error.description, step].filter(Boolean).join(' ');
}

/** An error in an output: what happened, and what to do next. */
export function toErrorJson({ message, description }: ErrorText): {
	error: string;
	message?: string;
} {
	return { error: message, ...(description && { message: description }) };
}

/** Whether a request failed in a way that leaves open whether it was carried out. */
export function hasUnknownOutcome(error: unknown): boolean {
	if (error instanceof LinkReadError) return false;
	return error instanceof ImagenApiError && isOutcomeUnknown(error.failure);
}

/** The status of the answer that an error stands for; undefined when there was no answer, or it is another kind of error. */
export function statusCodeOf(error: unknown): number | undefined {
	if (!(error instanceof ImagenApiError) || error.failure.kind !== 'answer') return undefined;
	return error.failure.statusCode;
}
