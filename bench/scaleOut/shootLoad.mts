import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { cameraFiles } from '../../test/support/root.mts';
import { until } from '../../sandbox/until.mts';
import type { CallbackStudio } from '../../test/support/callbackStudio.mts';
import {
	byId,
	imagen,
	onRequest,
	readFiles,
	recordRun,
	startEdit,
	waitForEdit,
	type TestNode,
} from '../../test/support/n8n/workflowNodes.mts';
import type { LoggedRequest } from '../../sandbox/sandboxControl.mts';
import { measureUsage, type Usage } from '../shared/processUsage.mts';
import type { Deployment } from './deployment.mts';

/** Shoots that are started at the same moment. */
export interface Load {
	shoots: number;
	photos: number;
	photoBytes: number;
	/** What each shoot downloads: the edits, or the JPEGs of an export. */
	job: 'edit' | 'export';
}

/** One run of a load. Times count from its start. */
export interface Round {
	/** Until the photos of all shoots were uploaded. */
	uploadSeconds: number;
	/** Until the last shoot had ended. */
	seconds: number;
	/** What each of n8n's processes used, by name. */
	usage: Record<string, Usage>;
	/** Requests by call. */
	requests: Record<string, number>;
}

/** Runs a load once. @throws Error when a photo was lost, or one was billed twice */
export type LoadRunner = (load: Load) => Promise<Round>;

/** Long enough that each execution is paused before Imagen's callback, as in production. */
const editSeconds = 6;
/** A profile of the sandbox for RAW photos. */
const rawProfile = 14715;
const timeoutSeconds = 600;

/** Publishes a workflow for each job: it uploads the photos of a folder, is paused until they are edited, and downloads them. */
export async function openLoadRunner(deployment: Deployment): Promise<LoadRunner> {
	const { studio, usageSockets } = deployment;
	for (const job of ['edit', 'export'] as const) await studio.publish(workflow(studio, job));

	return async (load) => {
		const folders = await foldersOf(studio.workFolder, load);
		await studio.control.reset();
		await studio.control.set({ editSeconds });
		const started = Date.now();
		const { result: executions, usage } = await measureAll(Object.entries(usageSockets), async () => {
			const ids = await Promise.all(folders.map((folder) => start(studio, load.job, folder)));
			await until(() => ids.every((id) => studio.recorder.of(id).length > 0), { seconds: timeoutSeconds });
			return ids;
		});
		await check(studio, executions, load);
		const log = await studio.control.requests();
		const sent = log.filter(({ call }) => call === 'edit').map(({ when }) => Date.parse(when));
		const ended = executions.flatMap((id) => studio.recorder.of(id).map(({ at }) => at));
		await deployment.emptyStorage();
		return {
			uploadSeconds: (Math.max(...sent) - started) / 1000,
			seconds: (Math.max(...ended) - started) / 1000,
			usage,
			requests: countByCall(log),
		};
	};
}

function workflow(studio: CallbackStudio, job: Load['job']): TestNode[] {
	const [request, respond] = onRequest(job);
	return [
		request,
		respond,
		readFiles('Photos', '={{ $json.body.folder }}/*.nef'),
		imagen('Create', 'project', 'create'),
		imagen('Upload', 'photo', 'upload'),
		startEdit({ profile: byId(rawProfile) }),
		waitForEdit(),
		...(job === 'export'
			? [imagen('Start Export', 'export', 'start'), imagen('Wait for Export', 'export', 'wait')]
			: []),
		imagen('Download', job, 'download'),
		recordRun(studio.recorder),
	];
}

/** @returns the execution's id */
async function start({ n8n }: CallbackStudio, job: Load['job'], folder: string): Promise<string> {
	const response = await fetch(`${n8n.url}/webhook/${job}`, {
		method: 'POST',
		headers: { 'Content-Type': 'application/json' },
		body: JSON.stringify({ folder }),
	});
	return await response.text();
}

/**
 * The folders of the shoots, relative to n8n's working folder. Each photo carries the name of its shoot; the photos of
 * different shoots are hard links to the same bytes.
 */
async function foldersOf(workFolder: string, { shoots, photos, photoBytes }: Load): Promise<string[]> {
	const numbers = Array.from({ length: photos }, (_, index) => String(index + 1));
	const load = `${shoots}-shoots-of-${photoBytes}`;
	const folders = Array.from({ length: shoots }, (_, index) => join(load, `S${index + 1}`));
	if (!(await mkdir(join(workFolder, load), { recursive: true }))) return folders;

	const camera = await readFile(join(cameraFiles, 'Nikon D70.nef'));
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

/** Measures every process while some work is done. */
async function measureAll<Result>(
	[first, ...others]: Array<[name: string, socket: string]>,
	work: () => Promise<Result>,
): Promise<{ result: Result; usage: Record<string, Usage> }> {
	if (!first) return { result: await work(), usage: {} };
	const [name, socket] = first;
	const { result, usage } = await measureUsage(socket, async () => await measureAll(others, work));
	return { result: result.result, usage: { [name]: usage, ...result.usage } };
}

/** Checks that every photo arrived complete and has its result in its own shoot, and that each shoot was billed once. */
async function check(
	studio: CallbackStudio,
	executions: string[],
	{ shoots, photos, photoBytes }: Load,
): Promise<void> {
	const problems: string[] = [];
	const resultNames = executions.map((id) => {
		const reported = studio.recorder.of(id);
		if (reported.length !== 1) problems.push(`execution ${id} went through ${reported.length} times`);
		return reported[0].items.map(({ file_name }) => String(file_name));
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
