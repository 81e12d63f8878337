import type { IExecuteFunctions } from 'n8n-workflow';

import { startEdit } from '../../api/jobs';
import { pause } from '../../api/pause';
import { projectLabel, type ProjectRef } from '../../api/projectRef';
import { findDescription } from '../../api/projects';
import { cancelSignalOf } from '../../api/request';
import { ImagenOperationError } from '../../errors/imagenErrors';
import { counted, quantity } from '../../errors/lists';
import {
	hasKnownPhotos,
	isCreatedHere,
	knownPhotos,
	photosOfEarlierTurns,
	uploadedNames,
	type UploadedPhoto,
} from '../../jobs/ledger';
import { pollIntervalMs } from '../../jobs/poll';
import { settingsOf } from '../../jobs/settings';
import { earlierStart, startOnce, type Started, type StartRequest } from '../../jobs/start';
import { fingerprintOf, type Photo } from '../../transfer/sources';
import { editRequestOf } from '../edit/editParameters';
import { urlToCall } from '../jobOperations/whenFinished';
import { createOrGetProject } from '../project/createOrGet';
import { warnIfFewPhotos } from '../shared/hints';
import { nameAll } from '../shared/inputProjects';
import {
	failedUploads,
	notAllUploaded,
	requireOwnProject,
	totalBytes,
	uploadMissing,
	uploadOptions,
	type FailedUpload,
} from '../shared/inputPhotos';
import { sizeText } from '../shared/summary';
import { hintAndLog, reportProgress, reportUploadProgress } from './progress';
import { howToContinue } from './sameProject';
import type { CheckedShoot, OpenShoot } from './shoots';

/** A shoot whose edit is started. */
export interface BegunShoot extends OpenShoot {
	edit: Started;
	/** Photos that did not arrive and are edited without. */
	failed: FailedUpload[];
}

/** Creates the project of a shoot, or finds it. @throws NodeOperationError when its name is taken; nothing is uploaded then */
export async function open(context: IExecuteFunctions, shoot: CheckedShoot): Promise<OpenShoot> {
	const { name, editingFlow, key, ifNameExists, itemIndexes } = shoot;
	const request = { name, editingFlow, key, ifNameExists, itemIndex: itemIndexes[0], isForLoop: true };
	const project = await createOrGetProject(context, request);
	await nameAll(context, [project]);
	return { shoot, project };
}

/**
 * Brings a shoot to Imagen: photos, edit. Whatever was done in an earlier try, or by an earlier execution in the
 * same project, is not done again.
 *
 * @throws NodeOperationError or ImagenApiError when it could not; the edit is then not started, or its error says what is
 *   known
 */
export async function begin(context: IExecuteFunctions, { shoot, project }: OpenShoot): Promise<BegunShoot> {
	const request = startRequest(context, shoot, project);
	const isNew = isCreatedHere(context, project) && !hasKnownPhotos(context, project);
	const earlier = isNew ? undefined : await earlierStart(context, request);
	const failed = earlier ? leftOut(context, shoot, project, earlier) : await upload(context, shoot, project);
	const edit = earlier ?? (await start(context, shoot, project, request, failed));
	if (edit.sent)
		for (const hint of [...shoot.hints, ...hintsAtEarlierTurns(context, shoot, project)])
			hintAndLog(context, hint);
	reportProgress(context, shoot, project.uuid, `edit ${edit.state.status}`);
	return { shoot, project, edit, failed };
}

/** An edit that was not sent in an earlier turn of a loop is sent with the next, for the photos of both. */
function hintsAtEarlierTurns(
	context: IExecuteFunctions,
	{ photos }: CheckedShoot,
	project: ProjectRef,
): string[] {
	const own = new Set(photos.map(({ fileName }) => fileName));
	const earlier = photosOfEarlierTurns(context, project).filter(({ fileName }) => !own.has(fileName));
	if (earlier.length === 0) return [];
	return [
		`The edit of project ${projectLabel(project)} also includes ${quantity(earlier.length, 'photo')} from earlier in the loop. Get their results with Download edited photos.`,
	];
}

