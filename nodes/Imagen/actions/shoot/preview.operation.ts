import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { getJobState } from '../../api/jobs';
import { projectLabel, type ProjectRef } from '../../api/projectRef';
import { findProject } from '../../api/projects';
import { settle } from '../../api/settle';
import type { Status } from '../../api/status';
import type { JobState } from '../../api/types';
import { statusCodeOf } from '../../errors/imagenErrors';
import { counted, quantity } from '../../errors/lists';
import { earlierStart, type Started } from '../../jobs/start';
import { contentProblem, HEAD_BYTES } from '../../transfer/content';
import { headOf, type Photo } from '../../transfer/sources';
import { editRequestOf } from '../edit/editParameters';
import { projectToContinue } from '../project/createOrGet';
import { fewPhotosWarning } from '../shared/hints';
import { photoJson, skippedJson, totalBytes, type PhotoFinding } from '../shared/inputPhotos';
import { countErrors, linkTo } from '../shared/items';
import type { Operation } from '../shared/operation';
import { showSummary } from '../shared/summary';
import { startRequest } from './begin';
import { requireRoom, withNamesThere } from './projectPhotos';
import { previewFields } from './shootFields';
import { eachShoot } from './shootItems';
import { checkedShoots, type CheckedShoot, type OpenShoot } from './shoots';
import { wantedOfAll, type WantedShoot } from './wanted';

/** Preview shoot */
export const previewOperation: Operation = {
	name: 'Preview',
	action: 'Preview shoot',
	description:
		'Check all photos and settings of a shoot, and list its projects, its photos and what Imagen would bill. Nothing is created, uploaded or billed.',
	fields: previewFields,
	execute,
};

/** One item for each shoot of the input, as Edit shoot would edit it. */
async function execute(this: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const begunAt = Date.now();
	const { shoots, rejected } = await checkedShoots(this);
	const { shoots: ready } = await wantedOfAll(this, shoots, rejected);
	const plans = await eachShoot(this, ready, rejected, async (shoot) => await planItem(this, shoot));
	const photos = shoots.flatMap((shoot) => shoot.photos).length;
	const billed = plans.reduce((sum, { json }) => sum + Number(json.photos_billed ?? 0), 0);
	showSummary(this, begunAt, {
		done: `Checked ${quantity(photos, 'photo')} of ${quantity(shoots.length, 'shoot')}`,
		skipped: shoots.flatMap(({ skipped }) => skipped).length,
		failed: countErrors(rejected),
		results: `Nothing was uploaded or billed. With Edit shoot, Imagen would bill you for ${quantity(billed, 'photo')}`,
	});
	return [...plans, ...rejected];
}

/** What a shoot would do, as far as it can be known by reading. Asks the API, but changes nothing. */
async function planItem(
	context: IExecuteFunctions,
	{ shoot, wanted }: WantedShoot,
): Promise<INodeExecutionData> {
	const { name, photos, imageType, itemIndexes } = shoot;
	const existing = name ? await existingProject(context, shoot) : undefined;
	const fewPhotos = fewPhotosWarning(shoot.editingFlow, photos.length);
	const failed = await failedPhotos(photos);
	const warning = [
		...stopsAt(failed.length, shoot),
		...(existing ? unknownPhotos(existing) : []),
		...(fewPhotos ? [fewPhotos] : []),
		...shoot.hints,
	].join(' ');
	const allFailed = [...shoot.leftOut.map(leftOutJson), ...failed];
	const forecast = forecastOf(shoot, existing, failed.length);
	const json: IDataObject = {
		project_name: name || null,
		...forecast,
		...estimate(shoot, forecast.photos_billed),
		image_type: imageType,
		number_of_photos: photos.length,
		bytes: totalBytes(photos),
		...profileJson(shoot),
		results: wanted,
		...(warning && { warning }),
		edit: editRequestOf(context, shoot.parameterItems, shoot.editingFlow, shoot.profileParameter),
		photos: photos.map((photo) => ({ ...photoJson(photo), item: photo.itemIndex })),
		...(allFailed.length > 0 && { photos_failed: allFailed }),
		...skippedJson(shoot.skipped),
	};
	return { json, pairedItem: linkTo(itemIndexes) };
}

