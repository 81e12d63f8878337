import type { IExecuteFunctions } from 'n8n-workflow';

import type { Job } from '../api/endpoints';
import { getJobState, NO_STATUS } from '../api/jobs';
import { findDescription } from '../api/projects';
import { pause } from '../api/pause';
import { projectLabel, type ProjectRef } from '../api/projectRef';
import { cancelSignalOf } from '../api/request';
import { settle } from '../api/settle';
import { isStarted } from '../api/status';
import type { JobState, Profile } from '../api/types';
import {
	hasUnknownOutcome,
	ImagenOperationError,
	statusCodeOf,
	type ImagenApiError,
} from '../errors/imagenErrors';
import { firstNames } from '../errors/lists';
import { enoughForSmartEditing } from '../errors/nextSteps';
import {
	hasKnownPhotos,
	hasUploadedNothing,
	isCreatedHere,
	isKnownFromStart,
	isOwnStart,
	isUploading,
	knownPhotos,
	knownStart,
	notBegun,
	replacedPhotos,
	sinceStart,
	startLedger,
	type IfAlreadyStarted,
	type StartLedger,
	type UploadedPhoto,
} from './ledger';
import { isOpen, pollIntervalMs } from './poll';
import { photosNotIn, type LatePhotos } from './results';
import { differences, differencesFrom, profileIn, type EditSettings } from './settings';

/** How long the state is read after an unclear end, for whether the request has arrived. */
const CONFIRMED_AFTER_MS = 60_000;

/** The option is hidden until it is added. */
const START_AGAIN = "add the option 'If Already Started' and set it to Start Again";
const RUN_AND_START_AGAIN = `${START_AGAIN} and run this node again`;

/** Nothing shows whether a start has arrived. */
class UnclearStartError extends ImagenOperationError {}

/** Whether a job may run although its start has failed. Otherwise what the project holds is not what was asked for. */
export const mayHaveStarted = (error: unknown): boolean => error instanceof UnclearStartError;

/** What came of a start. */
export interface Started {
	state: JobState;
	/** Whether this run of the node sent the request; false where the job was found running or done. */
	sent: boolean;
	/** What the edit was sent with, as far as it is known; unset for an export. */
	settings?: EditSettings;
	/** The API's own message, if it gave one. */
	message?: string;
	/** The photos that are not in an edit that was found, where that is allowed. */
	late?: string[];
}

/** A start that is asked for. */
export interface StartRequest {
	job: Job;
	project: ProjectRef;
	ifAlreadyStarted: IfAlreadyStarted;
	/** What the edit is to be sent with; left out for an export. */
	settings?: EditSettings;
	/** All profiles that are listed, for their names. */
	profiles?: Profile[];
	/** The photos that the edit is to hold; those that are known to have been uploaded, if left out. */
	photos?: () => Promise<UploadedPhoto[]>;
	/** Whether an edit that was found may lack some of the photos. */
	mayLack?: boolean;
	/** Whether Imagen is asked to call this execution when it is done. */
	isResuming?: boolean;
	/** Completes `If it was not started, ...`, where it is not this node that would have to start it again. */
	howToStartAgain?: string;
	/** Makes the one request. Gives the API's message, if there is one. */
	send(): Promise<string | undefined>;
}

/** The same, with what is known of the project. */
interface Start extends StartRequest {
	context: IExecuteFunctions;
	ledger: StartLedger;
}

const startOf = (context: IExecuteFunctions, request: StartRequest): Start => ({
	...request,
	context,
	ledger: startLedger(context, request.job, request.project),
});

