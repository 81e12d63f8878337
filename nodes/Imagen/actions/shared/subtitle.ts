import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { CHOSEN_OPERATION, type Resource } from './operation';

/**
 * What stands under a node's name: resource and operation by their labels, such as `Edit: Start`. In n8n's usual subtitle
 * stand their values, such as `getAll: skyTemplate`.
 */
export function subtitleOf(resources: Record<string, Resource>): string {
	const labels = Object.entries(resources).flatMap(([resource, { name: label, operations }]) =>
		Object.entries(operations).map(([operation, { name }]) => [
			`${resource}.${operation}`,
			`${label}: ${name}`,
		]),
	);
	return `={{ (${table(labels)})[${CHOSEN_OPERATION}] }}`;
}

/** The same for a field in which several options can be chosen. */
export function subtitleOfChoices(field: INodeProperties): string {
	const choices = field.options as INodePropertyOptions[];
	const labels = choices.map(({ name, value }) => [String(value), name]);
	return `={{ $parameter["${field.name}"].map((chosen) => (${table(labels)})[chosen]).join(", ") }}`;
}

/** Flat, because n8n takes the first two closing braces in a row for the end of the expression. */
const table = (labels: string[][]) => JSON.stringify(Object.fromEntries(labels));
