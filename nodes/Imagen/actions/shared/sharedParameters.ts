import type { IDataObject, IExecuteFunctions, INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { ImagenOperationError } from '../../errors/imagenErrors';
import { quotedName } from '../../errors/lists';
import { fieldNamed, isSameForAllItems } from './typedParameters';

/**
 * The items whose parameters hold for a project: those that have not failed in a node before this one, which carry an error in place of
 * their data; all of them where there are no others.
 */
export function parameterItemsOf(context: IExecuteFunctions, itemIndexes: number[]): number[] {
	const items = context.getInputData();
	const valid = itemIndexes.filter((itemIndex) => items[itemIndex].json.error === undefined);
	return valid.length > 0 ? valid : itemIndexes;
}

/**
 * The value of a parameter that holds for several items together, as those of a project.
 *
 * @param itemIndexes the items that count
 * @param name such as `options.parallelDownloads`, or a whole collection
 * @throws NodeOperationError as `sharedValue` does
 */
export function sharedParameter<T>(
	context: IExecuteFunctions,
	itemIndexes: number[],
	name: string,
	fallback?: unknown,
): T {
	const read = (itemIndex: number) => context.getNodeParameter(name, itemIndex, fallback) as T;
	return sharedValue(context, itemIndexes, name, read);
}

/**
 * What is read of a parameter that holds for several items together. Once for the same list of items: later steps get the value that was
 * checked, also of an expression with the time in it.
 *
 * @param read what an item has, comparable as JSON
 * @param remedy what to do where items differ
 * @throws NodeOperationError with two values that differ, and what `read` throws for any of the items
 */
export function sharedValue<T>(
	context: IExecuteFunctions,
	itemIndexes: number[],
	name: string,
	read: (itemIndex: number) => T,
	remedy?: string,
): T {
	const known = readBefore.get(itemIndexes) ?? new Map<string, () => unknown>();
	readBefore.set(itemIndexes, known);
	const outcome =
		known.get(name) ?? outcomeOf(() => valueOfAll(context, itemIndexes, { name, read, remedy }));
	known.set(name, outcome);
	return outcome() as T;
}

/** What was read for lists of items, by parameter. */
const readBefore = new WeakMap<number[], Map<string, () => unknown>>();

/** Gives what a function has given, or throws what it has thrown: the same error is one finding. */
function outcomeOf(read: () => unknown): () => unknown {
	try {
		const value = read();
		return () => value;
	} catch (error) {
		return () => {
			throw error;
		};
	}
}

/** A parameter, and how it is read. */
interface Reading<T> {
	name: string;
	read: (itemIndex: number) => T;
	remedy?: string;
}

function valueOfAll<T>(context: IExecuteFunctions, itemIndexes: number[], reading: Reading<T>): T {
	const { name, read } = reading;
	const [first, ...others] = itemIndexes;
	const value = read(first);
	if (isSameForAllItems(context, name)) return value;
	for (const itemIndex of others) {
		const isSame = differenceBetween(name, value, read(itemIndex)) === undefined;
		const difference = isSame ? undefined : lastingDifference(reading, first, itemIndex);
		if (difference) throw differingValues(context, difference, [first, itemIndex], reading.remedy);
	}
	return value;
}

/** Two values of a parameter, or of an entry of a collection. */
interface Difference {
	name: string;
	values: [unknown, unknown];
}

/** How often two items are compared where the time or a random number is in their values. */
const MOST_READINGS = 20;

/**
 * In what two items differ at the same moment: an expression may have the time in it. Where its value is never the same twice, its digits do
 * not count.
 */
function lastingDifference<T>(
	{ name, read }: Reading<T>,
	first: number,
	itemIndex: number,
): Difference | undefined {
	const exactly = Array.from({ length: MOST_READINGS }, () => comparable);
	for (const form of [...exactly, withoutDigits]) {
		const [before, own, after] = [read(first), read(itemIndex), read(first)];
		const difference = differenceBetween(name, before, own, form);
		if (!difference || !differenceBetween(name, own, after, form)) return undefined;
		if (!differenceBetween(name, before, after, form)) return difference;
	}
	return undefined;
}

/** Options that hold for an item and not for its project, so that items may differ in them. */
const OF_AN_ITEM = ['fileNames', 'groupBy', 'projectSource'];

/** @param form of a value, which is the same for values that are the same */
function differenceBetween(
	name: string,
	one: unknown,
	other: unknown,
	form = comparable,
): Difference | undefined {
	const areSame = (value: unknown, second: unknown) => form(value) === form(second);
	if (!isCollection(one) || !isCollection(other))
		return areSame(one, other) ? undefined : { name, values: [one, other] };
	const keys = [...new Set([...Object.keys(one), ...Object.keys(other)])];
	// A profile is read by itself, where it is needed.
	const shared = keys.filter((key) => !OF_AN_ITEM.includes(key) && ![one[key], other[key]].some(isLocator));
	const key = shared.find((entry) => !areSame(one[entry], other[entry]));
	return key === undefined ? undefined : { name: `${name}.${key}`, values: [one[key], other[key]] };
}

const isCollection = (value: unknown): value is IDataObject =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

const isLocator = (value: unknown) => isCollection(value) && '__rl' in value;

const comparable = (value: unknown) =>
	JSON.stringify(typeof value === 'string' ? value.trim() : value) ?? '""';

const withoutDigits = (value: unknown) => comparable(value).replace(/\d+/g, '#');

/** What to do where items differ in what holds for all of them. */
export const FOR_ALL_ITEMS = 'Use the same value for all items.';

const USE_ONE_VALUE = 'Use the same value for all items of a project, or give the items different projects.';

function differingValues(
	context: IExecuteFunctions,
	{ name, values: [one, other] }: Difference,
	[first, second]: [number, number],
	remedy = USE_ONE_VALUE,
) {
	const field = fieldNamed(context, name);
	const label = field?.displayName ?? name;
	// With Continue, other projects may have been worked on.
	const effect = context.continueOnFail() ? '' : ' Nothing was created, sent or billed.';
	return new ImagenOperationError(
		context,
		`'${label}' is ${shown(one, field)} for item ${first + 1}, but ${shown(other, field)} for item ${second + 1}`,
		`${remedy}${effect}`,
		second,
	);
}

/** A value as the panel calls it. */
function shown(value: unknown, field?: INodeProperties): string {
	if (value === undefined || value === null || value === '') return 'empty';
	const choices = (field?.type === 'options' ? field.options : []) as INodePropertyOptions[] | undefined;
	const choice = choices?.find((option) => option.value === value);
	const text = choice?.name ?? (typeof value === 'object' ? JSON.stringify(value) : String(value));
	// A link may be the permission to what it leads to.
	return quotedName(text.replace(/(https?:\/\/[^\s"/?#]*)[^\s"]*/g, '$1/…'));
}
