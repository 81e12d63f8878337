import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import type { N8nClient } from '../../support/n8n/client.mts';
import type { Step } from '../../support/progress.mts';
import { openWorkbench, withCredential } from '../../support/workbench.mts';
import { SandboxControl, type LoggedRequest, type ProjectView } from '../../../sandbox/control.mts';
import type { Sandbox } from '../../../sandbox/index.mts';
import { flows } from './flows.mts';
import { Mishaps } from './faultInjector.mts';
import { bringThrough, newJob, type Job } from './photographer.mts';
import { secretsIn } from './secrets.mts';
import { handlesOf, leftOpen, Vitals, type Sample } from './processMetrics.mts';

export interface SoakOptions {
	seed: number;
	projects: number;
	photosPerProject: number;
	/** How many projects are under way at the same time. */
	atOnce: number;
	step: Step;
}

/** What a soak came to. */
export interface Findings extends Pick<SoakOptions, 'atOnce' | 'photosPerProject' | 'projects' | 'seed'> {
	minutes: number;
	requests: number;
	/** Faults by name, and how often each was met. */
	faults: Array<[name: string, times: number]>;
	/** Runs of the workflows; more than projects where something was told. */
	runs: number;
	filesWanted: number;
	filesAsMade: number;
	edits: number;
	exports: number;
	photosBilled: number;
	/** Resident memory of n8n in megabytes: the median of each fifth of the time. */
	memory: number[];
	handles: { before: number; most: number; after: number };
	samples: Sample[];
	/** What is not as it should be. */
	problems: string[];
}

/** How much more memory the last fifth may take than the second. */
const MOST_GROWTH = 1.15;

const COMPARED_AT_ONCE = 8;

const API_KEY = 'key-that-stays-home';
/** Until what is done with is closed. */
const SETTLING_SECONDS = 10;
const CLOSING_SECONDS = 30;

