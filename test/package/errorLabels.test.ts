import type { INodeProperties } from 'n8n-workflow';

import { resources } from '../../nodes/Imagen/actions';
import { credentialTypes, nodeDescriptions, parametersOf } from './parameters';
import { operationPlaces, textsReachedFrom } from './reachableTexts';

/** A panel in front of which a person may read a text. */
interface Panel {
	/** As the list of actions has it. */
	name: string;
	labels: Set<string>;
	texts: Array<{ path: string; text: string }>;
}

const labelsOf = (properties: INodeProperties[]) =>
	new Set(parametersOf(properties).map(({ property }) => property.displayName));

const operations: Panel[] = [...operationPlaces()].map(([at, place]) => {
	const [resource, operation] = at.split('.');
	const { action, fields } = resources[resource].operations[operation];
	return { name: action, labels: labelsOf(fields), texts: textsReachedFrom(...place) };
});

let panels: Panel[];
let ofCredential: Set<string>;
let known: Set<string>;

beforeAll(async () => {
	const triggers = (await nodeDescriptions())
		.filter(({ name }) => name !== 'imagen')
		.map(({ displayName, name, properties }) => {
			const file = `${name[0].toUpperCase()}${name.slice(1)}`;
			const texts = textsReachedFrom(`nodes/Imagen/${file}.node.ts`, file);
			return { name: displayName, labels: labelsOf(properties), texts };
		});
	panels = [...operations, ...triggers];
	ofCredential = labelsOf((await credentialTypes()).flatMap(({ properties }) => properties));
	known = new Set(panels.flatMap(({ labels }) => [...labels]));
});

/** Labels of texts that the code can lead to, and the values that it works with cannot. */
const NEVER_SAID = [
	{
		label: 'Export When Done',
		to: ['Start export', 'Edit shoot', 'Preview shoot'],
		why: 'they ask for no export with the edit',
	},
	{ label: 'AI Tools', to: ['Start export'], why: 'an export has no settings to compare' },
	{ label: 'Photography Type', to: ['Start export'], why: 'the same' },
	{ label: 'Callback URL', to: ['Preview shoot'], why: 'it has no URL to check' },
];

/** A job that the code fills in may be either. */
const isNamed = (action: string, sentence: string) =>
	sentence.includes(action) || sentence.includes(action.replace(/\b(edit|export)(?=ed\b|\b)/, '…'));

/** The labels that a sentence has and this panel lacks, where it does not say where else they are. */
function strayLabels({ name, labels }: Panel, sentence: string): string[] {
	const quoted = [...sentence.matchAll(/(?<!\w)'([A-Z][\w ()-]*)'/g)].map(([, label]) => label);
	const isNeverSaid = (label: string) =>
		NEVER_SAID.some((exception) => exception.label === label && exception.to.includes(name));
	const isElsewhere = (label: string) =>
		(sentence.includes('credential') && ofCredential.has(label)) ||
		panels.some((other) => other.labels.has(label) && isNamed(other.name, sentence));
	return quoted.filter(
		(label) => known.has(label) && !labels.has(label) && !isElsewhere(label) && !isNeverSaid(label),
	);
}

test('every operation and both triggers are found, with what they may say', () => {
	const all = Object.values(resources).flatMap((resource) => Object.keys(resource.operations));
	expect(operations).toHaveLength(all.length);
	expect(panels).toHaveLength(all.length + 2);
	for (const { texts } of panels) expect(texts.length).toBeGreaterThan(100);
});

test('an error names no field that the panel in front of the reader lacks, unless it says where that field is', () => {
	const stray = panels.flatMap((panel) =>
		panel.texts.flatMap(({ path, text }) =>
			text
				.split(/(?<=\.) /)
				.filter((sentence) => strayLabels(panel, sentence).length > 0)
				.map((sentence) => `${panel.name}: ${sentence} (${path})`),
		),
	);
	expect([...new Set(stray)]).toEqual([]);
});
