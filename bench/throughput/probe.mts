import { request } from 'node:http';
import { fileURLToPath } from 'node:url';

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

/** Environment of a Node.js process that is to be measured over this socket. */
export function probed(socket: string): NodeJS.ProcessEnv {
	return { BENCH_PROBE: socket, NODE_OPTIONS: `--require ${script}` };
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

async function ask(socketPath: string, path: string): Promise<unknown> {
	return await new Promise((resolve, reject) => {
		request({ socketPath, path }, (response) => {
			let text = '';
			response.setEncoding('utf8');
			response.on('data', (chunk: string) => (text += chunk));
			response.on('end', () => resolve(JSON.parse(text)));
			response.on('error', reject);
		})
			.on('error', reject)
			.end();
	});
}
