/** Packs the package as it goes to npm, into the working directory. It works on a copy: the README of the repository keeps its relative links. */
import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { githubRepository, type OwnerFields } from './owner.ts';
import { withAbsoluteLinks } from './readme.ts';
import { packAndUnpack } from './unpack.mts';

const manifest = JSON.parse(await readFile('package.json', 'utf8')) as OwnerFields & { version: string };
const repository = githubRepository(manifest);
if (repository === undefined) {
	console.error('package.json names no repository on GitHub. npm run release:check lists what to set.');
	process.exit(1);
}

const folder = await mkdtemp(join(tmpdir(), 'release-'));
try {
	const copy = packAndUnpack(folder);
	const readme = join(copy, 'README.md');
	const { version } = manifest;
	await writeFile(readme, withAbsoluteLinks(await readFile(readme, 'utf8'), { repository, version }));
	execFileSync('npm', ['pack', '--ignore-scripts', copy], { stdio: 'inherit' });
} finally {
	await rm(folder, { recursive: true, force: true });
}
