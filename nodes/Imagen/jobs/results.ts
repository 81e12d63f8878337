import type { IExecuteFunctions } from 'n8n-workflow';

import type { Job } from '../api/endpoints';
import { getDownloadLinks } from '../api/links';
import { pause } from '../api/pause';
import { projectLabel, type ProjectRef } from '../api/projectRef';
import { findDescription } from '../api/projects';
import { cancelSignalOf } from '../api/request';
import { settle } from '../api/settle';
import type { ApiContext, FileLink, JobState } from '../api/types';
import { ImagenOperationError, statusCodeOf, type ImagenApiError } from '../errors/imagenErrors';
import { counted, quantity } from '../errors/lists';
import { resultKey } from '../transfer/fileNames';
import {
	differencesFromOwnEdit,
	isOfOthers,
	knownPhotos,
	knownStart,
	lastEditCheck,
	type UploadedPhoto,
} from './ledger';
import { isUnclear, isUnstarted, pollIntervalMs, type WithReading } from './poll';
import { toolsIn } from './settings';

/** How long a list of results may stay empty after Completed. */
const LINKS_GRACE_MS = 300_000;

/** How long a list that changes from look to look is waited for at most. */
const LONGEST_FILL_MS = 3_600_000;

/** How long a list that lacks results has to stay as it is before it counts as all there will be. */
const STANDS_STILL_MS = 60_000;

/** What to say of a job that is not finished: how long it was waited for, where it was, and what to do first. */
interface IfNotFinished {
	minutes?: number;
	remedy: string;
}

/**
 * The state of a finished job.
 *
 * @throws NodeOperationError when it is not Completed, or is no longer that of this execution; the reading's own error when it could
 *   not be read
 */
export function requireCompleted(
	context: ApiContext,
	job: Job,
	project: WithReading<ProjectRef>,
	{ minutes, remedy }: IfNotFinished = { remedy: `Put Wait for ${job} before this node.` },
): JobState {
	const { state, error } = project.reading;
	if (error) throw error;
	const others = differencesFromOwnEdit(context, project);
	if (others.length > 0) throw otherEdit(context, project, others);
	if (state.status === 'Completed') return state;
	if (state.status === 'Failed') throw jobFailed(context, job, project, state);
	throw notFinished(context, job, project, state, minutes, remedy);
}

/** The error for a job that has not ended, and is not known to run; undefined for one that runs. */
function notRunning(context: ApiContext, job: Job, project: ProjectRef, state: JobState) {
	if (state.statusWord) return unknownStatus(context, job, project, state);
	if (isUnstarted(context, job, project, state)) return notStarted(context, job, project);
	return isUnclear(context, job, project, state) ? mayBeLost(context, job, project) : undefined;
}

/** The error for an edit that is no longer the one that this execution has sent. */
function otherEdit(context: ApiContext, project: ProjectRef, others: string[]) {
	return new ImagenOperationError(
		context,
		`Another execution has since started the edit of project ${projectLabel(project)} with other settings: ${others.join('; ')}`,
		"To get the results of that edit, use Download edited photos in a workflow that does not start the edit. To edit the photos again, and be billed again, add the option 'If Already Started' to Start edit or Edit shoot and set it to Start Again. The edit of this execution is gone.",
	);
}

/** The error for a job that ended Failed. */
export function jobFailed(context: ApiContext, job: Job, project: ProjectRef, { details }: JobState) {
	return new ImagenOperationError(
		context,
		`Imagen AI could not ${job} project ${projectLabel(project)}${details ? `: ${details}` : ''}`,
		`Check the project in Imagen. To start the ${job} again, which Imagen may bill, use Start ${job}. If it fails again, contact Imagen support and name this project. The ${job} has the status Failed.`,
	);
}

/** The error for a job that has not ended. @param minutes how long it was waited for; undefined where it was not */
export function notFinished(
	context: ApiContext,
	job: Job,
	project: ProjectRef,
	state: JobState,
	minutes: number | undefined,
	remedy: string,
) {
	const { status } = state;
	const progress =
		minutes === undefined
			? `is not finished: its status is ${status}`
			: `is still ${status} after ${quantity(minutes, 'minute')}`;
	const stillRuns = new ImagenOperationError(
		context,
		`The ${job} of project ${projectLabel(project)} ${progress}`,
		`${remedy} Nothing is lost: the ${job} continues at Imagen.`,
	);
	return notRunning(context, job, project, state) ?? stillRuns;
}

/** The error for a job that nobody is known to have started, and that the API does not show. */
function notStarted(context: ApiContext, job: Job, project: ProjectRef) {
	return new ImagenOperationError(
		context,
		`The ${job} of project ${projectLabel(project)} was not started: its status is Pending`,
		`Put Start ${job} before this node, and check that it is not deactivated. If the ${job} was started in another way just now, run this node again in a few minutes.`,
	);
}

