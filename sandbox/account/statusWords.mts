import type { Settings } from '../settings.mts';
import type { JobStatus } from './job.mts';

/** What a status is called on the wire. */
export function statusWord(status: JobStatus, { runningWord, completedWord, failedWord }: Settings): string {
	const words: Record<JobStatus, string> = {
		Pending: 'Pending',
		'In Progress': runningWord,
		Completed: completedWord,
		Failed: failedWord,
	};
	return words[status];
}