/**
 * Sends a request that costs money at most once.
 *
 * The ledger and the state are read first, and a job that is running or done is not sent again unless `ifAlreadyStarted` says so.
 * After an unclear end (time-out, reset, 5xx) the request is not repeated; the state is read until it shows that it arrived. What
 * was sent is kept in the ledger, so that n8n's Retry On Fail, a loop, another branch or another execution reads on instead of
 * sending: the status of what was just sent may still be Pending.
 *
 * @throws ImagenApiError when the API refused it; NodeOperationError when the project has no photos, when the job was sent before
 *   and `ifAlreadyStarted` is `fail`, or is `skip` and the edit is not the one that is asked for, or when nothing shows whether the
 *   request arrived
 */
export async function startOnce(context: IExecuteFunctions, request: StartRequest): Promise<Started> {
	const start = startOf(context, request);
	const isEmpty = request.job === 'edit' && (await isEmptyProject(context, request.project));
	const state = await getJobState(context, request.job, request.project);
	// Keep synchronous from here to `remember()`: an `await` in between lets two executions both find nothing sent, and both send.
	const earlier = earlierStartIn(start, state, isEmpty);
	if (!earlier && isEmpty) throw noPhotos(start);
	if (!earlier) requireOwnPhotos(start);
	const started = await (earlier ?? sendRemembered(start, state));
	// What another execution had sent was refused while this one waited for it: it is as if it had never been sent.
	return started ?? (await startOnce(context, request));
}

/**
 * The earlier start that `startOnce` would continue with; undefined where it would send.
 *
 * @param read the state of the job, where the API has been asked for it already
 * @throws as `startOnce` does
 */
export async function earlierStart(
	context: IExecuteFunctions,
	request: StartRequest,
	read?: JobState,
): Promise<Started | undefined> {
	const start = startOf(context, request);
	return await earlierStartIn(start, read ?? (await getJobState(context, request.job, request.project)));
}

/** The start that a state, or the ledger, shows. */
function earlierStartIn(
	start: Start,
	read: JobState,
	isEmpty = false,
): Promise<Started | undefined> | undefined {
	const { context, job, project, ledger, ifAlreadyStarted } = start;
	if (notBegun(context, job, project, read)) return undefined;
	if (ledger.blocksStart(ifAlreadyStarted, read)) return confirmStart(start, read);
	if (ifAlreadyStarted === 'startAgain' || ledger.isOutdated()) return undefined;
	const state = sinceStart(context, job, project, read);
	if (ifAlreadyStarted === 'fail' && ledger.isOwnExecution()) throw alreadySent(start, state);
	if ((state.statusWord ?? state.synonym) && !knownStart(context, job, project)) {
		// Nobody can have started a project without photos, nor anybody else one that this execution has just made, whatever its status
		// is called; nor one that an earlier one has made, where there is no status at all.
		const isNew = isEmpty || isCreatedHere(context, project);
		if (isNew || (state.statusWord === NO_STATUS && isKnownFromStart(context, project))) return undefined;
		if (state.statusWord || isKnownFromStart(context, project)) throw notUnderstood(start, state);
	}
	if (!isStarted(state.status) && !ledger.isAheadOf(state.status)) return undefined;
	if (ifAlreadyStarted === 'fail') throw alreadySent(start, state);
	return continued(start, state);
}

/** @throws NodeOperationError where the edit that was sent is not the one that is asked for: with other settings, or without some of the photos */
async function continued(start: Start, state: JobState): Promise<Started> {
	const { context, job, project, settings, profiles, ledger } = start;
	const { photos = async () => knownPhotos(context, project).photos, mayLack = false } = start;
	const sent = ledger.isOwnRun();
	if (job === 'export' || !settings || sent) return { state, sent, settings };
	const used = knownStart(context, 'edit', project)?.settings;
	requireSame(start, used ? differences(settings, used, profiles) : []);
	// Others may have sent it again since; what this execution has sent last, Imagen may not show yet.
	const isLast = used !== undefined && isOwnStart(context, job, project);
	const description = isLast ? undefined : await findDescription(context, project);
	const reported = used && description ? { ...description, ai_tools: undefined } : description;
	requireSame(start, reported ? differencesFrom(settings, reported, profiles) : []);
	const wanted = await photos();
	const late = await photosNotIn(context, project, state, wanted);
	const isAllowed = mayLack && late.names.length === late.number && late.number < wanted.length;
	if (late.number > 0 && !isAllowed) throw cameLater(start, late, await photosToBill(context, project));
	// The profile is the one that is asked for, where the API reports one, and no other.
	const isProfileReported = description && profileIn(description) !== undefined;
	return { state, sent, settings: used ?? (isProfileReported ? settings : undefined), late: late.names };
}

