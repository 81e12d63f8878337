import { stringify } from 'flatted';
import type { IDataObject } from 'n8n-workflow';

import type { Job } from '../../nodes/Imagen/api/endpoints';
import type { ProjectRef } from '../../nodes/Imagen/api/projectRef';
import { signCallbackUrl } from '../../nodes/Imagen/callbacks/address';
import type { PausedExecution, WebhookCall, WorkflowJson, WorkflowResult } from './engine';
import { byId, NODE_TYPE, projectItem, runImagen, runImagenWorkflow } from './imagen';
import { API_KEY, apiListsProfiles, apiStarts, apiReportsStatus, bodyOf, RAW_PROFILE } from './imagenApi';

/** The body of Imagen's callback at the end of a job. */
export function callback(project_uuid: string, status = 'Completed', action = 'edit'): IDataObject {
	return { project_uuid, status, action };
}

/** The URL that a start has asked Imagen to call. */
export function callbackUrlSentFor(projectUuid: string, job: 'edit' | 'export' = 'edit'): string {
	const { callback_url } = bodyOf(`POST /projects/${projectUuid}/${job}`) as { callback_url: string };
	return callback_url;
}

/** Imagen's callback for a project that was started, or a forged body in its place. */
export function callOf(projectUuid: string, body: unknown = callback(projectUuid)): WebhookCall {
	return { url: callbackUrlSentFor(projectUuid), body };
}

/** A URL with a token, as a start makes it. */
export function signedUrl(
	url: string,
	{ apiKey = API_KEY, executionId, job = 'edit', project }: SignedUrlOptions,
): string {
	return signCallbackUrl(url, { apiKey, executionId }, job, project);
}

interface SignedUrlOptions {
	apiKey?: string;
	executionId?: string;
	job?: Job;
	project: ProjectRef;
}

/** A genuine callback to an execution whose edit was started elsewhere. */
export function callWithToken({ executionId }: PausedExecution, projectUuid: string): WebhookCall {
	const url = `https://n8n.test/webhook-waiting/${executionId}`;
	return {
		url: signedUrl(url, { project: { uuid: projectUuid, editingFlow: 'REGULAR' }, executionId }),
		body: callback(projectUuid),
	};
}

/** An execution starts a job of a project, and asks Imagen to call it at the end. */
export async function startResuming(
	projectUuid: string,
	executionId: string,
	job: Job = 'edit',
): Promise<void> {
	if (job === 'edit') apiListsProfiles();
	else apiReportsStatus('edit', projectUuid, 'Completed');
	apiReportsStatus(job, projectUuid, 'Pending');
	apiStarts(job, projectUuid);
	const { error } = await runImagen(
		`${job}.start`,
		{ whenFinished: 'resume', ...(job === 'edit' && { profile: byId(RAW_PROFILE.profile_key) }) },
		{ items: [projectItem(projectUuid)], executionId },
	);
	expect(error).toBeUndefined();
}

type Parameters = Record<string, unknown>;

/** Edit Start, Wait and a next node in a row. */
export function waitingWorkflow(start: Parameters, wait: Parameters, settings = {}): WorkflowJson {
	const node = (name: string, type: string, parameters: Parameters = {}) => ({
		id: name,
		name,
		type,
		typeVersion: 1,
		position: [0, 0] as [number, number],
		parameters: parameters as never,
	});
	const to = (name: string) => ({ main: [[{ node: name, type: 'main' as const, index: 0 }]] });
	const profile = byId(RAW_PROFILE.profile_key);
	return {
		nodes: [
			node('Projects', 'n8n-nodes-base.manualTrigger'),
			node('Start', NODE_TYPE, { resource: 'edit', operation: 'start', profile, ...start }),
			{ ...node('Wait', NODE_TYPE, { resource: 'edit', operation: 'wait', ...wait }), ...settings },
			node('Next', 'n8n-nodes-base.noOp'),
		],
		connections: { Projects: to('Start'), Start: to('Wait'), Wait: to('Next') },
	};
}

interface WaitingOptions {
	start?: Parameters;
	wait?: Parameters;
	/** Of the Wait node, such as `onError`. */
	settings?: IDataObject;
	/** The status word before the edit is started. */
	before?: string;
	/** The status words that Wait reads, in order. */
	looks?: string[];
}

/** Starts the edit of each distinct project, and waits for them; one input item for each of the list. */
export async function startAndWait(
	projectUuids: string[],
	{
		start = { whenFinished: 'resume' },
		wait = {},
		settings = {},
		before = 'Pending',
		looks = ['In Progress'],
	}: WaitingOptions = {},
): Promise<WorkflowResult> {
	apiListsProfiles();
	for (const uuid of new Set(projectUuids)) {
		apiReportsStatus('edit', uuid, before, ...looks);
		apiStarts('edit', uuid);
	}
	const items = projectUuids.map((project_uuid) => ({ json: { project_uuid } }));
	return await runImagenWorkflow(waitingWorkflow(start, wait, settings), { items });
}

/** An execution that is paused until the edits of these projects are done. */
export async function pausedFor(
	projectUuids: string[],
	options: WaitingOptions = {},
): Promise<PausedExecution> {
	const { paused, error } = await startAndWait(projectUuids, options);
	expect(error).toBeUndefined();
	expect(paused).toBeDefined();
	return paused as PausedExecution;
}

/** Delivers a callback to a paused execution: its answer, and the run if the execution resumed. */
export async function deliver(paused: PausedExecution, call: WebhookCall) {
	const { answer, resumed } = await paused.call(call);
	expect(stringify([answer, resumed?.run])).not.toContain(API_KEY);
	return { statusCode: answer?.statusCode, resumed };
}

/** The callback was answered, and the execution is still paused. */
export const staysPaused = (statusCode: number) => ({ statusCode, resumed: undefined });
