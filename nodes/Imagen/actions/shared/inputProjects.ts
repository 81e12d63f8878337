import type {
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	INodeParameterResourceLocator,
} from 'n8n-workflow';

import {
	projectJson,
	projectNameIn,
	editingFlowIn,
	type ProjectRef,
	type EditingFlow,
} from '../../api/projectRef';
import { findName, findProject } from '../../api/projects';
import { cancelSignalOf } from '../../api/request';
import { ImagenApiError, ImagenOperationError, statusCodeOf } from '../../errors/imagenErrors';
import { quotedName } from '../../errors/lists';
import { knownName, knownPhotos, rememberName } from '../../jobs/ledger';
import { settleInParallel } from '../../transfer/concurrency';
import { contentOf, emptyFieldMessage, isEmptyText, requireValues } from './emptyField';
import { FROM_INPUT, projectField } from './fields';
import { errorItem, groupItems, type ItemGroup } from './items';
import { requireFindable } from './projectNameParameter';
import { parameterItemsOf, sharedValue } from './sharedParameters';

/** One project of the input, with the items that name it. */
export interface InputProject extends ItemGroup, ProjectRef {
	/** Those of them whose parameters hold for the project. */
	parameterItems: number[];
}

/** The projects of the input in the order of their first items, and an error item for each item that has none to work on. */
export interface InputProjects<T extends InputProject = InputProject> {
	projects: T[];
	failed: INodeExecutionData[];
}

/**
 * Finds which projects the input items name, so that each is worked on once however many items name it. A project that is
 * given by its name is looked up, once for each name.
 *
 * @param areNamed whether the outputs need the names of the projects
 * @throws NodeOperationError for an item that names none, unless the node continues on fail
 */
export async function projectsOfInput(context: IExecuteFunctions, areNamed = true): Promise<InputProjects> {
	const lookUp = nameLookUp(context);
	const failed: INodeExecutionData[] = [];
	const groups = await groupItems(
		context,
		async (itemIndex) => await projectOfItem(context, itemIndex, lookUp),
		({ uuid }) => uuid,
		(error, itemIndex) => failed.push(errorItem(context, error, itemIndex)),
	);
	const projects = groups.map((group) => ({
		...group,
		itemPhotos: itemPhotosOf(context, group),
		parameterItems: parameterItemsOf(context, group.itemIndexes),
	}));
	const input = await checkEachProject(context, { projects, failed }, ({ parameterItems }) => ({
		editingFlow: editingFlowOfItems(context, parameterItems),
	}));
	if (areNamed) await nameAll(context, input.projects);
	return input;
}

/** The photos that the items of a project are about: as Upload gives them, or as the nodes after it pass them on. */
function itemPhotosOf(
	context: IExecuteFunctions,
	project: ItemGroup & ProjectRef,
): Array<IDataObject | undefined> {
	const items = context.getInputData();
	const uploaded = new Set(knownPhotos(context, project).photos.map(({ fileName }) => fileName));
	return project.itemIndexes.map((item) => {
		const { json } = items[item];
		if (json.error !== undefined) return undefined;
		if (json.project_uuid !== project.uuid) return {};
		const { file_name, source_file_name, source_file_names, original_file_name } = json;
		const name = source_file_name ?? (uploaded.has(String(file_name)) ? file_name : undefined);
		const known = { source_file_name: name, source_file_names, original_file_name };
		return Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined));
	});
}

/** Gives each project its name, for the outputs: as the ledger knows it, or as the API tells, which is asked once in an execution. */
export async function nameAll(context: IExecuteFunctions, projects: ProjectRef[]): Promise<void> {
	const signal = cancelSignalOf(context);
	let isAnswered = true;
	await settleInParallel(
		projects,
		{},
		async (project) => {
			// Names are not worth the time that an API which does not answer takes for each.
			const name = knownName(context, project) ?? (isAnswered ? await findName(context, project) : undefined);
			isAnswered &&= name !== undefined;
			if (name === undefined) return;
			rememberName(context, project, name);
			project.name = name;
		},
		signal,
	);
}

