import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../root.mts';

/** What one n8n release needs to be installed from npm and to run. Versions are exact: a range resolves to releases whose dependencies are not on npm. */
export interface Recipe {
	n8n: string;
	/** The Node.js it runs on, from the npm package `node`. */
	node: string;
	/** Replacements for dependencies that npm does not have. */
	overrides?: Record<string, string>;
	/** Settings that only this release needs. */
	env?: Record<string, string>;
}

const recipes: Recipe[] = [
	{
		n8n: '2.41.1',
		node: '24.9.0',
		env: { N8N_DISABLED_MODULES: 'mcp-registry,instance-ai,agents,chat-hub' },
	},
	{ n8n: '2.8.4', node: '20.20.2', overrides: { xlsx: '0.18.5' } },
	{
		n8n: '1.123.81',
		node: '20.20.2',
		overrides: { xlsx: '0.18.5' },
		env: {
			N8N_EXPRESSION_ENGINE: 'legacy',
			// Without a pool it stores that an execution has ended before it stores its data.
			DB_SQLITE_POOL_SIZE: '2',
		},
	},
];

/** The recipe for a release; without a version, for the one pinned in `test/support/n8n/package.json`. */
export function recipeFor(version = pinnedVersion()): Recipe {
	const recipe = recipes.find(({ n8n }) => n8n === version);
	if (recipe) return recipe;
	throw new Error(
		`No recipe for n8n ${version}. There is one for ${recipes.map(({ n8n }) => n8n).join(', ')}.`,
	);
}

function pinnedVersion(): string {
	const manifest = readFileSync(join(root, 'test', 'support', 'n8n', 'package.json'), 'utf8');
	return (JSON.parse(manifest) as { dependencies: { n8n: string } }).dependencies.n8n;
}
