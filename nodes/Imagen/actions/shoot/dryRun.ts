import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { getJobState } from '../../api/jobs';
import { findProject } from '../../api/projects';
import { settle } from '../../api/settle';
import type { Status } from '../../api/status';
import { statusCodeOf } from '../../errors/imagenErrors';
import { earlierStart, type Started } from '../../jobs/start';
import { contentProblem, HEAD_BYTES } from '../../transfer/content';
import { headOf, type Photo } from '../../transfer/sources';
import { editRequestOf } from '../edit/editParameters';
import { fewPhotosWarning } from '../shared/hints';
import { photoJson, skippedJson, totalBytes, type PhotoFinding } from '../shared/inputPhotos';
import { linkTo } from '../shared/items';
import { startRequest } from './begin';
import type { CheckedShoot } from './shoots';

/** What a shoot would do, as far as it can be known by reading. Asks the API, but changes nothing. */
export async function dryRunItem(
	context: IExecuteFunctions,
	shoot: CheckedShoot,
): Promise<INodeExecutionData> {
	const { name, photos, imageType, itemIndexes } = shoot;
	const existing = name ? await existingProject(context, shoot) : undefined;
	const fewPhotos = fewPhotosWarning(shoot.editingFlow, photos.length);
	const warning = [...(fewPhotos ? [fewPhotos] : []), ...shoot.hints].join(' ');
	const failed = await failedPhotos(photos);
	const allFailed = [...shoot.leftOut.map(leftOutJson), ...failed];
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
		...(allFailed.length > 0 && { photos_failed: allFailed }),
		...skippedJson(shoot.skipped),
	};
	return { json, pairedItem: linkTo(itemIndexes) };
}

const leftOutJson = ({ error, places: [{ itemIndex, fileName }] }: PhotoFinding): IDataObject => ({
	...(fileName && { file_name: fileName }),
	item: itemIndex,
	reason: error.message,
});

/** The photos that would not be uploaded for what they hold. */
async function failedPhotos(photos: Photo[]): Promise<IDataObject[]> {
	const failed: IDataObject[] = [];
	for (const photo of photos) {
		const head = await headOf(photo, HEAD_BYTES);
		const reason = contentProblem(photo.fileName, head, photo.bytes);
		if (reason) failed.push({ file_name: photo.fileName, reason });
	}
	return failed;
}

function profileJson({ profile }: CheckedShoot): IDataObject {
	return profile ? { profile_key: profile.profile_key, profile_name: profile.profile_name } : {};
}

/** A project that the account has already, with what would become of its edit. */
interface ExistingProject {
	uuid: string;
	status: Status;
	/** The edit that the shoot would continue with, none where it would send one; or why it would fail. Known where the project would be used. */
	earlier?: PromiseSettledResult<Started | undefined>;
}

async function existingProject(
	context: IExecuteFunctions,
	shoot: CheckedShoot,
): Promise<ExistingProject | undefined> {
	const { name, editingFlow } = shoot;
	const search = await settle(async () => await findProject(context, editingFlow, name));
	if (search.status === 'fulfilled') {
		const project = search.value;
		const state = await getJobState(context, 'edit', project);
		const { status } = state;
		const { uuid } = project;
		if (shoot.options.ifNameExists !== 'useExisting') return { uuid, status };
		const request = startRequest(context, shoot, project);
		return { uuid, status, earlier: await settle(async () => await earlierStart(context, request, state)) };
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
	const { ifNameExists, editWithoutFailed = false } = options;
	const sendsNothing = { edits_billed: 0, photos_billed: 0 };
	const isStopped = failed === photos.length || (failed > 0 && !editWithoutFailed);
	const sends = isStopped ? sendsNothing : { edits_billed: 1, photos_billed: photos.length - failed };
	if (!existing) return { project: 'will be created', ...sends };
	if (ifNameExists === 'addTimestamp')
		return { project: 'will be created, with date and time after its name', ...sends };

	const { uuid, status, earlier } = existing;
	const known = { project_uuid: uuid, edit_status: status };
	if (!earlier) return { ...known, project: 'already exists, so Edit Photos would fail', ...sendsNothing };
	if (earlier.status === 'rejected')
		return {
			...known,
			project: `already exists, and Edit Photos would fail: ${(earlier.reason as Error).message}`,
			...sendsNothing,
		};
	if (!earlier.value) return { ...known, project: 'already exists and will be used', ...sends };
	return {
		...known,
		project: 'already exists and its edit was started before: nothing will be sent or billed',
		...sendsNothing,
	};
}
