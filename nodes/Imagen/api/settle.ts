/** Runs work to its outcome, good or bad, for callers that decide by the error what to do next. */
export async function settle<R>(work: () => Promise<R>): Promise<PromiseSettledResult<R>> {
	const [outcome] = await Promise.allSettled([work()]);
	return outcome;
}

/** What n8n gives, or undefined where it throws because it has no such thing. */
export function orUndefined<T>(read: () => T): T | undefined {
	try {
		return read();
	} catch {
		return undefined;
	}
}
