import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { getReplaceLink } from '../../api/links';
import { projectJson, projectLabel } from '../../api/projectRef';
import { cancelSignalOf } from '../../api/request';
import { withRetry } from '../../api/retry';
import { ImagenOperationError } from '../../errors/imagenErrors';
import { counted } from '../../errors/lists';
import { rememberVersion } from '../../jobs/ledger';
import { transientRetryState } from '../../memory';
import { HEAD_BYTES, isJpeg } from '../../transfer/content';
import { nameKey } from '../../transfer/fileNames';
import { presignedLinks } from '../../transfer/presignedLinks';
import { putPhoto } from '../../transfer/put';
import { headOf, type Photo } from '../../transfer/sources';
import { workOnPhotos } from '../jobOperations/chains';
import {
	finishedNameField,
	finishedNameOf,
	photosOfInput,
	type FinishedPhoto,
	type InputPhotos,
} from '../jobOperations/finishedPhotos';
import { finishedResults } from '../jobOperations/finishedResults';
import { allFindings, findingOf, type FailedPart } from '../shared/aggregateError';
import { editingFlowOption, optionsField, projectField } from '../shared/fields';
import { errorItem, type ItemError } from '../shared/items';
import type { Operation } from '../shared/operation';
import {
	inputBinaryField,
	inputPhoto,
	isFromLinks,
	linkedPhoto,
	linkField,
	photosFromField,
} from '../shared/photosFrom';

const notice: INodeProperties = {
	displayName: "Replacing can't be undone. Download the current photo first if you may need it.",
	name: 'replaceNotice',
	type: 'notice',
	default: '',
};

/** Replace exported photo */
export const replacePhotoOperation: Operation = {
	name: 'Replace Photo',
	action: 'Replace exported photo',
	description:
		"Replace an exported JPEG, or a result of Smart Editing, with one that was retouched elsewhere. This can't be undone.",
	fields: [
		notice,
		projectField,
		finishedNameField,
		photosFromField,
		inputBinaryField('Which binary field of each item contains the replacement JPEG'),
		linkField,
		optionsField(editingFlowOption),
	],
	execute,
};

/** Replaces one finished photo for each item, once all are found to be right. */
async function execute(this: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const jpegs = new Map<number, Photo>();
	const input = await photosOfInput(this, {
		check: async (itemIndex) => {
			jpegs.set(itemIndex, await jpegOf(this, itemIndex));
		},
	});
	const checked = await checkedPhotos(this, input);
	return await workOnPhotos(this, 'replace', checked, async ({ photo, itemIndex, json, pairedItem }) => {
		const jpeg = jpegs.get(itemIndex) as Photo;
		await replace(this, photo, jpeg);
		const { bytes, fileName } = jpeg;
		return {
			json: { ...json, bytes, replaced_with: fileName, status: 'Completed' },
			pairedItem,
		};
	});
}

/** The JPEG of an item. @throws NodeOperationError when there is none, or what is there is empty or no JPEG */
async function jpegOf(context: IExecuteFunctions, itemIndex: number): Promise<Photo> {
	const isLink = isFromLinks(context, itemIndex);
	const photo = isLink
		? linkedPhoto(context, itemIndex, finishedNameOf(context, itemIndex))
		: await inputPhoto(context, itemIndex);
	const jpeg = { ...photo, bytes: (await photo.source.look?.()) ?? photo.bytes };
	if (isJpeg(await headOf(jpeg, HEAD_BYTES))) return jpeg;
	const name = jpeg.fileName || jpeg.field;
	throw new ImagenOperationError(
		context,
		`'${name}' ${jpeg.bytes === 0 ? 'is empty' : 'is not a JPEG'}`,
		`${isLink ? "Set 'Link' to a link to a JPEG." : "Put a JPEG in the field that 'Input Binary Field' names."} Nothing was replaced.`,
		itemIndex,
		name,
	);
}

/**
 * The photos that are there to be replaced, each by one item.
 *
 * @throws NodeOperationError that lists every other, unless the node continues on fail
 */
