import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { mkdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { getRandomPort } from 'get-port-please';
import type { Installation } from './install.mts';
import { tail } from './runCommand.mts';

export interface N8nOptions {
	installation: Installation;
	/** Holds n8n's database, settings and community packages; kept by who gave it. */
	userFolder: string;
	/** Relative paths in workflows start here, and workflows cannot reach files outside it. */
	workFolder: string;
	/** A free one if left out. */
	port?: number;
	/** More settings for n8n, over the ones it gets anyway. */
	env?: NodeJS.ProcessEnv;
	/** A worker runs what a main n8n puts into the queue; it has no API of its own. */
	role?: Role;
}

type Role = 'main' | 'worker';

/** A running n8n. After `stop` or `kill`, `startN8n` with the same user folder continues where it was. */
export interface N8n {
	url: string;
	pid: number;
	logFile: string;
	/** Ends it as an operator would; by force if that takes too long. */
	stop(): Promise<void>;
	/** Ends it as a crash would. */
	kill(): Promise<void>;
}

const command: Record<Role, string> = { main: 'start', worker: 'worker' };

const localHost = '127.0.0.1';
const startSeconds = 120;
const stopSeconds = 15;

/** Starts n8n and returns once it answers. Throws with the end of its log if it does not come up. */
export async function startN8n(options: N8nOptions): Promise<N8n> {
	const { installation, userFolder, role = 'main' } = options;
	const port = options.port ?? (await getRandomPort(localHost));
	await mkdir(userFolder, { recursive: true });
	const logFile = join(userFolder, 'n8n.log');
	const log = openSync(logFile, 'a');
	const logStart = fstatSync(log).size;
	const child = spawn(installation.nodeBinary, [installation.n8nScript, command[role]], {
		cwd: options.workFolder,
		// A group of its own, so that the task runners n8n starts end with it.
		detached: true,
		stdio: ['ignore', log, log],
		env: { ...process.env, ...(await settings(options, port)) },
	});
	closeSync(log);
	const endWithUs = () => signalGroup(child, 'SIGKILL');
	// Before what it writes to is removed, by listeners that are older.
	process.prependOnceListener('exit', endWithUs);
	const ended = once(child, 'exit').then(() => {
		process.off('exit', endWithUs);
	});

	const n8n: N8n = {
		url: `http://${localHost}:${port}`,
		pid: child.pid!,
		logFile,
		stop: async () => {
			child.kill('SIGTERM');
			await Promise.race([ended, sleep(stopSeconds * 1000, undefined, { ref: false })]);
			await n8n.kill();
		},
		kill: async () => {
			signalGroup(child, 'SIGKILL');
			await ended;
		},
	};
	const isUp = async () =>
		logFrom(logFile, logStart).includes(upMessage[role]) &&
		(role === 'worker' || (await isAnswering(n8n.url)));
	if (await becomes(isUp, child)) return n8n;
	await n8n.kill();
	throw new Error(`n8n did not start. The end of ${logFile}:\n\n${tail(logFile)}`);
}

async function becomes(isUp: () => Promise<boolean>, child: ChildProcess): Promise<boolean> {
	const deadline = Date.now() + startSeconds * 1000;
	while (child.exitCode === null && child.signalCode === null && Date.now() < deadline) {
		if (await isUp()) return true;
		await sleep(50);
	}
	return false;
}

/** Until its routes are in place n8n answers every path with a page that says it is starting up. */
async function isAnswering(url: string): Promise<boolean> {
	const answer = await fetch(`${url}/rest/settings`).then(
		(response) => response.text(),
		() => '',
	);
	return answer.startsWith('{"data"');
}

/** After a crash, a main n8n answers before it has cleaned up; this message comes after that. */
const upMessage: Record<Role, string> = {
	main: 'Editor is now accessible',
	worker: 'n8n worker is now ready',
};

function logFrom(logFile: string, start: number): string {
	return readFileSync(logFile).subarray(start).toString();
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
	try {
		process.kill(-child.pid!, signal);
	} catch {
		// The whole group has ended already.
	}
}

async function settings(options: N8nOptions, port: number): Promise<NodeJS.ProcessEnv> {
	return {
		...quiet,
		N8N_LISTEN_ADDRESS: localHost,
		N8N_HOST: localHost,
		N8N_PORT: String(port),
		N8N_RUNNERS_BROKER_PORT: String(await getRandomPort(localHost)),
		N8N_USER_FOLDER: options.userFolder,
		N8N_RESTRICT_FILE_ACCESS_TO: await realpath(options.workFolder),
		// A secure cookie would not be sent over plain http.
		N8N_SECURE_COOKIE: 'false',
		// In production mode n8n sleeps ten seconds when it starts again after a crash.
		NODE_ENV: undefined,
		// As the README advises: n8n 1 keeps photos in memory otherwise.
		N8N_DEFAULT_BINARY_DATA_MODE: 'filesystem',
		...options.installation.recipe.env,
		...options.env,
	};
}

/** Nothing leaves the machine. */
const quiet: NodeJS.ProcessEnv = {
	EXTERNAL_FRONTEND_HOOKS_URLS: '',
	N8N_DIAGNOSTICS_ENABLED: 'false',
	N8N_DYNAMIC_BANNERS_ENABLED: 'false',
	N8N_HIRING_BANNER_ENABLED: 'false',
	N8N_LICENSE_AUTO_RENEW_ENABLED: 'false',
	N8N_PERSONALIZATION_ENABLED: 'false',
	N8N_TEMPLATES_ENABLED: 'false',
	N8N_VERIFIED_PACKAGES_ENABLED: 'false',
	N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
	N8N_VERSION_NOTIFICATIONS_WHATS_NEW_ENABLED: 'false',
};
