import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { writePhotos } from '../../test/support/photoFolder.mts';
import {
	connections,
	imagen,
	inARow,
	manualStart,
	readFiles,
} from '../../test/support/n8n/workflowNodes.mts';
import type { Execution } from '../../test/support/n8n/n8nClient.mts';
import { printStep } from '../../test/support/step.mts';
import { root } from '../../test/support/root.mts';
import { openStudio, type Studio } from '../../test/support/studio.mts';

const mebibyte = 1024 * 1024;
const fileMebibytes = 300;
const idleMs = 5_000;
const sampleMs = 50;

/** n8n's resident memory in MiB at a moment. */
interface Sample {
	at: number;
	mebibytes: number;
}

/** Measures n8n's memory while one large photo goes through Smart Editing, and writes `bench/large-file.md`. */
export async function measureLargeFile(): Promise<void> {
	const folder = await mkdtemp(join(tmpdir(), 'imagen-bench-'));
	let studio: Studio | undefined;
	try {
		await writePhotos(join(folder, 'photos'), 1, fileMebibytes * mebibyte);
		studio = await openStudio({ workFolder: folder, sandbox: { editSeconds: 1, leastSmartPhotos: 1 } });
		await sleep(idleMs);
		const samples = [await sample(studio)];
		const execution = await printStep(`${fileMebibytes} MiB through Smart Editing`, () =>
			run(studio!, samples),
		);
		const file = join(root, 'bench', 'large-file.md');
		await writeFile(file, report(execution, samples, (await studio.control.uploads())[0].part_count));
		console.log(await readFile(file, 'utf8'));
	} finally {
		await studio?.close();
		await rm(folder, { recursive: true, force: true });
	}
}

/** Runs the workflow for the photo, and samples n8n's memory meanwhile. */
async function run(studio: Studio, samples: Sample[]): Promise<Execution> {
	const { client } = studio;
	const nodes = [
		manualStart(),
		readFiles('Read', 'photos/*.nef'),
		imagen('Create', 'project', 'create', { editingFlow: 'I2I' }),
		imagen('Upload', 'photo', 'upload'),
		imagen('Edit', 'edit', 'start', { editingFlow: 'I2I' }),
		imagen('Wait', 'edit', 'wait', { waitBy: 'poll' }),
		imagen('Download', 'edit', 'download'),
	];
	const definition = { name: 'Large file', nodes, connections: connections(inARow(nodes)) };
	const workflow = await studio.import(definition);
	const ended = new AbortController();
	const sampling = (async () => {
		while (!ended.signal.aborted) {
			samples.push(await sample(studio));
			await sleep(sampleMs);
		}
	})();
	const execution = await client.executionEnd(await client.run(workflow, 'Start'));
	ended.abort();
	await sampling;
	if (execution.status !== 'success') throw new Error(execution.error?.message ?? execution.status);
	return execution;
}

async function sample({ n8n }: Studio): Promise<Sample> {
	const status = await readFile(`/proc/${n8n.pid}/status`, 'utf8');
	const mebibytes = Math.round(Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]) / 1024);
	return { at: Date.now(), mebibytes };
}

function report({ runs }: Execution, [atRest, ...samples]: Sample[], parts: number): string {
	const rows = ['Read', 'Upload'].map((name) => {
		const { startTime, executionTime } = runs[name][0];
		const during = samples.filter(({ at }) => at >= startTime && at <= startTime + executionTime);
		const most = Math.max(...during.map(({ mebibytes }) => mebibytes));
		return `| ${name} | ${(executionTime / 1000).toFixed(1)} s | ${most} MiB |`;
	});
	return `# A large file

Made by \`npm run bench -- --part large-file\`: one RAW photo of ${fileMebibytes} MiB through Smart Editing in n8n 2.41.1, binary data on disk, on ${cpus().length} cores that n8n shares with the sandbox. It goes up in ${parts} parts.

n8n's resident memory at rest: ${atRest.mebibytes} MiB. The most while a node ran:

| Node | Time | Memory |
| --- | --- | --- |
${rows.join('\n')}

_Read_ is n8n's own node. What it leaves in memory until the next garbage collection counts for the nodes after it.
`;
}
