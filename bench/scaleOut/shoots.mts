import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { root } from '../../e2e/root.mts';
import { until, type Studio } from '../../e2e/test/helpers/studio.mts';
import { editPhotos } from '../../e2e/test/helpers/shoots.mts';
import { node, onRequest, tell } from '../../e2e/test/helpers/workflows.mts';
import type { LoggedRequest } from '../../sandbox/control.mts';
import { measure, type Usage } from '../throughput/probe.mts';
import type { Site } from './site.mts';

/** Shoots that are started at the same moment. */
export interface Load {
	shoots: number;
	photos: number;
	photoBytes: number;
	results: 'edited' | 'exported';
}

/** Shoots, from their start to the last one that was told of. */
export interface Round {
	seconds: number;
	/** What each of n8n's processes used, by name. */
	usage: Record<string, Usage>;
	/** Requests by call. */
	requests: Record<string, number>;
}

/** Runs a load once. @throws Error when a photo was lost, or one was billed twice */
export type Shooter = (load: Load) => Promise<Round>;

const patienceSeconds = 600;

/** Publishes the workflow: photos from a folder, through one shoot, told of at its end. */
export async function openShooter({ studio, probes, emptyStorage }: Site): Promise<Shooter> {
	const path = 'shoot';
	const [request, respond] = onRequest(path);
	await studio.publish([
		request,
		respond,
		node('Photos', 'n8n-nodes-base.readWriteFile', 1.1, {
			operation: 'read',
			fileSelector: '={{ $json.body.folder }}/*.nef',
			options: {},
		}),
		editPhotos('Shoot', {}, "={{ $('Request').first().json.body.results }}"),
		tell(studio.witness),
	]);
	const start = async (folder: string, results: string) => {
		const response = await fetch(`${studio.workbench.n8n.url}/webhook/${path}`, {
			method: 'POST',
			headers: { 'Content-Type': 'application/json' },
			body: JSON.stringify({ folder, results }),
		});
		return await response.text();
	};

	return async (load) => {
		const folders = await foldersOf(studio.folder, load);
		await studio.control.reset();
		const started = Date.now();
		const { result: executions, usage } = await measureAll(Object.entries(probes), async () => {
			const ids = await Promise.all(folders.map((folder) => start(folder, load.results)));
			await until(() => ids.every((id) => studio.witness.of(id).length > 0), patienceSeconds);
			return ids;
		});
		const ended = Math.max(...executions.flatMap((id) => studio.witness.of(id).map(({ at }) => at)));
		await check(studio, executions, load);
		const requests = countByCall(await studio.control.requests());
		await emptyStorage();
		return { seconds: (ended - started) / 1000, usage, requests };
	};
}

/**
 * Gives the folders of the shoots, relative to n8n's working folder. Each photo carries the name of its shoot; those of
 * different shoots share their bytes on disk.
 */
async function foldersOf(workFolder: string, { shoots, photos, photoBytes }: Load): Promise<string[]> {
	const numbers = Array.from({ length: photos }, (_, index) => String(index + 1));
	const load = `${shoots}-shoots-of-${photoBytes}`;
	const folders = Array.from({ length: shoots }, (_, index) => join(load, `S${index + 1}`));
	if (!(await mkdir(join(workFolder, load), { recursive: true }))) return folders;

	const camera = await readFile(join(root, 'e2e', 'photos', 'Nikon D70.nef'));
	for (const number of numbers) {
		const photo = Buffer.concat([camera, randomBytes(photoBytes - camera.length)]);
		await writeFile(join(workFolder, load, number), photo);
	}
	for (const folder of folders) {
		await mkdir(join(workFolder, folder));
		const nameIn = (number: string) => join(workFolder, folder, `${basename(folder)}_${number}.nef`);
		for (const number of numbers) await link(join(workFolder, load, number), nameIn(number));
	}
	return folders;
}

/** Runs something while every probe measures. */
async function measureAll<Result>(
	[probe, ...others]: Array<[name: string, socket: string]>,
	work: () => Promise<Result>,
): Promise<{ result: Result; usage: Record<string, Usage> }> {
	if (!probe) return { result: await work(), usage: {} };
	const [name, socket] = probe;
	const { result, usage } = await measure(socket, async () => await measureAll(others, work));
	return { result: result.result, usage: { [name]: usage, ...result.usage } };
}

/** Every photo is there with all its bytes, and has its result, in its own shoot; each shoot was billed once. */
async function check(
	studio: Studio,
	executions: string[],
	{ shoots, photos, photoBytes }: Load,
): Promise<void> {
	const problems: string[] = [];
	const resultNames = executions.map((id) => {
		const told = studio.witness.of(id);
		if (told.length !== 1) problems.push(`execution ${id} went through ${told.length} times`);
		return told[0].items.map(({ file_name }) => String(file_name));
	});
	for (const names of resultNames) {
		const shootNames = new Set(names.map((name) => name.split('_')[0]));
		if (new Set(names).size !== photos || shootNames.size !== 1)
			problems.push(`a shoot has ${new Set(names).size} results of ${shootNames.size} shoots`);
	}
	const projects = await studio.control.projects();
	const arrived = projects.flatMap((project) => project.photos.filter(({ bytes }) => bytes === photoBytes));
	if (arrived.length !== shoots * photos) problems.push(`${arrived.length} photos arrived whole`);
	const billing = await studio.control.billing();
	const isOnce = billing.projects.every(
		({ edits, photos_billed }) => edits === 1 && photos_billed === photos,
	);
	if (billing.edits !== shoots || billing.photos !== shoots * photos || !isOnce)
		problems.push(`${billing.edits} edits of ${billing.photos} photos were billed`);
	if (problems.length > 0) throw new Error(`Of ${shoots} shoots of ${photos}: ${problems.join('; ')}`);
}

function countByCall(requests: LoggedRequest[]): Record<string, number> {
	const counts: Record<string, number> = {};
	for (const { call } of requests) counts[call ?? 'unknown'] = (counts[call ?? 'unknown'] ?? 0) + 1;
	return counts;
}
