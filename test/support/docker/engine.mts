import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { run, tail } from '../n8n/runCommand.mts';
import type { Step } from '../step.mts';

const START_SECONDS = 60;
const packages = { dockerd: 'docker.io', 'docker-compose': 'docker-compose', debootstrap: 'debootstrap' };

/** A Docker engine of our own, with its data in a temporary folder. It has to run as root. */
export class Engine {
	/** What `docker` and `docker-compose` print goes there. */
	readonly logFile: string;
	readonly #folder: string;
	readonly #daemon: ChildProcess;

	/** Starts it; installs Debian's packages where they are missing. */
	static async start(step: Step): Promise<Engine> {
		await installPackages(step);
		return await step('Starting a Docker engine', async () => {
			const engine = new Engine(await mkdtemp(join(tmpdir(), 'docker-')));
			await engine.#becomesReady();
			return engine;
		});
	}

	private constructor(folder: string) {
		this.#folder = folder;
		this.logFile = join(folder, 'docker.log');
		const log = openSync(join(folder, 'dockerd.log'), 'a');
		this.#daemon = spawn(
			'dockerd',
			[
				'--host',
				this.#host,
				'--storage-driver=vfs',
				'--data-root',
				join(folder, 'data'),
				'--exec-root',
				join(folder, 'exec'),
				'--pidfile',
				join(folder, 'pid'),
			],
			{ stdio: ['ignore', log, log] },
		);
		closeSync(log);
	}

	get #host(): string {
		return `unix://${join(this.#folder, 'socket')}`;
	}

	/** Runs a command with this engine. @param env more settings for it */
	async run(command: string, args: string[], cwd: string, env: NodeJS.ProcessEnv = {}): Promise<void> {
		await run(command, args, { cwd, logFile: this.logFile, env: { DOCKER_HOST: this.#host, ...env } });
	}

	/** @returns what a `docker` command prints */
	async ask(...args: string[]): Promise<string> {
		const env = { ...process.env, DOCKER_HOST: this.#host };
		return (await promisify(execFile)('docker', args, { env })).stdout;
	}

	async close(): Promise<void> {
		if (this.#daemon.exitCode === null) {
			const ended = once(this.#daemon, 'exit');
			this.#daemon.kill('SIGTERM');
			await ended;
		}
		await rm(this.#folder, { recursive: true, force: true });
	}

	async #becomesReady(): Promise<void> {
		const deadline = Date.now() + START_SECONDS * 1000;
		while (this.#daemon.exitCode === null && Date.now() < deadline) {
			const isReady = await this.ask('info').then(
				() => true,
				() => false,
			);
			if (isReady) return;
			await sleep(200);
		}
		const end = tail(join(this.#folder, 'dockerd.log'));
		await this.close();
		throw new Error(`The Docker engine did not start. The end of its log:\n\n${end}`);
	}
}

async function installPackages(step: Step): Promise<void> {
	const missing = Object.entries(packages)
		.filter(([command]) => !isInstalled(command))
		.map(([, name]) => name);
	if (missing.length === 0) return;
	const folder = await mkdtemp(join(tmpdir(), 'apt-'));
	// At this run level Debian starts no service for what it installs.
	const env = { DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
	const options = { cwd: folder, logFile: join(folder, 'apt.log'), env };
	await step(`Installing ${missing.join(', ')}`, async () => {
		await run('apt-get', ['update', '-q'], options);
		await run('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...missing], options);
	});
	await rm(folder, { recursive: true });
}

const isInstalled = (command: string) =>
	(process.env.PATH ?? '').split(':').some((folder) => existsSync(join(folder, command)));
