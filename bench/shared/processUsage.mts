import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { json } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

/** What a process used while it was measured. */
export interface Usage {
	seconds: number;
	cpuSeconds: number;
	mebibytesBefore: number;
	/** The most resident memory at any moment, from the kernel's own record (VmHWM). */
	mebibytesMost: number;
	/** The event loop's delay, 99th percentile. */
	loopDelayP99Ms: number;
}

/** What a process holds in memory after a garbage collection. */
export interface RetainedMemory {
	/** Resident memory of the whole process. */
	mebibytes: number;
	/** Live JavaScript objects. */
	heapMebibytes: number;
}

const script = fileURLToPath(new URL('processUsageServer.cjs', import.meta.url));

/** The environment of a Node.js process that is measured over this socket; `options` are further options of Node.js. */
export function withUsageServer(socket: string, options = ''): NodeJS.ProcessEnv {
	return { BENCH_USAGE_SOCKET: socket, NODE_OPTIONS: `--require ${script} ${options}` };
}

/** Measures what the process behind the socket uses while some work is done. */
export async function measureUsage<Result>(
	socket: string,
	work: () => Promise<Result>,
): Promise<{ result: Result; usage: Usage }> {
	await ask(socket, '/begin');
	const result = await work();
	return { result, usage: (await ask(socket, '/end')) as Usage };
}

/** Lets the process behind the socket collect its garbage, and measures what it holds then. */
export async function retainedMemory(socket: string): Promise<RetainedMemory> {
	return (await ask(socket, '/held')) as RetainedMemory;
}

/** Calls the function `transfer` of a module within the process behind the socket, which must be of Node.js 24. */
export async function transferInProcess(socket: string, module: URL, order: object): Promise<void> {
	await ask(socket, '/transfer', { module: module.href, order });
}

async function ask(socketPath: string, path: string, order: unknown = null): Promise<unknown> {
	const asking = request({ socketPath, path, method: 'POST' }).end(JSON.stringify(order));
	const [response] = (await once(asking, 'response')) as [IncomingMessage];
	const answer = (await json(response)) as { error?: string };
	if (answer.error) throw new Error(answer.error);
	return answer;
}
