import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { getJobState } from '../../api/jobs';
import type { EditingFlow } from '../../api/projectRef';
import { findProject } from '../../api/projects';
import { settle } from '../../api/settle';
import { isStarted, type Status } from '../../api/status';
import { statusCodeOf } from '../../errors/imagenErrors';
import { contentProblem, HEAD_BYTES } from '../../transfer/content';
import { headOf, type Photo } from '../../transfer/sources';
import { editRequestOf } from '../edit/editParameters';
import { fewPhotosWarning } from '../shared/hints';
import { photoJson, skippedJson, totalBytes } from '../shared/inputPhotos';
import { linkTo } from '../shared/items';
import type { CheckedShoot } from './shoots';

/** What a shoot would do, as far as it can be known by reading. Asks the API, but changes nothing. */
export async function dryRunItem(
	context: IExecuteFunctions,
	shoot: CheckedShoot,
): Promise<INodeExecutionData> {
	const { name, photos, imageType, itemIndexes } = shoot;
	const existing = name ? await existingProject(context, name, shoot.editingFlow) : undefined;
	const fewPhotos = fewPhotosWarning(shoot.editingFlow, photos.length);
	const warning = [...(fewPhotos ? [fewPhotos] : []), ...shoot.hints].join(' ');
	const failed = await failedPhotos(context, photos);
	const json: IDataObject = {
		dry_run: true,
		project_name: name || null,
		...outlook(shoot, existing, failed.length),
		image_type: imageType,
		number_of_photos: photos.length,
		bytes: totalBytes(photos),
		...profileJson(shoot),
		...(warning && { warning }),
		edit: editRequestOf(context, itemIndexes[0], shoot.editingFlow, shoot.profileParameter),
		photos: photos.map((photo) => ({ ...photoJson(photo), item: photo.itemIndex })),
		...(failed.length > 0 && { photos_failed: failed }),
		...skippedJson(shoot.skipped),
	};
	return { json, pairedItem: linkTo(itemIndexes) };
}

/** The photos that would not be uploaded for what they hold. */
async function failedPhotos(context: IExecuteFunctions, photos: Photo[]): Promise<IDataObject[]> {
	const failed: IDataObject[] = [];
	for (const photo of photos) {
		const head = await headOf(context, photo, HEAD_BYTES);
		const reason = contentProblem(photo.fileName, head, photo.bytes);
		if (reason) failed.push({ file_name: photo.fileName, reason });
	}
	return failed;
}

function profileJson({ profile }: CheckedShoot): IDataObject {
	return profile ? { profile_key: profile.profile_key, profile_name: profile.profile_name } : {};
}

/** A project that the account has already, with the state of its edit. */
interface ExistingProject {
	uuid: string;
	status: Status;
}

async function existingProject(
	context: IExecuteFunctions,
	name: string,
	editingFlow: EditingFlow,
): Promise<ExistingProject | undefined> {
	const search = await settle(async () => await findProject(context, editingFlow, name));
	if (search.status === 'fulfilled') {
		const { status } = await getJobState(context, 'edit', search.value);
		return { uuid: search.value.uuid, status };
	}
	if (statusCodeOf(search.reason) === 404) return undefined;
	throw search.reason;
}

/** What would become of the project, and of the bill: each photo of an edit that is sent, each frame of a merge among them. */
function outlook(
	{ photos, options }: CheckedShoot,
	existing: ExistingProject | undefined,
	failed: number,
): IDataObject {
	const { ifNameExists = 'fail', ifAlreadySent = 'skip', editWithoutFailed = false } = options;
	const sendsNothing = { edits_billed: 0, photos_billed: 0 };
	const isStopped = failed === photos.length || (failed > 0 && !editWithoutFailed);
	const sends = isStopped ? sendsNothing : { edits_billed: 1, photos_billed: photos.length - failed };
	if (!existing) return { project: 'is created', ...sends };
	if (ifNameExists === 'addTimestamp')
		return { project: 'is created, with a timestamp after its name', ...sends };

	const known = { project_uuid: existing.uuid, edit_status: existing.status };
	if (ifNameExists === 'fail')
		return { ...known, project: 'exists already: the node would fail', ...sendsNothing };
	if (!isStarted(existing.status) || ifAlreadySent === 'sendAgain')
		return { ...known, project: 'exists and is gone on with', ...sends };
	return {
		...known,
		project:
			ifAlreadySent === 'skip'
				? 'exists and is edited already: nothing is sent'
				: 'is edited already: the node would fail',
		...sendsNothing,
	};
}
