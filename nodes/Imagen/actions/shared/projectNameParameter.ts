import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import { projectNameIn } from '../../api/projectRef';
import { ImagenOperationError } from '../../errors/imagenErrors';
import { shortened } from '../../errors/lists';

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
	const expression = expressionIn(context, parameter);
	if (expression && (context.evaluateExpression(expression, itemIndex) ?? undefined) === undefined)
		throw noValue(context, parameter, expression, itemIndex);
	return projectNameIn(context.getNodeParameter(parameter, itemIndex, ''));
}

/** The expression that a parameter holds, without its equals sign. */
function expressionIn(context: IExecuteFunctions, parameter: string): string | undefined {
	const value = parameter
		.split('.')
		.reduce<unknown>((values, name) => (values as IDataObject)?.[name], context.getNode().parameters);
	return typeof value === 'string' && value.startsWith('=') ? value.slice(1) : undefined;
}

function noValue(
	context: IExecuteFunctions,
	parameter: keyof typeof LABELS,
	expression: string,
	itemIndex: number,
) {
	const label = LABELS[parameter];
	return new ImagenOperationError(
		context,
		`'${label}' is empty for this item: the expression ${shortened(expression)} has no value`,
		`Check the field name in the expression, and that the node it refers to returns this field for this item. If Imagen should name the project, leave '${label}' empty. Nothing was created, sent or billed.`,
		itemIndex,
	);
}
