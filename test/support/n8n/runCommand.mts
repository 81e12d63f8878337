import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync, closeSync, readFileSync } from 'node:fs';

export interface RunOptions {
	cwd: string;
	/** Gets all that the command prints; added to if it exists. */
	logFile: string;
	env?: NodeJS.ProcessEnv;
}

/** Runs a command to its end. An error carries the end of what it printed. */
export async function run(command: string, args: string[], { cwd, logFile, env }: RunOptions): Promise<void> {
	const log = openSync(logFile, 'a');
	try {
		const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', log, log] });
		const [code] = (await once(child, 'exit')) as [number | null];
		if (code === 0) return;
	} finally {
		closeSync(log);
	}
	throw new Error(`${command} ${args.join(' ')} failed. The end of ${logFile}:\n\n${tail(logFile)}`);
}

/** The last lines of a log file. */
export function tail(logFile: string, lines = 40): string {
	return readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
}
