import type { IExecuteFunctions } from 'n8n-workflow';

import type { Job } from '../api/endpoints';
import { ImagenApiError, ImagenOperationError } from '../errors/imagenErrors';
import { isOutcomeUnknown } from '../errors/failure';
import { getJobState } from '../api/jobs';
import { pause } from '../api/pause';
import { cancelSignalOf } from '../api/request';
import { settle } from '../api/settle';
import { projectJson, refIn, type ProjectRef } from '../api/editingFlow';
import type { JobState } from '../api/types';
import { isOpen, pollIntervalMs, readStates } from './poll';
import { startLedger, type IfAlreadySent, type StartLedger } from './ledger';

/** What came of a start. */
export interface Started {
	state: JobState;
	/** Whether this execution sent the request; false where the job was found running or done. */
	sent: boolean;
	/** The API's own message, if it gave one. */
	message?: string;
}

/** How long after an unclear answer the status is watched for a sign that the request arrived. */
const GRACE_MS = 60_000;

/**
 * Sends a request that costs money at most once.
 *
 * The state is read first, and a job that is running or done is not sent again unless `ifAlreadySent` says so. After an
 * unclear end (time-out, reset, 5xx) the request is not repeated; the state is read until it shows that it arrived. What
 * was sent is kept in the execution, so that n8n's Retry On Fail, a loop or another branch reads on instead of sending, and
 * for some minutes in the process, because the status of what another execution has just sent may still be Pending.
 *
 * @param send makes the one request
 * @throws ImagenApiError when the API refused it; NodeOperationError when the job is under way and `ifAlreadySent` is
 *   `fail`, or when nothing tells whether the request arrived
 */
export async function startOnce(
	context: IExecuteFunctions,
	job: Job,
	project: ProjectRef,
	ifAlreadySent: IfAlreadySent,
	send: () => Promise<string | undefined>,
): Promise<Started> {
	const memory = startLedger(context, job, project.uuid);
	const state = await getJobState(context, job, project);
	// Nothing may come between looking and sending: another execution could have looked, too.
	const earlier = earlierStartIn(context, job, state, memory, ifAlreadySent);
	return await (earlier ?? sendRemembered(context, job, state, memory, send));
}

/**
 * The earlier start that `startOnce` would go on with; undefined where it would send.
 *
 * @throws as `startOnce` does
 */
export async function earlierStart(
	context: IExecuteFunctions,
	job: Job,
	project: ProjectRef,
	ifAlreadySent: IfAlreadySent,
): Promise<Started | undefined> {
	const memory = startLedger(context, job, project.uuid);
	const state = await getJobState(context, job, project);
	return await earlierStartIn(context, job, state, memory, ifAlreadySent);
}

/** The start that a state, or what is remembered of it, tells of. */
function earlierStartIn(
	context: IExecuteFunctions,
	job: Job,
	state: JobState,
	memory: StartLedger,
	ifAlreadySent: IfAlreadySent,
): Promise<Started> | Started | undefined {
	if (memory.blocksStart(ifAlreadySent)) return confirmStart(context, job, state, memory);
	if (ifAlreadySent === 'sendAgain') return undefined;
	if (state.status_word) throw notUnderstood(context, job, state);
	if (!shows(state) && !memory.isAheadOf(state.status)) return undefined;
	if (ifAlreadySent === 'fail') throw alreadySent(context, job, state);
	return { state, sent: false };
}

async function sendRemembered(
	context: IExecuteFunctions,
	job: Job,
	before: JobState,
	memory: StartLedger,
	send: () => Promise<string | undefined>,
): Promise<Started> {
	memory.remember(before.status);
	const outcome = await settle(send);
	if (outcome.status === 'fulfilled') {
		memory.accept();
		// As the guide has it: "Once you send the photos to edit, the status will change to IN PROGRESS."
		const state: JobState = { ...projectJson(refIn(before)), status: 'In Progress' };
		return { state, sent: true, message: outcome.value };
	}

	const error: unknown = outcome.reason;
	if (error instanceof ImagenApiError && isOutcomeUnknown(error.failure)) {
		return await confirmStart(context, job, before, memory, error);
	}
	memory.forget();
	throw error;
}

/** Reads the state until it shows that the request arrived. */
async function confirmStart(
	context: IExecuteFunctions,
	job: Job,
	state: JobState,
	memory: StartLedger,
	unclearEnd?: ImagenApiError,
): Promise<Started> {
	const deadline = Date.now() + GRACE_MS;
	const signal = cancelSignalOf(context);

	for (let look = 1; !memory.isConfirmedBy(state.status); look++) {
		const left = deadline - Date.now();
		if (left <= 0 || signal?.aborted) throw unclear(context, job, state, unclearEnd);
		await pause(Math.min(pollIntervalMs(look), left), signal);
		const reading = (await readStates(context, job, [refIn(state)])).get(state.project_uuid);
		// What could not be read says nothing on whether the start arrived.
		if (reading?.state) state = reading.state;
		else if (!isOpen(reading)) throw reading?.error;
	}
	memory.accept();
	return { state, sent: memory.isOwn() };
}

/** Whether a state shows that the job was sent. Pending is also the state before it was. */
const shows = ({ status }: JobState) => status === 'In Progress' || status === 'Completed';

function alreadySent(context: IExecuteFunctions, job: Job, { project_uuid, status }: JobState) {
	return new ImagenOperationError(
		context.getNode(),
		`The ${job} of project ${project_uuid} was started before: it is ${status}`,
		{
			description:
				"Nothing was sent. Set 'If Already Sent' to Skip to go on with it as it is, or to Send Again to start, and pay for, another one.",
		},
	);
}

/** A word that nobody documented may mean that the job runs, or that it was never sent: neither is to be guessed at. */
function notUnderstood(context: IExecuteFunctions, job: Job, { project_uuid, status_word }: JobState) {
	return new ImagenOperationError(
		context.getNode(),
		`The ${job} of project ${project_uuid} has the status '${status_word}', which does not tell whether it was sent`,
		{
			description:
				"Nothing was sent. Look at the project in Imagen: if nothing is going on there, set 'If Already Sent' to Send Again and run the node once more.",
		},
	);
}

function unclear(context: IExecuteFunctions, job: Job, state: JobState, end?: ImagenApiError) {
	const words = end ? `: ${end.failure.message}` : '';
	return new ImagenOperationError(
		context.getNode(),
		`It is not certain whether Imagen AI received the ${job} of project ${state.project_uuid}${words}`,
		{
			description: `Its status is still ${state.status}. Nothing was sent a second time. Look at the project in Imagen or with Get Status in ten minutes: if it is still ${state.status} then, the request was lost, and ${job === 'edit' ? 'Edit' : 'Export'}: Start with this project sends it once.`,
		},
	);
}
