/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals, @n8n/community-nodes/no-dangerous-functions --
   A release is packed by npm and tar, from files. */
import { execFile, execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { OwnerFields } from '../../release/owner';
import { readManifest } from './project';

const ROOT = join(__dirname, '../..');
const PACKED_AS_THEY_ARE = ['README.md', 'LICENSE.md', 'index.js'];

export const OWNER: OwnerFields = {
	author: { name: 'Ana Silva', email: 'ana@silva.photos' },
	homepage: 'https://silva.photos/n8n',
	repository: { url: 'git+https://github.com/silva-photos/imagen-nodes.git' },
};

export interface Ran {
	succeeded: boolean;
	output: string;
}

/** The package as its owner has set it up, built to one file, on a machine of its own. */
export class OwnersCopy {
	private readonly folder = mkdtempSync(join(tmpdir(), 'owners-copy-'));

	constructor(owner: OwnerFields) {
		for (const file of PACKED_AS_THEY_ARE) cpSync(join(ROOT, file), join(this.folder, file));
		mkdirSync(join(this.folder, 'dist'));
		this.write('dist/built.js', '');
		this.write('package.json', JSON.stringify({ ...readManifest(), ...owner }));
	}

	/** Runs release/<tool>.mts here. npm finds no settings but those of this folder. */
	async run(tool: 'check' | 'pack'): Promise<Ran> {
		const tsx = join(ROOT, 'node_modules/.bin/tsx');
		const options = { cwd: this.folder, env: { PATH: process.env.PATH, HOME: this.folder } };
		return await new Promise((resolve) => {
			execFile(tsx, [join(ROOT, 'release', `${tool}.mts`)], options, (error, stdout, stderr) =>
				resolve({ succeeded: error === null, output: stdout + stderr }),
			);
		});
	}

	read(file: string): string {
		return readFileSync(join(this.folder, file), 'utf8');
	}

	/** Reads a file out of the tarball that was packed here. */
	readPacked(file: string): string {
		return this.tar('-xzOf', this.tarball(), `package/${file}`);
	}

	packedFiles(): string[] {
		const paths = this.tar('-tzf', this.tarball()).trim().split('\n');
		return paths.map((path) => path.replace('package/', ''));
	}

	useRegistry(url: string): void {
		const settings = [`registry=${url}`, `${url.replace('http:', '')}:_authToken=token`];
		this.write('.npmrc', [...settings, 'update-notifier=false'].join('\n'));
	}

	remove(): void {
		rmSync(this.folder, { recursive: true, force: true });
	}

	private tarball(): string {
		const [tarball, ...others] = readdirSync(this.folder).filter((name) => name.endsWith('.tgz'));
		if (tarball === undefined || others.length > 0) throw new Error('Exactly one tarball was expected.');
		return tarball;
	}

	private tar(...args: string[]): string {
		return execFileSync('tar', args, { cwd: this.folder, encoding: 'utf8' });
	}

	private write(file: string, text: string): void {
		writeFileSync(join(this.folder, file), text);
	}
}

/** What npm's registry knows: who is logged in, and who owns the package. */
export interface Accounts {
	user?: string;
	owners?: string[];
}

/** A registry on loopback that answers `npm whoami` and `npm owner ls`. */
export class Registry {
	accounts: Accounts = {};

	private readonly server: Server = createServer(({ url }, response) => {
		const { user, owners } = this.accounts;
		const answer = url === '/-/whoami' ? user && { username: user } : owners && packument(owners);
		const refusal = url === '/-/whoami' ? 401 : 404;
		response.writeHead(answer ? 200 : refusal, { 'content-type': 'application/json' });
		response.end(JSON.stringify(answer ?? {}));
	});

	/** Returns its URL. */
	async open(): Promise<string> {
		await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
		return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/`;
	}

	async close(): Promise<void> {
		this.server.closeAllConnections();
		await new Promise((resolve) => this.server.close(resolve));
	}
}

function packument(owners: string[]): object {
	const { name } = readManifest();
	return { name, maintainers: owners.map((owner) => ({ name: owner, email: `${owner}@example.com` })) };
}
