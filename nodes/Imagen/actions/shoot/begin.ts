import type { IExecuteFunctions } from 'n8n-workflow';

import { startEdit } from '../../api/jobs';
import { projectLabel, type ProjectRef } from '../../api/projectRef';
import { ImagenOperationError } from '../../errors/imagenErrors';
import { quantity } from '../../errors/lists';
import {
	hasKnownPhotos,
	isCreatedHere,
	photosOfEarlierTurns,
	uploadedNames,
	type UploadedPhoto,
} from '../../jobs/ledger';
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
import { requireNothingElse, requireRoom, withNamesThere, type NamedShoot } from './projectPhotos';
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
export async function begin(context: IExecuteFunctions, opened: OpenShoot): Promise<BegunShoot> {
	const named = await withNamesThere(context, opened);
	const { shoot, project } = named;
	const request = startRequest(context, shoot, project);
	const isNew = isCreatedHere(context, project) && !hasKnownPhotos(context, project);
	const earlier = isNew ? undefined : await earlierStart(context, request);
	const failed = earlier ? leftOut(context, shoot, project, earlier) : await upload(context, named);
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
	await requireNothingElse(context, shoot, project, photos);
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
async function upload(context: IExecuteFunctions, named: NamedShoot): Promise<FailedUpload[]> {
	const { shoot, project } = named;
	const { photos, options } = shoot;
	requireOwnProject(context, project);
	await requireRoom(context, named);
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
