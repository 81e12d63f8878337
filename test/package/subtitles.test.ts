import { Workflow, type INodeParameters, type INodeTypeDescription } from 'n8n-workflow';

import { nodeTypes } from '../support/engine/nodes';
import { choicesOf, nodeDescriptions } from './parameters';

/** n8n works them out as it does any expression, with nothing but the node's parameters. */

let descriptions: INodeTypeDescription[];

beforeAll(async () => {
	descriptions = await nodeDescriptions();
});

const described = (name: string) => descriptions.find((description) => description.name === name)!;

function subtitle(name: string, parameters: INodeParameters): string {
	const description = described(name);
	const workflow = new Workflow({
		nodes: [{ id: '1', name, type: name, typeVersion: 1, position: [0, 0], parameters }],
		connections: {},
		active: false,
		nodeTypes: nodeTypes({ [name]: { description } }),
	});
	return String(
		workflow.expression.getSimpleParameterValue(workflow.nodes[name], description.subtitle, 'internal', {}),
	);
}

test('the operation stands under the name of a node, as the panel names it', () => {
	const { properties } = described('imagen');
	const resources = choicesOf(properties.find(({ name }) => name === 'resource')!);
	for (const resource of resources) {
		const operation = properties.find(
			({ name, displayOptions }) =>
				name === 'operation' && displayOptions?.show?.resource?.includes(resource.value),
		)!;
		for (const { name, value } of choicesOf(operation)) {
			const parameters = { resource: resource.value, operation: value };
			expect(subtitle('imagen', parameters)).toBe(`${resource.name}: ${name}`);
		}
	}
});

test.each(['imagenTrigger', 'imagenPollTrigger'])(
	'the events of a trigger stand under its name: %s',
	(name) => {
		const events = ['editCompleted', 'exportFailed'];
		expect(subtitle(name, { events })).toBe('Edit Completed, Export Failed');
	},
);