/** The error for a job whose start had no clear answer, and that the API does not show. */
function mayBeLost(context: ApiContext, job: Job, project: ProjectRef) {
	return new ImagenOperationError(
		context,
		`The ${job} of project ${projectLabel(project)} may not have been started: its start had no clear answer, and its status is still Pending`,
		`Check the project in Imagen. If nothing is in progress there, add the option 'If Already Started' to Start ${job} or Edit shoot, set it to Start Again and run it.`,
	);
}

/** The error for a job whose status says neither that it runs nor that it has ended. */
function unknownStatus(context: ApiContext, job: Job, project: ProjectRef, { statusWord }: JobState) {
	return new ImagenOperationError(
		context,
		`The ${job} of project ${projectLabel(project)} has the status '${statusWord}', which this node does not know`,
		`Check the project in Imagen. If the ${job} is finished, download its files there, and report the status to the developers of this node. Nothing was sent or billed again.`,
	);
}

/** What the results of a finished job are expected to be. */
export interface Expectation<P> {
	/** The photos of which results are expected, as far as they are known. */
	photos: P[];
	/** How many photos should have a result; undefined where nobody knows. */
	number?: number;
	/** How many photos Imagen counts, where the number goes by that. */
	counted?: number;
	/** Whether brackets were merged, so that there are fewer results than photos; undefined where that is not known. */
	areMerged?: boolean;
	/** Whether the edit is known to be of these photos and no others, so that results are theirs whatever their names. */
	isOfThese: boolean;
}

/** How a list of results that may still fill is waited for. */
export interface ResultsWait {
	/**
	 * `whole`, if left out: until it is whole, or has been waited for long enough.
	 * `still`: only as long as it holds files and does not change. `none`: not at all.
	 */
	until?: 'none' | 'still' | 'whole';
	/** Since when it is waited for, over several calls, as `Date.now()` gives it. If left out, since this one. */
	since?: number;
}

/** A list of results that may still fill, and is left to a later call. */
export class ResultsNotReady extends Error {
	override name = 'ResultsNotReady';
}

/** The results of a finished job. */
export interface Results<P = UploadedPhoto> {
	links: FileLink[];
	/** The photos that have none. */
	missing: P[];
	/** How many results are missing besides, of photos that are not known. */
	lacking: number;
	/** How many photos should have one; as many as there are results where that is not known. */
	expected: number;
	/** Whether brackets were merged into them, as far as that is known or their names show it. */
	areMerged: boolean;
}

/**
 * The results of a finished job, of whichever photos the project holds: those that are known to have been uploaded, and as many
 * as Imagen counts.
 *
 * @throws NodeOperationError when there are none; ResultsNotReady where they may still come, and are not waited for
 */
export async function resultsOf(
	context: ApiContext,
	job: Job,
	project: ProjectRef,
	wait: ResultsWait = {},
): Promise<Results> {
	const expected = await expectationOf(context, project);
	const isInLastEdit = lastEditCheck(context, project);
	const late = expected.photos.filter((photo) => isInLastEdit(photo) === false);
	const photos = expected.photos.filter((photo) => isInLastEdit(photo) !== false);
	const number = expected.number && Math.max(0, expected.number - late.length);
	// Of a later photo there may be the result of an older one: names are then believed.
	const isOfThese = expected.isOfThese && late.length === 0;
	const ofLastEdit = { ...expected, photos, number, isOfThese };
	const results = await resultsOfPhotos(context, job, project, ofLastEdit, wait);
	// A result that a late photo has by its name is that of an older photo.
	const keys = new Set(late.map(({ fileName }) => resultKey(fileName)));
	return {
		...results,
		links: results.links.filter(({ file_name }) => !keys.has(resultKey(file_name))),
		missing: [...results.missing, ...late.filter((photo) => !isOfOthers(context, project, photo))],
	};
}

async function expectationOf(context: ApiContext, project: ProjectRef): Promise<Expectation<UploadedPhoto>> {
	const { photos, areAll } = knownPhotos(context, project);
	const edit = knownStart(context, 'edit', project);
	const isAllKnown = areAll && photos.length > 0 && edit?.settings !== undefined;
	const description = isAllKnown ? undefined : await findDescription(context, project);
	const settings = edit?.settings ?? (description && toolsIn(description));
	return {
		photos,
		number: isAllKnown ? photos.length : description?.number_of_images,
		counted: isAllKnown ? undefined : description?.number_of_images,
		areMerged: settings && settings.hdr_merge === true,
		isOfThese: edit !== undefined && (areAll || description?.number_of_images === photos.length),
	};
}

