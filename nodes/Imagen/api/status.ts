/** The state of an edit or export in these nodes' own spelling, whatever came over the wire. */
export type Status = 'Pending' | 'In Progress' | 'Completed' | 'Failed';

/** The documented words, those of a client's tests (`Queued`, `Processing`), and what clearly means the same. */
const WORDS: Record<Status, string[]> = {
	Pending: ['pending', 'created', 'new', 'notstarted'],
	'In Progress': ['inprogress', 'queued', 'processing', 'running', 'started'],
	Completed: ['completed', 'complete', 'done', 'finished', 'success', 'succeeded'],
	Failed: ['failed', 'failure', 'error'],
};

const STATUSES = new Map(
	Object.entries(WORDS).flatMap(([status, words]) => words.map((word) => [word, status as Status])),
);

/**
 * One of the four states. The guide writes `IN PROGRESS`, the clients `In Progress`, so case, blanks, underscores and
 * hyphens do not count. A word that is none of them counts as `In Progress`: the job is taken to run until the API says otherwise.
 */
export function toStatus(word: unknown): Status {
	return knownStatus(word) ?? 'In Progress';
}

/** Whether a word has a meaning here. */
export function isKnownStatus(word: unknown): boolean {
	return knownStatus(word) !== undefined;
}

/** Whether a word means a status, and is not the documented one for it: such words may be used in other ways, too. */
export function isSynonym(word: unknown): boolean {
	const status = knownStatus(word);
	return status !== undefined && lettersOf(word) !== lettersOf(status);
}

function knownStatus(word: unknown): Status | undefined {
	const letters = lettersOf(word);
	// Such as `Failed with errors`.
	return STATUSES.get(letters) ?? (letters.startsWith('failedwith') ? 'Failed' : undefined);
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
