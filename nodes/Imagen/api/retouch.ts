import type { IDataObject } from 'n8n-workflow';

import { rejectWebPage, Refusal, requireText, UnexpectedAnswer, errorMessageFrom } from './answer';
import { endpoints } from './endpoints';
import { isOutcomeUnknown, type Failure } from '../errors/failure';
import { isRecord } from './guards';
import { toLinks } from './links';
import { request } from './request';
import type { ProjectRef } from './editingFlow';
import { RETOUCH_TIMEOUT_MS } from './timeouts';
import type { ApiContext, FileLink } from './types';

/** How the API names a version of a photo: any JSON value. Null is the photo as it was before retouching. */
export type VersionId = IDataObject[string];

/** What to do to a photo: by words, or by one of the tools. */
export type RetouchRequest = { instruction: string } | { tool_id: string };

/** A version that was made. */
export interface RetouchVersion {
	id: VersionId;
	/** A temporary link to the photo. */
	link?: string;
}

/** What can be done to the photos of a project, as the API lists it: tools, or whatever else the list holds. */
export async function listRetouchTools(context: ApiContext, project: ProjectRef): Promise<IDataObject[]> {
	return await request(context, {
		method: 'GET',
		path: endpoints.retouchTools(project),
		purpose: `get the retouch tools of project ${project.uuid}`,
		query: sourceOf(project),
		read: entriesIn,
		nextStep: (failure) => nextStepAfterRefusal(project, failure),
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
		purpose: `${nameOf(what)} to '${fileName}' of project ${project.uuid}`,
		body: { ...what, parent_version_id: parent, ...sourceOf(project) },
		timeoutMs: RETOUCH_TIMEOUT_MS,
		read: toVersion,
		nextStep: (failure) =>
			nextStepForPhoto(project, failure) ?? (isOutcomeUnknown(failure) ? MAY_BE_DONE : undefined),
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
		purpose: `reset '${fileName}' of project ${project.uuid}`,
		body: sourceOf(project),
		idempotent: true,
		read: rejectWebPage,
		nextStep: (failure) => nextStepForPhoto(project, failure),
	});
}

/** Makes final files of the photos of a project, with their retouching, and gives a link to each. Not repeated here. */
export async function finalize(context: ApiContext, project: ProjectRef): Promise<FileLink[]> {
	return await request(context, {
		method: 'POST',
		path: endpoints.finalize(project),
		purpose: `finalize the project ${project.uuid}`,
		body: sourceOf(project),
		timeoutMs: RETOUCH_TIMEOUT_MS,
		read: (payload) => toLinks(payload, 'download_link', 'upload_link'),
		nextStep: (failure) => nextStepAfterRefusal(project, failure),
	});
}

/** What to do first with a project whose photos are not finished. */
export function finishFirst({ editingFlow }: ProjectRef): string {
	return editingFlow === 'I2I'
		? 'Only finished photos can be retouched. Put Edit: Wait before this node, so that Smart Editing is Completed.'
		: 'Only finished photos can be retouched. Put Export: Start and Export: Wait before this node.';
}

const MAY_BE_DONE =
	'Imagen may have made this version all the same. Running the node again makes another one, from the same start: no retouching is put on top of itself.';

const NOT_FOUND =
	"Check that the project has a finished photo of exactly this 'File Name', as Get Download Links gives it, and that 'Editing Flow' is that of the project. The version or the tool may also be unknown.";

const sourceOf = ({ editingFlow }: ProjectRef) => ({ project_source: editingFlow });

const nameOf = (what: RetouchRequest) =>
	'instruction' in what ? 'apply the instruction' : `apply the tool ${what.tool_id}`;

function nextStepAfterRefusal(project: ProjectRef, failure: Failure): string | undefined {
	if (failure.kind !== 'answer') return undefined;
	if (/has not been exported yet/i.test(failure.message)) return finishFirst(project);
	if (/only realistic editing/i.test(failure.message)) {
		return 'Ask for what a retoucher could do to this photo, such as: Remove the lamp post on the left.';
	}
	return failure.statusCode < 300
		? 'No version was made. Say it in other words, choose another tool, or start from another version.'
		: undefined;
}

function nextStepForPhoto(project: ProjectRef, failure: Failure): string | undefined {
	return failure.kind === 'answer' && failure.statusCode === 404
		? NOT_FOUND
		: nextStepAfterRefusal(project, failure);
}

function toVersion(payload: unknown): RetouchVersion {
	const status = requireText(payload, 'status');
	const { version_id = null, enhanced_image_url, message } = payload as IDataObject;
	if (status.toUpperCase() !== 'SUCCESS') {
		throw new Refusal(
			errorMessageFrom({ ...(payload as IDataObject), message: message ?? `its status is ${status}` }, 200),
		);
	}
	return { id: version_id, ...(typeof enhanced_image_url === 'string' && { link: enhanced_image_url }) };
}

/** The entries of the list that the payload is or holds; a payload without one is the only entry. */
function entriesIn(payload: unknown): IDataObject[] {
	if (typeof payload === 'string') throw new UnexpectedAnswer('a text came instead of a list');
	const list = isRecord(payload) ? (payload.prompts ?? Object.values(payload).find(Array.isArray)) : payload;
	const entries: unknown[] = Array.isArray(list) ? list : [payload];
	return entries.map((entry) => (isRecord(entry) ? entry : { value: entry }) as IDataObject);
}
