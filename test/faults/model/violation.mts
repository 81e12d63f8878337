/** A promise that was broken. Faults of one kind have one cause, as far as can be told from outside. */
export interface Violation {
	kind: string;
	message: string;
}

/** What follows the kind of a fault that came about while two executions ran at once. */
export const IN_COMPANY = ', two at once';
