import {
	NodeHelpers,
	type INode,
	type INodeParameters,
	type INodeProperties,
	type INodeTypeDescription,
	type NodeParameterValueType,
} from 'n8n-workflow';

import { choicesOf, nodeDescriptions, parametersOf } from './parameters';

/**
 * When a user sets a node to another resource or operation, n8n keeps whatever the two have a name in common for. In the
 * other one it must mean the same.
 */

/** One operation of a node, and what it asks for. */
interface Operation {
	resource: string;
	operation: string;
	properties: INodeProperties[];
}

/** As many as a field of an operation has choices, but for the photography types. */
const CHOICES = 4;

let imagen: INodeTypeDescription;
let operations: Operation[];

beforeAll(async () => {
	imagen = (await nodeDescriptions()).find(({ name }) => name === 'imagen')!;
	operations = operationsOf(imagen);
});

test('a parameter name stands for one choice in all operations', () => {
	const meanings = new Map<string, Set<string>>();
	for (const operation of operations) {
		for (const { at, property } of parametersOf(operation.properties)) {
			const name = at.replace(`${nameOf(operation)}.`, '');
			const values = choicesOf(property).map(({ value }) => value);
			const meaning = JSON.stringify([property.type, ...values]);
			meanings.set(name, (meanings.get(name) ?? new Set()).add(meaning));
		}
	}
	const ambiguous = [...meanings].filter(([, { size }]) => size > 1).map(([name]) => name);
	expect(ambiguous).toEqual([]);
});

test('a node can be switched from any operation to any other, whatever it was set to', () => {
	expect(operations.length).toBeGreaterThan(20);
	const unknownAnywhere = operations.flatMap((from) =>
		variantsOf(from).flatMap((left) =>
			operations.flatMap((to) =>
				unknownIn(to, left).map((what) => `${nameOf(from)} to ${nameOf(to)}, ${what}`),
			),
		),
	);
	expect(unknownAnywhere).toEqual([]);
});

test('a value that an operation does not have is found', () => {
	const start = operations.find((operation) => nameOf(operation) === 'edit.start')!;
	expect(unknownIn(start, { editingFlow: 'fromInput' })).toEqual(['editingFlow: fromInput']);
	expect(unknownIn(start, { options: { ifAlreadyStarted: 'never' } })).toEqual(['ifAlreadyStarted: never']);
});

const nameOf = ({ resource, operation }: Operation) => `${resource}.${operation}`;

function operationsOf({ properties }: INodeTypeDescription): Operation[] {
	return properties
		.filter(({ name }) => name === 'operation')
		.flatMap((choice) => {
			const [resource] = choice.displayOptions!.show!.resource as string[];
			return choicesOf(choice).map(({ value }) => ({
				resource,
				operation: String(value),
				properties: properties.filter(({ displayOptions: { show = {} } = {} }) =>
					Boolean(show.operation?.includes(value) && show.resource?.includes(resource)),
				),
			}));
		});
}

/** The operation with all of its fields set: every choice of each field is in one of the variants. */
function variantsOf({ properties }: Operation): INodeParameters[] {
	return Array.from({ length: CHOICES }, (_, variant) => set(properties, variant));
}

function set(properties: INodeProperties[], variant: number): INodeParameters {
	return Object.fromEntries(properties.map((property) => [property.name, valueOf(property, variant)]));
}

function valueOf(property: INodeProperties, variant: number): NodeParameterValueType {
	if (property.type === 'collection') return set(property.options as INodeProperties[], variant);
	const choices = property.type === 'options' ? choicesOf(property) : [];
	return choices.length > 0 ? choices[variant % choices.length].value : property.default;
}

/** The values that a node would run with although the operation it is set to has no such choice. n8n shows them in red. */
function unknownIn({ resource, operation, properties }: Operation, left: INodeParameters): string[] {
	const node = { type: imagen.name, typeVersion: 1, parameters: {} } as INode;
	const parameters = { ...left, resource, operation };
	const kept = NodeHelpers.getNodeParameters(imagen.properties, parameters, true, false, node, imagen)!;
	return unknown(properties, kept);
}

function unknown(properties: INodeProperties[], parameters: INodeParameters): string[] {
	return properties.flatMap((property) => {
		const { name, type, options } = property;
		const value = parameters[name];
		if (value === undefined) return [];
		if (type === 'collection') return unknown(options as INodeProperties[], value as INodeParameters);
		const choices = type === 'options' ? choicesOf(property) : [];
		const isKnown = choices.length === 0 || choices.some((choice) => choice.value === value);
		return isKnown ? [] : [`${name}: ${String(value)}`];
	});
}
