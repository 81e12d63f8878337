import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import type { N8nClient } from '../../support/n8n/n8nClient.mts';
import type { Step } from '../../support/step.mts';
import { openStudio } from '../../support/studio.mts';
import type { Sandbox } from '../../../sandbox/index.mts';
import { SandboxClient } from '../../../sandbox/sandboxClient.mts';
import type { ProjectView, SandboxControl } from '../../../sandbox/sandboxControl.mts';
import { keyLeaks } from '../keyLeaks.mts';
import { soakWorkflows } from './soakWorkflows.mts';
import { FaultInjector } from './faultInjector.mts';
import { runUntilComplete, newProjectRuns, type ProjectRuns } from './projectRuns.mts';
import { secretsIn } from './secrets.mts';
import { handlesOf, leftOpen, ProcessMetrics, type Sample } from './processMetrics.mts';

export interface SoakOptions {
	seed: number;
	projects: number;
	photosPerProject: number;
	/** How many projects are run at the same time. */
	atOnce: number;
	step: Step;
}

/** What was found in a soak. */
export interface Findings extends Pick<SoakOptions, 'atOnce' | 'photosPerProject' | 'projects' | 'seed'> {
	minutes: number;
	requests: number;
	/** Faults by name, and how often each was met. */
	faults: Array<[name: string, times: number]>;
	/** Runs of the workflows: one for each project, and one after each run that reported an error. */
	runs: number;
	filesExpected: number;
	filesIntact: number;
	edits: number;
	exports: number;
	photosBilled: number;
	/** Resident memory of n8n in megabytes: the median of each fifth of the time. */
	memory: number[];
	handles: { before: number; most: number; after: number };
	samples: Sample[];
	/** Everything that is not as it should be. */
	problems: string[];
}

/** How much more memory the last fifth may take than the second. */
const MOST_GROWTH = 1.15;

const COMPARED_AT_ONCE = 8;

const API_KEY = 'key-that-stays-home';
/** How long n8n has to close what it no longer uses. */
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
	const faultInjector = new FaultInjector(seed);
	const userFolder = join(folder, 'user');
	const networkFaults = join(folder, 'network-faults');
	await writeFile(networkFaults, '');
	const studio = await openStudio({
		step,
		userFolder,
		env: {
			NODE_OPTIONS: `--import=${pathToFileURL(join(import.meta.dirname, 'n8nPreload.mts'))}`,
			SOAK_SEED: String(seed),
			SOAK_NETWORK_FAULTS: networkFaults,
			N8N_LOG_LEVEL: 'debug',
		},
		sandbox: {
			apiKey: API_KEY,
			plainResults: true,
			editSeconds: 1,
			exportSeconds: 1,
			leastSmartPhotos: 1,
			chance: faultInjector.chance,
		},
	});
	try {
		const { client, control, n8n, sandbox } = studio;
		for (const { definition } of soakWorkflows) await client.activate(await studio.import(definition));
		const newProjects = async (prefix: string, count: number, photos: number) =>
			await Promise.all(
				Array.from({ length: count }, async (_, index) => {
					const name = `${prefix}-${String(index + 1).padStart(2, '0')}`;
					return await newProjectRuns(
						studio.workFolder,
						name,
						soakWorkflows[index % soakWorkflows.length],
						photos,
					);
				}),
			);
		const runAll = async (allRuns: ProjectRuns[]) => {
			const limited = concurrencyLimit(atOnce);
			await Promise.all(
				allRuns.map(async (runs) => await runUntilComplete(runs, { url: n8n.url, client }, limited)),
			);
		};

		await step('A project with each workflow, without faults', async () => {
			await runAll(await newProjects('First', soakWorkflows.length, 5));
		});
		await sleep(SETTLING_SECONDS * 1000);
		await control.clearRequests();
		const before = await handlesOf(n8n.pid);
		const metrics = ProcessMetrics.begin(n8n.pid);
		const begin = Date.now();
		const allRuns = await newProjects('Shoot', projects, photosPerProject);

		faultInjector.begin();
		await step(
			`${projects} projects of ${photosPerProject} photos, seed ${seed}`,
			async () => await runAll(allRuns),
		);
		faultInjector.end();
		const minutes = (Date.now() - begin) / 60_000;
		metrics.end();
		const left = await leftOpen(n8n.pid, before, CLOSING_SECONDS);
		const after = await handlesOf(n8n.pid);

		const log = await control.requests();
		const lines = (await readFile(networkFaults, 'utf8')).split('\n').filter(Boolean);
		const compared = await step(
			'Comparing the files in n8n with those that Imagen made',
			async () => await compare(allRuns, client, sandbox, await control.projects()),
		);
		const { billed, problems: billProblems } = await billOf(allRuns, control);
		const memory = metrics.memoryByFifths();
		return {
			...size,
			minutes,
			requests: log.length + lines.length,
			faults: countsOf(faultInjector, lines),
			runs: allRuns.reduce((sum, { results }) => sum + results.length, 0),
			filesExpected: allRuns.reduce((sum, { expectedFiles }) => sum + expectedFiles.length, 0),
			filesIntact: compared.intact,
			...billed,
			memory,
			handles: {
				before: before.length,
				most: Math.max(...metrics.samples.map(({ handles }) => handles)),
				after: after.length,
			},
			samples: metrics.samples,
			problems: [
				...allRuns.flatMap(({ problems }) => problems),
				...compared.problems,
				...billProblems,
				...(memory[4] > memory[1] * MOST_GROWTH ? ['memory grows'] : []),
				...left.map((handle) => `left open: ${handle}`),
				...keyLeaks(log),
				...(await secretsIn(userFolder, API_KEY)),
			],
		};
	} finally {
		await studio.close();
	}
}