async function checkedPhotos(
	context: IExecuteFunctions,
	{ photos, failed }: InputPhotos,
): Promise<InputPhotos> {
	const right: FinishedPhoto[] = [];
	const wrong: Array<FailedPart<ItemError> & { photo: FinishedPhoto; itemIndex: number }> = [];
	const names = new Map<string, Promise<Map<string, string>>>();
	for (const named of photos) {
		const known = names.get(named.uuid) ?? finishedNames(context, named);
		names.set(named.uuid, known);
		const photo = { ...named };
		const [first, ...others] = photo.itemIndexes;
		for (const itemIndex of others)
			wrong.push({ photo, ...namedTwice(context, photo, first, itemIndex), itemIndex });
		const finding = await findingOf(context, first, async () => {
			const finished = await known;
			const fileName = finished.get(photo.fileName) ?? finished.get(nameKey(photo.fileName));
			if (fileName === undefined) throw noSuchPhoto(context, photo);
			const earlier = right.find((other) => other.uuid === photo.uuid && other.fileName === fileName);
			photo.fileName = fileName;
			if (earlier) throw namedTwice(context, photo, earlier.itemIndexes[0], first).error;
		});
		if (finding) wrong.push({ photo, error: finding, itemIndex: first });
		else right.push({ ...photo, itemIndexes: [first] });
	}
	if (wrong.length > 0 && !context.continueOnFail()) {
		const message = `${counted(wrong.length)} photos can't be replaced`;
		throw allFindings(context, wrong, message, 'Nothing was replaced.');
	}
	const rejected = wrong.map(({ photo, error, itemIndex }) =>
		errorItem(context, error, itemIndex, { ...projectJson(photo), file_name: photo.fileName }),
	);
	return { photos: right, failed: [...failed, ...rejected] };
}

/** The names of the finished photos, by themselves and by what upper and lower case have in common. The list of results is waited for where it still fills. */
async function finishedNames(
	context: IExecuteFunctions,
	project: FinishedPhoto,
): Promise<Map<string, string>> {
	const { links } = await finishedResults(context, project);
	const names = links.map(({ file_name: fileName }) => fileName);
	// The very name comes first: what is replaced is lost.
	return new Map([
		...names.map((name) => [nameKey(name), name] as const),
		...names.map((name) => [name, name] as const),
	]);
}

function noSuchPhoto(context: IExecuteFunctions, project: FinishedPhoto) {
	const { editingFlow, fileName, itemIndexes } = project;
	return new ImagenOperationError(
		context,
		`The finished photos of project ${projectLabel(project)} don't include '${fileName}'`,
		`In 'File Name', enter the name exactly as Get download links for ${editingFlow === 'I2I' ? 'edited' : 'exported'} photos returns it, such as IMG_0042.jpg. Nothing was replaced.`,
		itemIndexes[0],
		fileName,
	);
}

function namedTwice(
	context: IExecuteFunctions,
	{ fileName }: FinishedPhoto,
	first: number,
	itemIndex: number,
) {
	const aside = `item ${first + 1}`;
	const error = new ImagenOperationError(
		context,
		`'${fileName}' is replaced by another item, ${aside}, as well`,
		"Set 'File Name' to a different photo for each item. Nothing was replaced.",
		itemIndex,
		fileName,
	);
	return { error, aside };
}

/** Uploads a JPEG in the place of a photo, once for all tries of Retry On Fail. */
async function replace(context: IExecuteFunctions, photo: FinishedPhoto, jpeg: Photo): Promise<void> {
	const { editingFlow, uuid, fileName } = photo;
	const retryState = transientRetryState<{ isDone: true }>(context, 'replaced', editingFlow, uuid, fileName);
	if (retryState.isDone) return;
	const fetchLinks = async () => [await getReplaceLink(context, photo, fileName)];
	const [link] = await fetchLinks();
	const purpose = `replace '${fileName}' in project ${projectLabel(photo)} with '${jpeg.fileName}'`;
	const put = async (url: string) =>
		await withRetry(async () => await putPhoto(context, url, jpeg, { purpose }), cancelSignalOf(context));
	await presignedLinks([link], fetchLinks).use(link, put);
	// The replacement is the new original: no version from before builds on it.
	rememberVersion(context, photo, { id: null });
	retryState.isDone = true;
}
