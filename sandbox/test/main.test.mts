import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

jest.setTimeout(60_000);

let temporary: string;
beforeEach(async () => {
	temporary = await mkdtemp(join(tmpdir(), 'sandbox-main-'));
});
afterEach(async () => await rm(temporary, { recursive: true }));

/** Runs what `npm run sandbox` runs, with a temporary folder of its own. */
function run(port = 0) {
	const sandbox = spawn(process.execPath, ['--import', 'tsx', 'sandbox/main.mts'], {
		// A group of its own, so that a signal reaches its children too, as Ctrl-C in a terminal does.
		detached: true,
		env: { ...process.env, TMPDIR: temporary, SANDBOX_PORT: String(port) },
	});
	const ended = once(sandbox, 'exit');
	const errors: string[] = [];
	sandbox.stderr.on('data', (chunk) => errors.push(String(chunk)));
	return {
		ended,
		errors,
		async greeting(): Promise<string> {
			let said = '';
			for await (const chunk of sandbox.stdout.iterator({ destroyOnReturn: false })) {
				said += String(chunk);
				if (said.includes('Ctrl-C')) break;
			}
			return said;
		},
		kill: (signal: NodeJS.Signals) => process.kill(-(sandbox.pid as number), signal),
	};
}

it.each(['SIGINT', 'SIGTERM'] as const)(
	'the command prints how to use the sandbox, and ends cleanly at %s',
	async (signal) => {
		const sandbox = run();
		const greeting = await sandbox.greeting();
		const [apiUrl] = /http:\/\/127\.0\.0\.1:\d+\/v1\b/.exec(greeting) ?? [];
		const [, key] = /API Key +(\S+)/.exec(greeting) ?? [];
		const answer = await fetch(`${apiUrl}/profiles`, { headers: { 'x-api-key': key } });
		expect(answer.status).toBe(200);
		await answer.json();

		sandbox.kill(signal);
		expect(await sandbox.ended).toEqual([0, null]);
		expect(sandbox.errors).toEqual([]);
		expect(await entries()).toEqual([]);
	},
);

it('the command says so when its port is taken, and leaves nothing behind', async () => {
	const first = run();
	const [, port] = /127\.0\.0\.1:(\d+)/.exec(await first.greeting()) ?? [];
	const second = run(Number(port));
	const [code] = await second.ended;
	expect(code).not.toBe(0);
	expect(second.errors.join('')).toContain('EADDRINUSE');
	first.kill('SIGTERM');
	await first.ended;
	expect(await entries()).toEqual([]);
});

/** The sandbox folders that are left; tsx keeps a cache of its own beside them. */
async function entries(): Promise<string[]> {
	return (await readdir(temporary)).filter((name) => name.startsWith('imagen-sandbox-'));
}
