import type { IExecuteFunctions } from 'n8n-workflow';

import type { Job } from '../api/endpoints';
import { getJobState } from '../api/jobs';
import { pause } from '../api/pause';
import type { ProjectRef } from '../api/projectRef';
import { cancelSignalOf } from '../api/request';
import { settle } from '../api/settle';
import { isStarted } from '../api/status';
import type { JobState } from '../api/types';
import { hasUnknownOutcome, ImagenOperationError, type ImagenApiError } from '../errors/imagenErrors';
import { isCreatedHere, SHOWN_AFTER_MS, startLedger, type IfAlreadySent, type StartLedger } from './ledger';
import { isOpen, pollIntervalMs } from './poll';
import { RESOURCE } from './results';

/** What came of a start. */
export interface Started {
	state: JobState;
	/** Whether this execution sent the request; false where the job was found running or done. */
	sent: boolean;
	/** The API's own message, if it gave one. */
	message?: string;
}

/** One start: of which job of which project, and what is known of it. */
interface Start {
	context: IExecuteFunctions;
	job: Job;
	project: ProjectRef;
	ledger: StartLedger;
}

const startOf = (context: IExecuteFunctions, job: Job, project: ProjectRef, startsExport = false): Start => ({
	context,
	job,
	project,
	ledger: startLedger(context, job, project.uuid, startsExport),
});

/**
 * Sends a request that costs money at most once.
 *
 * The state is read first, and a job that is running or done is not sent again unless `ifAlreadySent` says so. After an
 * unclear end (time-out, reset, 5xx) the request is not repeated; the state is read until it shows that it arrived. What
 * was sent is kept in the ledger, so that n8n's Retry On Fail, a loop or another branch reads on instead of sending, and so does
 * another execution of this process for some minutes, because the status of what was just sent may still be Pending.
 *
 * @param send makes the one request
 * @param startsExport whether the request has Imagen export by itself when the edit is done
 * @throws ImagenApiError when the API refused it; NodeOperationError when the job is in progress and `ifAlreadySent` is
 *   `fail`, or when nothing shows whether the request arrived
 */
export async function startOnce(
	context: IExecuteFunctions,
	job: Job,
	project: ProjectRef,
	ifAlreadySent: IfAlreadySent,
	send: () => Promise<string | undefined>,
	startsExport = false,
): Promise<Started> {
	const start = startOf(context, job, project, startsExport);
	const state = await getJobState(context, job, project);
	// Keep synchronous from here to `remember()`: an `await` in between lets two executions both find nothing sent, and both send.
	const started = await (earlierStartIn(start, state, ifAlreadySent) ?? sendRemembered(start, state, send));
	// What another execution had sent was refused while this one waited for it: it is as if it had never been sent.
	return started ?? (await startOnce(context, job, project, ifAlreadySent, send, startsExport));
}

/**
 * The earlier start that `startOnce` would continue with; undefined where it would send.
 *
 * @throws as `startOnce` does
 */
export async function earlierStart(
	context: IExecuteFunctions,
	job: Job,
	project: ProjectRef,
	ifAlreadySent: IfAlreadySent,
): Promise<Started | undefined> {
	const start = startOf(context, job, project);
	return await earlierStartIn(start, await getJobState(context, job, project), ifAlreadySent);
}

/** The start that a state, or the ledger, shows. */
function earlierStartIn(
	start: Start,
	state: JobState,
	ifAlreadySent: IfAlreadySent,
): Promise<Started | undefined> | Started | undefined {
	const { ledger } = start;
	if (ledger.blocksStart(ifAlreadySent)) return confirmStart(start, state);
	if (ifAlreadySent === 'sendAgain' || ledger.isOutdated()) return undefined;
	if (state.statusWord) {
		// Nobody else can have started a project that this execution has just made, whatever its status is called.
		if (isCreatedHere(start.context, start.project)) return undefined;
		throw notUnderstood(start, state);
	}
	if (!isStarted(state.status) && !ledger.isAheadOf(state.status)) return undefined;
	if (ifAlreadySent === 'fail') throw alreadySent(start, state);
	return { state, sent: false };
}

async function sendRemembered(
	start: Start,
	before: JobState,
	send: () => Promise<string | undefined>,
): Promise<Started | undefined> {
	const { ledger } = start;
	ledger.remember(before.status);
	const outcome = await settle(send);
	if (outcome.status === 'fulfilled') {
		ledger.accept();
		// As the guide has it: "Once you send the photos to edit, the status will change to IN PROGRESS."
		return { state: { status: 'In Progress' }, sent: true, message: outcome.value };
	}

	const error: unknown = outcome.reason;
	if (hasUnknownOutcome(error)) return await confirmStart(start, before, error as ImagenApiError);
	ledger.forget();
	throw error;
}

/** Reads the state until it shows that the request arrived. @returns undefined when it was refused to whoever sent it */
async function confirmStart(
	start: Start,
	state: JobState,
	unclearEnd?: ImagenApiError,
): Promise<Started | undefined> {
	const { context, job, project, ledger } = start;
	const deadline = Date.now() + SHOWN_AFTER_MS;
	const signal = cancelSignalOf(context);
	const isRefused = ledger.refusalCheck();

	for (let poll = 1; !ledger.isConfirmedBy(state.status); poll++) {
		if (isRefused()) return undefined;
		const left = deadline - Date.now();
		if (left <= 0 || signal?.aborted) throw unclear(start, state, unclearEnd);
		await pause(Math.min(pollIntervalMs(poll), left), signal);
		const outcome = await settle(async () => await getJobState(context, job, project));
		// What could not be read says nothing on whether the start arrived.
		if (outcome.status === 'fulfilled') state = outcome.value;
		else if (!isOpen({ error: outcome.reason as Error })) throw outcome.reason;
	}
	ledger.accept();
	return { state, sent: ledger.isOwn() };
}

function alreadySent({ context, job, project }: Start, { status }: JobState) {
	return new ImagenOperationError(
		context,
		`The ${job} of project ${project.uuid} was started before: it is ${status}`,
		"Nothing was sent. Set 'If Already Sent' to Skip to go on with it as it is, or to Send Again to start, and pay for, another one.",
	);
}

/** A word that nobody documented may mean that the job runs, or that it was never sent: neither is to be guessed at. */
function notUnderstood({ context, job, project }: Start, { statusWord }: JobState) {
	return new ImagenOperationError(
		context,
		`The ${job} of project ${project.uuid} has the status '${statusWord}', which does not tell whether it was sent`,
		"Nothing was sent. Look at the project in Imagen: if nothing is going on there, set 'If Already Sent' to Send Again and run the node once more.",
	);
}

function unclear({ context, job, project }: Start, { status }: JobState, end?: ImagenApiError) {
	const reason = end ? `: ${end.failure.message}` : '';
	return new ImagenOperationError(
		context,
		`It is not certain whether Imagen AI received the ${job} of project ${project.uuid}${reason}`,
		`Its status is still ${status}. Nothing was sent a second time. Look at the project in Imagen or with Get Status in ten minutes: if it is still ${status} then, the request was lost, and ${RESOURCE[job]}: Start with this project sends it once.`,
	);
}
