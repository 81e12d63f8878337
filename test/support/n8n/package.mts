import { existsSync } from 'node:fs';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../root.mts';
import { run } from './runCommand.mts';

/** Builds this package and packs it as for npm into `folder`, unless it is there. Returns the tarball's path. */
export async function packTarball(folder: string): Promise<string> {
	const packed = await tarballIn(folder);
	if (packed) return packed;
	const options = { cwd: root, logFile: join(folder, 'pack.log') };
	await run('npm', ['run', 'build'], options);
	await run('npm', ['pack', '--pack-destination', folder], options);
	const tarball = await tarballIn(folder);
	if (!tarball) throw new Error(`npm pack left no tarball in ${folder}.`);
	return tarball;
}

async function tarballIn(folder: string): Promise<string | undefined> {
	const name = (await readdir(folder)).find((name) => name.endsWith('.tgz'));
	return name && join(folder, name);
}

/** Puts a packed community package where n8n loads such packages from, in place of an earlier build of it. */
export async function installCommunityPackage(tarball: string, userFolder: string): Promise<void> {
	const folder = join(userFolder, '.n8n', 'nodes');
	const manifest = join(folder, 'package.json');
	await mkdir(folder, { recursive: true });
	if (!existsSync(manifest))
		await writeFile(manifest, JSON.stringify({ name: 'installed-nodes', private: true }));
	// npm keeps what it has when the version is the same, and between builds it is.
	await rm(join(folder, 'node_modules', 'n8n-nodes-imagen-ai'), { recursive: true, force: true });
	await run(
		'npm',
		[
			'install',
			tarball,
			'--legacy-peer-deps',
			'--ignore-scripts',
			'--no-package-lock',
			'--no-audit',
			'--no-fund',
		],
		{ cwd: folder, logFile: join(folder, 'install.log') },
	);
}
