import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import { projectNameIn } from '../../api/projectRef';
import { ImagenOperationError } from '../../errors/imagenErrors';
import { emptyFieldMessage } from './emptyField';

/** The parameters that name a project, by their labels. */
const LABELS = { name: 'Name', projectName: 'Project Name', 'photoOptions.groupBy': 'Group By' };

/**
 * The name that a parameter gives a project; empty where Imagen is to name it.
 *
 * @throws NodeOperationError where an expression has no value: with a typo in it, each run would be a new project, and billed
 */
export function projectNameParameter(
	context: IExecuteFunctions,
	parameter: keyof typeof LABELS,
	itemIndex: number,
): string {
	const content = contentOf(context, parameter);
	const isExpression = content.startsWith('=');
	if (isExpression && (context.evaluateExpression(content.slice(1), itemIndex) ?? undefined) === undefined)
		throw noValue(context, parameter, content, itemIndex);
	return projectNameIn(context.getNodeParameter(parameter, itemIndex, ''));
}

/** What the panel holds for a parameter, before n8n resolves an expression in it. */
function contentOf(context: IExecuteFunctions, parameter: string): string {
	const value = parameter
		.split('.')
		.reduce<unknown>((values, name) => (values as IDataObject)?.[name], context.getNode().parameters);
	return typeof value === 'string' ? value : '';
}

function noValue(
	context: IExecuteFunctions,
	parameter: keyof typeof LABELS,
	content: string,
	itemIndex: number,
) {
	const label = LABELS[parameter];
	return new ImagenOperationError(
		context,
		emptyFieldMessage(label, content),
		`Check the field name in the expression, and that the node it refers to returns this field for this item. If Imagen should name the project, leave '${label}' empty. Nothing was created, sent or billed.`,
		itemIndex,
	);
}
