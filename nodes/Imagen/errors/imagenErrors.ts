import { NodeApiError, NodeOperationError, type INode } from 'n8n-workflow';

import { isUntrustedServer, type Failure } from './failure';

/**
 * A request that failed, told to the person in front of the panel: what could not be done, in the server's own words, and
 * what to do next. It is built from plain facts, never from the HTTP library's error, which carries the API key and the
 * presigned URL with it.
 */
export class ImagenApiError extends NodeApiError {
	constructor(
		node: INode,
		/** What was tried, as in "could not ...". */
		readonly purpose: string,
		readonly failure: Failure,
		{ itemIndex, nextStep }: { itemIndex?: number; nextStep?: string } = {},
	) {
		const message = `Imagen AI could not ${purpose}: ${failure.message}`;
		super(
			node,
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
	constructor(
		node: INode,
		message: string,
		{ description, itemIndex }: { description: string; itemIndex?: number },
	) {
		super(node, message, { description, itemIndex });
		this.message = message;
	}
}

/** What an output tells of an error: what happened, and what to do next. */
export function toErrorJson({ message, description }: Error & { description?: string | null }): {
	error: string;
	message?: string;
} {
	return { error: message, ...(description && { message: description }) };
}

/** The status of the answer that an error stands for; undefined when there was no answer, or it is another kind of error. */
export function statusCodeOf(error: unknown): number | undefined {
	if (!(error instanceof ImagenApiError) || error.failure.kind !== 'answer') return undefined;
	return error.failure.statusCode;
}

function nextStepAfter(failure: Failure): string {
	switch (failure.kind) {
		case 'answer':
			return nextStepAfterStatus(failure.statusCode);
		case 'connection':
			return `${nextStepAfterConnection(failure.code)}${failure.code ? ` (${failure.code})` : ''}`;
		case 'malformed':
			return "The answer was not the API's. Check the 'Environment' of the credential, and any proxy between this n8n and the internet.";
	}
}

function nextStepAfterConnection(code: string): string {
	return isUntrustedServer(code)
		? "Something on the way, such as a company's proxy, opens the connection. Ask who runs this n8n to have it trust that certificate: Node.js takes it by NODE_EXTRA_CA_CERTS."
		: "Check that this n8n reaches the internet and that the 'Environment' of the credential is right, then run the node again.";
}

function nextStepAfterStatus(statusCode: number): string {
	if (statusCode >= 500) {
		return 'The fault is on the side of Imagen. Run the node again in a few minutes; if it stays, contact the Imagen support.';
	}
	if (statusCode < 400) {
		return "The API does not redirect, and the API key is not handed on to another address. Check the 'Environment' and 'URL' of the credential.";
	}
	switch (statusCode) {
		case 401:
			return "Check the API key in the Imagen AI credential, and that its 'Environment' is the one the key was made for.";
		case 403:
			return 'The API key is known but may not do this. Check that project and profile belong to the same Imagen account as the key, and that the account has API access.';
		case 404:
			return "Check the project or profile: it may be deleted, or belong to another account or another 'Environment' than the credential.";
		case 409:
			return 'The project is not in a state that allows this. Look at it with Get Status, and run the node again when the work in progress is done.';
		case 422:
			return 'Imagen does not take the value of the field that the message names. Correct it in this node, then run it again.';
		case 429:
			return "Imagen got too many requests in a short time. Run the node again in a minute; if it happens again, lower 'Parallel Uploads' or 'Parallel Downloads' in 'Options'.";
		default:
			return 'Imagen did not accept what the message names. Correct it in this node, then run it again.';
	}
}
