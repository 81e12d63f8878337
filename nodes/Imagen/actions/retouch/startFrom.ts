import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import type { ProjectRef } from '../../api/projectRef';
import type { RetouchRequest, VersionId } from '../../api/retouch';
import { ImagenOperationError } from '../../errors/imagenErrors';
import { resultNameIn } from '../../matching/origins';
import { executionRecords } from '../../memory';
import type { FinishedPhoto } from '../jobOperations/finishedPhotos';
import { emptyField, isEmptyText } from '../shared/emptyField';

const versionIdField: INodeProperties = {
	displayName: 'Version ID',
	name: 'versionId',
	type: 'string',
	default: '={{ $json.version_id }}',
	displayOptions: { show: { startFrom: ['version'] } },
	description:
		'The version_id that an earlier Retouch node returned for this photo. Without this option, the version_id in the item.',
};

/** Which version of a photo to build on. */
export const startFromOptions: INodeProperties[] = [
	{
		displayName: 'Start From',
		name: 'startFrom',
		type: 'options',
		options: [
			{
				name: 'Latest Version',
				value: 'latest',
				description: 'The latest version that this execution made, otherwise the one in the item',
			},
			{ name: 'Original', value: 'original', description: 'The photo before any retouching' },
			{ name: 'Version', value: 'version', description: 'The version with the ID that you enter' },
		],
		default: 'latest',
		description: 'Which version of the photo to build on',
	},
	versionIdField,
];

/** The version that an item builds on; null is the original. @param what the item asks for */
export function parentOf(
	context: IExecuteFunctions,
	photo: FinishedPhoto,
	itemIndex: number,
	what: RetouchRequest,
): VersionId {
	switch (startOf(context, itemIndex)) {
		case 'original':
			return null;
		case 'version':
			return versionIdOf(context, itemIndex);
		default:
			return idOf(
				context,
				photo,
				latestVersion(context, photo) ?? versionInItem(context, photo, itemIndex),
				what,
			);
	}
}

/** @throws NodeOperationError when an item is to start from a version and names none */
export function requireStart(context: IExecuteFunctions, itemIndex: number): void {
	if (startOf(context, itemIndex) === 'version') versionIdOf(context, itemIndex);
}

const startOf = (context: IExecuteFunctions, itemIndex: number) =>
	context.getNodeParameter('options.startFrom', itemIndex, 'latest');

function versionIdOf(context: IExecuteFunctions, itemIndex: number): VersionId {
	const { version_id = null } = context.getInputData()[itemIndex].json;
	const value = context.getNodeParameter('options.versionId', itemIndex, version_id) as VersionId;
	const versionId = typeof value === 'string' ? value.trim() : value;
	const isEmpty =
		versionId === null ||
		versionId === undefined ||
		(typeof versionId === 'string' && isEmptyText(versionId));
	if (isEmpty) throw emptyField(context, versionIdField, itemIndex, ENTER_VERSION, { collection: 'options' });
	return versionId;
}

const ENTER_VERSION =
	"Enter the version_id that an earlier Retouch node returned, or set 'Start From' to Latest Version or Original.";

/** @throws NodeOperationError where the version has no ID: to build on the original instead would drop what was done before */
function idOf(
	context: IExecuteFunctions,
	{ fileName }: FinishedPhoto,
	{ id, isNameless }: Latest,
	what: RetouchRequest,
): VersionId {
	if (!isNameless) return id;
	throw new ImagenOperationError(
		context,
		`Imagen AI returned no ID for the latest version of '${fileName}', so no change can build on it`,
		`${'instruction' in what ? 'Put all changes into one instruction, or add' : 'Add'} the option 'Start From' and set it to Original, or to Version with the ID of an earlier one. Nothing was changed.`,
	);
}

function versionInItem(context: IExecuteFunctions, { fileName }: FinishedPhoto, itemIndex: number): Latest {
	const { json } = context.getInputData()[itemIndex];
	const { version_id = null, parent_version_id } = json;
	if (resultNameIn(json) !== fileName) return { id: null };
	// The items of versions have a parent, those of a reset have none.
	return { id: version_id, isNameless: version_id === null && parent_version_id !== undefined };
}

/** A version that is known to be the latest; the original, whose ID is null, may be it. */
interface Latest {
	id: VersionId;
	/** Whether it is a version to which the API gave no ID. */
	isNameless?: boolean;
}

/** Remembers what this execution made last of a photo, for all of its nodes. */
export function rememberLatest(context: IExecuteFunctions, photo: FinishedPhoto, latest: Latest): void {
	executionRecords<Latest>(context)[photoKey(photo)] = latest;
}

function latestVersion(context: IExecuteFunctions, photo: FinishedPhoto): Latest | undefined {
	return executionRecords<Latest>(context)[photoKey(photo)];
}

/** Whether this execution has retouched a photo, and not reset it since. */
export function isRetouched(context: IExecuteFunctions, project: ProjectRef, fileName: string): boolean {
	const latest = latestVersion(context, { ...project, fileName, itemIndexes: [], itemPhotos: [] });
	return latest !== undefined && (latest.id !== null || latest.isNameless === true);
}

/** Names a photo in the execution's memory. */
export const photoKey = ({ editingFlow, uuid, fileName }: FinishedPhoto) =>
	`imagen:version:${editingFlow}:${uuid}:${fileName}`;
