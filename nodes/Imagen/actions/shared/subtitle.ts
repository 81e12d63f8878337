import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

/**
 * What stands under a node's name: resource and operation by their labels, such as `Edit: Start`. In n8n's usual subtitle
 * stand their values, such as `getAll: skyTemplate`.
 */
export function subtitleOf(resource: INodeProperties, operationFields: INodeProperties[]): string {
	const labels = optionsOf(resource).flatMap(({ name, value }) =>
		operationFields
			.filter((field) => field.name === 'operation' && field.displayOptions?.show?.resource?.includes(value))
			.flatMap(optionsOf)
			.map((operation) => [`${String(value)}.${String(operation.value)}`, `${name}: ${operation.name}`]),
	);
	return `={{ (${table(labels)})[$parameter["resource"] + "." + $parameter["operation"]] }}`;
}

/** The same for a field in which several options can be chosen. */
export function subtitleOfChoices(field: INodeProperties): string {
	const labels = optionsOf(field).map(({ name, value }) => [String(value), name]);
	return `={{ $parameter["${field.name}"].map((chosen) => (${table(labels)})[chosen]).join(", ") }}`;
}

const optionsOf = ({ options = [] }: INodeProperties) => options as INodePropertyOptions[];

/** Flat, because n8n takes the first two closing braces in a row for the end of the expression. */
const table = (labels: string[][]) => JSON.stringify(Object.fromEntries(labels));
