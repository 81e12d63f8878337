import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { json } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { Transfer } from './client.mts';

/** What a process used between begin and end. */
export interface Usage {
	seconds: number;
	cpuSeconds: number;
	mebibytesBefore: number;
	/** The most resident memory at any moment, as the kernel has noted it. */
	mebibytesMost: number;
	/** How late the event loop was in the worst of a hundred looks. */
	loopDelayP99Ms: number;
}

/** What a process holds in memory once its garbage is collected. */
export interface HeldMemory {
	/** Resident, of the whole process. */
	mebibytes: number;
	/** Of live JavaScript objects. */
	heapMebibytes: number;
}

const script = fileURLToPath(new URL('probe.cjs', import.meta.url));

/** Environment of a Node.js process that is to be measured over this socket, and started with options such as `--expose-gc`. */
export function probed(socket: string, options = ''): NodeJS.ProcessEnv {
	return { BENCH_PROBE: socket, NODE_OPTIONS: `--require ${script} ${options}` };
}

/** Runs something and tells what the process behind the socket used meanwhile. */
export async function measure<Result>(
	socket: string,
	work: () => Promise<Result>,
): Promise<{ result: Result; usage: Usage }> {
	await ask(socket, '/begin');
	const result = await work();
	return { result, usage: (await ask(socket, '/end')) as Usage };
}

/** Has the process behind the socket collect its garbage, and tells what it holds then. */
export async function heldMemory(socket: string): Promise<HeldMemory> {
	return (await ask(socket, '/held')) as HeldMemory;
}

/** Has the process behind the socket, of Node.js 24, move photos as plain streams, beside whatever else it is. */
export async function transferIn(socket: string, order: Transfer): Promise<void> {
	await ask(socket, '/transfer', order);
}

async function ask(socketPath: string, path: string, order: unknown = null): Promise<unknown> {
	const asking = request({ socketPath, path, method: 'POST' }).end(JSON.stringify(order));
	const [response] = (await once(asking, 'response')) as [IncomingMessage];
	const answer = (await json(response)) as { error?: string };
	if (answer.error) throw new Error(answer.error);
	return answer;
}