/** Runs so many at the same time; the others wait their turn. */
function concurrencyLimit(atOnce: number) {
	const waiting: Array<() => void> = [];
	let running = 0;
	return async <T,>(work: () => Promise<T>): Promise<T> => {
		if (running === atOnce) await new Promise<void>((resolve) => waiting.push(resolve));
		else running += 1;
		try {
			return await work();
		} finally {
			const next = waiting.shift();
			if (next) next();
			else running -= 1;
		}
	};
}

/** Compares each file in n8n with the one that Imagen made. */
async function compare(allRuns: ProjectRuns[], client: N8nClient, sandbox: Sandbox, projects: ProjectView[]) {
	const limited = concurrencyLimit(COMPARED_AT_ONCE);
	const compared = await Promise.all(
		allRuns.map(async (runs) => {
			const project = projects.find(({ name }) => name === runs.name);
			return await limited(
				async () => await compareOne(runs, client, project && (await generatedDigests(sandbox, project))),
			);
		}),
	);
	return {
		intact: compared.reduce((sum, { intact }) => sum + intact, 0),
		problems: compared.flatMap(({ problems }) => problems),
	};
}

async function compareOne(
	{ results, expectedFiles }: ProjectRuns,
	client: N8nClient,
	generated = new Map<string, string>(),
) {
	const problems: string[] = [];
	const intactFiles = new Set<string>();
	for (const [file, binary] of results.flatMap(({ files }) => [...files])) {
		if (digest(await client.download(binary)) === generated.get(file)) intactFiles.add(file);
		else problems.push(`${file} differs from what Imagen made`);
	}
	problems.push(
		...expectedFiles.filter((file) => !intactFiles.has(file)).map((file) => `${file} is missing`),
	);
	return { intact: intactFiles.size, problems };
}

/** What Imagen made of a project's photos: the digest of each file. */
async function generatedDigests(sandbox: Sandbox, { project_uuid, editing_flow }: ProjectView) {
	const imagen = new SandboxClient(sandbox);
	const files =
		editing_flow === 'I2I'
			? [...(await imagen.downloadSmart(project_uuid))]
			: [
					...(await imagen.download(project_uuid, 'edit')),
					...(await imagen.download(project_uuid, 'export')),
				];
	return new Map(files.map(([name, bytes]) => [name, digest(bytes)]));
}

const digest = (bytes: Buffer) => createHash('md5').update(bytes).digest('hex');

/** Compares what each project was billed with what it is to cost. */
async function billOf(allRuns: ProjectRuns[], control: SandboxControl) {
	const billed = { edits: 0, exports: 0, photosBilled: 0 };
	const problems: string[] = [];
	const { projects } = await control.billing();
	for (const { name, workflow, expectedFiles } of allRuns) {
		const rows = projects.filter((project) => project.name === name);
		const { edits = 0, exports = 0, photos_billed = 0 } = rows[0] ?? {};
		const photos = expectedFiles.length / workflow.resultExtensions.length;
		if (rows.length !== 1) problems.push(`${rows.length} projects of the name ${name}`);
		if (edits !== workflow.bill.edits || exports !== workflow.bill.exports || photos_billed !== photos) {
			problems.push(`${name} was billed ${edits} edits, ${exports} exports and ${photos_billed} photos`);
		}
		billed.edits += edits;
		billed.exports += exports;
		billed.photosBilled += photos_billed;
	}
	return { billed, problems };
}

function countsOf({ met }: FaultInjector, networkFaults: string[]): Array<[string, number]> {
	const counts = new Map(met);
	for (const kind of networkFaults) counts.set(kind, (counts.get(kind) ?? 0) + 1);
	return [...counts].sort(([one], [other]) => one.localeCompare(other));
}
