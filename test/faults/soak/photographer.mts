import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Execution, N8nClient } from '../../support/n8n/client.mts';
import { SPEED } from './clock.mts';
import type { Flow } from './flows.mts';
import { lostBy, outcomeOf, type Outcome } from './judge.mts';

/** A project as its photographer sees it, from photos to results. */
export interface Job {
	name: string;
	flow: Flow;
	/** The files that are to come. */
	wanted: string[];
	/** What came of each run. */
	outcomes: Outcome[];
	problems: string[];
}

/** What errors ask for before a run is repeated: ten minutes, as they pass for the nodes. */
const TEN_MINUTES_MS = (11 * 60_000) / SPEED;
const MOST_RUNS = 10;

/** Writes the photos of a project, no two alike. */
export async function newJob(workFolder: string, name: string, flow: Flow, photos: number): Promise<Job> {
	const folder = join(workFolder, name);
	await mkdir(folder);
	const stems = Array.from({ length: photos }, (_, index) => `${name}-${String(index + 1).padStart(4, '0')}`);
	for (const [index, stem] of stems.entries()) {
		await writeFile(join(folder, `${stem}.nef`), randomBytes(4000 + 97 * index));
	}
	const wanted = flow.results.flatMap((ending) => stems.map((stem) => `${stem}${ending}`));
	return { name, flow, wanted, outcomes: [], problems: [] };
}

/** Runs a project's workflow, and again as long as something is told, until all results are there. */
export async function bringThrough(
	job: Job,
	n8n: { url: string; client: N8nClient },
	inTurn: <T>(work: () => Promise<T>) => Promise<T>,
): Promise<void> {
	for (let run = 1; run <= MOST_RUNS; run++) {
		const execution = await inTurn(async () => await execute(job, n8n));
		const outcome = outcomeOf(execution);
		job.outcomes.push(outcome);
		job.problems.push(...flawsOf(job, execution, outcome));
		if (outcome.told.length === 0) return;
		await sleep(TEN_MINUTES_MS);
	}
	job.problems.push(`not through after ${MOST_RUNS} runs: ${job.outcomes.at(-1)!.told[0]}`);
}

function flawsOf({ name, wanted }: Job, { id, status, runs }: Execution, outcome: Outcome): string[] {
	const uuid = Object.values(runs)
		.flat()
		.flatMap(({ data }) => data?.main.flat() ?? [])
		.map((item) => item?.json.project_uuid)
		.find(Boolean);
	const lost = lostBy(outcome, wanted, [name, 'profiles', ...(uuid ? [String(uuid)] : [])]);
	return [
		...(status === 'success' || status === 'error' ? [] : [`execution ${id} is ${status}`]),
		...lost.map((file) => `${file} is lost (execution ${id})`),
	];
}

async function execute({ name, flow }: Job, { url, client }: { url: string; client: N8nClient }) {
	const response = await fetch(`${url}/webhook/${flow.name}`, {
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