/** The editing flow of an item's project: as the node is set to or, with From Input, as the item says. */
export function editingFlowOfItem(context: IExecuteFunctions, itemIndex: number): EditingFlow {
	const chosen = context.getNodeParameter('editingFlow', itemIndex, '') as EditingFlow | '';
	if (chosen) return chosen;
	const known = context.getNodeParameter('options.projectSource', itemIndex, FROM_INPUT) as
		| EditingFlow
		| typeof FROM_INPUT;
	return known === FROM_INPUT ? editingFlowIn(context.getInputData()[itemIndex].json) : known;
}

/** The same of all items of a project. */
function editingFlowOfItems(context: IExecuteFunctions, parameterItems: number[]): EditingFlow {
	const isOfNode = context.getNode().parameters.editingFlow !== undefined;
	const name = isOfNode ? 'editingFlow' : 'options.projectSource';
	return sharedValue(context, parameterItems, name, (item) => editingFlowOfItem(context, item));
}

type LookUp = (editingFlow: EditingFlow, name: string) => Promise<ProjectRef>;

function nameLookUp(context: IExecuteFunctions): LookUp {
	const found = new Map<string, Promise<ProjectRef>>();
	return async (editingFlow, name) => {
		const key = `${editingFlow}:${name}`;
		const project = found.get(key) ?? findProject(context, editingFlow, name);
		found.set(key, project);
		return await project;
	};
}

async function projectOfItem(
	context: IExecuteFunctions,
	itemIndex: number,
	lookUp: LookUp,
): Promise<ProjectRef> {
	const value = context.getNodeParameter('project', itemIndex, '', { extractValue: true });
	const text = projectNameIn(value);
	if (isEmptyText(text)) throw noProject(context, itemIndex);
	const { mode } = context.getNodeParameter('project', itemIndex) as INodeParameterResourceLocator;
	if (mode === 'id' && isNoId(text)) throw noId(context, text, itemIndex);
	if (mode === 'name') {
		requireValues(context, {
			field: projectField,
			itemIndex,
			text,
			remedy: withoutEffect(context, CHECK_FIELD),
		});
		requireFindable(context, text, itemIndex);
	}
	const editingFlow = editingFlowOfItem(context, itemIndex);
	if (mode === 'name') return { ...(await lookUp(editingFlow, text)), name: text };
	const name = nameIn(context.getInputData()[itemIndex].json, text);
	return { uuid: text, editingFlow, ...(name && { name }) };
}

/** What the item calls the project, where it is about that one. */
const nameIn = ({ project_uuid, project_name }: IDataObject, uuid: string) =>
	project_uuid === uuid ? projectNameIn(project_name) : '';

const CHECK_FIELD =
	"Check the field name in the expression of 'Project', and that the node it refers to returns this field for this item.";

/** An expression that gives nothing is not an empty field. An item of a node that has failed, and continued, says why. */
function noProject(context: IExecuteFunctions, itemIndex: number) {
	const field = contentOf(context, projectField);
	const { error } = context.getInputData()[itemIndex].json;
	const isDefault = field === '' || field === (projectField.default as IDataObject).value;
	const remedy =
		typeof error === 'string'
			? `Fix the node before this one, which failed for this item: ${error}`
			: isDefault
				? "Connect this node after an Imagen AI node that returns a project_uuid, or choose the project in 'Project'."
				: CHECK_FIELD;
	return new ImagenOperationError(
		context,
		emptyFieldMessage(projectField.displayName, field),
		withoutEffect(context, remedy),
		itemIndex,
	);
}

/** IDs are opaque, but they are words in a path: no blanks, slashes or letters with accents. */
const isNoId = (text: string) => /[^\w.~-]/.test(text);

function noId(context: IExecuteFunctions, text: string, itemIndex: number) {
	const isAddress = /^https?:\/\//.test(text);
	return new ImagenOperationError(
		context,
		`'Project' is set to By ID, but ${quotedName(text.split('?')[0])} looks like ${isAddress ? 'a URL' : 'a name'}`,
		withoutEffect(
			context,
			`Set 'Project' to ${isAddress ? 'By URL' : 'By Name'}, or enter the project_uuid that Create project returns.`,
		),
		itemIndex,
	);
}

/** With Continue, other items may have been worked on. */
const withoutEffect = (context: IExecuteFunctions, remedy: string) =>
	context.continueOnFail() ? remedy : `${remedy} Nothing was sent.`;

