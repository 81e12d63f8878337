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
}

export const defaultSettings: Settings = {
	editSeconds: 3,
	exportSeconds: 2,
	retouchSeconds: 0,
	linkSeconds: 3600,
	exportCallbacks: false,
	callbackDelaySeconds: 0,
	callbackAttempts: 1,
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
	return patch as Partial<Settings>;
}
