import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Transfer } from './client.mts';
import { checkBytes, type Contender, type Job } from './contender.mts';
import { measure, probed, transferIn } from './probe.mts';
import { startWorker, type Tasks, type Worker } from './worker.mts';

interface ClientTasks extends Tasks {
	transfer: (order: Transfer) => void;
}

export interface ClientParts {
	apiUrl: string;
	apiKey: string;
	/** Sockets lie here, and what is downloaded while it is counted. */
	folder: string;
}

export interface ClientOptions extends ClientParts {
	module: 'streams.mts' | 'inMemory.mts' | 'raw.mts';
	/** Whether it keeps what it downloads. */
	keepsDownloads: boolean;
	nodeBinary: string;
}

/** A contender without n8n, in a process of its own. */
export async function startClient(
	name: string,
	{ module, keepsDownloads, nodeBinary, ...parts }: ClientOptions,
): Promise<Contender & { stop: Worker<ClientTasks>['stop'] }> {
	const socket = join(parts.folder, `${module}.sock`);
	const worker = await startWorker<ClientTasks>('mover.mts', {
		nodeBinary,
		args: [`./${module}`],
		env: probed(socket),
	});
	const transfer = async (order: Transfer) => await worker.call('transfer', order);
	return { name, run: runner(parts, socket, transfer, keepsDownloads), stop: worker.stop };
}

/** Plain streams in the process of n8n, whose probe is behind the socket: what its heap alone costs. */
export function clientInN8n(name: string, parts: ClientParts, socket: string): Contender {
	const transfer = async (order: Transfer) => await transferIn(socket, order);
	return { name, run: runner(parts, socket, transfer) };
}

function runner(
	{ apiUrl, apiKey, folder }: ClientParts,
	socket: string,
	transfer: (order: Transfer) => Promise<void>,
	keepsDownloads = true,
) {
	return async ({ direction, set, photos, atOnce }: Job) => {
		const downloads = join(folder, 'downloads');
		await mkdir(downloads);
		const paths = Object.fromEntries(set.fileNames.map((fileName, index) => [fileName, photos[index].path]));
		const order = { direction, apiUrl, apiKey, paths, folder: downloads, atOnce };
		const { usage } = await measure(socket, async () => await transfer(order));
		if (direction === 'download' && keepsDownloads) await checkBytes(downloads, set.count * set.bytes);
		await rm(downloads, { recursive: true });
		return { seconds: usage.seconds, usage };
	};
}
