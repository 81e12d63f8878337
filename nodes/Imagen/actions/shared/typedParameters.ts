import {
	jsonStringify,
	type IDataObject,
	type IExecuteFunctions,
	type INodeProperties,
	type INodePropertyOptions,
	type IPollFunctions,
	type IWebhookFunctions,
} from 'n8n-workflow';

import { ImagenOperationError } from '../../errors/imagenErrors';
import { counted, quantity } from '../../errors/lists';
import { allFindings, findingOf } from './aggregateError';
import { contentOf } from './emptyField';
import type { ItemError } from './items';

type GetParameter = IExecuteFunctions['getNodeParameter'];
type TriggerContext = IPollFunctions | IWebhookFunctions;
type GetTriggerParameter = TriggerContext['getNodeParameter'];

/** Reads a parameter as n8n has it. */
type ReadParameter = (name: string, fallback?: unknown) => unknown;

/**
 * The context of a node whose parameters are of the types that its fields say, whatever an expression or a spreadsheet gives: numbers
 * within their bounds, booleans, choices by value or label, lists, names of binary fields. What is empty in a collection is as if it had
 * not been added. An expression in a field that is not set to Expression is no text.
 *
 * `getNodeParameter` throws NodeOperationError, with label and value, for what cannot be read.
 *
 * @param fields of the operation that runs
 */
export function withTypedParameters(
	context: IExecuteFunctions,
	fields: INodeProperties[],
): IExecuteFunctions {
	const byName = fieldsByName(fields);
	const get = context.getNodeParameter.bind(context) as (...parameters: unknown[]) => unknown;
	const read = (name: string, itemIndex: number, fallback?: unknown, options?: object): unknown =>
		typedParameter({ context, itemIndex }, byName, name, fallback, (its, other) =>
			get(its, itemIndex, other, options),
		);
	const texts = new Map<string, string>();
	const getNodeParameter: typeof read = (name, itemIndex, fallback, options) => {
		if (!OF_ONE_ITEM.includes(name)) return read(name, itemIndex, fallback, options);
		const key = `${itemIndex} ${name}`;
		const value = texts.get(key) ?? read(name, itemIndex, fallback, options);
		if (typeof value === 'string' && value !== fallback) texts.set(key, value);
		return value;
	};
	const typedContext = Object.create(context, {
		getNodeParameter: { value: getNodeParameter as GetParameter },
	}) as IExecuteFunctions;
	fieldsOfContexts.set(typedContext, byName);
	return typedContext;
}

/**
 * Fields that each item has a text of its own for, which is read once: thousands of items bring one, and an expression takes n8n a millisecond.
 * What holds for several items is read again to compare them: see `sharedValue`.
 */
const OF_ONE_ITEM = ['fileName', 'link'];

/** The fields of the operation that runs, by the context that reads them. */
const fieldsOfContexts = new WeakMap<IExecuteFunctions, Map<string, INodeProperties>>();

/** The field of a parameter, or of an entry of a collection. @param name such as `options.parallelDownloads` */
export function fieldNamed(typedContext: IExecuteFunctions, name: string): INodeProperties | undefined {
	const [top, entry] = name.split('.');
	const field = fieldsOfContexts.get(typedContext)?.get(top);
	return field && entry ? subFieldsOf(field).find(({ name: own }) => own === entry) : field;
}

/** The same of a trigger, which has no items. */
export function withTypedTriggerParameters<T extends TriggerContext>(
	context: T,
	fields: INodeProperties[],
): T {
	const byName = fieldsByName(fields);
	const get = context.getNodeParameter.bind(context) as (...parameters: unknown[]) => unknown;
	const getNodeParameter = (name: string, fallback?: unknown, options?: object): unknown =>
		typedParameter({ context }, byName, name, fallback, (its, other) => get(its, other, options));
	return Object.create(context, {
		getNodeParameter: { value: getNodeParameter as GetTriggerParameter },
	}) as T;
}

const fieldsByName = (fields: INodeProperties[]) => new Map(fields.map((field) => [field.name, field]));

function typedParameter(
	reader: Reader,
	byName: Map<string, INodeProperties>,
	name: string,
	fallback: unknown,
	get: ReadParameter,
): unknown {
	const [top, ...rest] = name.split('.');
	const field = byName.get(top);
	if (!field) return get(name, fallback);
	if (field.type === 'resourceLocator') {
		const value = get(name, fallback);
		requireResolved(reader, field, value);
		return value;
	}
	if (field.type !== 'collection') {
		const value = get(name, fallback);
		return value === fallback ? value : typed(reader, field, value);
	}
	if (rest.length === 0) {
		const values = (get(top, {}) ?? {}) as IDataObject;
		return Object.fromEntries(entriesOf(reader, field, values));
	}
	const sub = subFieldsOf(field).find(({ name: own }) => own === rest[0]);
	if (!sub || sub.type === 'resourceLocator') return get(name, fallback);
	const value = get(name, HIDDEN);
	return value === HIDDEN || isEmpty(value) ? fallback : typed(reader, sub, value, field.name);
}

