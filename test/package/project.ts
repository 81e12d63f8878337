/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals, @n8n/community-nodes/no-dangerous-functions --
   The rules of the package are about its files: its tests list them, read them and pack them. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { runInNewContext } from 'node:vm';
import { preProcessFile } from 'typescript';
import { parse } from 'yaml';

const ROOT = join(__dirname, '../..');

/** A source file of the runtime; paths are relative to the project. */
export interface Source {
	path: string;
	/** Packages it imports. */
	packages: string[];
	/** Files of the project it imports, without their extension. */
	files: string[];
}

export interface Manifest {
	[key: string]: unknown;
	name: string;
	version: string;
	keywords: string[];
	scripts: Record<string, string>;
	peerDependencies: Record<string, string>;
	n8n: { n8nNodesApiVersion: number; strict: boolean; nodes: string[]; credentials: string[] };
}

/** Runs the code of a Code node. @returns the items that it gives */
export function runCode(code: string, $input: object, $: (node: string) => object) {
	return runInNewContext(`(() => {\n${code}\n})()`, { $input, $ }) as Array<{
		json: Record<string, unknown>;
	}>;
}

/** package.json */
export function readManifest(): Manifest {
	return readJson('package.json') as Manifest;
}

export function readJson(path: string): unknown {
	return JSON.parse(readText(path));
}

export function readYaml(path: string): unknown {
	return parse(readText(path));
}

export function readText(path: string): string {
	return readFileSync(join(ROOT, path), 'utf8');
}

export function exists(path: string): boolean {
	return existsSync(join(ROOT, path));
}

/** The path of a file that another one names by a relative path. */
export function pathFrom(file: string, relativePath: string): string {
	return join(dirname(file), relativePath);
}

/** The anchors of a document's headings, as GitHub makes them. */
export function anchorsOf(text: string): string[] {
	const headings = text.match(/^#+ .+$/gm) ?? [];
	return headings.map((heading) =>
		heading
			.replace(/^#+ /, '')
			.toLowerCase()
			.replace(/[^\w\- ]/g, '')
			.replace(/ /g, '-'),
	);
}

/** Where the links and pictures of a document lead. */
export function targetsOf(document: string): string[] {
	const targets = document.matchAll(/\]\(([^)\s]+)\)|<(?:img|a)\b[^>]*\b(?:src|href)="([^"]+)"/g);
	return [...targets].map(([, inMarkdown, inHtml]) => inMarkdown ?? inHtml);
}

/** The class that a source file exports under the file's own name. */
export async function loadClass<T>(path: string): Promise<T> {
	const module = (await import(join(ROOT, path))) as Record<string, new () => T>;
	const name = path.split('/').at(-1)?.split('.')[0] ?? '';
	return new module[name]();
}

/** The files of a folder and its sub-folders whose name ends so. */
export function listFiles(folder: string, ending: string): string[] {
	return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
		.filter((path) => path.endsWith(ending))
		.map((path) => join(folder, path));
}

/** Everything that ends up in the published package, with what it imports. */
export function readRuntimeSources(): Source[] {
	return ['credentials', 'nodes'].flatMap((folder) => listFiles(folder, '.ts')).map(readSource);
}

/** The files that `npm publish` would send, as the project is built now. */
export function listPackedFiles(): string[] {
	const answer = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
		cwd: ROOT,
		encoding: 'utf8',
		stdio: ['ignore', 'pipe', 'ignore'],
	});
	const [{ files }] = JSON.parse(answer) as Array<{ files: Array<{ path: string }> }>;
	return files.map(({ path }) => path);
}

function readSource(path: string): Source {
	const { importedFiles } = preProcessFile(readFileSync(join(ROOT, path), 'utf8'));
	const imported = importedFiles.map(({ fileName }) => fileName);
	return {
		path,
		packages: imported.filter((name) => !name.startsWith('.')),
		files: imported.filter((name) => name.startsWith('.')).map((name) => relative('.', pathFrom(path, name))),
	};
}
