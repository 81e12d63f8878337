import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { resources } from '../../../nodes/Imagen/actions/index.ts';
import { useStudio } from '../../cases/studio.mts';
import type { Output } from './outputs.mts';
import { schemaOf, schemaPath } from './outputSchema.mts';
import { runSamples } from './samples.mts';

/** Set by `npm run schemas`: the files are written, and then tested as always. */
const { SCHEMAS: isToBeWritten } = process.env;

const studio = useStudio();

const operations = Object.entries(resources)
	.flatMap(([resource, { operations: all }]) => Object.keys(all).map((name) => `${resource}.${name}`))
	.sort();

let outputs: Map<string, Output['items']>;

beforeAll(async () => {
	outputs = await runSamples(studio);
	if (!isToBeWritten) return;
	rmSync(schemaPath(), { recursive: true, force: true });
	for (const operation of operations.filter((one) => outputs.has(one))) {
		mkdirSync(dirname(schemaPath(operation)), { recursive: true });
		writeFileSync(schemaPath(operation), fileOf(operation));
	}
}, 300_000);

/** The file as n8n's own nodes have theirs. */
const fileOf = (operation: string) =>
	`${JSON.stringify({ ...schemaOf(outputs.get(operation) ?? []), version: 1 }, null, '\t')}\n`;

test('every operation gives something out in a sample run of samples.mts', () => {
	expect(operations.filter((operation) => !outputs.get(operation)?.length)).toEqual([]);
});

test('the editor has fields to show for every operation before it has run, and a file for no other', () => {
	const files = readdirSync(schemaPath(), { recursive: true, encoding: 'utf8' });
	const described = files.filter((path) => path.endsWith('.json')).map((path) => path.replace(/[\\/]/, '.'));
	expect(described.sort()).toEqual(operations.map((operation) => `${operation}.json`));
});

test.each(operations)(
	'the fields that the editor shows of %s are those that it gives: npm run schemas',
	(operation) => {
		expect(readFileSync(schemaPath(operation), 'utf8')).toBe(fileOf(operation));
	},
);
