import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Transfer } from './transfer.mts';
import { checkBytes, OTHERS_AT_ONCE, type Contender, type Job } from './contender.mts';
import { measureUsage, withUsageServer, transferInProcess } from '../shared/processUsage.mts';
import { startTaskProcess, type Tasks, type TaskProcess } from './taskProcess.mts';

interface ClientTasks extends Tasks {
	transfer: (order: Transfer) => void;
}

export interface ClientSettings {
	apiUrl: string;
	apiKey: string;
	/** For sockets, and for downloads until they are counted. */
	folder: string;
}

export interface ClientOptions extends ClientSettings {
	module: 'pooledStreams.mts' | 'wholeFiles.mts' | 'rawSockets.mts';
	/** Whether it keeps what it downloads. */
	keepsDownloads: boolean;
	nodeBinary: string;
	env: NodeJS.ProcessEnv;
}

/** A contender without n8n, in a process of its own. */
export async function startClient(
	name: string,
	{ module, keepsDownloads, nodeBinary, env, ...settings }: ClientOptions,
): Promise<Contender & { stop: TaskProcess<ClientTasks>['stop'] }> {
	const socket = join(settings.folder, `${module}.sock`);
	const client = await startTaskProcess<ClientTasks>('clientProcess.mts', {
		nodeBinary,
		args: [`./${module}`],
		env: { ...env, ...withUsageServer(socket) },
	});
	const transfer = async (order: Transfer) => await client.call('transfer', order);
	return { name, run: transferRun(settings, socket, transfer, keepsDownloads), stop: client.stop };
}

const pooledStreams = new URL('pooledStreams.mts', import.meta.url);

/** The pooled client within n8n's process, whose usage server is behind the socket: shows what its heap alone costs. */
export function clientInN8n(name: string, settings: ClientSettings, socket: string): Contender {
	const transfer = async (order: Transfer) => await transferInProcess(socket, pooledStreams, order);
	return { name, run: transferRun(settings, socket, transfer) };
}

function transferRun(
	{ apiUrl, apiKey, folder }: ClientSettings,
	socket: string,
	transfer: (order: Transfer) => Promise<void>,
	keepsDownloads = true,
) {
	return async ({ direction, set, photos, atOnce = OTHERS_AT_ONCE }: Job) => {
		const downloads = join(folder, 'downloads');
		await mkdir(downloads);
		const paths = Object.fromEntries(set.fileNames.map((fileName, index) => [fileName, photos[index].path]));
		const order = { direction, apiUrl, apiKey, paths, folder: downloads, atOnce };
		const { usage } = await measureUsage(socket, async () => await transfer(order));
		if (direction === 'download' && keepsDownloads) await checkBytes(downloads, set.count * set.bytes);
		await rm(downloads, { recursive: true });
		return { seconds: usage.seconds, usage };
	};
}
