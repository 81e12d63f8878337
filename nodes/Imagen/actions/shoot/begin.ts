import type { IExecuteFunctions } from 'n8n-workflow';

import { startEdit } from '../../api/jobs';
import type { ProjectRef } from '../../api/projectRef';
import { numberOfPhotos } from '../../api/projects';
import { ImagenOperationError } from '../../errors/imagenErrors';
import { earlierStart, startOnce, type Started } from '../../jobs/start';
import { persistedRetryState } from '../../memory';
import { uploadPhotos } from '../../transfer/upload';
import { editRequestOf } from '../edit/editParameters';
import { urlToCall } from '../jobOperations/whenFinished';
import { createOrGetProject, type CreatedProject } from '../project/createOrGet';
import { warnIfFewPhotos } from '../shared/hints';
import {
	failedUploads,
	notAllUploaded,
	totalBytes,
	uploadOptions,
	type FailedUpload,
} from '../shared/inputPhotos';
import { reportProgress, reportUploadProgress } from './progress';
import type { CheckedShoot } from './shoots';

const HOW_TO_GO_ON =
	"To go on in this project, run the workflow again with its name in 'Project Name' and 'If Name Exists' set to Use Existing. 'Edit Without Failed Photos' leaves these out.";

/** A shoot that has its project. */
export interface OpenShoot {
	shoot: CheckedShoot;
	project: CreatedProject;
}

/** A shoot whose edit is started. */
export interface BegunShoot extends OpenShoot {
	edit: Started;
	/** Photos that did not arrive and are edited without. */
	failed: FailedUpload[];
}

/** Creates the project of a shoot, or finds it. @throws NodeOperationError when its name is taken; nothing is uploaded then */
export async function open(context: IExecuteFunctions, shoot: CheckedShoot): Promise<OpenShoot> {
	const { name, editingFlow, key, options, itemIndexes } = shoot;
	const { ifNameExists = 'fail' } = options;
	const request = { name, editingFlow, key, ifNameExists, itemIndex: itemIndexes[0] };
	return { shoot, project: await createOrGetProject(context, request) };
}

/**
 * Brings a shoot to Imagen: photos, edit. Whatever was done in an earlier try, or by an earlier execution in the
 * same project, is not done again.
 *
 * @throws NodeOperationError or ImagenApiError when it could not; the edit is then not started, or its error says what is
 *   known
 */
export async function begin(context: IExecuteFunctions, { shoot, project }: OpenShoot): Promise<BegunShoot> {
	const { key, options } = shoot;
	const { ifAlreadySent = 'skip' } = options;
	const retryState = persistedRetryState<{ uploaded: string[] }>(context, 'uploads', key);
	const uploaded = (retryState.uploaded ??= []);
	const mayBeSent = !project.created || uploaded.length > 0;
	const earlier = mayBeSent ? await earlierStart(context, 'edit', project, ifAlreadySent) : undefined;
	const failed = earlier ? [] : await upload(context, shoot, project, uploaded);
	const edit = earlier ?? (await start(context, shoot, project, shoot.photos.length - failed.length));
	reportProgress(context, shoot, project.uuid, `edit ${edit.state.status}`);
	return { shoot, project, edit, failed };
}

/** Starts the edit of so many photos that have arrived. The state is read again: uploading takes its time. */
async function start(
	context: IExecuteFunctions,
	shoot: CheckedShoot,
	project: CreatedProject,
	photos: number,
): Promise<Started> {
	if (!project.created) await checkNothingElseIsThere(context, shoot, project);
	warnIfFewPhotos(context, project, photos);
	const { ifAlreadySent = 'skip' } = shoot.options;
	return await startOnce(
		context,
		'edit',
		project,
		ifAlreadySent,
		async () => await send(context, shoot, project),
	);
}

/**
 * Uploads what has not arrived yet.
 *
 * @param uploaded names of the photos that have arrived; those that do are added
 * @returns the photos that failed, where the edit may start without them
 */
async function upload(
	context: IExecuteFunctions,
	shoot: CheckedShoot,
	project: ProjectRef,
	uploaded: string[],
): Promise<FailedUpload[]> {
	const { photos, options } = shoot;
	const missing = photos.filter(({ fileName }) => !uploaded.includes(fileName));
	if (missing.length === 0) return [];
	const progress = reportUploadProgress(context, shoot, project.uuid, photos.length - missing.length);
	const outcomes = await uploadPhotos(context, project, missing, {
		...uploadOptions(options),
		onUploaded: (photo) => {
			uploaded.push(photo.fileName);
			progress(photo);
		},
	});
	const failed = failedUploads(outcomes);
	const arrived = photos.length - failed.length;
	if (failed.length > 0 && (arrived === 0 || !options.editWithoutFailed))
		throw notAllUploaded(context, project.uuid, failed, photos.length, HOW_TO_GO_ON);
	return failed;
}

/** The edit bills all photos of the project, also those that someone else has put there. */
async function checkNothingElseIsThere(context: IExecuteFunctions, shoot: CheckedShoot, project: ProjectRef) {
	const { photos, itemIndexes } = shoot;
	const number = await numberOfPhotos(context, project);
	if (number === undefined || number <= photos.length) return;
	throw new ImagenOperationError(
		context,
		`The project '${shoot.name}' holds ${number} photos, but the shoot has ${photos.length}`,
		`No edit was started: it would be billed for all ${number}. Set 'If Name Exists' to Add Timestamp for a project of its own, or start the edit of project ${project.uuid} with Edit: Start.`,
		itemIndexes[0],
	);
}

async function send(context: IExecuteFunctions, shoot: CheckedShoot, project: ProjectRef) {
	const { itemIndexes, profileParameter, options } = shoot;
	const [itemIndex] = itemIndexes;
	const { callbackUrl } = options;
	reportProgress(
		context,
		shoot,
		project.uuid,
		`sending ${shoot.photos.length} photos (${totalBytes(shoot.photos)} bytes) to edit`,
	);
	return await startEdit(context, project, {
		...editRequestOf(context, itemIndex, project.editingFlow, profileParameter),
		...(callbackUrl && { callback_url: await urlToCall(context, callbackUrl, 'edit', project, itemIndex) }),
	});
}
