import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { projectJson, type ProjectRef } from '../../api/projectRef';
import { ImagenOperationError } from '../../errors/imagenErrors';
import { counted } from '../../errors/lists';
import { sourcePhotos, type SourcePhoto } from '../../jobs/ledger';
import { photosBehind, resultNameIn } from '../../matching/origins';
import { requireWhole } from './resultFiles';
import { allFindings, findingOf } from '../shared/aggregateError';
import { requiredText } from '../shared/emptyField';
import {
	editingFlowOfItem,
	projectsOfInput,
	withHintAtName,
	type InputProject,
} from '../shared/inputProjects';
import { errorItem, type ItemError } from '../shared/items';
import { finishedJob, finishedResults, requireLatest } from './finishedResults';

/** A finished photo, with the input items that name it, in their order. */
export interface FinishedPhoto extends ProjectRef {
	fileName: string;
	itemIndexes: number[];
	/** As for the items of a project. */
	itemPhotos: InputProject['itemPhotos'] & object;
	/** The photo that it was made from, as far as that is known. */
	source?: SourcePhoto;
}

/** The photos of the input, each once, and the items that failed before any photo was touched. */
export interface InputPhotos {
	photos: FinishedPhoto[];
	failed: INodeExecutionData[];
}

/** The name of a finished photo. */
export const finishedNameField: INodeProperties = {
	displayName: 'File Name',
	name: 'fileName',
	type: 'string',
	default: '={{ $json.file_name }}',
	required: true,
	placeholder: 'e.g. IMG_0042.jpg',
	description: 'Name of the finished photo. By default, the file_name from the previous Imagen AI node.',
};

/** Which photos of the project to work on. */
export const photosFields: INodeProperties[] = [
	{
		displayName: 'Photos',
		name: 'photos',
		type: 'options',
		options: [
			{
				name: 'All Photos of Project',
				value: 'all',
				description: 'All photos of the export or, with Smart Editing, of the edit',
			},
			{ name: 'One Photo', value: 'one', description: "The photo named in 'File Name'" },
		],
		default: 'one',
		description: 'Which finished photos of the project to work with',
	},
	{ ...finishedNameField, displayOptions: { show: { photos: ['one'] } } },
];

const CONNECT_AFTER =
	'Connect this node after one that returns a file_name, such as Get download links for exported photos';

/** What to do about an item that names no photo, where the panel has `photosFields`. */
export const NAME_OR_ALL = `${CONNECT_AFTER}, or set 'Photos' to All Photos of Project.`;

/** How an operation reads the photos of its input. */
interface PhotoReading {
	/** Throws what is wrong with an item besides. */
	check?: (itemIndex: number) => Promise<void> | void;
	/** What an item asks for, besides its options: of items that ask the same for all photos of a project, only the first counts. */
	requestOf?: (itemIndex: number) => unknown;
	/** What to do about an item that names no photo. */
	ifNameless?: string;
}

/**
 * Finds which photos the input items name. Every item is checked before the API is asked for anything. An operation without the field
 * 'Photos' works on one photo for each item.
 *
 * @throws NodeOperationError that lists all findings, unless the node continues on fail
 */
