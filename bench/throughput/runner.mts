import { rmSync } from 'node:fs';
import { mkdir, mkdtemp, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installN8n } from '../../test/support/n8n/install.mts';
import { printStep } from '../../test/support/step.mts';
import { openStudio } from '../../test/support/studio.mts';
import { clientInN8n, startClient, type ClientOptions } from './plainClient.mts';
import {
	contenderNames as names,
	type Contender,
	type ContenderName,
	type Direction,
	type Job,
} from './contender.mts';
import type { Counts, ImagenTasks } from './imagenServer.mts';
import { trusting, writeCertificate } from './certificate.mts';
import type { LineConditions } from './line.mts';
import { workflowContender, type N8nSettings } from './workflowContender.mts';
import type { N8nProcess } from './rows.mts';
import { withUsageServer, type Usage } from '../shared/processUsage.mts';
import { writeSet, type PhotoSet } from './photoSets.mts';
import { startTaskProcess } from './taskProcess.mts';

/** One run of one contender. */
export interface Run {
	seconds: number;
	usage: Usage;
	counts: Counts;
}

/** What is the same for all contenders of a comparison. */
export interface RunSettings {
	direction: Direction;
	set: PhotoSet;
	network: { line?: LineConditions };
	atOnce?: number;
}

/** The stand-in for Imagen, n8n and the clients, each in a process of its own, ready to run. */
export interface Runner {
	contenders: Record<ContenderName, Contender>;
	/** Writes a set's photos where all contenders read them. */
	prepare(set: PhotoSet): Promise<Job['photos']>;
	/** Runs a contender once. @throws Error when a byte is missing */
	run(contender: Contender, round: RunSettings, photos: Job['photos']): Promise<Run>;
	close(): Promise<void>;
}

export async function openRunner({ nodeOptions }: N8nProcess): Promise<Runner> {
	const folder = await mkdtemp(join(await folderWithSpace(), 'imagen-bench-'));
	const remove = () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
	// Gigabytes, perhaps in memory: an interrupted run must not leave them behind.
	process.once('exit', remove);
	const endings: Array<() => unknown> = [() => process.off('exit', remove), remove];
	const close = async () => {
		for (const end of endings.splice(0).reverse()) await end();
	};
	try {
		const { nodeBinary } = await installN8n(printStep);
		const certificate = await writeCertificate(folder);
		const trust = trusting(certificate);
		const imagen = await startTaskProcess<ImagenTasks>('imagenServer.mts', {
			nodeBinary,
			args: [certificate.certificate, certificate.key],
		});
		endings.push(imagen.stop);
		const { apiUrl, apiKey } = await imagen.call('address', null);

		const storage = join(folder, 'storage');
		const workFolder = join(folder, 'work');
		for (const path of [storage, workFolder]) await mkdir(path);
		const socket = join(folder, 'n8n.sock');
		const studio = await openStudio({
			workFolder,
			userFolder: join(folder, 'user'),
			env: {
				...trust,
				...withUsageServer(socket, nodeOptions),
				N8N_DEFAULT_BINARY_DATA_MODE: 'filesystem',
				N8N_BINARY_DATA_STORAGE_PATH: storage,
			},
		});
		endings.push(() => studio.close());
		const { client } = studio;
		const data = { apiKey, environment: 'custom', customUrl: apiUrl };
		const credential = await client.saveCredential('Benchmark', 'imagenApi', data);
		const n8n: N8nSettings = { client, credential, apiUrl, socket, storage };

		const settings = { apiUrl, apiKey, folder };
		const startPlain = async (name: string, module: ClientOptions['module'], keepsDownloads = true) => {
			const started = await startClient(name, {
				module,
				keepsDownloads,
				nodeBinary,
				env: trust,
				...settings,
			});
			endings.push(started.stop);
			return started;
		};

		return {
			contenders: {
				ours: workflowContender(names.ours, { upload: 'upload', download: 'download' }, n8n),
				handBuilt: workflowContender(
					names.handBuilt,
					{ upload: 'upload-in-batches', download: 'download-in-batches' },
					n8n,
				),
				pooled: await startPlain(names.pooled, 'pooledStreams.mts'),
				inN8n: clientInN8n(names.inN8n, settings, socket),
				inMemory: await startPlain(names.inMemory, 'wholeFiles.mts'),
				raw: await startPlain(names.raw, 'rawSockets.mts', false),
			},
			prepare: async (set) => await writeSet(storage, set),
			async run(contender, { direction, set, network, atOnce }, photos) {
				await imagen.call('expect', { set, line: network.line });
				const { seconds, usage } = await contender.run({ direction, set, photos, atOnce });
				const counts = await imagen.call('counts', null);
				const isComplete = counts.photos === set.count && counts.bytes === set.count * set.bytes;
				if (!isComplete || counts.refused.length > 0)
					throw new Error(`${contender.name}, ${direction}: ${JSON.stringify(counts).slice(0, 1000)}`);
				return { seconds, usage, counts };
			},
			close,
		};
	} catch (error) {
		await close();
		throw error;
	}
}

const sharedMemory = '/dev/shm';
const NEEDED_BYTES = 12e9;

/** A folder in memory, if there is room, so that no disk is measured. */
async function folderWithSpace(): Promise<string> {
	const { bavail, bsize } = await statfs(sharedMemory).catch(() => ({ bavail: 0, bsize: 0 }));
	return bavail * bsize > NEEDED_BYTES ? sharedMemory : tmpdir();
}
