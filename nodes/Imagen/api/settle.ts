/** Runs work to its outcome, good or bad, for callers that decide by the error what to do next. */
export async function settle<R>(work: () => Promise<R>): Promise<PromiseSettledResult<R>> {
	const [outcome] = await Promise.allSettled([work()]);
	return outcome;
}