/**
 * The results of a finished job, which are to be of these photos: reads the list until it is whole. Just after Completed it may be
 * refused, be empty or still fill: that means "not yet". One that lacks results, or of which nobody knows how many there should be, as where brackets were
 * merged, has to stand still for a minute. Of each merge there is one export.
 *
 * @throws NodeOperationError when there are none; ResultsNotReady where they may still come, and are not waited for
 */
export async function resultsOfPhotos<P extends { fileName: string }>(
	context: ApiContext,
	job: Job,
	project: ProjectRef,
	expected: Expectation<P>,
	wait: ResultsWait = {},
): Promise<Results<P>> {
	const { until = 'whole', since = Date.now() } = wait;
	const deadline = since + LINKS_GRACE_MS;
	if (job === 'export' && expected.areMerged) {
		// As long as no export is listed, how many merges there are is not worth a wait.
		if (until !== 'whole') await requireSome(context, job, project, deadline);
		const { links: merges } = await resultsOfPhotos(context, 'edit', project, expected, wait);
		const ofMerges = {
			...expected,
			photos: [],
			number: merges.length,
			counted: undefined,
			areMerged: false,
		};
		return { ...(await resultsOfPhotos(context, job, project, ofMerges, wait)), areMerged: true };
	}
	const last = since + LONGEST_FILL_MS;
	const signal = cancelSignalOf(context);
	let changedAt = Date.now();
	let length = 0;
	let links: FileLink[] = [];
	for (let poll = 1; ; poll++) {
		const list = await listedResults(context, job, project);
		// What was listed before is still there when the API refuses the list for a moment.
		if (!list.refusal) links = list.links;
		const now = Date.now();
		const hasChanged = links.length !== length;
		if (hasChanged) changedAt = now;
		length = links.length;
		const isAll = isWhole(expected, links);
		const isDone = length > 0 && (isAll || now - changedAt >= STANDS_STILL_MS || now >= last);
		if (isDone) {
			const lacks = whatLacks(expected, links);
			const number = Math.max(expected.photos.length, expected.number ?? 0, links.length);
			return { links, ...lacks, expected: number, areMerged: areMergesIn(expected, links) };
		}
		const left = Math.min(length > 0 ? changedAt + STANDS_STILL_MS : deadline, last) - now;
		signal?.throwIfAborted();
		if (left <= 0) throw noFiles(context, job, project, list.refusal);
		const isStill = length > 0 && (poll === 1 || !hasChanged);
		if (until === 'none' || (until === 'still' && !isStill)) throw notReady(job, project, length);
		await pause(Math.min(pollIntervalMs(poll), left), signal);
	}
}

function isWhole<P extends { fileName: string }>(expected: Expectation<P>, links: FileLink[]): boolean {
	// A count that is behind the list says nothing of how long that gets.
	if (expected.number === undefined || (expected.counted ?? links.length) < links.length) return false;
	// There cannot be more merges than photos.
	if (expected.areMerged) return links.length >= Math.max(expected.photos.length, expected.number);
	const { missing, lacking } = whatLacks({ ...expected, areMerged: false }, links);
	return missing.length === 0 && lacking === 0;
}

/** What a list of results lacks. Of merges that cannot be known: only some of the photos give their names to a result. */
function whatLacks<P extends { fileName: string }>(
	{ photos, number, areMerged, isOfThese }: Expectation<P>,
	links: FileLink[],
): Pick<Results<P>, 'lacking' | 'missing'> {
	if (areMergesIn({ areMerged, photos }, links)) return { missing: [], lacking: 0 };
	const keys = new Set(links.map(({ file_name }) => resultKey(file_name)));
	const missing = photos.filter(({ fileName }) => !keys.has(resultKey(fileName)));
	for (const { fileName } of photos) keys.delete(resultKey(fileName));
	// Results of these photos that fit none by name are of those that seem to have none: Imagen has named them otherwise.
	const renamed = isOfThese ? keys.size : 0;
	const unlisted = Math.max(0, (number ?? 0) - links.length);
	if (renamed > 0) return { missing: [], lacking: Math.max(unlisted, missing.length - renamed) };
	return { missing, lacking: Math.max(0, unlisted - missing.length) };
}

/** A merge of RAW photos is a DNG; so is the result of a DNG. */
function areMergesIn<P extends { fileName: string }>(
	{ areMerged, photos }: Pick<Expectation<P>, 'areMerged' | 'photos'>,
	links: FileLink[],
): boolean {
	if (areMerged !== undefined) return areMerged;
	const isDng = (name: string) => /\.dng$/i.test(name);
	const areOthers = photos.length > 0 && !photos.some(({ fileName }) => isDng(fileName));
	return areOthers && links.every(({ file_name }) => isDng(file_name));
}

/** Why there is no result: of a photo, or of some that are not known. */
export interface MissingResult<P> {
	photo?: P;
	error: ImagenOperationError;
}

