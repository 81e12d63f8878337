import type { INodeProperties, INodeTypeDescription, NodeParameterValueType } from 'n8n-workflow';

import { readManifest } from '../project';
import { choicesOf, credentialTypes, nodeDescriptions, parametersOf } from '../parameters';

/** What saved workflows and credentials rely on, by the name of the node or credential. */
export type Contract = Record<string, Side>;

/** One node or credential. */
export interface Side {
	/** A credential has none: it can only grow. */
	version?: number;
	/** Of a node: its credentials, connections and webhook addresses. */
	shape?: Record<string, unknown>;
	parameters: Term[];
}

/** One parameter. */
export interface Term {
	at: string;
	type: string;
	default: NodeParameterValueType;
	required?: boolean;
	values?: unknown[];
	/** The values of other parameters with which it is there; without it: always. */
	shown?: Record<string, unknown[]>;
}

export const CONTRACT = 'test/package/contract/contract.json';

/** The contract as the code has it now. */
export async function contractNow(): Promise<Contract> {
	const nodes = (await nodeDescriptions()).map((node) => [
		`${readManifest().name}.${node.name}`,
		sideOf(node),
	]);
	const credentials = (await credentialTypes()).map(({ name, properties }) => [
		name,
		{ parameters: termsOf(properties) },
	]);
	// As a file holds it.
	return JSON.parse(JSON.stringify(Object.fromEntries([...nodes, ...credentials]))) as Contract;
}

/** Whatever of a contract is gone or changed; a node whose version went up is free. */
export function brokenTerms(before: Contract, now: Contract): string[] {
	return Object.entries(before).flatMap(([name, side]) => {
		const after = now[name];
		if (!after) return [name];
		return isNewVersion(side, after) ? [] : brokenIn(side, after).map((what) => `${name}: ${what}`);
	});
}

function sideOf({ version, properties, ...description }: INodeTypeDescription): Side {
	const { credentials, inputs, outputs, webhooks = [] } = description;
	return {
		version: Math.max(...[version].flat()),
		shape: {
			credentials: credentials?.map(({ name }) => name),
			inputs,
			outputs,
			webhooks: webhooks.map(({ httpMethod, path }) => `${String(httpMethod)} ${path}`),
		},
		parameters: termsOf(properties),
	};
}

function termsOf(properties: INodeProperties[]): Term[] {
	return parametersOf(properties).map(({ at, property }) => ({
		at,
		type: property.type,
		default: property.default,
		...(property.required && { required: true }),
		...valuesOf(property),
		...shownOf(property),
	}));
}

function valuesOf(property: INodeProperties): Pick<Term, 'values'> {
	const values = choicesOf(property).map(({ value }) => value);
	return values.length > 0 ? { values } : {};
}

/** Resource and operation are in the parameter's place already. */
function shownOf({ displayOptions }: INodeProperties): Pick<Term, 'shown'> {
	const conditions = Object.entries(displayOptions?.show ?? {});
	const others = conditions.filter(([name]) => !['resource', 'operation'].includes(name));
	return others.length > 0 ? { shown: Object.fromEntries(others) as Term['shown'] } : {};
}

function isNewVersion({ version: before }: Side, { version: now }: Side): boolean {
	return before !== undefined && now !== undefined && now > before;
}

function brokenIn(before: Side, now: Side): string[] {
	const broken = before.parameters.filter(
		(term) =>
			!now.parameters.some((other) => keeps(other, term) && isShownAsBefore(other, term, before, now)),
	);
	const isSameShape = isEqual(before.shape, now.shape);
	return [
		...(isSameShape ? [] : [JSON.stringify(before.shape)]),
		...broken.map((term) => JSON.stringify(term)),
	];
}

/** Whether what was saved under one term means the same under another. */
function keeps(now: Term, before: Term): boolean {
	return (
		now.at === before.at &&
		now.type === before.type &&
		isEqual(now.default, before.default) &&
		(before.required === true || !now.required) &&
		includesAll(now.values, before.values)
	);
}

/** A parameter has to be there wherever it was. One that it newly depends on has its default in what was saved. */
function isShownAsBefore(term: Term, termBefore: Term, before: Side, now: Side): boolean {
	return Object.entries(term.shown ?? {}).every(([name, values]) => {
		const shownBefore = termBefore.shown?.[name];
		if (shownBefore) return includesAll(values, shownBefore);
		const at = term.at.replace(/[^.]+$/, name);
		const condition = now.parameters.find((other) => other.at === at);
		const isNew = !before.parameters.some((other) => other.at === at);
		return isNew && condition !== undefined && includesAll(values, [condition.default]);
	});
}

function includesAll(values: unknown[] = [], wanted: unknown[] = []): boolean {
	return wanted.every((value) => values.some((other) => isEqual(other, value)));
}

const isEqual = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);
