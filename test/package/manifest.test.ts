import type { ICredentialType, INodeType } from 'n8n-workflow';

import { exists, listFiles, listPackedFiles, loadClass, pathFrom, readJson, readManifest } from './project';

const manifest = readManifest();
const sourceOf = (built: string) => built.replace(/^dist\//, '').replace(/\.js$/, '.ts');
const nodes = manifest.n8n.nodes.map(sourceOf);
const credentials = manifest.n8n.credentials.map(sourceOf);

/** What the build makes of the sources. */
const BUILT = /^dist\/(nodes|credentials|icons)\/.+\.(js|json|svg)$/;

function expectThemedIcon(source: string, icon: INodeType['description']['icon']) {
	const { light, dark } = icon as { light: string; dark: string };
	expect(light).not.toBe(dark);
	for (const file of [light, dark]) {
		expect(file).toMatch(/^file:.+\.svg$/);
		expect(exists(pathFrom(source, file.replace('file:', '')))).toBe(true);
	}
}

test('installing the package installs nothing else', () => {
	for (const field of ['dependencies', 'optionalDependencies', 'bundleDependencies', 'overrides']) {
		expect(manifest).not.toHaveProperty(field);
	}
	expect(manifest.peerDependencies).toEqual({ 'n8n-workflow': '*' });
});

test('installing the package runs nothing', () => {
	const scripts = Object.keys(manifest.scripts);
	for (const hook of ['preinstall', 'install', 'postinstall', 'prepare']) expect(scripts).not.toContain(hook);
});

test('the package holds the built code, its texts and its license, and no tests or tools', () => {
	const files = listPackedFiles();
	expect(files).toEqual(expect.arrayContaining(['package.json', 'index.js', 'LICENSE.md']));
	const beside = files.filter((path) => !BUILT.test(path));
	expect(
		beside.filter((path) => !['package.json', 'index.js', 'LICENSE.md', 'README.md'].includes(path)),
	).toEqual([]);
	expect(files.filter((path) => /\btest\b|\bsandbox\b|\.map$/.test(path))).toEqual([]);
});

test('n8n finds the package, and may verify it', () => {
	expect(manifest.name).toMatch(/^n8n-nodes-/);
	expect(manifest.keywords).toContain('n8n-community-node-package');
	expect(manifest.n8n).toMatchObject({ n8nNodesApiVersion: 1, strict: true });
	expect(manifest).toMatchObject({ license: 'MIT', author: { email: expect.stringContaining('@') } });
});

test('every node and credential of the sources is listed for n8n, and nothing else', () => {
	expect([...nodes].sort()).toEqual(listFiles('nodes', '.node.ts').sort());
	expect([...credentials].sort()).toEqual(listFiles('credentials', '.credentials.ts').sort());
});

test.each(nodes)('%s has an icon for light and dark, and a codex entry that n8n reads', async (source) => {
	const { description } = await loadClass<INodeType>(source);
	expectThemedIcon(source, description.icon);
	// n8n drops an entry without `resources`. With none in it, Docs in the panel leads to npm's page of the package.
	expect(readJson(source.replace('.ts', '.json'))).toMatchObject({
		node: `${manifest.name}.${description.name}`,
		resources: {},
	});
});

test.each(credentials)('%s has an icon for light and dark', async (source) => {
	expectThemedIcon(source, (await loadClass<ICredentialType>(source)).icon);
});
