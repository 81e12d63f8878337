import type { EditedPhoto } from '../results/darkroom.mts';
import type { StoredFile } from '../storage/fileStore.mts';
import { imageTypeOf } from './formats.mts';
import type { Job, JobState } from './job.mts';
import type { ImageType, Profile } from './profiles.mts';

/** The body of `POST /edit`, read and found right. */
export interface EditOrder {
	profile: Profile;
	/** The AI tools as they were sent: every field of the body but the profile and the callback. */
	tools: Record<string, unknown>;
	export: boolean;
	callbackUrl?: string;
}

export interface Project {
	uuid: string;
	name: string;
	createdAt: Date;
	/** Every file that a link was asked for, uploaded or not, by its name. */
	photos: Map<string, StoredFile>;
	edited: EditedPhoto[];
	exported: StoredFile[];
	/** The last edit that was ordered. */
	order?: EditOrder;
	edit?: Job;
	export?: Job;
	/** How often it was billed. */
	billed: { edits: number; exports: number; photos: number };
}

export function uploadedPhotos({ photos }: Project): StoredFile[] {
	return [...photos.values()].filter(({ bytes }) => bytes !== null);
}

/** The image types among the uploaded photos: one, unless they are mixed. */
export function imageTypes(project: Project): Set<ImageType | undefined> {
	return new Set(uploadedPhotos(project).map(({ fileName }) => imageTypeOf(fileName)));
}

/** A job that was never started is `Pending`, as in the API. */
export function stateOf(job: Job | undefined): JobState {
	return job?.state() ?? { status: 'Pending' };
}
