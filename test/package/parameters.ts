import type {
	ICredentialType,
	INodeProperties,
	INodePropertyCollection,
	INodePropertyOptions,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';

import { loadClass, readManifest } from './project';

/** A parameter, with its place in the panel: `edit.start.options.export`. */
export interface Parameter {
	at: string;
	property: INodeProperties;
}

const manifest = readManifest();
const sourceOf = (built: string) => built.replace(/^dist\//, '').replace(/\.js$/, '.ts');

/** What n8n is told of every node. */
export async function nodeDescriptions(): Promise<INodeTypeDescription[]> {
	const nodes = manifest.n8n.nodes.map(async (built) => await loadClass<INodeType>(sourceOf(built)));
	return (await Promise.all(nodes)).map(({ description }) => description);
}

export async function credentialTypes(): Promise<ICredentialType[]> {
	const { credentials } = manifest.n8n;
	return await Promise.all(
		credentials.map(async (built) => await loadClass<ICredentialType>(sourceOf(built))),
	);
}

/** All parameters, those inside collections too. Notices are texts, not parameters. */
export function parametersOf(properties: INodeProperties[], within = ''): Parameter[] {
	return properties
		.filter(({ type }) => type !== 'notice')
		.flatMap((property) =>
			placesOf(property, within).flatMap((place) => {
				const at = join(place, property.name);
				return [{ at, property }, ...insideOf(property, at)];
			}),
		);
}

/** The choices of a parameter: its options, or the modes of a resource locator. */
export function choicesOf({ options = [], modes = [] }: INodeProperties): INodePropertyOptions[] {
	const choices = options.filter((option): option is INodePropertyOptions => 'value' in option);
	return [...choices, ...modes.map(({ displayName, name }) => ({ name: displayName, value: name }))];
}

function placesOf({ displayOptions }: INodeProperties, within: string): string[] {
	const { resource = [''], operation = [''] } = displayOptions?.show ?? {};
	return resource.flatMap((one) => operation.map((other) => join(within, String(one), String(other))));
}

function insideOf({ type, options = [] }: INodeProperties, at: string): Parameter[] {
	if (type === 'collection') return parametersOf(options as INodeProperties[], at);
	if (type !== 'fixedCollection') return [];
	const groups = options as INodePropertyCollection[];
	return groups.flatMap(({ name, values }) => parametersOf(values, join(at, name)));
}

const join = (...parts: string[]) => parts.filter((part) => part !== '').join('.');
