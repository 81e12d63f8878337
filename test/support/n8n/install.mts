import { existsSync, readdirSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, delimiter, dirname, join } from 'node:path';
import { lock } from 'proper-lockfile';
import type { Step } from '../step.mts';
import { recipeFor, type Recipe } from './recipes.mts';
import { run } from './runCommand.mts';

/** An n8n on disk, with the Node.js it runs on. */
export interface Installation {
	recipe: Recipe;
	nodeBinary: string;
	n8nScript: string;
}

/** Where installations are kept: outside the checkout, so that every clone shares them. */
export function cacheFolder(): string {
	return (
		process.env.N8N_E2E_CACHE ||
		join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'n8n-nodes-imagen-ai')
	);
}

/** Gives the pinned n8n, or `version`; installs it first if the cache does not have it. */
export async function installN8n(step: Step, version?: string): Promise<Installation> {
	const recipe = recipeFor(version);
	const folder = join(cacheFolder(), `n8n-${recipe.n8n}-node-${recipe.node}`);
	if (!existsSync(folder)) await installOnce(recipe, folder, step);
	return {
		recipe,
		nodeBinary: nodeBinaryIn(folder),
		n8nScript: join(folder, 'n8n', 'node_modules', 'n8n', 'bin', 'n8n'),
	};
}

/** Installs beside the final place and renames at the end: a folder in the cache is always a whole one. */
async function installOnce(recipe: Recipe, folder: string, step: Step): Promise<void> {
	await mkdir(dirname(folder), { recursive: true });
	const release = await lock(folder, { realpath: false, retries: { forever: true, maxTimeout: 2000 } });
	try {
		if (existsSync(folder)) return;
		await removePartials(folder);
		// A new name each time, because the npm of a killed installation may live on and write into the old one.
		const partial = await mkdtemp(`${folder}${partialSuffix}`);
		await installNode(recipe, partial, step);
		await installPackages(recipe, partial, step);
		await rename(partial, folder);
	} finally {
		await release();
	}
}

const partialSuffix = '.partial-';

/** Removes what killed installations left, as far as nothing writes there any more. */
async function removePartials(folder: string): Promise<void> {
	const siblings = await readdir(dirname(folder));
	const partials = siblings.filter((name) => name.startsWith(basename(folder) + partialSuffix));
	for (const partial of partials) {
		await rm(join(dirname(folder), partial), { recursive: true, force: true }).catch(() => {});
	}
}

async function installNode(recipe: Recipe, folder: string, step: Step): Promise<void> {
	const cwd = await packageFolder(folder, 'node', { dependencies: { node: recipe.node } });
	await step(`Installing Node.js ${recipe.node} into ${dirname(folder)}`, () =>
		// The package's install script fetches the binary for this machine.
		run('npm', ['install', '--ignore-scripts=false', ...quietly], { cwd, logFile: join(cwd, 'install.log') }),
	);
}

async function installPackages({ n8n, overrides }: Recipe, folder: string, step: Step): Promise<void> {
	const cwd = await packageFolder(folder, 'n8n', { dependencies: { n8n }, overrides });
	const options = { cwd, logFile: join(cwd, 'install.log'), env: environmentOf(folder) };
	await step(`Installing n8n ${n8n} (once: about 3 GB, some minutes)`, () =>
		run('npm', ['install', '--omit=dev', '--ignore-scripts', ...quietly], options),
	);
	await step('Building sqlite3, the one native part of n8n (about a minute)', () =>
		run('npm', ['rebuild', 'sqlite3', '--ignore-scripts=false', ...quietly], options),
	);
}

const quietly = ['--no-audit', '--no-fund', '--loglevel=error'];

async function packageFolder(parent: string, name: string, manifest: object): Promise<string> {
	const folder = join(parent, name);
	await mkdir(folder, { recursive: true });
	await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true, ...manifest }, null, 2));
	return folder;
}

function nodeBinaryIn(folder: string): string {
	return join(folder, 'node', 'node_modules', 'node', 'bin', 'node');
}

/** Makes npm run on the release's own Node.js and compile against its headers. */
function environmentOf(folder: string): NodeJS.ProcessEnv {
	return {
		PATH: dirname(nodeBinaryIn(folder)) + delimiter + process.env.PATH,
		npm_config_nodedir: headersIn(folder),
	};
}

function headersIn(folder: string): string {
	const platforms = join(folder, 'node', 'node_modules', 'node', 'node_modules');
	const platform = readdirSync(platforms).find((name) => existsSync(join(platforms, name, 'include')));
	if (!platform)
		throw new Error(`The npm package node brought no headers for this machine into ${platforms}.`);
	return join(platforms, platform);
}
