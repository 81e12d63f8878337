import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';

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

/** What the panel holds in a field, before n8n resolves an expression in it; its default, where nobody has changed it. */
export function contentOf(
	context: IExecuteFunctions,
	{ name, default: preset }: NamedField,
	collection?: string,
): string {
	const { parameters } = context.getNode();
	const values = (collection === undefined ? parameters : parameters[collection]) as IDataObject | undefined;
	const content = values?.[name] ?? preset;
	return typeof content === 'string' ? content : '';
}

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

/** The text of a field for an item; empty where its expression has no value. */
export function textOf(context: IExecuteFunctions, { name }: NamedField, itemIndex: number): string {
	const text = String(context.getNodeParameter(name, itemIndex, '') ?? '').trim();
	return isEmptyText(text) ? '' : text;
}

/** The same of a field that has to be filled in. @throws NodeOperationError where it is empty */
export function requiredText(
	context: IExecuteFunctions,
	field: NamedField,
	itemIndex: number,
	remedy: string,
): string {
	const text = textOf(context, field, itemIndex);
	if (text === '') throw emptyField(context, field, itemIndex, remedy);
	return text;
}
