import type { IExecuteFunctions } from 'n8n-workflow';

import type { Job } from '../../api/endpoints';
import type { ProjectRef } from '../../api/projectRef';
import type { VersionId } from '../../api/retouch';
import { executionRecords } from '../../memory';
import { knownStart } from './records';

/** A finished photo of a project. */
interface PhotoRef extends ProjectRef {
	fileName: string;
}

/** A version that is known to be the latest; the original, whose ID is null, may be it. */
export interface LatestVersion {
	id: VersionId;
	/** Whether it is a version to which the API gave no ID. */
	isNameless?: boolean;
}

/** The same as the execution keeps it, with when it was made. */
interface VersionRecord extends LatestVersion {
	/** As `Date.now()` gives it. */
	at: number;
}

/** Remembers what this execution made last of a photo, for all of its nodes: a version, or an original. */
export function rememberVersion(context: IExecuteFunctions, photo: PhotoRef, latest: LatestVersion): void {
	executionRecords<VersionRecord>(context)[photoKey(photo)] = { ...latest, at: Date.now() };
}

const JOBS: Job[] = ['edit', 'export'];

/**
 * What this execution made last of a photo. An edit or export that was started since makes another photo of the name, of which it has
 * made nothing yet; one that was refused does not count as started.
 */
export function latestVersion(context: IExecuteFunctions, photo: PhotoRef): LatestVersion | undefined {
	const record = executionRecords<VersionRecord>(context)[photoKey(photo)];
	if (!record) return undefined;
	const isOfOlderPhoto = JOBS.some((job) => (knownStart(context, job, photo)?.at ?? 0) > record.at);
	return isOfOlderPhoto ? undefined : record;
}

/** Whether this execution has retouched a photo as it is now, and not reset it since. */
export function isRetouched(context: IExecuteFunctions, photo: PhotoRef): boolean {
	const latest = latestVersion(context, photo);
	return latest !== undefined && (latest.id !== null || latest.isNameless === true);
}

/** Names a photo in the execution's memory. */
export const photoKey = ({ editingFlow, uuid, fileName }: PhotoRef) =>
	`imagen:version:${editingFlow}:${uuid}:${fileName}`;
