import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Execution, N8nClient } from '../../support/n8n/n8nClient.mts';
import { TIME_SCALE } from './timeScale.mts';
import type { SoakWorkflow } from './soakWorkflows.mts';
import { filesLostIn, runResultOf, type RunResult } from './runResult.mts';

/** A project, and the runs of its workflow until all results are there. */
export interface ProjectRuns {
	name: string;
	workflow: SoakWorkflow;
	/** The names of all its result files. */
	expectedFiles: string[];
	/** One for each run. */
	results: RunResult[];
	problems: string[];
}

/** The ten minutes that errors ask for before a run is repeated, by the clock of the nodes. */
const PAUSE_BEFORE_RETRY_MS = (11 * 60_000) / TIME_SCALE;
const MAX_RUNS = 10;

/** Writes the photos of a project, no two alike. */
export async function newProjectRuns(
	workFolder: string,
	name: string,
	workflow: SoakWorkflow,
	photos: number,
): Promise<ProjectRuns> {
	const folder = join(workFolder, name);
	await mkdir(folder);
	const stems = Array.from({ length: photos }, (_, index) => `${name}-${String(index + 1).padStart(4, '0')}`);
	for (const [index, stem] of stems.entries()) {
		await writeFile(join(folder, `${stem}.nef`), randomBytes(4000 + 97 * index));
	}
	const expectedFiles = workflow.resultExtensions.flatMap((extension) =>
		stems.map((stem) => `${stem}${extension}`),
	);
	return { name, workflow, expectedFiles, results: [], problems: [] };
}

/** Runs a project's workflow, and runs it again as long as it reports errors. */
export async function runUntilComplete(
	project: ProjectRuns,
	n8n: { url: string; client: N8nClient },
	limited: <T>(work: () => Promise<T>) => Promise<T>,
): Promise<void> {
	for (let run = 1; run <= MAX_RUNS; run++) {
		const execution = await limited(async () => await execute(project, n8n));
		const result = runResultOf(execution);
		project.results.push(result);
		project.problems.push(...problemsIn(project, execution, result));
		if (result.errors.length === 0) return;
		await sleep(PAUSE_BEFORE_RETRY_MS);
	}
	project.problems.push(`not complete after ${MAX_RUNS} runs: ${project.results.at(-1)!.errors[0]}`);
}

function problemsIn(
	{ name, expectedFiles }: ProjectRuns,
	{ id, status, runs }: Execution,
	result: RunResult,
): string[] {
	const uuid = Object.values(runs)
		.flat()
		.flatMap(({ data }) => data?.main.flat() ?? [])
		.map((item) => item?.json.project_uuid)
		.find(Boolean);
	const lost = filesLostIn(result, expectedFiles, [name, 'profiles', ...(uuid ? [String(uuid)] : [])]);
	return [
		...(status === 'success' || status === 'error' ? [] : [`execution ${id} is ${status}`]),
		...lost.map((file) => `${file} is lost (execution ${id})`),
	];
}

async function execute({ name, workflow }: ProjectRuns, { url, client }: { url: string; client: N8nClient }) {
	const response = await fetch(`${url}/webhook/${workflow.name}`, {
		method: 'POST',
		headers: { 'Content-Type': 'application/json', Connection: 'close' },
		body: JSON.stringify({ projects: [{ name, folder: name }] }),
	});
	const id = await response.text();
	for (;;) {
		await sleep(1500);
		const execution = await client.execution(id);
		if (!['new', 'running', 'waiting'].includes(execution.status)) return execution;
	}
}
