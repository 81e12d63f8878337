/** The state of an edit or export in these nodes' own spelling, whatever came over the wire. */
export type Status = 'Pending' | 'In Progress' | 'Completed' | 'Failed';

const STATUSES = new Map<string, Status>([
	['pending', 'Pending'],
	['inprogress', 'In Progress'],
	['completed', 'Completed'],
	['failed', 'Failed'],
]);

/**
 * One of the four states. The guide writes `IN PROGRESS`, the clients `In Progress`, so case, blanks, underscores and
 * hyphens do not count. A word that nobody documented counts as `In Progress`: the job is taken to run until the API says otherwise.
 */
export function toStatus(word: unknown): Status {
	return STATUSES.get(lettersOf(word)) ?? 'In Progress';
}

/** Whether a word is one of the documented ones. */
export function isKnownStatus(word: unknown): boolean {
	return STATUSES.has(lettersOf(word));
}

function lettersOf(word: unknown): string {
	return String(word)
		.toLowerCase()
		.replace(/[^a-z]/g, '');
}

/** Whether a status shows that the job was started. `Pending` is also the status before it was. */
export function isStarted(status: Status): boolean {
	return status === 'In Progress' || status === 'Completed';
}

/** Whether nothing will change any more. */
export function isFinal(status: Status): boolean {
	return status === 'Completed' || status === 'Failed';
}