/** Brings many photos through n8n while a share of all requests fails, and counts what became of them. */
export async function soak(options: SoakOptions): Promise<Findings> {
	const folder = await mkdtemp(join(tmpdir(), 'imagen-soak-'));
	try {
		return await soakIn(folder, options);
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

async function soakIn(folder: string, { step, ...size }: SoakOptions): Promise<Findings> {
	const { seed, projects, photosPerProject, atOnce } = size;
	const mishaps = new Mishaps(seed);
	const workFolder = join(folder, 'work');
	const userFolder = join(folder, 'user');
	const misrouted = join(folder, 'misrouted');
	await mkdir(workFolder);
	await writeFile(misrouted, '');
	const workbench = await openWorkbench({
		step,
		workFolder,
		userFolder,
		env: {
			NODE_OPTIONS: `--import=${pathToFileURL(join(import.meta.dirname, 'inN8n.mts'))}`,
			SOAK_SEED: String(seed),
			SOAK_MISROUTED: misrouted,
			N8N_LOG_LEVEL: 'debug',
		},
		sandbox: {
			apiKey: API_KEY,
			plainResults: true,
			editSeconds: 1,
			exportSeconds: 1,
			chance: mishaps.chance,
		},
	});
	try {
		const { client, credential, n8n, sandbox } = workbench;
		const control = new SandboxControl(sandbox.controlUrl);
		for (const { workflow } of flows) {
			await client.activate(await client.createWorkflow(withCredential(workflow, credential)));
		}
		const newJobs = async (prefix: string, count: number, photos: number) =>
			await Promise.all(
				Array.from({ length: count }, async (_, index) => {
					const name = `${prefix}-${String(index + 1).padStart(2, '0')}`;
					return await newJob(workFolder, name, flows[index % flows.length], photos);
				}),
			);
		const bringAll = async (jobs: Job[]) => {
			const inTurn = turnstile(atOnce);
			await Promise.all(jobs.map(async (job) => await bringThrough(job, { url: n8n.url, client }, inTurn)));
		};

		await step('A project in each way, without faults', async () => {
			await bringAll(await newJobs('First', flows.length, 5));
		});
		await sleep(SETTLING_SECONDS * 1000);
		await control.clearRequests();
		const before = await handlesOf(n8n.pid);
		const vitals = Vitals.begin(n8n.pid);
		const begin = Date.now();
		const jobs = await newJobs('Shoot', projects, photosPerProject);

		mishaps.begin();
		await step(
			`${projects} projects of ${photosPerProject} photos, seed ${seed}`,
			async () => await bringAll(jobs),
		);
		mishaps.end();
		const minutes = (Date.now() - begin) / 60_000;
		vitals.end();
		const left = await leftOpen(n8n.pid, before, CLOSING_SECONDS);
		const after = await handlesOf(n8n.pid);

		const log = await control.requests();
		const lines = (await readFile(misrouted, 'utf8')).split('\n').filter(Boolean);
		const compared = await step(
			'Comparing what came with what was made',
			async () => await compare(jobs, client, sandbox, await control.projects()),
		);
		const { billed, flaws } = await billOf(jobs, control);
		const memory = vitals.fifths();
		return {
			...size,
			minutes,
			requests: log.length + lines.length,
			faults: countsOf(mishaps, lines),
			runs: jobs.reduce((sum, { outcomes }) => sum + outcomes.length, 0),
			filesWanted: jobs.reduce((sum, { wanted }) => sum + wanted.length, 0),
			filesAsMade: compared.asMade,
			...billed,
			memory,
			handles: {
				before: before.length,
				most: Math.max(...vitals.samples.map(({ handles }) => handles)),
				after: after.length,
			},
			samples: vitals.samples,
			problems: [
				...jobs.flatMap(({ problems }) => problems),
				...compared.flaws,
				...flaws,
				...(memory[4] > memory[1] * MOST_GROWTH ? ['memory grows'] : []),
				...left.map((handle) => `left open: ${handle}`),
				...keySeen(log),
				...(await secretsIn(userFolder, API_KEY)),
			],
		};
	} finally {
		await workbench.close();
	}
}

/** Lets so many through at the same time; the others wait in a row. */
function turnstile(atOnce: number) {
	const waiting: Array<() => void> = [];
	let inside = 0;
	return async <T,>(work: () => Promise<T>): Promise<T> => {
		if (inside === atOnce) await new Promise<void>((resolve) => waiting.push(resolve));
		else inside += 1;
		try {
			return await work();
		} finally {
			const next = waiting.shift();
			if (next) next();
			else inside -= 1;
		}
	};
}

/** Each file that came to n8n, against the one that Imagen made. */
async function compare(jobs: Job[], client: N8nClient, sandbox: Sandbox, projects: ProjectView[]) {
	const inTurn = turnstile(COMPARED_AT_ONCE);
	const compared = await Promise.all(
		jobs.map(async (job) => {
			const project = projects.find(({ name }) => name === job.name);
			return await inTurn(
				async () => await compareOne(job, client, project && (await madeFiles(sandbox, project))),
			);
		}),
	);
	return {
		asMade: compared.reduce((sum, { asMade }) => sum + asMade, 0),
		flaws: compared.flatMap(({ flaws }) => flaws),
	};
}

async function compareOne({ outcomes, wanted }: Job, client: N8nClient, made = new Map<string, string>()) {
	const flaws: string[] = [];
	const good = new Set<string>();
	for (const [file, binary] of outcomes.flatMap(({ files }) => [...files])) {
		if (digest(await client.download(binary)) === made.get(file)) good.add(file);
		else flaws.push(`${file} is not what was made`);
	}
	flaws.push(...wanted.filter((file) => !good.has(file)).map((file) => `${file} did not come`));
	return { asMade: good.size, flaws };
}

/** What Imagen made of a project: the digest of each file. */
async function madeFiles({ apiUrl, apiKey }: Sandbox, { project_uuid, source }: ProjectView) {
	const of =
		source === 'I2I'
			? [`i2i/projects/${project_uuid}`]
			: ['edit', 'export'].map((job) => `projects/${project_uuid}/${job}`);
	const made = new Map<string, string>();
	for (const path of of) {
		const response = await fetch(`${apiUrl}/${path}/get_temporary_download_links`, {
			headers: { 'x-api-key': apiKey },
		});
		const { data } = (await response.json()) as {
			data: { files_list: Array<{ file_name: string; download_link: string }> };
		};
		for (const { file_name, download_link } of data.files_list) {
			const file = await fetch(download_link);
			made.set(file_name, digest(Buffer.from(await file.arrayBuffer())));
		}
	}
	return made;
}

const digest = (bytes: Buffer) => createHash('md5').update(bytes).digest('hex');

/** What was billed for each project, against what it is to cost. */
async function billOf(jobs: Job[], control: SandboxControl) {
	const billed = { edits: 0, exports: 0, photosBilled: 0 };
	const flaws: string[] = [];
	const { projects } = await control.billing();
	for (const { name, flow, wanted } of jobs) {
		const rows = projects.filter((project) => project.name === name);
		const { edits = 0, exports = 0, photos_billed = 0 } = rows[0] ?? {};
		const photos = wanted.length / flow.results.length;
		if (rows.length !== 1) flaws.push(`${rows.length} projects of the name ${name}`);
		if (edits !== flow.bill.edits || exports !== flow.bill.exports || photos_billed !== photos) {
			flaws.push(`${name} was billed ${edits} edits, ${exports} exports and ${photos_billed} photos`);
		}
		billed.edits += edits;
		billed.exports += exports;
		billed.photosBilled += photos_billed;
	}
	return { billed, flaws };
}

function countsOf({ met }: Mishaps, misrouted: string[]): Array<[string, number]> {
	const counts = new Map(met);
	for (const kind of misrouted) counts.set(kind, (counts.get(kind) ?? 0) + 1);
	return [...counts].sort(([one], [other]) => one.localeCompare(other));
}

function keySeen(log: LoggedRequest[]): string[] {
	return log
		.filter(({ to, api_key }) => to !== 'api' && api_key)
		.map(({ to, method, path }) => `the key went to ${to}: ${method} ${path}`);
}
