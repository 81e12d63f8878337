import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { orUndefined } from '../../api/settle';
import { ImagenOperationError } from '../../errors/imagenErrors';
import { transientRetryState } from '../../memory';
import { fileNameOf, readInputFile } from '../../transfer/inputFile';
import { linkedFile, type Seen } from '../../transfer/linkedFile';
import { photoTypeOf } from '../../transfer/plan';
import type { Photo } from '../../transfer/sources';
import { emptyField, requiredText, textOf } from './emptyField';
import { noFile } from './filesBefore';

/** Where the photos of the input lie. */
type PhotosFrom = 'inputFiles' | 'links';

/** The choice of where the photos of the input lie. */
export const photosFromField: INodeProperties = {
	displayName: 'Photos From',
	name: 'photosFrom',
	type: 'options',
	options: [
		{
			name: 'Input Files',
			value: 'inputFiles',
			description: 'The files in the input items',
		},
		{
			name: 'Links',
			value: 'links',
			description:
				"A link in each input item. The photo goes straight from there to Imagen and isn't stored in n8n.",
		},
	],
	default: 'inputFiles',
	description: 'Where to get the photos from',
};

const shownFor = (photosFrom: PhotosFrom, field: INodeProperties): INodeProperties => ({
	...field,
	displayOptions: { show: { photosFrom: [photosFrom] } },
});

const binaryField: INodeProperties = shownFor('inputFiles', {
	displayName: 'Input Binary Field',
	name: 'binaryPropertyName',
	type: 'string',
	default: 'data',
	required: true,
	placeholder: 'e.g. data',
	hint: 'The name of the input field with the photo (usually data)',
});

/** Where the photo of an item is in its files. */
export const inputBinaryField = (description: string): INodeProperties => ({ ...binaryField, description });

/** Where the photo of an item lies outside of n8n. */
export const linkField: INodeProperties = shownFor('links', {
	displayName: 'Link',
	name: 'link',
	type: 'string',
	default: '',
	required: true,
	placeholder: 'e.g. {{ $json.link }}',
	hint: 'An https link to the file itself, which works without signing in',
	description:
		"A temporary link to the photo of each item, such as OneDrive's @microsoft.graph.downloadUrl, a link from Dropbox's get_temporary_link or a presigned S3 link",
});

const linkedNameField: INodeProperties = shownFor('links', {
	displayName: 'File Name',
	name: 'fileName',
	type: 'string',
	default: '={{ $json.name }}',
	required: true,
	placeholder: 'e.g. IMG_0042.NEF',
	description: 'The name of the photo in each item, with its extension. Folders before the name are dropped.',
});

/** The fields that say where the photos of an upload are. */
export const photosFromFields: INodeProperties[] = [
	photosFromField,
	inputBinaryField(
		'Which binary fields of the input items contain the photos. Separate several names with commas, or enter * for all fields of each item.',
	),
	linkField,
	linkedNameField,
];

/** The photos that an item brings; of those behind links only the names are known. @throws NodeOperationError where it lacks one */
export async function photosOfItem(context: IExecuteFunctions, itemIndex: number): Promise<Photo[]> {
	if (isFromLinks(context, itemIndex)) {
		const text = requiredText(context, linkedNameField, itemIndex, ENTER_NAME);
		const fileName = nameIn(text);
		if (fileName === '') throw namesNoFile(context, itemIndex);
		// By a name with the time, a photo that has arrived would be another one on the next try.
		const ofTries = transientRetryState<{ fileName: string }>(context, 'fileName', itemIndex);
		return [linkedPhoto(context, itemIndex, (ofTries.fileName ??= fileName))];
	}
	const photos: Photo[] = [];
	for (const field of binaryFields(context, itemIndex)) {
		photos.push(await inputPhoto(context, itemIndex, field));
	}
	return photos;
}

/** Whether the photo of an item lies behind a link. */
export const isFromLinks = (context: IExecuteFunctions, itemIndex: number) =>
	context.getNodeParameter('photosFrom', itemIndex, 'inputFiles') === 'links';

/** The photo in a binary field of an item. @throws NodeOperationError where there is none */
export async function inputPhoto(
	context: IExecuteFunctions,
	itemIndex: number,
	field = requiredText(context, binaryField, itemIndex, ENTER_FIELD),
): Promise<Photo> {
	return await readInputFile(context, itemIndex, field, () => noFile(context, itemIndex, field));
}

/** The photo behind the link of an item, which has not been looked at. @throws NodeOperationError where there is no link */
export function linkedPhoto(context: IExecuteFunctions, itemIndex: number, fileName: string): Photo {
	const url = textOf(context, linkField, itemIndex);
	// Lists of files hold folders, too, which have no link, and are left out for their names.
	if (url === '' && photoTypeOf(fileName)) throw noLink(context, itemIndex, fileName);
	const seen = transientRetryState<Seen>(context, 'link', itemIndex, fileName, url);
	return linkedFile(context, { itemIndex, url, fileName }, seen);
}

/** The name of a photo, also where a whole link is given for it: what follows a name there may be a signature. */
function nameIn(text: string): string {
	if (/^https?:/i.test(text) && URL.canParse(text)) {
		const { pathname } = new URL(text);
		return fileNameOf(orUndefined(() => decodeURIComponent(pathname)) ?? pathname);
	}
	const name = fileNameOf(text);
	return photoTypeOf(name) ? name : name.split('?')[0];
}

function binaryFields(context: IExecuteFunctions, itemIndex: number): string[] {
	const names = requiredText(context, binaryField, itemIndex, ENTER_FIELDS);
	if (names === '*') {
		const all = Object.keys(context.getInputData()[itemIndex].binary ?? {});
		if (all.length > 0) return all;
		throw noFile(context, itemIndex);
	}
	const fields = names
		.split(',')
		.map((name) => name.trim())
		.filter(Boolean);
	if (fields.length > 0) return [...new Set(fields)];
	throw emptyField(context, binaryField, itemIndex, ENTER_FIELDS);
}

const ENTER_FIELD = 'Enter the name of the input field with the photo (usually data).';

const ENTER_FIELDS =
	'Enter the name of the input field with the photo (usually data), or * for all fields of each item.';

const ENTER_NAME = `Enter an expression that returns the photo's name with its extension, such as {{ $json.name }}, or {{ $("List Photos").item.json.name }} for a node further back. If the items have files instead of links, set 'Photos From' to Input Files.`;

const ENTER_LINK =
	'Enter an expression that returns the link of each item, such as {{ $json.link }}, or {{ $("List Photos").item.json.link }} for a node further back.';

/** The text itself may be a link, and so a secret. */
const namesNoFile = (context: IExecuteFunctions, itemIndex: number) =>
	new ImagenOperationError(context, "'File Name' contains no file name", ENTER_NAME, itemIndex);

const noLink = (context: IExecuteFunctions, itemIndex: number, fileName: string) =>
	emptyField(context, linkField, itemIndex, ENTER_LINK, { fileName });
