import type { EditedPhoto } from '../results/resultRenderer.mts';
import type { StoredFile } from '../storage/fileStore.mts';
import { imageTypeOf } from './formats.mts';
import type { Job, JobState, JobStatus } from './job.mts';
import type { ImageType, Profile } from './profiles.mts';

/** How a project is edited, in the API's words: with an AI Profile, or by Smart Editing (image to image). */
export type EditingFlow = 'REGULAR' | 'I2I';

/** The body of a Smart Editing's `POST /edit`, read and found right. */
export interface SmartOrder {
	/** The AI tools as they were sent: every field of the body but the profile and the callback. */
	tools: Record<string, unknown>;
	callbackUrl?: string;
}

/** The same for an edit with a profile. */
export interface EditOrder extends SmartOrder {
	profile: Profile;
	export: boolean;
}

/** An edit that was ordered, in either flow: Smart Editing has no profile. */
export type Order = SmartOrder & Partial<EditOrder>;

/** A retouch that was asked for: in words or by a tool, of a version or (without a parent) of the result itself. */
export interface RetouchOrder {
	request: { instruction: string } | { tool_id: string };
	parent?: Version;
}

/** What a retouch made of a finished image. */
export interface Version extends RetouchOrder {
	id: number;
	file: StoredFile;
}

/** What answers tell of an edit or an export. */
export interface Look {
	/** Undefined before the first start. */
	state?: JobState;
	/** The results that are listed once it is `Completed`. */
	files: StoredFile[];
}

export interface Project {
	uuid: string;
	/** A number, unlike that of any other project. */
	id: number;
	name: string;
	editingFlow: EditingFlow;
	createdAt: Date;
	/** Whether it is in the list of the archived ones in place of the others. */
	archived: boolean;
	/** Every file that a link was asked for, uploaded or not, by its name. */
	photos: Map<string, StoredFile>;
	edited: EditedPhoto[];
	exported: StoredFile[];
	/** The versions of each finished image that was retouched, by its name, oldest first. */
	retouched: Map<string, Version[]>;
	/** The last edit that was ordered. */
	order?: Order;
	edit?: Job;
	export?: Job;
	/** How it looked before the last call that started a job, and when that came, in milliseconds since 1970. */
	kept?: { at: number; edit: Look; export: Look };
	/** How often it was billed. */
	billed: { edits: number; exports: number; photos: number; retouches: number };
}

export function uploadedPhotos({ photos }: Project): StoredFile[] {
	return [...photos.values()].filter(({ bytes }) => bytes !== null);
}

/** The image types among the uploaded photos: one, unless they are mixed. */
export function imageTypes(project: Project): Set<ImageType | undefined> {
	return new Set(uploadedPhotos(project).map(({ fileName }) => imageTypeOf(fileName)));
}

/** Where a job stands, whatever answers tell of it; one that was never started is `Pending`. */
export function statusOf(job: Job | undefined): JobStatus {
	return job?.state().status ?? 'Pending';
}