/** An error for each photo without a result, and one for those that are known by their number alone. */
export function missingResults<P extends { fileName: string; itemIndex?: number }>(
	context: ApiContext,
	job: Job,
	project: ProjectRef,
	{ links, missing, lacking }: Results<P>,
): Array<MissingResult<P>> {
	const errors: Array<MissingResult<P>> = missing.map((photo) => ({
		photo,
		error: new ImagenOperationError(
			context,
			`The ${job} of project ${projectLabel(project)} has no result for '${photo.fileName}'`,
			'Check the project in Imagen: the photo may have been uploaded after the edit was started. If not, contact Imagen support and name the project and the photo.',
			photo.itemIndex,
			photo.fileName,
		),
	}));
	if (lacking > 0) errors.push({ error: tooFewResults(context, job, project, links.length, lacking) });
	return errors;
}

function tooFewResults(context: ApiContext, job: Job, project: ProjectRef, number: number, lacking: number) {
	return new ImagenOperationError(
		context,
		`The ${job} of project ${projectLabel(project)} has ${quantity(number, 'result')}, ${counted(lacking)} fewer than expected`,
		"Check the project in Imagen: photos may have been uploaded after the edit was started, or brackets were merged. To continue with the results that are there, set 'On Error' to Continue in this node's settings.",
	);
}

/** Photos that came after an edit was sent, as far as their names are known. */
export interface LatePhotos {
	number: number;
	names: string[];
}

/**
 * The photos that an edit, which was sent before, does not hold. What the ledger does not know, the results show when the edit is
 * done, and before that the number of photos; what nobody can know yet is left to whoever waits for the results.
 */
export async function photosNotIn(
	context: IExecuteFunctions,
	project: ProjectRef,
	{ status }: JobState,
	photos: UploadedPhoto[],
): Promise<LatePhotos> {
	const isInLastEdit = lastEditCheck(context, project);
	const known = photos.map((photo) => ({ photo, isIn: isInLastEdit(photo) }));
	const late = known.filter(({ isIn }) => isIn === false).map(({ photo }) => photo);
	const unsure = known.filter(({ isIn }) => isIn === undefined).map(({ photo }) => photo);
	if (unsure.length === 0) return latePhotos(late);
	const expected = await expectationOf(context, project);
	if (status !== 'Completed') {
		const { number = photos.length } = expected;
		return { ...latePhotos(late), number: Math.max(late.length, photos.length - number) };
	}
	// Which photos are in merges, their names do not tell.
	if (expected.areMerged) return latePhotos(late);
	// In a project with as many photos, results with other names are of them, as far as numbers tell.
	const isOfThese = unsure.length === photos.length && expected.number === photos.length;
	const ofUnsure = { ...expected, photos: unsure, isOfThese };
	const { missing, lacking } = await resultsOfPhotos(context, 'edit', project, ofUnsure);
	const { number, names } = latePhotos([...late, ...missing]);
	return { names, number: number + (isOfThese ? lacking : 0) };
}

const latePhotos = (photos: UploadedPhoto[]): LatePhotos => ({
	number: photos.length,
	names: photos.map(({ fileName }) => fileName),
});

/** @throws NodeOperationError when there are no results at the deadline; ResultsNotReady when there are none yet */
async function requireSome(context: ApiContext, job: Job, project: ProjectRef, deadline: number) {
	const { links, refusal } = await listedResults(context, job, project);
	if (links.length > 0) return;
	throw Date.now() >= deadline ? noFiles(context, job, project, refusal) : notReady(job, project, 0);
}

/** A list of results as it is now. */
interface ListedResults {
	links: FileLink[];
	/** The API's error in place of a list: just after Completed that may mean "not yet", as an empty list does. */
	refusal?: ImagenApiError;
}

const NOT_YET_CODES = [400, 404];

async function listedResults(context: ApiContext, job: Job, project: ProjectRef): Promise<ListedResults> {
	const outcome = await settle(async () => await getDownloadLinks(context, job, project));
	if (outcome.status === 'fulfilled') return { links: outcome.value };
	if (!NOT_YET_CODES.includes(statusCodeOf(outcome.reason) ?? 0)) throw outcome.reason;
	return { links: [], refusal: outcome.reason as ImagenApiError };
}

const notReady = (job: Job, project: ProjectRef, length: number) =>
	new ResultsNotReady(
		`The ${job} of project ${projectLabel(project)} is Completed, but its list of files may not be complete yet (${counted(length)} so far)`,
	);

function noFiles(context: ApiContext, job: Job, project: ProjectRef, refusal?: ImagenApiError) {
	const words = refusal ? `: ${refusal.failure.message}` : '';
	return new ImagenOperationError(
		context,
		`The ${job} of project ${projectLabel(project)} is Completed, but Imagen AI lists no files${words}`,
		'Run this node again in a few minutes. If the list stays empty, contact Imagen support and name this project.',
	);
}
