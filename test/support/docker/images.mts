import { existsSync } from 'node:fs';
import { appendFile, chmod, cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { run } from '../n8n/runCommand.mts';
import type { Step } from '../step.mts';
import type { Engine } from './engine.mts';

/** Where the image of n8n expects an installed n8n to be mounted: an installation of `installN8n`. */
export const n8nMount = '/opt/n8n';

const certificates = '/etc/ssl/certs/ca-certificates.crt';
const entrypoint = '/docker-entrypoint.sh';

/**
 * Makes the images that the compose file names: their registry may be out of reach. They differ from the published ones:
 * - both are Debian 12 with this machine's Node.js and npm, the image of n8n as well, which is Alpine Linux there;
 * - n8n itself is mounted, with its own Node.js: to copy 3 GB into an image takes ten minutes;
 * - the certificates are this machine's, and in the image of Node.js, which installs the package, npm's settings as well.
 * The user, the entry point, the folders and the port are those of the published image.
 */
export async function makeImages(engine: Engine, tags: { node: string; n8n: string }, step: Step) {
	const folder = await mkdtemp(join(tmpdir(), 'images-'));
	try {
		const root = join(folder, 'root');
		await step('Making a Debian for the images', async () => await installDebian(root, engine.logFile));
		await addNode(root);
		await step('Making the images', async () => {
			const archive = join(folder, 'root.tar');
			await run('tar', ['-C', root, '-cf', archive, '.'], { cwd: folder, logFile: engine.logFile });
			await importImage(engine, archive, tags.n8n, [
				'USER node',
				'WORKDIR /home/node',
				`ENTRYPOINT ["tini", "--", "${entrypoint}"]`,
				'EXPOSE 5678',
			]);
			// After the image of n8n, which has no use for them: they may hold a token.
			await addNpmSettings(archive, engine.logFile);
			await importImage(engine, archive, tags.node, [`ENV NODE_EXTRA_CA_CERTS=${certificates}`]);
		});
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

async function installDebian(root: string, logFile: string): Promise<void> {
	const options = ['--variant=minbase', '--include=ca-certificates,tini'];
	await run('debootstrap', [...options, 'bookworm', root], { cwd: tmpdir(), logFile });
	await run('chroot', [root, 'apt-get', 'clean'], { cwd: tmpdir(), logFile });
}

/** Node.js, npm and the user `node`, as in the image of Node.js; n8n's entry point. */
async function addNode(root: string): Promise<void> {
	const prefix = dirname(dirname(process.execPath));
	const modules = join('lib', 'node_modules', 'npm');
	await cp(process.execPath, join(root, 'usr/local/bin/node'));
	await cp(join(prefix, modules), join(root, 'usr/local', modules), { recursive: true });
	for (const name of ['npm', 'npx'])
		await symlink(`../${modules}/bin/${name}-cli.js`, join(root, 'usr/local/bin', name));
	await cp(certificates, join(root, certificates));
	await appendFile(join(root, 'etc/passwd'), 'node:x:1000:1000::/home/node:/bin/sh\n');
	await appendFile(join(root, 'etc/group'), 'node:x:1000:\n');
	await mkdir(join(root, 'home/node/.n8n'), { recursive: true });
	await run('chown', ['-R', '1000:1000', join(root, 'home/node')], {
		cwd: root,
		logFile: join(dirname(root), 'chown.log'),
	});
	const n8n = `${n8nMount}/node/node_modules/node/bin/node ${n8nMount}/n8n/node_modules/n8n/bin/n8n`;
	await writeFile(join(root, entrypoint), `#!/bin/sh\nexec ${n8n} "$@"\n`);
	await chmod(join(root, entrypoint), 0o755);
}

/** Adds this machine's npm settings, if there are any, to an archive, as those of root. */
async function addNpmSettings(archive: string, logFile: string): Promise<void> {
	if (!existsSync(join(homedir(), '.npmrc'))) return;
	const options = ['--owner=0', '--group=0', '--transform=s,^,./root/,', '-C', homedir()];
	await run('tar', ['-rf', archive, ...options, '.npmrc'], { cwd: dirname(archive), logFile });
}

async function importImage(engine: Engine, archive: string, tag: string, changes: string[]): Promise<void> {
	const options = changes.flatMap((change) => ['--change', change]);
	await engine.run('docker', ['import', ...options, archive, tag], dirname(archive));
}
