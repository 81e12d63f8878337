import type { IDataObject } from 'n8n-workflow';

import { nextStepAfterPhoto, nextStepAfterRetouch, nextStepAfterVersion } from '../errors/nextSteps';
import {
	isRecord,
	rejectWebPage,
	RefusalError,
	requireText,
	UnexpectedAnswerError,
	errorMessageFrom,
} from './answer';
import { endpoints } from './endpoints';
import { RETOUCH_TIMEOUT_MS } from './limits';
import { toLinks, uniqueFiles } from './links';
import { projectLabel, type ProjectRef } from './projectRef';
import { request } from './request';
import type { ApiContext, FileLink } from './types';

/** How the API names a version of a photo: any JSON value. Null is the photo as it was before retouching. */
export type VersionId = IDataObject[string];

/** What to do to a photo: by words, or by one of the tools. */
export type RetouchRequest = { instruction: string } | { tool_id: string };

/** A version that was made. */
export interface RetouchVersion {
	/** Null where the API gave none: then nothing can build on it. */
	id: VersionId;
	/** A temporary link to the photo. */
	link?: string;
}

/** What can be done to the photos of a project, as the API lists it: tools, or whatever else the list holds. */
export async function listRetouchTools(context: ApiContext, project: ProjectRef): Promise<IDataObject[]> {
	return await request(context, {
		method: 'GET',
		path: endpoints.retouchTools(project),
		purpose: `get the retouch tools of project ${projectLabel(project)}`,
		query: projectSourceOf(project),
		read: entriesIn,
		nextStep: (failure) => nextStepAfterRetouch(failure, isSmart(project)),
	});
}

/**
 * Makes a version of a photo. Never repeated here: a second call makes a second version.
 *
 * @param parent the version to start from
 */
export async function retouch(
	context: ApiContext,
	project: ProjectRef,
	fileName: string,
	what: RetouchRequest,
	parent: VersionId,
): Promise<RetouchVersion> {
	return await request(context, {
		method: 'POST',
		path:
			'instruction' in what ? endpoints.instruct(project, fileName) : endpoints.enhance(project, fileName),
		purpose: `${nameOf(what)} to '${fileName}' of project ${projectLabel(project)}`,
		body: { ...what, parent_version_id: parentIdOf(parent), ...projectSourceOf(project) },
		timeoutMs: RETOUCH_TIMEOUT_MS,
		read: toVersion,
		nextStep: (failure) => nextStepAfterVersion(failure, isSmart(project)),
	});
}

/** Takes a photo back to what it was before retouching. */
export async function resetRetouch(
	context: ApiContext,
	project: ProjectRef,
	fileName: string,
): Promise<void> {
	await request(context, {
		method: 'DELETE',
		path: endpoints.instruct(project, fileName),
		purpose: `reset '${fileName}' of project ${projectLabel(project)}`,
		body: projectSourceOf(project),
		idempotent: true,
		read: rejectWebPage,
		nextStep: (failure) => nextStepAfterPhoto(failure, isSmart(project)),
	});
}

/** Makes final files of the photos of a project, with their retouching, and gives a link to each. Not repeated here. */
export async function finalize(context: ApiContext, project: ProjectRef): Promise<FileLink[]> {
	return await request(context, {
		method: 'POST',
		path: endpoints.finalize(project),
		purpose: `finalize project ${projectLabel(project)}`,
		body: projectSourceOf(project),
		timeoutMs: RETOUCH_TIMEOUT_MS,
		read: (payload) => uniqueFiles(toLinks(payload, 'download_link', 'upload_link')),
		nextStep: (failure) => nextStepAfterRetouch(failure, isSmart(project)),
	});
}

/** The API takes a number (the official clients' models); an expression may hold it as text. */
const parentIdOf = (parent: VersionId): VersionId =>
	typeof parent === 'string' && /^\d{1,15}$/.test(parent) ? Number(parent) : parent;

const projectSourceOf = ({ editingFlow }: ProjectRef) => ({ project_source: editingFlow });

const nameOf = (what: RetouchRequest) =>
	'instruction' in what ? 'apply the instruction' : `apply the tool ${what.tool_id}`;

const isSmart = ({ editingFlow }: ProjectRef) => editingFlow === 'I2I';

function toVersion(payload: unknown): RetouchVersion {
	const status = requireText(payload, 'status');
	const { version_id = null, enhanced_image_url, message } = payload as IDataObject;
	if (status.toUpperCase() !== 'SUCCESS') {
		throw new RefusalError(
			errorMessageFrom({ ...(payload as IDataObject), message: message ?? `the status is ${status}` }, 200),
		);
	}
	return { id: version_id, ...(typeof enhanced_image_url === 'string' && { link: enhanced_image_url }) };
}

/** The entries of the list that the payload is or holds; a payload without one is the only entry. */
function entriesIn(payload: unknown): IDataObject[] {
	if (typeof payload === 'string') throw new UnexpectedAnswerError('the answer was a text, not a list');
	const list = isRecord(payload) ? (payload.prompts ?? Object.values(payload).find(Array.isArray)) : payload;
	const entries: unknown[] = Array.isArray(list) ? list : [payload];
	return entries.map((entry) => (isRecord(entry) ? entry : { value: entry }) as IDataObject);
}
