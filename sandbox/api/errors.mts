/** A refusal in the API's own shape. */
export class ApiError extends Error {
	override name = 'ApiError';

	constructor(
		readonly status: number,
		readonly body: unknown,
	) {
		super(`Status ${status}`);
	}
}

/** One finding about a request's body, as FastAPI lists them. */
export interface Finding {
	loc: Array<string | number>;
	msg: string;
	type: string;
}

/** A finding about one field of the body. */
export function finding(field: string, msg: string, type = 'value_error'): Finding {
	return { loc: ['body', field], msg, type };
}

export function badRequest(message: string): ApiError {
	return new ApiError(400, { error: { message } });
}

export function notFound(message: string): ApiError {
	return new ApiError(404, { detail: message });
}

export function unprocessable(findings: Finding[]): ApiError {
	return new ApiError(422, { detail: findings });
}

/** The API's own body for an error status: a message, or for 422 a list. */
export function errorBody(status: number): unknown {
	if (status === 422) return { detail: [finding('profile_key', 'field required', 'value_error.missing')] };
	return { detail: messages[status] ?? 'Internal server error' };
}

const messages: Record<number, string> = {
	400: 'Bad request',
	401: 'Invalid API key',
	403: 'Forbidden',
	404: 'Not found',
	409: 'Conflict',
	413: 'Request Entity Too Large',
	429: 'Too many requests',
	502: 'Bad gateway',
	503: 'Service unavailable',
	504: 'Gateway timeout',
};