/** Reads all parameters of all items once. @throws NodeOperationError that lists every one that cannot be read */
export async function requireReadable(
	typedContext: IExecuteFunctions,
	fields: INodeProperties[],
): Promise<void> {
	const findings: ItemError[] = [];
	for (const field of fields.filter(({ type }) => type !== 'resourceLocator' && type !== 'notice')) {
		const isSame = isSameForAllItems(typedContext, field.name);
		const items = [...typedContext.getInputData().keys()].slice(0, isSame ? 1 : undefined);
		for (const itemIndex of items) {
			const finding = await findingOf(typedContext, itemIndex, () => {
				typedContext.getNodeParameter(field.name, itemIndex, HIDDEN);
			});
			if (finding) findings.push(finding);
		}
	}
	const message = `${counted(findings.length)} values aren't valid`;
	const parts = findings.map((error) => ({ error }));
	if (parts.length > 0) throw allFindings(typedContext, parts, message, 'Nothing was sent.');
}

/** What an expression mentions that gives each item a value of its own. */
const OF_ITEM =
	/\$(json|binary|data|input|item\w*|thisItem\w*|position|node|parameter|rawParameter|prevNode|self|fromAI)\b|\$\(|pairedItem/i;

/**
 * Whether a parameter is the same for all items, as far as the panel shows it: it holds no expression, or none that mentions an item. So
 * 5,000 items are not read for what is fixed.
 *
 * @param name such as `options.parallelDownloads`
 */
export function isSameForAllItems(context: IExecuteFunctions, name: string): boolean {
	const [top, entry] = name.split('.');
	const { [top]: content } = context.getNode().parameters;
	const own = entry === undefined ? content : (content as IDataObject | undefined)?.[entry];
	const text = JSON.stringify([own]);
	return !/"=/.test(text) || !OF_ITEM.test(text);
}

/** Stands for what the panel hides or nobody has added, and so has no value. */
const HIDDEN = '\0hidden';

/** Where a value is read: for an item, or by a trigger. */
type Reader =
	| { context: IExecuteFunctions; itemIndex: number }
	| { context: TriggerContext; itemIndex?: undefined };

const subFieldsOf = ({ options = [] }: INodeProperties) => options as INodeProperties[];

function entriesOf(reader: Reader, field: INodeProperties, values: IDataObject): Array<[string, unknown]> {
	return Object.entries(values).flatMap(([name, value]): Array<[string, unknown]> => {
		const sub = subFieldsOf(field).find(({ name: own }) => own === name);
		if (!sub || sub.type === 'resourceLocator') return [[name, value]];
		return isEmpty(value) ? [] : [[name, typed(reader, sub, value, field.name)]];
	});
}

const isEmpty = (value: unknown) =>
	value === undefined || value === null || (typeof value === 'string' && value.trim() === '');

/** @param collection the one that the field is in, if it is in one */
function typed(reader: Reader, field: INodeProperties, value: unknown, collection?: string): unknown {
	if (value === undefined || value === HIDDEN) return value;
	requireResolved(reader, field, value, collection);
	switch (field.type) {
		case 'number':
			return toNumber(reader, field, value);
		case 'boolean':
			return toBoolean(reader, field, value);
		case 'options':
			return field.typeOptions?.loadOptionsMethod
				? toText(reader, field, value)
				: toChoice(reader, field, value);
		case 'string':
			return toText(reader, field, value);
		default:
			return value;
	}
}

/** What is an expression to whoever entered it, and text to n8n. */
const LOOKS_LIKE_EXPRESSION = /\{\{[^]*\}\}|^\$(?:(?:binary|input|json|node|now|today)\b|\()/;

/** @throws NodeOperationError for what n8n passes on as it was entered, where an expression was meant: it would name all projects alike */
function requireResolved(reader: Reader, field: INodeProperties, value: unknown, collection?: string): void {
	if (typeof value !== 'string' || !LOOKS_LIKE_EXPRESSION.test(value.trim())) return;
	if (contentOf(reader.context, field, collection).replace(/^=/, '') !== value) return;
	const remedy = value.includes('{{')
		? 'Switch the field to Expression.'
		: 'Switch the field to Expression, and put {{ }} around what you entered.';
	throw unreadable(reader, field, value, 'is text, not an expression', remedy);
}

/** A number, or a text with one, as spreadsheets write them: `1,440`, `1.440`, `1 440`, `30,5`. */
function toNumber(reader: Reader, field: INodeProperties, value: unknown): number {
	const { minValue = -Infinity, maxValue = Infinity, numberPrecision } = field.typeOptions ?? {};
	const isWhole = numberPrecision === 0;
	const number = typeof value === 'string' ? numberIn(value) : value;
	const remedy = `Enter a ${isWhole ? 'whole ' : ''}number${rangeOf(field, minValue, maxValue)}.`;
	if (typeof number !== 'number' || Number.isNaN(number))
		throw unreadable(reader, field, value, 'is not a number', remedy);
	if (number < minValue) throw unreadable(reader, field, value, `is less than ${counted(minValue)}`, remedy);
	if (number > maxValue) throw unreadable(reader, field, value, `is more than ${counted(maxValue)}`, remedy);
	if (isWhole && !Number.isInteger(number))
		throw unreadable(reader, field, value, 'is not a whole number', remedy);
	return number;
}

/** Such as ` of minutes, from 0 to 43,200 (30 days)`: with the unit, where the label ends with one. */
function rangeOf({ displayName }: INodeProperties, minValue: number, maxValue: number): string {
	const unit = /\(([A-Z][a-z]+)\)$/.exec(displayName)?.[1].toLowerCase();
	const days = unit === 'minutes' && maxValue % MINUTES_A_DAY === 0 ? maxValue / MINUTES_A_DAY : undefined;
	const most = `${counted(maxValue)}${days === undefined ? '' : ` (${quantity(days, 'day')})`}`;
	const range =
		maxValue < Infinity ? `from ${counted(minValue)} to ${most}` : `at least ${counted(minValue)}`;
	return `${unit ? ` of ${unit}` : ''}, ${range}`;
}

const MINUTES_A_DAY = 24 * 60;

function numberIn(text: string): number {
	const digits = text.replace(/[\s\u00a0\u202f'’]/g, '');
	// No group of thousands begins with 0: `0.050` is a price.
	if (/^[+-]?[1-9]\d{0,2}(,\d{3})+$/.test(digits)) return Number(digits.replaceAll(',', ''));
	if (/^[+-]?[1-9]\d{0,2}(\.\d{3})+$/.test(digits)) return Number(digits.replaceAll('.', ''));
	return /^[+-]?\d+([.,]\d+)?$/.test(digits) ? Number(digits.replace(',', '.')) : NaN;
}

/** Also as spreadsheets in other languages write them. */
const TRUE = [
	'true',
	'yes',
	'y',
	'on',
	'1',
	'x',
	'wahr',
	'ja',
	'vrai',
	'oui',
	'verdadero',
	'sí',
	'si',
	'vero',
	'sim',
];
const FALSE = ['false', 'no', 'n', 'off', '0', 'falsch', 'nein', 'faux', 'non', 'falso', 'não'];

function toBoolean(reader: Reader, field: INodeProperties, value: unknown): boolean {
	if (typeof value === 'boolean') return value;
	const word =
		typeof value === 'number' || typeof value === 'string' ? String(value).trim().toLowerCase() : '';
	if (TRUE.includes(word)) return true;
	if (FALSE.includes(word)) return false;
	throw unreadable(reader, field, value, 'is neither true nor false', 'Enter true or false.');
}

function toChoice(reader: Reader, field: INodeProperties, value: unknown): unknown {
	const choices = (field.options ?? []) as INodePropertyOptions[];
	const isSame = (one: unknown) => String(one).toLowerCase() === String(value).trim().toLowerCase();
	const isScalar = ['boolean', 'number', 'string'].includes(typeof value);
	const choice = choices.find((option) => isScalar && (isSame(option.value) || isSame(option.name)));
	if (choice) return choice.value;
	const labels = choices.map(({ name }) => name).join(', ');
	throw unreadable(reader, field, value, 'is not one of the choices', `Choose one of these: ${labels}.`);
}

/** Fields that take several names, as a list or separated by commas. */
const LISTS = ['fileNames'];

/** Fields that name binary fields. */
const BINARY_FIELDS = ['binaryPropertyName', 'outputBinaryField'];

function toText(reader: Reader, field: INodeProperties, value: unknown): unknown {
	if (value === null) return '';
	if (['boolean', 'number', 'string'].includes(typeof value)) return String(value);
	if (LISTS.includes(field.name) && Array.isArray(value) && value.every((entry) => typeof entry === 'string'))
		return value;
	const binaryName = BINARY_FIELDS.includes(field.name) && binaryFieldOf(reader, value);
	if (binaryName) return binaryName;
	throw unreadable(reader, field, value, 'is not text', 'Enter text.');
}

/** The name of the binary field that an expression such as `{{ $binary.data }}` gives the content of. */
function binaryFieldOf({ context, itemIndex }: Reader, value: unknown): string | undefined {
	if (itemIndex === undefined) return undefined;
	const { binary = {} } = context.getInputData()[itemIndex] ?? {};
	const { id, fileName, mimeType } = value as IDataObject;
	return Object.keys(binary).find((name) => {
		const own = binary[name];
		return id !== undefined ? own.id === id : own.fileName === fileName && own.mimeType === mimeType;
	});
}

const LONGEST_VALUE = 100;

function unreadable(
	{ context, itemIndex }: Reader,
	field: INodeProperties,
	value: unknown,
	problem: string,
	remedy: string,
) {
	const given = typeof value === 'object' ? jsonStringify(value) : String(value);
	// A link may be the permission to what it leads to.
	const text = given.replace(/https?:\/\/[^\s"]+/g, 'a link');
	// A trigger sends nothing anyway.
	const isSending = itemIndex !== undefined && !context.continueOnFail();
	const shown = text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text;
	return new ImagenOperationError(
		context,
		`'${field.displayName}' is '${shown}', which ${problem}`,
		isSending ? `${remedy} Nothing was sent.` : remedy,
		itemIndex,
	);
}
