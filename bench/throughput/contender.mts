import type { Usage } from './probe.mts';
import type { PhotoSet } from './sets.mts';

export type Direction = 'upload' | 'download';

/** What every contender is given to move. */
export interface Job {
	direction: Direction;
	set: PhotoSet;
	/** Each photo of the set in n8n's storage. */
	photos: Array<{ id: string; path: string }>;
	atOnce: number;
}

/** A way of moving photos to Imagen and back, in a process that is measured. */
export interface Contender {
	name: string;
	/**
	 * Moves the photos once.
	 *
	 * @returns how long it took from the request for links to the last byte, and what the process used meanwhile
	 */
	run(job: Job): Promise<{ seconds: number; usage: Usage }>;
}
