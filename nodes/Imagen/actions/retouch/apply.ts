import type { IDataObject, IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { retouch, type RetouchRequest, type RetouchVersion, type VersionId } from '../../api/retouch';
import { ImagenOperationError } from '../../errors/imagenErrors';
import { photoKey, rememberVersion } from '../../jobs/ledger';
import { serialize, transientRetryState } from '../../memory';
import { downloadFiles } from '../../transfer/download';
import {
	NOT_FOR_AGENTS,
	optionsField,
	outputFileOption,
	projectField,
	editingFlowOption,
} from '../shared/fields';
import { showHint } from '../shared/hints';
import { isTool } from '../shared/isTool';
import { workOnPhotos, type Step } from '../jobOperations/chains';
import {
	NAME_OR_ALL,
	photosFields,
	photosOfInput,
	type FinishedPhoto,
} from '../jobOperations/finishedPhotos';
import { parentOf, requireStart, startFromOptions } from './startFrom';

type Output = 'file' | 'link' | 'version';

const outputOptions: INodeProperties[] = [
	{
		displayName: 'Output',
		name: 'versionOutput',
		type: 'options',
		options: [
			{
				name: 'Download Link',
				value: 'link',
				description:
					'The version, with a temporary link to the photo. It may be smaller than the original. Finalize retouched photos returns the full size.',
			},
			{
				name: 'File',
				value: 'file',
				description:
					'The version, with the photo in a binary field. It may be smaller than the original. Finalize retouched photos returns the full size. An AI agent gets the version only.',
			},
			{ name: 'Version', value: 'version', description: 'The ID of the version, to build on' },
		],
		default: 'version',
		description: 'What to return for each photo',
	},
	{ ...outputFileOption, displayOptions: { show: { ...NOT_FOR_AGENTS.show, versionOutput: ['file'] } } },
];

/** The fields of an operation that makes versions of photos. */
export const applyFields = (what: INodeProperties): INodeProperties[] => [
	projectField,
	...photosFields,
	what,
	optionsField(editingFlowOption, ...startFromOptions, ...outputOptions),
];

/**
 * Makes a version of each photo for each item that names it. Items that name the same photo build on each other.
 *
 * @param requestOf what an item asks for; throws NodeOperationError when that cannot be asked for
 */
export async function apply(
	context: IExecuteFunctions,
	requestOf: (itemIndex: number) => RetouchRequest,
): Promise<INodeExecutionData[]> {
	const check = (itemIndex: number) => {
		requestOf(itemIndex);
		requireStart(context, itemIndex);
	};
	const input = await photosOfInput(context, { check, requestOf, ifNameless: NAME_OR_ALL });
	return await workOnPhotos(context, 'retouch', input, async (step) => {
		const what = requestOf(step.itemIndex);
		const { version, parent } = await makeVersion(context, step, what);
		step.json = {
			...step.json,
			version_id: version.id,
			parent_version_id: parent,
			status: 'Completed',
			...what,
		};
		return await toItem(context, step, version);
	});
}

/** What the retries of a run know of a step. */
interface RetryState {
	/** Kept from the first try on, so that a retry after a lost answer starts from the same version. */
	parent: { id: VersionId };
	version: RetouchVersion;
}

async function makeVersion(context: IExecuteFunctions, { photo, itemIndex }: Step, what: RetouchRequest) {
	const { editingFlow, uuid, fileName } = photo;
	const retryState = transientRetryState<RetryState>(
		context,
		'version',
		editingFlow,
		uuid,
		fileName,
		itemIndex,
	);
	return await serialize(context, photoKey(photo), async () => {
		const parent = (retryState.parent ??= { id: parentOf(context, photo, itemIndex, what) }).id;
		const version = (retryState.version ??= await retouch(context, photo, fileName, what, parent));
		const isNameless = version.id === null;
		rememberVersion(context, photo, { id: version.id, isNameless });
		if (isNameless) showHint(context, namelessHint(photo));
		return { version, parent };
	});
}

const namelessHint = ({ fileName }: FinishedPhoto) =>
	`Imagen AI returned no ID for the new version of '${fileName}'. The version exists and Finalize retouched photos includes it, but no later step can build on it.`;

async function toItem(
	context: IExecuteFunctions,
	{ photo: { fileName }, itemIndex, json, pairedItem }: Step,
	version: RetouchVersion,
): Promise<INodeExecutionData> {
	switch (outputOf(context, itemIndex)) {
		case 'version':
			return { json, pairedItem };
		case 'link':
			return { json: { ...json, download_link: linkOf(context, fileName, version) }, pairedItem };
		case 'file': {
			const field = context.getNodeParameter('options.outputBinaryField', itemIndex, 'data') as string;
			const { binary, bytes } = await fetchFile(context, fileName, linkOf(context, fileName, version));
			return { json: { ...json, bytes } as IDataObject, binary: { [field]: binary }, pairedItem };
		}
	}
}

function outputOf(context: IExecuteFunctions, itemIndex: number): Output {
	const output = context.getNodeParameter('options.versionOutput', itemIndex, 'version') as Output;
	return output === 'file' && isTool(context) ? 'version' : output;
}

function linkOf(context: IExecuteFunctions, fileName: string, { link }: RetouchVersion): string {
	if (link) return link;
	throw new ImagenOperationError(
		context,
		`Imagen AI returned no link to the new version of '${fileName}'`,
		"Get the file with Finalize retouched photos. The version exists and doesn't need to be made again.",
	);
}

async function fetchFile(context: IExecuteFunctions, fileName: string, link: string) {
	const links = [{ file_name: fileName, link }];
	// The API gives a version's link once, with the version.
	const fetchLinks = async () => links;
	const [outcome] = await downloadFiles(context, links, { fetchLinks, parallelDownloads: 1 });
	if ('error' in outcome) throw outcome.error;
	return outcome;
}
