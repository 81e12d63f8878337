import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Imagen } from '../../../nodes/Imagen/Imagen.node.ts';
import { root } from '../../support/root.mts';

const TYPES = ['object', 'array', 'string', 'number', 'boolean', 'null'] as const;

type Type = (typeof TYPES)[number];

/** What n8n's editor reads of a JSON Schema. Of several types it shows the first: null is the last. */
export interface Schema {
	type: Type | Type[];
	properties?: Record<string, Schema>;
	items?: Schema;
}

/** The folder of the output schemas, as n8n looks for them beside the compiled node. */
const FOLDER = `nodes/Imagen/__schema__/v${Number(new Imagen().description.version)}.0.0`;

/** Where an operation's schema is, such as `edit.start`; without one, the folder of all. */
export const schemaPath = (operation?: string): string =>
	join(root, FOLDER, operation ? `${operation.replace('.', '/')}.json` : '');

/** The schema that describes each of these values, and no field or type that none of them has. */
export function schemaOf(values: unknown[]): Schema {
	const types = TYPES.filter((type) => values.some((value) => typeOf(value) === type));
	const records = values.filter(isRecord);
	const entries = values.filter(Array.isArray).flat();
	const keys = new Set(records.flatMap(Object.keys));
	const valuesAt = (key: string) => records.filter((record) => key in record).map((record) => record[key]);
	return {
		type: types.length === 1 ? types[0] : types,
		...(records.length > 0 && {
			properties: Object.fromEntries([...keys].map((key) => [key, schemaOf(valuesAt(key))])),
		}),
		...(entries.length > 0 && { items: schemaOf(entries) }),
	};
}

/** Where a value has what its schema does not describe. @param at its own place */
export function misfitsOf(schema: Schema | undefined, value: unknown, at: string): string[] {
	if (!schema || ![schema.type].flat().includes(typeOf(value))) return [`${at} (${typeOf(value)})`];
	if (Array.isArray(value)) return value.flatMap((entry) => misfitsOf(schema.items, entry, `${at}[]`));
	if (!isRecord(value)) return [];
	return Object.entries(value).flatMap(([key, entry]) =>
		misfitsOf(schema.properties?.[key], entry, `${at}.${key}`),
	);
}

/** The schema of an operation that is published; undefined where there is none. */
export function readSchema(operation: string): Schema | undefined {
	const path = schemaPath(operation);
	return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Schema) : undefined;
}

function typeOf(value: unknown): Type {
	if (value === null) return 'null';
	return Array.isArray(value) ? 'array' : (typeof value as Type);
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeOf(value) === 'object';
