import {
	NodeHelpers,
	type INode,
	type INodeParameters,
	type INodeType,
	type IWorkflowBase,
} from 'n8n-workflow';

import { Imagen } from '../../nodes/Imagen/Imagen.node';
import { ImagenPollTrigger } from '../../nodes/Imagen/ImagenPollTrigger.node';
import { ImagenTrigger } from '../../nodes/Imagen/ImagenTrigger.node';
import { exists, listFiles, readJson, readText } from './project';

/** The end-to-end tests, which run templates by their names. */
const runs = listFiles('test/e2e', '.test.mts').map(readText);

const OURS = 'n8n-nodes-imagen-ai.';
const LONGEST_NOTE = 700;

/** n8n makes a tool for AI agents of the action node, under this ending. */
const AS_TOOL = 'Tool';

const nodeTypes = Object.fromEntries(
	[new Imagen(), new ImagenPollTrigger(), new ImagenTrigger()].map((type) => [
		OURS + type.description.name,
		type as INodeType,
	]),
);

describe.each(listFiles('templates', '.json'))('the template %s', (path) => {
	const { name, nodes, connections } = readJson(path) as IWorkflowBase;
	const imagenNodes = nodes.filter(({ type }) => type.startsWith(OURS));

	it('the template has a name and Imagen nodes', () => {
		expect(name).toMatch(/^Imagen AI: /);
		expect(imagenNodes.length).toBeGreaterThan(0);
	});

	it('the template has its row, its picture and a run in real n8n', () => {
		const file = path.replace('templates/', '');
		const title = file.replace('.json', '');
		expect(readText('templates/README.md')).toContain(`](${file})`);
		expect(exists(`docs/images/template-${title}.png`)).toBe(true);
		expect(runs.some((text) => text.includes(title))).toBe(true);
	});

	it.each(imagenNodes.map((node) => [node.name, node] as const))(
		"the template's node %s names only operations and parameters that exist",
		(_name, node) => {
			expect(knownParameters(node)).toMatchObject(ownParameters(node));
		},
	);

	it.each(imagenNodes.map((node) => [node.name, node] as const))(
		"the template's node %s leaves open only what a user has to choose",
		(_name, node) => {
			const { description } = typeOf(node);
			const filled = { ...node, parameters: knownParameters(node) ?? {} };
			const issues = NodeHelpers.getNodeParametersIssues(description.properties, filled, description);
			expect(Object.keys(issues?.parameters ?? {}).filter((name) => name !== 'profile')).toEqual([]);
		},
	);

	it('the template connects only nodes that exist, and leaves none alone', () => {
		const names = nodes.map((node) => node.name);
		const linked = Object.entries(connections).flatMap(([from, byType]) => [
			from,
			...Object.values(byType)
				.flat()
				.flatMap((output) => output ?? [])
				.map((link) => link.node),
		]);
		const notes = nodes.filter(({ type }) => type.endsWith('.stickyNote')).map((node) => node.name);
		expect(new Set([...linked, ...notes])).toEqual(new Set(names));
		expect(new Set(names).size).toBe(names.length);
	});

	it('the template holds no credential of anybody', () => {
		expect(nodes.filter((node) => node.credentials)).toEqual([]);
	});

	it('the template says in three lines what it does, what to set up and what it costs', () => {
		const note = nodes.find((node) => node.name === 'Note');
		expect(String(note?.parameters.content).split('\n').filter(Boolean)).toEqual([
			expect.stringMatching(/^## /),
			expect.stringMatching(/^[A-Z]/),
			expect.stringMatching(/^\*\*Set up:\*\* /),
			expect.stringMatching(/^\*\*Cost:\*\* /),
		]);
	});

	it('the template has short notes', () => {
		const notes = nodes.filter(({ type }) => type.endsWith('.stickyNote'));
		expect(notes.length).toBeGreaterThan(0);
		for (const { parameters } of notes) expect(String(parameters.content).length).toBeLessThan(LONGEST_NOTE);
	});
});

function typeOf({ type }: INode): INodeType {
	return nodeTypes[type] ?? nodeTypes[type.slice(0, -AS_TOOL.length)];
}

/** What n8n keeps of a node's parameters: it drops those that its operation does not have. */
function knownParameters(node: INode): INodeParameters | null {
	const { description } = typeOf(node);
	return NodeHelpers.getNodeParameters(
		description.properties,
		node.parameters,
		true,
		false,
		node,
		description,
	);
}

/** What n8n itself gives to every polling node, and to every tool. */
const PARAMETERS_OF_N8N = ['pollTimes', 'descriptionType', 'toolDescription'];

function ownParameters({ parameters }: INode): INodeParameters {
	return Object.fromEntries(Object.entries(parameters).filter(([name]) => !PARAMETERS_OF_N8N.includes(name)));
}