/** Why a shoot with such photos would stop before its edit. */
function stopsAt(failed: number, { photos, options: { editWithoutFailed = false } }: CheckedShoot): string[] {
	if (failed === 0 || (editWithoutFailed && failed < photos.length)) return [];
	return [
		`${counted(failed)} of ${quantity(photos.length, 'photo')} can't be uploaded, so Edit shoot would stop before the edit. 'Edit Without Failed Photos' edits the others.`,
	];
}

/** What the photos cost, in whole cents; nothing where no price is given. */
function estimate({ options: { pricePerPhoto } }: CheckedShoot, photosBilled: number): IDataObject {
	return pricePerPhoto === undefined
		? {}
		: { estimated_cost: Math.round(pricePerPhoto * photosBilled * 100) / 100 };
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

/** A project that the account has already. */
interface ExistingProject {
	project: ProjectRef;
	status: Status;
	/** What Edit shoot would do with it, or why it would fail; unset where the project would not be used. */
	use?: PromiseSettledResult<ProjectUse>;
}

/** What Edit shoot would find in a project. */
interface ProjectUse {
	/** The edit that it would continue with; none where it would send one. */
	earlier?: Started;
	/** How many photos are there that n8n does not know. */
	unknown: number;
}

async function existingProject(
	context: IExecuteFunctions,
	shoot: CheckedShoot,
): Promise<ExistingProject | undefined> {
	const { name, editingFlow, ifNameExists } = shoot;
	const search = await settle(async () => await findProject(context, editingFlow, name));
	if (search.status === 'fulfilled') {
		const project = { ...search.value, name };
		const state = await getJobState(context, 'edit', project);
		const { status } = state;
		const isUsed =
			ifNameExists === 'useExisting' ||
			(await projectToContinue(context, editingFlow, name))?.uuid === project.uuid;
		if (!isUsed) return { project, status };
		return {
			project,
			status,
			use: await settle(async () => await useOf(context, { shoot, project }, state)),
		};
	}
	if (statusCodeOf(search.reason) === 404) return undefined;
	throw search.reason;
}

/** @throws what Edit shoot would throw before it uploads anything */
async function useOf(context: IExecuteFunctions, opened: OpenShoot, state: JobState): Promise<ProjectUse> {
	const named = await withNamesThere(context, opened);
	const request = startRequest(context, named.shoot, named.project);
	const earlier = await earlierStart(context, request, state);
	return earlier ? { earlier, unknown: 0 } : { unknown: await requireRoom(context, named) };
}

/** Of photos that n8n does not know nobody can say beforehand whether they are of the shoot. */
function unknownPhotos({ project, use }: ExistingProject): string[] {
	if (use?.status !== 'fulfilled' || use.value.unknown === 0) return [];
	const label = projectLabel(project);
	return [
		`Project ${label} already has ${quantity(use.value.unknown, 'photo')}. If they are not of this shoot, Edit shoot will stop before the edit.`,
	];
}

/** What would become of the project and, photo by photo, of the bill. */
interface Forecast extends IDataObject {
	project: string;
	edits_billed: number;
	/** Each photo of an edit that would be started, each frame of a merge among them. */
	photos_billed: number;
}

function forecastOf(
	{ photos, ifNameExists, options: { editWithoutFailed = false } }: CheckedShoot,
	existing: ExistingProject | undefined,
	failed: number,
): Forecast {
	const sendsNothing = { edits_billed: 0, photos_billed: 0 };
	const isStopped = failed === photos.length || (failed > 0 && !editWithoutFailed);
	const sends = isStopped ? sendsNothing : { edits_billed: 1, photos_billed: photos.length - failed };
	if (!existing) return { project: 'will be created', ...sends };
	const { project, status, use } = existing;
	if (!use && ifNameExists === 'addTimestamp')
		return { project: 'will be created, with date and time after its name', ...sends };

	const known = { project_uuid: project.uuid, edit_status: status };
	if (!use) return { ...known, project: 'already exists, so Edit shoot would fail', ...sendsNothing };
	if (use.status === 'rejected')
		return {
			...known,
			project: `already exists, and Edit shoot would fail: ${(use.reason as Error).message}`,
			...sendsNothing,
		};
	if (!use.value.earlier) return { ...known, project: 'already exists and will be used', ...sends };
	return {
		...known,
		project: 'already exists and its edit was started before: nothing will be sent or billed',
		...sendsNothing,
	};
}
