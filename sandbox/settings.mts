/** How the sandbox behaves; changed while it runs with `POST /sandbox/settings`. */
export interface Settings {
	/** Shortest time from `POST /edit` to `Completed`, in seconds. */
	editSeconds: number;
	/** Shortest time from `POST /export` to `Completed`, in seconds. */
	exportSeconds: number;
	/** Time from a Copilot call to its answer, in seconds. */
	retouchSeconds: number;
	/** Lifetime of upload and download links, in seconds. */
	linkSeconds: number;
	/** Whether an export honours the `callback_url` it was given; the API does not document it. */
	exportCallbacks: boolean;
	/** Time from the end of an edit to its callback, in seconds. */
	callbackDelaySeconds: number;
	/** How often a callback is posted until someone answers it with 2xx. */
	callbackAttempts: number;
	/** How long after `POST /edit` or `/export` statuses and lists of results are still as before it, in seconds. */
	statusLagSeconds: number;
	/** How long after its upload a photo is not yet in `number_of_images`, in seconds. */
	countLagSeconds: number;
	/** The status before the first edit: a word, '' for none, or the HTTP status that the status call then answers, such as '404'. */
	statusBeforeStart: string;
	/** The same for the export status before the first export. */
	exportStatusBeforeStart: string;
	/** What `In Progress` is called. */
	runningWord: string;
	/** What `Completed` is called. */
	completedWord: string;
	/** What `Failed` is called. */
	failedWord: string;
	/** How long after its job a list of results takes to grow from empty to whole, in seconds. */
	fillSeconds: number;
	/** How many download links a page of them has; 0 for all. */
	linksPerPage: number;
	/** How many photos of a project, the last ones, get no result. */
	missingResults: number;
	/** What the storage answers to an expired link: 403, or 400 with S3's code `ExpiredToken`. */
	expiredLinkStatus: number;
	/** How many upload links can be asked for at once, else 413; 0 for any number. */
	largestLinksRequest: number;
	/** With how many photos at least Smart Editing works; with fewer, its edit answers 500. */
	leastSmartPhotos: number;
	/** Whether the numbers in the API's answers come as strings. */
	numbersAsText: boolean;
}

export const defaultSettings: Settings = {
	editSeconds: 3,
	exportSeconds: 2,
	retouchSeconds: 0,
	linkSeconds: 3600,
	exportCallbacks: false,
	callbackDelaySeconds: 0,
	callbackAttempts: 1,
	statusLagSeconds: 0,
	countLagSeconds: 0,
	statusBeforeStart: 'Pending',
	exportStatusBeforeStart: '400',
	runningWord: 'In Progress',
	completedWord: 'Completed',
	failedWord: 'Failed',
	fillSeconds: 0,
	linksPerPage: 0,
	missingResults: 0,
	expiredLinkStatus: 403,
	largestLinksRequest: 0,
	leastSmartPhotos: 5,
	numbersAsText: false,
};

/** The settings in `patch` that exist and have the right type; throws a TypeError naming the first that has not. */
export function readSettings(patch: Record<string, unknown>): Partial<Settings> {
	for (const [name, value] of Object.entries(patch)) {
		const expected = typeof defaultSettings[name as keyof Settings];
		if (typeof value !== expected) {
			throw new TypeError(
				expected === 'undefined' ? `No setting "${name}"` : `"${name}" must be a ${expected}`,
			);
		}
	}
	const { expiredLinkStatus: status = 403 } = patch;
	if (status !== 403 && status !== 400) throw new TypeError('"expiredLinkStatus" must be 403 or 400');
	return patch as Partial<Settings>;
}