/** The photos that an earlier try or execution has edited without. */
function leftOut(
	context: IExecuteFunctions,
	{ photos }: CheckedShoot,
	project: ProjectRef,
	{ sent, late = [] }: Started,
): FailedUpload[] {
	if (!sent) {
		const lacking = photos.filter(({ fileName }) => late.includes(fileName));
		return lacking.map((photo) => ({ photo, error: notInEdit(context, photo) }));
	}
	const uploaded = uploadedNames(context, project, 'thisRun');
	if (uploaded.size === 0) return [];
	return photos
		.filter(({ fileName }) => !uploaded.has(fileName))
		.map((photo) => ({ photo, error: notUploaded(context, photo) }));
}

const notInEdit = (context: IExecuteFunctions, { fileName, itemIndex }: Photo) =>
	new ImagenOperationError(
		context,
		`'${fileName}' is not in the edit that was started earlier`,
		"Upload it to a project of its own. With 'Edit Without Failed Photos', the shoot continues without it.",
		itemIndex,
	);

const notUploaded = (context: IExecuteFunctions, { fileName, itemIndex }: Photo) =>
	new ImagenOperationError(
		context,
		`'${fileName}' could not be uploaded on an earlier try`,
		'Upload it to a project of its own. The edit was started without it.',
		itemIndex,
	);

/** The edit that a shoot asks for. */
export function startRequest(
	context: IExecuteFunctions,
	shoot: CheckedShoot,
	project: ProjectRef,
): StartRequest {
	const { parameterItems, profileParameter, options, photos } = shoot;
	const { callbackUrl, ifAlreadyStarted = 'skip' } = options;
	const edit = editRequestOf(context, parameterItems, project.editingFlow, profileParameter);
	return {
		job: 'edit',
		project,
		ifAlreadyStarted,
		settings: settingsOf(edit),
		profiles: shoot.profiles,
		photos: async () => await fingerprinted(photos),
		mayLack: options.editWithoutFailed,
		send: async () => {
			const sent = `starting the edit of ${quantity(photos.length, 'photo')} (${sizeText(totalBytes(photos))})`;
			reportProgress(context, shoot, project.uuid, sent);
			return await startEdit(context, project, {
				...edit,
				...(callbackUrl && {
					callback_url: await urlToCall(context, callbackUrl, 'edit', project, parameterItems),
				}),
			});
		},
	};
}

/** Starts the edit of the photos that have arrived. The state is read again: uploading takes its time. */
async function start(
	context: IExecuteFunctions,
	shoot: CheckedShoot,
	project: ProjectRef,
	request: StartRequest,
	failed: FailedUpload[],
): Promise<Started> {
	const photos = arrivedPhotos({ shoot, failed });
	await checkNothingElseIsThere(context, shoot, project, photos);
	warnIfFewPhotos(context, project, photos.length);
	return await startOnce(context, { ...request, photos: async () => await fingerprinted(photos) });
}

/** The photos of a shoot that arrived, and of which results are expected. */
export function arrivedPhotos({ shoot, failed }: Pick<BegunShoot, 'failed' | 'shoot'>): Photo[] {
	const notArrived = new Set(failed.map(({ photo }) => photo));
	return shoot.photos.filter((photo) => !notArrived.has(photo));
}

/** One after the other: reading waits for the disk. */
async function fingerprinted(photos: Photo[]): Promise<UploadedPhoto[]> {
	const known: UploadedPhoto[] = [];
	for (const photo of photos)
		known.push({ fileName: photo.fileName, fingerprint: await fingerprintOf(photo) });
	return known;
}

/**
 * Uploads what has not arrived yet in an earlier try.
 *
 * @returns the photos that failed, where the edit may start without them
 */