export async function photosOfInput(
	context: IExecuteFunctions,
	{ check = () => {}, requestOf = () => '', ifNameless }: PhotoReading = {},
): Promise<InputPhotos> {
	const findings = await findingsByItem(context, async (itemIndex) => {
		if (!wantsAll(context, itemIndex)) requireFinishedFile(context, itemIndex, ifNameless);
		await check(itemIndex);
	});
	const input = await projectsOfInput(context);
	const failed = [...findings].map(([itemIndex, finding]) => errorItem(context, finding, itemIndex));
	failed.push(
		...input.failed.filter(({ pairedItem }) => !findings.has((pairedItem as { item: number }).item)),
	);

	const photos: FinishedPhoto[] = [];
	for (const { itemIndexes, itemPhotos = [], ...project } of input.projects) {
		const asked = new Set<string>();
		const byName = new Map<string, FinishedPhoto>();
		let all: FinishedPhotos | undefined;
		let latest: Promise<void> | undefined;
		for (const itemIndex of itemIndexes.filter((index) => !findings.has(index))) {
			try {
				const request = JSON.stringify([
					requestOf(itemIndex),
					context.getNodeParameter('options', itemIndex, {}),
				]);
				if (wantsAll(context, itemIndex) && asked.has(request)) continue;
				if (wantsAll(context, itemIndex)) asked.add(request);
				const isFirst = all === undefined;
				if (wantsAll(context, itemIndex)) all ??= await finishedPhotos(context, project);
				else latest ??= requireLatest(context, project);
				await latest;
				const fileNames = wantsAll(context, itemIndex)
					? (all?.fileNames ?? [])
					: [finishedNameOf(context, itemIndex)];
				if (isFirst && all)
					failed.push(
						...all.missing.map((error) => errorItem(context, error, itemIndex, projectJson(project))),
					);
				for (const fileName of fileNames) {
					const photo = byName.get(fileName) ?? { ...project, fileName, itemIndexes: [], itemPhotos: [] };
					photo.itemIndexes.push(itemIndex);
					photo.itemPhotos.push(itemPhotos[itemIndexes.indexOf(itemIndex)]);
					byName.set(fileName, photo);
				}
			} catch (error) {
				const hinted = withHintAtName(context, error, { ...project, itemIndexes });
				failed.push(errorItem(context, hinted, itemIndex, projectJson(project)));
			}
		}
		const sources = photosBehind(sourcePhotos(context, project, all?.areMerged), [...byName.keys()]);
		photos.push(...[...byName.values()].map((photo, index) => ({ ...photo, source: sources[index] })));
	}
	return { photos, failed };
}

async function findingsByItem(context: IExecuteFunctions, check: (itemIndex: number) => Promise<void>) {
	const findings = new Map<number, ItemError>();
	for (const itemIndex of context.getInputData().keys()) {
		const finding = await findingOf(context, itemIndex, async () => await check(itemIndex));
		if (finding) findings.set(itemIndex, finding);
	}
	if (findings.size === 0 || context.continueOnFail()) return findings;
	throw allFindings(
		context,
		[...findings.values()].map((error) => ({ error })),
		`${counted(findings.size)} items can't be processed`,
		'Nothing was changed.',
	);
}

const wantsAll = (context: IExecuteFunctions, itemIndex: number) =>
	context.getNodeParameter('photos', itemIndex, 'one') === 'all';

/** @throws NodeOperationError where an item names no photo, or the edited file of one: of an AI Profile project only exported ones are finished */
function requireFinishedFile(context: IExecuteFunctions, itemIndex: number, ifNameless?: string): void {
	const fileName = finishedNameOf(context, itemIndex, ifNameless);
	const { json } = context.getInputData()[itemIndex];
	const isEditedFile = json.result === 'edited' && resultNameIn(json) === fileName;
	if (!isEditedFile || editingFlowOfItem(context, itemIndex) === 'I2I') return;
	throw new ImagenOperationError(
		context,
		`'${fileName}' is the edited file, not the exported one`,
		"Set 'Results' of Edit shoot to Exported Photos, or filter by result = exported. Nothing was changed.",
		itemIndex,
		fileName,
	);
}

/**
 * Imagen's name of the photo that an item names: its own, where the photo was downloaded under another, else in the Unicode form that Imagen's
 * lists have.
 *
 * @throws NodeOperationError when it names none
 */
export const finishedNameOf = (
	context: IExecuteFunctions,
	itemIndex: number,
	ifNameless = `${CONNECT_AFTER}.`,
): string => {
	const name = requiredText(context, finishedNameField, itemIndex, ifNameless);
	const { json } = context.getInputData()[itemIndex];
	const isOfItem = json.file_name === name && json.imagen_file_name !== undefined;
	return isOfItem ? String(resultNameIn(json)) : name.normalize('NFC');
};

/** The photos of a project that can be retouched. */
interface FinishedPhotos {
	fileNames: string[];
	/** Whether brackets were merged into them. */
	areMerged: boolean;
	/** An error for each photo that has no result. */
	missing: Error[];
}

async function finishedPhotos(context: IExecuteFunctions, project: ProjectRef): Promise<FinishedPhotos> {
	const results = await finishedResults(context, project);
	const failures = requireWhole(context, finishedJob(project), project, results);
	const fileNames = [...new Set(results.links.map(({ file_name }) => file_name))];
	return { fileNames, areMerged: results.areMerged, missing: failures.map(({ error }) => error) };
}
