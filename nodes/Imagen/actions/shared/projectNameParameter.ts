import type { IExecuteFunctions } from 'n8n-workflow';

import { projectNameIn } from '../../api/projectRef';
import { ImagenOperationError } from '../../errors/imagenErrors';
import { requireValues, type NamedField } from './emptyField';

/**
 * The name that a field gives a project; empty where Imagen is to name it.
 *
 * @param collection the collection of options that the field is in, if it is in one
 * @throws NodeOperationError where an expression has no value: each run would be a new project, and billed, or go to that of another item
 */
export function projectNameParameter(
	context: IExecuteFunctions,
	field: NamedField,
	itemIndex: number,
	collection?: string,
): string {
	const parameter = collection === undefined ? field.name : `${collection}.${field.name}`;
	const text = projectNameIn(context.getNodeParameter(parameter, itemIndex, ''));
	requireValues(context, { field, itemIndex, text, collection, remedy: remedyFor(field) });
	requireFindable(context, text, itemIndex);
	return text;
}

/** @throws NodeOperationError for a name that no URL can have: the project could not be found by it */
export function requireFindable(context: IExecuteFunctions, name: string, itemIndex: number): void {
	if (name !== '.' && name !== '..') return;
	throw new ImagenOperationError(
		context,
		`A project can't be named '${name}'`,
		'Enter a name with a letter or a number in it. Nothing was created, sent or billed.',
		itemIndex,
	);
}

const remedyFor = ({ displayName }: NamedField) =>
	`Check the field name in the expression, and that the node it refers to returns this field for this item. To let Imagen name the project, clear '${displayName}'. Nothing was created, sent or billed.`;
