import {
	NodeApiError,
	NodeOperationError,
	type IDataObject,
	type IExecuteFunctions,
	type INodeExecutionData,
	type IPairedItemData,
	type IWebhookFunctions,
} from 'n8n-workflow';

import { ImagenAggregateError, toErrorJson, type ErrorText } from '../../errors/imagenErrors';

/** The link of one output item to several input items. */
export function linkTo(itemIndexes: number[]): IPairedItemData[] {
	return itemIndexes.map((item) => ({ item }));
}

/** The same for each of these input items, with the photo that it is about, if it is. */
export function itemForEach(
	{ itemIndexes, itemPhotos = [] }: ItemGroup,
	json: IDataObject,
): INodeExecutionData[] {
	return itemIndexes.map((item, index) => ({
		json: { ...json, ...itemPhotos[index] },
		pairedItem: { item },
	}));
}

/**
 * The output item of an input item that failed, for a node that continues on fail.
 *
 * @param known what the next nodes may need besides, where there is no error output
 * @throws the error itself, with its item, when the node does not continue on fail or the execution was cancelled
 */
export function errorItem(
	context: IExecuteFunctions,
	thrown: unknown,
	itemIndex: number,
	known: IDataObject = {},
): INodeExecutionData {
	const error = itemError(context, thrown, itemIndex);
	if (!context.continueOnFail() || context.getExecutionCancelSignal?.()?.aborted) throw error;
	const text = error instanceof ImagenAggregateError ? error.forItem(itemIndex) : error;
	return { json: failedJson(context, text, known), pairedItem: { item: itemIndex } };
}

/**
 * What the item of something that failed holds.
 *
 * n8n takes an item that holds nothing but an error to the error output, where there is one, and adds the input item's own
 * data. An `error` beside `json` would go there too, but n8n then drops all else of `json`.
 *
 * @param known what the next nodes may need besides, where there is no error output
 */
export function failedJson(
	context: IExecuteFunctions | IWebhookFunctions,
	error: ErrorText,
	known: IDataObject,
): IDataObject {
	const json = toErrorJson(error);
	return context.getNode().onError === 'continueErrorOutput' ? json : { ...known, ...json };
}

/** An error as n8n shows it. */
export type ItemError = NodeApiError | NodeOperationError;

/** What was thrown, as an error of n8n's: of an item, where it is about one. */
export function itemError(context: IExecuteFunctions, thrown: unknown, itemIndex?: number): ItemError {
	const error =
		thrown instanceof NodeApiError || thrown instanceof NodeOperationError
			? thrown
			: new NodeOperationError(context.getNode(), thrown as Error);
	if (itemIndex !== undefined && !(error instanceof ImagenAggregateError))
		error.context.itemIndex ??= itemIndex;
	return error;
}

/** How many items stand for something that failed. */
export const countErrors = (items: INodeExecutionData[]): number =>
	items.filter(({ json }) => json.error !== undefined).length;

/** Adds an entry to the list of its key. */
export function addTo<K, V>(lists: Map<K, V[]>, key: K, entry: V): void {
	const list = lists.get(key);
	if (list) list.push(entry);
	else lists.set(key, [entry]);
}

/** The input items that have something in common, in their order. */
export interface ItemGroup {
	itemIndexes: number[];
	/** Of items that are about a photo each: its names, as outputs have them. Empty for one about the whole project, undefined for one that failed. */
	itemPhotos?: Array<IDataObject | undefined>;
}

/**
 * Groups the input items by what is read of each.
 *
 * @param keyOf is the same for items that belong together
 * @param onError takes an item that cannot be read
 * @returns what was read of the first item of each group, with all of its items
 */
export async function groupItems<T extends object>(
	context: IExecuteFunctions,
	read: (itemIndex: number) => Promise<T> | T,
	keyOf: (entry: T) => string,
	onError: (error: unknown, itemIndex: number) => void,
): Promise<Array<ItemGroup & T>> {
	const groups = new Map<string, ItemGroup & T>();
	for (const itemIndex of context.getInputData().keys()) {
		try {
			const entry = await read(itemIndex);
			const group = groups.get(keyOf(entry)) ?? { ...entry, itemIndexes: [] as number[] };
			group.itemIndexes.push(itemIndex);
			groups.set(keyOf(entry), group);
		} catch (error) {
			onError(error, itemIndex);
		}
	}
	return [...groups.values()];
}

/** Works on each input item in turn; one that fails stops the node or becomes an error item. */
export async function forEachItem(
	context: IExecuteFunctions,
	work: (itemIndex: number) => Promise<INodeExecutionData[]>,
): Promise<INodeExecutionData[]> {
	const output: INodeExecutionData[] = [];
	for (const itemIndex of context.getInputData().keys()) {
		try {
			output.push(...(await work(itemIndex)));
		} catch (error) {
			output.push(errorItem(context, error, itemIndex));
		}
	}
	return output;
}
