import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Transfer } from './client.mts';
import { checkBytes, type Contender, type Job } from './contender.mts';
import { measure, probed } from './probe.mts';
import { startWorker, type Tasks, type Worker } from './worker.mts';

interface ClientTasks extends Tasks {
	transfer: (order: Transfer) => void;
}

export interface ClientOptions {
	module: 'streams.mts' | 'inMemory.mts' | 'raw.mts';
	/** Whether it keeps what it downloads. */
	keepsDownloads: boolean;
	nodeBinary: string;
	apiUrl: string;
	apiKey: string;
	/** Its socket lies here, and what it downloads while it runs. */
	folder: string;
}

/** A contender without n8n. */
export async function startClient(
	name: string,
	{ module, keepsDownloads, nodeBinary, apiUrl, apiKey, folder }: ClientOptions,
): Promise<Contender & { stop: Worker<ClientTasks>['stop'] }> {
	const socket = join(folder, `${module}.sock`);
	const downloads = join(folder, `${module}.downloads`);
	const worker = await startWorker<ClientTasks>(module, { nodeBinary, env: probed(socket) });

	async function run({ direction, set, photos, atOnce }: Job) {
		await mkdir(downloads, { recursive: true });
		const paths = Object.fromEntries(set.fileNames.map((fileName, index) => [fileName, photos[index].path]));
		const order = { direction, apiUrl, apiKey, paths, folder: downloads, atOnce };
		const { usage } = await measure(socket, async () => await worker.call('transfer', order));
		if (direction === 'download' && keepsDownloads) await checkBytes(downloads, set.count * set.bytes);
		await rm(downloads, { recursive: true });
		return { seconds: usage.seconds, usage };
	}

	return { name, run, stop: worker.stop };
}