async function upload(
	context: IExecuteFunctions,
	shoot: CheckedShoot,
	project: ProjectRef,
): Promise<FailedUpload[]> {
	const { photos, options } = shoot;
	requireOwnProject(context, project);
	const uploaded = uploadedNames(context, project, 'thisRun');
	const there = photos.filter(({ fileName }) => uploaded.has(fileName)).length;
	if (there === photos.length) return [];
	const onUploaded = reportUploadProgress(context, shoot, project.uuid, there);
	const outcomes = await uploadMissing(context, project, photos, { ...uploadOptions(options), onUploaded });
	const failed = failedUploads(outcomes);
	const arrived = photos.length - failed.length;
	if (failed.length > 0 && (arrived === 0 || !options.editWithoutFailed))
		throw notAllUploaded(
			context,
			project,
			failed,
			photos.length,
			`${howToContinue({ shoot, project })} To leave the failed photos out, add the option 'Edit Without Failed Photos'.`,
		);
	return failed;
}

/**
 * The edit bills all photos of the project, also those that somebody else has put there.
 *
 * @throws NodeOperationError when it holds others than those of the shoot, or may hold them
 */
async function checkNothingElseIsThere(
	context: IExecuteFunctions,
	shoot: CheckedShoot,
	project: ProjectRef,
	photos: Photo[],
) {
	const ofShoot = new Set(
		[...shoot.photos, ...photosOfEarlierTurns(context, project)].map(({ fileName }) => fileName),
	);
	const { photos: known, areAll } = knownPhotos(context, project);
	const others = known.filter(({ fileName }) => !ofShoot.has(fileName));
	// One that an earlier execution has uploaded is there, although it has failed now.
	const there = new Set([...photos, ...known].map(({ fileName }) => fileName)).size;
	if (others.length > 0) throw othersThere(context, shoot, project, photos, there);
	if (isCreatedHere(context, project)) return;
	const number = await numberOnceCounted(context, project, there);
	if (number === undefined) return;
	if (number > there) throw othersThere(context, shoot, project, photos, number);
	if (number < there && !areAll) throw notCounted(context, shoot, project, photos, number);
}

/** How long Imagen may take to count the photos that have just arrived. */
const COUNTED_AFTER_MS = 60_000;

/** How many photos Imagen counts in a project, when those that have just arrived are among them or the time is over; undefined where it does not say. */
async function numberOnceCounted(
	context: IExecuteFunctions,
	project: ProjectRef,
	arrived: number,
): Promise<number | undefined> {
	const deadline = Date.now() + COUNTED_AFTER_MS;
	for (let poll = 1; ; poll++) {
		const number = (await findDescription(context, project))?.number_of_images;
		const left = deadline - Date.now();
		if (number === undefined || number >= arrived || left <= 0) return number;
		await pause(Math.min(pollIntervalMs(poll), left), cancelSignalOf(context));
	}
}

function othersThere(
	context: IExecuteFunctions,
	{ itemIndexes }: CheckedShoot,
	project: ProjectRef,
	photos: Photo[],
	number: number,
) {
	return new ImagenOperationError(
		context,
		`Project ${projectLabel(project)} has ${counted(number)} photos, but the shoot has ${counted(photos.length)}`,
		`Set 'If Name Exists' to Add Timestamp for a separate project, or start the edit of project ${projectLabel(project)} with Start edit. No edit was started: you would be billed for all ${counted(number)} photos.`,
		itemIndexes[0],
	);
}

function notCounted(
	context: IExecuteFunctions,
	{ itemIndexes }: CheckedShoot,
	project: ProjectRef,
	photos: Photo[],
	number: number,
) {
	return new ImagenOperationError(
		context,
		`Imagen counts ${counted(number)} photos in project ${projectLabel(project)}, but ${counted(photos.length)} were uploaded`,
		"Run the workflow again in a few minutes. No edit was started: someone else's photos may be in the project, and you would be billed for them.",
		itemIndexes[0],
	);
}
