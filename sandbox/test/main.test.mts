import { spawn } from 'node:child_process';
import { once } from 'node:events';

it.each(['SIGINT', 'SIGTERM'] as const)(
	'`npm run sandbox` says how to use it, and ends cleanly at %s',
	async (signal) => {
		const sandbox = spawn(process.execPath, ['--import', 'tsx', 'sandbox/main.mts'], {
			// A group of its own, so that the signal reaches its children too, as Ctrl-C in a terminal does.
			detached: true,
		});
		let said = '';
		sandbox.stderr.on('data', (chunk) => (said += String(chunk)));
		for await (const chunk of sandbox.stdout) {
			said += String(chunk);
			if (said.includes('Ctrl-C')) break;
		}
		const [apiUrl] = /http:\/\/127\.0\.0\.1:\d+\/v1\b/.exec(said) ?? [];
		const [, key] = /API Key +(\S+)/.exec(said) ?? [];
		const answer = await fetch(`${apiUrl}/profiles`, { headers: { 'x-api-key': key } });
		expect(answer.status).toBe(200);
		await answer.json();

		const ended = once(sandbox, 'exit');
		process.kill(-(sandbox.pid as number), signal);
		expect(await ended).toEqual([0, null]);
		expect(said).not.toMatch(/error/i);
	},
	30_000,
);