/** As Imagen makes them: 24 hexadecimal digits, or a UUID. Nobody names a project so. */
const LOOKS_LIKE_AN_ID = /^(?:[\da-f]{24}|[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})$/i;

/** Where Imagen does not know the ID of a project that was typed in, it may be a name. */
export function withHintAtName<E>(context: IExecuteFunctions, error: E, project: ItemGroup & ProjectRef): E {
	if (!(error instanceof ImagenApiError) || statusCodeOf(error) !== 404) return error;
	const [itemIndex] = project.itemIndexes;
	const { mode } = context.getNodeParameter('project', itemIndex) as INodeParameterResourceLocator;
	const isOfNode = contentOf(context, projectField) === (projectField.default as IDataObject).value;
	if (LOOKS_LIKE_AN_ID.test(project.uuid)) return error;
	const hint = `If ${quotedName(project.uuid)} is the name of the project, set 'Project' to By Name.`;
	if (mode === 'id' && !isOfNode && !error.description?.includes(hint))
		error.description = `${hint} ${error.description}`;
	return error;
}

/**
 * Checks every project before any is worked on. One that is wrong stops the node, or, when the node continues on fail,
 * becomes an error on each of its items.
 *
 * @param check throws what is wrong with a project, and gives what is needed to work on it
 * @param isForNext whether the next nodes may work on a project that is wrong: its error items then name it
 */
export async function checkEachProject<P extends InputProject, T extends object>(
	context: IExecuteFunctions,
	input: InputProjects<P>,
	check: (project: P) => Promise<T> | T,
	isForNext = true,
): Promise<InputProjects<P & T>> {
	const projects: Array<P & T> = [];
	const failed = [...input.failed];
	for (const project of input.projects) {
		try {
			projects.push({ ...project, ...(await check(project)) });
		} catch (error) {
			failed.push(...errorItems(context, error, project, isForNext));
		}
	}
	return { projects, failed };
}

/**
 * Works on each project in turn. One that fails stops the node, or, when the node continues on fail, becomes an error on
 * each of its items while the others go on.
 *
 * @param work gives the output items of a project, each linked to its input item
 * @param isForNext whether the next nodes may work on a project all the same: its error items then name it
 * @returns all output items in the order of the input
 */
export async function forEachProject<T extends InputProject>(
	context: IExecuteFunctions,
	{ projects, failed }: InputProjects<T>,
	work: (project: T) => Promise<INodeExecutionData[]>,
	isForNext: (error: unknown) => boolean = () => true,
): Promise<INodeExecutionData[]> {
	const output = failed.map(placed);
	for (const project of projects) {
		const [first] = project.itemIndexes;
		const place = (item: INodeExecutionData): PlacedItem => [ownInput(item) ?? first, item];
		try {
			output.push(...(await work(project)).map(place));
		} catch (error) {
			output.push(...errorItems(context, error, project, isForNext(error)).map(place));
		}
	}
	return inOrder(output);
}

function errorItems(context: IExecuteFunctions, error: unknown, project: InputProject, isForNext = true) {
	const known = isForNext ? projectJson(project) : {};
	const hinted = withHintAtName(context, error, project);
	return project.itemIndexes.map((item) => errorItem(context, hinted, item, known));
}

/** Output items in the order of the input items that they are linked to. */
export const inOrderOfInput = (output: INodeExecutionData[]): INodeExecutionData[] =>
	inOrder(output.map(placed));

/** An output item, with its place by the input. */
export type PlacedItem = [itemIndex: number, item: INodeExecutionData];

/** Output items in the order of their places. */
export const inOrder = (output: PlacedItem[]): INodeExecutionData[] =>
	output.sort(([one], [other]) => one - other).map(([, item]) => item);

/** By the input item that an output item is linked to. */
export const placed = (item: INodeExecutionData): PlacedItem => [ownInput(item) ?? 0, item];

/** The first item of this node's own input that an output item is linked to. */
function ownInput({ pairedItem = [] }: INodeExecutionData): number | undefined {
	const links = [pairedItem].flat().map((link) => (typeof link === 'object' ? link : { item: link }));
	return links.find(({ sourceOverwrite }) => !sourceOverwrite)?.item;
}