function requireSame(start: Start, others: string[]): void {
	if (others.length > 0) throw otherSettings(start, others);
}

async function photosToBill(context: IExecuteFunctions, project: ProjectRef): Promise<number> {
	// It is but a word of the error.
	const description = await findDescription(context, project).catch(() => undefined);
	return Math.max(description?.number_of_images ?? 0, knownPhotos(context, project).photos.length);
}

/** @throws NodeOperationError where another execution uploads photos just now, or has put others in the place of this one's */
function requireOwnPhotos({ context, job, project }: Start): void {
	if (job === 'export') return;
	if (isUploading(project)) {
		throw new ImagenOperationError(
			context,
			`Another execution or branch is uploading photos to project ${projectLabel(project)} right now`,
			'Run this node again when the upload is finished. Nothing was started or billed.',
		);
	}
	const replaced = replacedPhotos(context, project);
	if (replaced.length === 0) return;
	throw new ImagenOperationError(
		context,
		`Another execution has uploaded other photos with the same names to project ${projectLabel(project)}: ${firstNames(replaced)}`,
		'Give each shoot its own project, or give their photos different names. Nothing was started or billed.',
	);
}

/** What the ledger knows is there counts: the API's own number may come later than the photos. */
async function isEmptyProject(context: IExecuteFunctions, project: ProjectRef): Promise<boolean> {
	if (hasKnownPhotos(context, project)) return false;
	const description = await findDescription(context, project);
	// A project that this execution has made and brought nothing to is empty, also where the API does not count.
	const isUntouched = isCreatedHere(context, project) && hasUploadedNothing(context, project);
	return (description?.number_of_images ?? (isUntouched ? 0 : undefined)) === 0;
}

