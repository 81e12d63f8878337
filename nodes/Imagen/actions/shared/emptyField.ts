import {
	ExpressionParser,
	type IDataObject,
	type IExecuteFunctions,
	type INodeParameterResourceLocator,
	type INodeProperties,
} from 'n8n-workflow';

import { ImagenOperationError } from '../../errors/imagenErrors';
import { shortened } from '../../errors/lists';

/** A field, as its label and its place in the panel say. */
export type NamedField = Pick<INodeProperties, 'default' | 'displayName' | 'name'>;

/** Where a field is, and what an error about it is of. */
interface Place {
	/** The collection that the field is in, if it is in one. */
	collection?: string;
	/** The file that the item is about, where that is known. */
	fileName?: string;
}

/** Whether a text is empty; so is what n8n makes of an expression without a value inside a text or a locator. */
export const isEmptyText = (text: string): boolean => text === '' || text === 'undefined';

/** That a field is empty, or that the expression in it has no value: then the field is filled in, and looks right. @param content as the panel holds it */
export function emptyFieldMessage(label: string, content: string, fileName?: string): string {
	if (content.startsWith('='))
		return `'${label}' is empty for ${fileName ? `'${fileName}'` : 'this item'}: the expression ${shortened(content.slice(1))} has no value`;
	return `'${label}' is empty${fileName ? ` for '${fileName}'` : ''}`;
}

/** What the panel holds in a field or a locator, before n8n resolves an expression in it; its default, where nobody has changed it. */
export function contentOf(
	context: Pick<IExecuteFunctions, 'getNode'>,
	{ name, default: preset }: NamedField,
	collection?: string,
): string {
	const { parameters } = context.getNode();
	const values = (collection === undefined ? parameters : parameters[collection]) as IDataObject | undefined;
	const held = values?.[name] ?? preset;
	const content = isLocator(held) ? held.value : held;
	return typeof content === 'string' ? content : '';
}

const isLocator = (held: unknown): held is Pick<INodeParameterResourceLocator, 'value'> =>
	typeof held === 'object' && held !== null && 'value' in held;

/** The error for a field that is empty for an item. @param remedy what to do first */
export function emptyField(
	context: IExecuteFunctions,
	field: NamedField,
	itemIndex: number,
	remedy: string,
	{ collection, fileName }: Place = {},
): ImagenOperationError {
	const content = contentOf(context, field, collection);
	const message = emptyFieldMessage(field.displayName, content, fileName);
	return new ImagenOperationError(context, message, remedy, itemIndex, fileName);
}

/** The expressions in what a field holds, with their braces; none in a fixed text. */
export const expressionsIn = (content: string): string[] =>
	ExpressionParser.splitExpression(content.startsWith('=') ? content.slice(1) : '').flatMap((chunk) =>
		chunk.type === 'code' ? [ExpressionParser.joinExpression([chunk])] : [],
	);

/** A field whose text has been read for an item. */
interface ReadField extends Place {
	field: NamedField;
	itemIndex: number;
	text: string;
	/** What to do first where it lacks something. */
	remedy: string;
}

/**
 * Holds that each expression in a field has a value. n8n puts nothing in the place of one that has none: what is left is a text all the
 * same, and that of every item.
 *
 * @throws NodeOperationError that names the expression; one of several may return an empty text
 */
export function requireValues(context: IExecuteFunctions, read: ReadField): void {
	const { field, itemIndex, text, remedy, collection } = read;
	const content = contentOf(context, field, collection);
	const expressions = expressionsIn(content);
	if (expressions.length === 0) return;
	const isAlone = content.trim() === `=${expressions[0]}`;
	const values = isAlone
		? [text]
		: expressions.map((expression): unknown => context.evaluateExpression(expression, itemIndex));
	if (text === '' || (isAlone && isMissing(text))) throw emptyField(context, field, itemIndex, remedy, read);
	const areAllEmpty = values.every((value) => isMissing(value) || String(value).trim() === '');
	const lacking = areAllEmpty ? 0 : values.findIndex(isMissing);
	if (lacking >= 0) throw incompleteField(context, read, `${shortened(expressions[lacking])} has no value`);
	const garbled = values.findIndex((value, index) => wordForMissing(value, expressions[index]));
	if (garbled < 0) return;
	const word = wordForMissing(values[garbled], expressions[garbled]);
	throw incompleteField(context, read, `${shortened(expressions[garbled])} returns text with ${word} in it`);
}

/** Whether a value is none, or what JavaScript makes of none. */
const isMissing = (value: unknown): boolean => ['NaN', 'null', 'undefined'].includes(String(value));

/** What stands for a missing value in a text that an expression has put together; a text from the data may well have such a word. */
function wordForMissing(value: unknown, expression: string): string | undefined {
	const [word] = /\[object Object\]|\b(?:NaN|null|undefined)\b/.exec(String(value)) ?? [];
	const isPutTogether = /[+`]/.test(expression);
	return isPutTogether || word?.startsWith('[') ? word : undefined;
}

/** The text itself may be a link, and so a secret. */
function incompleteField(
	context: IExecuteFunctions,
	{ field, itemIndex, remedy, fileName }: ReadField,
	reason: string,
) {
	const item = fileName ? `'${fileName}'` : 'this item';
	const message = `'${field.displayName}' is incomplete for ${item}: the expression ${reason}`;
	return new ImagenOperationError(context, message, remedy, itemIndex, fileName);
}

/** The text of a field for an item; empty where its expression has no value. */
export function textOf(context: IExecuteFunctions, { name }: NamedField, itemIndex: number): string {
	const text = String(context.getNodeParameter(name, itemIndex, '') ?? '').trim();
	return isEmptyText(text) ? '' : text;
}

/** The same of a field that has to be filled in. @throws NodeOperationError where it is empty, or an expression in it has no value */
export function requiredText(
	context: IExecuteFunctions,
	field: NamedField,
	itemIndex: number,
	remedy: string,
): string {
	const text = textOf(context, field, itemIndex);
	if (text === '') throw emptyField(context, field, itemIndex, remedy);
	requireValues(context, { field, itemIndex, text, remedy });
	return text;
}
