import type { IExecuteFunctions } from 'n8n-workflow';

import { projectNameIn } from '../../api/projectRef';
import { contentOf, emptyField, type NamedField } from './emptyField';

/**
 * The name that a field gives a project; empty where Imagen is to name it.
 *
 * @param collection the collection of options that the field is in, if it is in one
 * @throws NodeOperationError where an expression has no value: with a typo in it, each run would be a new project, and billed
 */
export function projectNameParameter(
	context: IExecuteFunctions,
	field: NamedField,
	itemIndex: number,
	collection?: string,
): string {
	const content = contentOf(context, field, collection);
	const isExpression = content.startsWith('=');
	if (isExpression && (context.evaluateExpression(content.slice(1), itemIndex) ?? undefined) === undefined)
		throw emptyField(context, field, itemIndex, remedyFor(field), { collection });
	const parameter = collection === undefined ? field.name : `${collection}.${field.name}`;
	return projectNameIn(context.getNodeParameter(parameter, itemIndex, ''));
}

const remedyFor = ({ displayName }: NamedField) =>
	`Check the field name in the expression, and that the node it refers to returns this field for this item. If Imagen should name the project, leave '${displayName}' empty. Nothing was created, sent or billed.`;