async function sendRemembered(start: Start, before: JobState): Promise<Started | undefined> {
	const { ledger, settings, isResuming, send } = start;
	ledger.remember({ before, settings, isResuming });
	const outcome = await settle(send);
	if (outcome.status === 'fulfilled') {
		ledger.accept();
		// As the guide has it: "Once you send the photos to edit, the status will change to IN PROGRESS."
		return { state: { status: 'In Progress' }, sent: true, settings, message: outcome.value };
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
	const deadline = Date.now() + CONFIRMED_AFTER_MS;
	const signal = cancelSignalOf(context);
	const isRefused = ledger.refusalCheck();

	for (let poll = 1; !ledger.isConfirmedBy(state); poll++) {
		if (isRefused()) return undefined;
		const left = deadline - Date.now();
		if (left <= 0 || signal?.aborted) throw await unclear(start, state, unclearEnd);
		await pause(Math.min(pollIntervalMs(poll), left), signal);
		const outcome = await settle(async () => await getJobState(context, job, project));
		// What could not be read says nothing on whether the start arrived.
		if (outcome.status === 'fulfilled') state = outcome.value;
		else if (statusCodeOf(outcome.reason) === 404) throw outcome.reason;
		else if (!isOpen({ error: outcome.reason as Error }))
			throw await unclear(start, state, outcome.reason as ImagenApiError);
	}
	ledger.confirm();
	return await continued(start, sinceStart(context, job, project, state));
}

function alreadySent({ context, job, project }: Start, { status }: JobState) {
	return new ImagenOperationError(
		context,
		`The ${job} of project ${projectLabel(project)} was already started: its status is ${status}`,
		`Set 'If Already Started' to Skip to continue with this ${job}, or to Start Again to start another one, which ${job === 'edit' ? 'is billed again' : 'Imagen may bill'}. It was not started or billed again.`,
	);
}

/** A word that nobody documented may mean that the job runs, or that it was never sent: neither is to be guessed at. */
function notUnderstood(
	{ context, job, project, howToStartAgain = RUN_AND_START_AGAIN }: Start,
	{ statusWord, synonym }: JobState,
) {
	return new ImagenOperationError(
		context,
		`The ${job} of project ${projectLabel(project)} has the status '${statusWord ?? synonym}', which does not show whether it was started`,
		`Check the project in Imagen. If nothing is in progress there, ${howToStartAgain}. Nothing was started or billed.`,
	);
}

async function unclear(start: Start, { status }: JobState, end?: ImagenApiError) {
	const { context, job, project, ledger, howToStartAgain = RUN_AND_START_AGAIN } = start;
	const check = ledger.isBlind()
		? `Check in Imagen whether this ${job} is there or was billed: the status may be that of the ${job} before it. If it is not there,`
		: `In ten minutes, check the project in Imagen or with Get ${job} status. If its status is still ${status} then, the request was lost:`;
	const reason = end ? `: ${end.failure.message}` : '';
	const mayBeTooFew = project.editingFlow === 'I2I' && statusCodeOf(end) === 500;
	const needs = mayBeTooFew ? enoughForSmartEditing(await photosToBill(context, project)) : '';
	return new UnclearStartError(
		context,
		`It is unclear whether Imagen AI has started the ${job} of project ${projectLabel(project)}${reason}`,
		`${needs}${check} ${howToStartAgain}. Nothing was sent a second time.`,
	);
}

/** An edit of nothing is not to be paid for. */
function noPhotos({ context, project }: Start) {
	const isOfUpload = hasUploadedNothing(context, project);
	return new ImagenOperationError(
		context,
		`Project ${projectLabel(project)} has no photos${isOfUpload ? ': none of the photos that this workflow tried to upload arrived' : ''}`,
		`${isOfUpload ? 'Look at the output of Upload photos: it says for each photo what went wrong.' : 'Upload photos to it first. If they were uploaded just now, run this node again in a minute.'} Nothing was started or billed.`,
	);
}

function otherSettings({ context, project }: Start, others: string[]) {
	return new ImagenOperationError(
		context,
		`The edit of project ${projectLabel(project)} was already started with other settings: ${others.join('; ')}`,
		isOnlyExport(others)
			? "Switch off 'Export When Done' and put Start export after the edit: it exports the photos that are already edited. Nothing was started or billed."
			: `To continue with that edit, set the profile, 'AI Tools' and 'Photography Type' to what was used. To edit all photos of the project again, and be billed again, ${START_AGAIN}. Nothing was started or billed.`,
	);
}

const isOnlyExport = (others: string[]) => others.every((difference) => difference.startsWith('export '));

function cameLater({ context, project, ledger }: Start, { number, names }: LatePhotos, toBill: number) {
	const [is, s] = number === 1 ? ['is', ''] : ['are', 's'];
	const list = names.length > 0 ? `: ${firstNames(names, number)}` : '';
	const isOfLoop = ledger.isOfEarlierTurn();
	const before = isOfLoop ? 'earlier in the loop' : 'before';
	const remedy = isOfLoop
		? 'To edit all batches of a shoot as one, put Upload photos into the loop and Start edit after it.'
		: 'Give the new photos their own project.';
	return new ImagenOperationError(
		context,
		`${number} photo${s} ${is} not in the edit of project ${projectLabel(project)}, which was started ${before}${list}`,
		`${remedy} Or ${START_AGAIN}: all photos of the project${toBill > 0 ? `, ${toBill} as far as n8n knows,` : ''} are then edited and billed again. Nothing was started or billed.`,
	);
}
