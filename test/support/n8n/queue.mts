import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { getRandomPort } from 'get-port-please';
import { run } from './runCommand.mts';
import type { Step } from '../step.mts';

/** The services that n8n's queue mode needs. */
export interface QueueServices {
	/** Settings of a main n8n and its workers. */
	env: NodeJS.ProcessEnv;
	close(): Promise<void>;
}

const localHost = '127.0.0.1';
const startSeconds = 30;
const redisServer = '/usr/bin/redis-server';
const postgresVersions = '/usr/lib/postgresql';

/** Starts a Redis and a PostgreSQL of our own on free ports; installs their Debian packages if they are not there. */
export async function startQueueServices(step: Step): Promise<QueueServices> {
	const folder = await mkdtemp(join(tmpdir(), 'n8n-queue-'));
	// PostgreSQL does not run as root, and its own user needs access to its files.
	await chmod(folder, 0o755);
	const processes: ChildProcess[] = [];
	const close = async () => {
		await Promise.all(processes.map(end));
		await rm(folder, { recursive: true, force: true });
	};
	try {
		await installPackages(folder, step);
		return await step('Starting Redis and PostgreSQL', async () => {
			const redis = await startRedis(processes);
			const postgres = await startPostgres(folder, processes);
			const shared = { EXECUTIONS_MODE: 'queue', N8N_ENCRYPTION_KEY: 'shared by main and workers' };
			return { env: { ...shared, ...redis, ...postgres }, close };
		});
	} catch (error) {
		await close();
		throw error;
	}
}

async function installPackages(folder: string, step: Step): Promise<void> {
	const missing = [
		!existsSync(redisServer) && 'redis-server',
		!existsSync(postgresVersions) && 'postgresql',
	].filter((name) => name !== false);
	if (missing.length === 0) return;
	const options = {
		cwd: folder,
		logFile: join(folder, 'apt.log'),
		// At this run level Debian starts no service for what it installs.
		env: { DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' },
	};
	await step(`Installing ${missing.join(' and ')}`, async () => {
		await run('apt-get', ['update', '-q'], options);
		await run('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...missing], options);
	});
}

async function startRedis(processes: ChildProcess[]): Promise<NodeJS.ProcessEnv> {
	const port = String(await getRandomPort(localHost));
	processes.push(
		start(redisServer, ['--port', port, '--bind', localHost, '--save', '', '--appendonly', 'no']),
	);
	await until(() => succeeds('/usr/bin/redis-cli', ['-p', port, 'ping']));
	return { QUEUE_BULL_REDIS_HOST: localHost, QUEUE_BULL_REDIS_PORT: port };
}

async function startPostgres(folder: string, processes: ChildProcess[]): Promise<NodeJS.ProcessEnv> {
	const binaries = join(postgresVersions, readdirSync(postgresVersions).sort().at(-1)!, 'bin');
	const data = join(folder, 'postgres');
	const port = String(await getRandomPort(localHost));
	await mkdir(data);
	if (isRoot) execFileSync('chown', ['postgres', data]);

	const [initdb, ...initArgs] = asPostgres(join(binaries, 'initdb'), [
		'-D',
		data,
		'-U',
		'n8n',
		'-A',
		'trust',
	]);
	execFileSync(initdb, initArgs, { stdio: 'ignore', cwd: data });
	const server = ['-D', data, '-p', port, '-h', localHost, '-k', data, '-c', 'fsync=off'];
	const [postgres, ...args] = asPostgres(join(binaries, 'postgres'), server);
	processes.push(start(postgres, args, data));
	await until(() => succeeds(join(binaries, 'createdb'), ['-h', localHost, '-p', port, '-U', 'n8n', 'n8n']));
	return {
		DB_TYPE: 'postgresdb',
		DB_POSTGRESDB_HOST: localHost,
		DB_POSTGRESDB_PORT: port,
		DB_POSTGRESDB_DATABASE: 'n8n',
		DB_POSTGRESDB_USER: 'n8n',
	};
}

const isRoot = process.getuid?.() === 0;

/** PostgreSQL refuses to run as root: its own user runs it then, in the process that we started. */
function asPostgres(command: string, args: string[]): string[] {
	if (!isRoot) return [command, ...args];
	return ['setpriv', '--reuid=postgres', '--regid=postgres', '--init-groups', command, ...args];
}

function start(command: string, args: string[], cwd?: string): ChildProcess {
	const child = spawn(command, args, { stdio: 'ignore', cwd });
	const endWithUs = () => child.kill();
	process.once('exit', endWithUs);
	child.once('exit', () => process.off('exit', endWithUs));
	return child;
}

async function end(child: ChildProcess): Promise<void> {
	if (child.exitCode !== null || child.signalCode !== null) return;
	const ended = once(child, 'exit');
	child.kill('SIGINT');
	await ended;
}

function succeeds(command: string, args: string[]): boolean {
	try {
		execFileSync(command, args, { stdio: 'ignore' });
		return true;
	} catch {
		return false;
	}
}

async function until(isSo: () => boolean): Promise<void> {
	const deadline = Date.now() + startSeconds * 1000;
	while (!isSo()) {
		if (Date.now() > deadline)
			throw new Error(`Redis or PostgreSQL did not start in ${startSeconds} seconds.`);
		await sleep(200);
	}
}
