import { join } from 'node:path';
import { root } from '../../test/support/root.mts';
import { drawBars } from '../shared/chart.mts';
import { writeReportFiles } from '../shared/reportFiles.mts';
import { formatSpread, spreadOf, type Spread } from '../shared/statistics.mts';
import { describeMachine, type Machine } from '../shared/machine.mts';
import type { ScaleOutFigures, DeploymentFigures } from './scaleOut.mts';
import { cpuSecondsPerPhoto, studioMonth } from './capacityModel.mts';
import type { Load, Round } from './shootLoad.mts';

/** Writes the figures of scaling out as Markdown, as a picture, and as JSON. */
export async function writeScaleOutReport(figures: ScaleOutFigures, machine: Machine): Promise<void> {
	const text = report(figures, machine);
	await draw(figures);
	await writeReportFiles('scale-out', text, { machine, ...figures });
}

const picture = 'scale-out.svg';

async function draw({ load, largeLoad, deployments }: ScaleOutFigures): Promise<void> {
	const rate = (rounds: Round[], { shoots, photos, photoBytes }: Load) =>
		rounds.length === 0 ? undefined : (shoots * photos * photoBytes) / 1e6 / uploadOf(rounds).median;
	await drawBars(join(root, 'bench', picture), {
		title: 'Shoots at once: uploaded in a second',
		y: { name: 'MB/s' },
		groups: [load, largeLoad].map(
			({ shoots, photos, photoBytes }) => `${shoots} shoots of ${photos} × ${photoBytes / 1e6} MB`,
		),
		bars: deployments.map(({ name, rounds, largeRounds }) => ({
			name,
			values: [rate(rounds, load), rate(largeRounds, largeLoad)].map((value) => value && Math.round(value)),
		})),
	});
}

function uploadOf(rounds: Round[]): Spread {
	return spreadOf(rounds.map(({ uploadSeconds }) => uploadSeconds));
}

function report(figures: ScaleOutFigures, machine: Machine): string {
	const { load, largeLoad, deployments } = figures;
	const largeDeployments = deployments.filter(({ largeRounds }) => largeRounds.length > 0);
	const { rounds } = deployments[0];
	const calls = Object.entries(deployments[1].rounds[0].requests).map(([call, count]) => `${call} ${count}`);
	return `# Scale out

Made by \`npm run bench -- --part scale-out\`: n8n 2.41.1 on Node.js 24.9.0 with PostgreSQL, in one process, and as a main process with two workers behind n8n's own queue (Redis). ${describeMachine(machine)} n8n's processes, Redis, PostgreSQL and the sandbox that stands for Imagen share the cores: more processes cannot be faster here than the cores allow. What can be read from it is that the work is shared out, that nothing is lost, and what a photo costs.

${load.shoots} shoots of ${load.photos} photos of ${load.photoBytes / 1e6} MB are started by ${load.shoots} webhook calls at the same moment. Each reads its photos from disk into n8n, uploads them, starts the edit, pauses until Imagen calls (the sandbox edits for 6 s), and downloads the edits. Photos/s are those uploaded until all are up; ${rounds.length} rounds after a warm-up, medians, and in brackets least to most:

${speedTable(
	deployments.map((deployment) => ({ name: deployment.name, rounds: deployment.rounds })),
	load,
)}

${largeLoad.shoots} shoots of ${largeLoad.photos} photos of ${largeLoad.photoBytes / 1e6} MB, one round:

${speedTable(
	largeDeployments.map((deployment) => ({ name: deployment.name, rounds: deployment.largeRounds })),
	largeLoad,
)}

![Megabytes a second uploaded by one process and by a queue](${picture})

The most resident memory of each process in any round, and in brackets what it had before:

| | ${load.photoBytes / 1e6} MB photos | ${largeLoad.photoBytes / 1e6} MB photos |
| --- | --- | --- |
${deployments.flatMap(memoryRows).join('\n')}

In each round every photo arrived with all its bytes, every shoot got the results of its own photos, went on once, and was billed once: the benchmark stops where that is not so. One round's requests at Imagen: ${calls.join(', ')}.

## What an operator sets

| | On | |
| --- | --- | --- |
| \`EXECUTIONS_MODE=queue\`, \`QUEUE_BULL_REDIS_HOST\`, \`QUEUE_BULL_REDIS_PORT\` | main, workers | n8n's queue |
| \`DB_TYPE=postgresdb\`, \`DB_POSTGRESDB_...\` | main, workers | The same database: SQLite cannot be shared |
| \`N8N_ENCRYPTION_KEY\` | main, workers | The same one, or workers cannot read the credential |
| \`N8N_WEBHOOK_URL\` (before 2.41 \`WEBHOOK_URL\`) | main, workers | The public https address of main; callbacks of paused edits are made from it on the worker |
| this package | main, workers | In \`.n8n/nodes\` of each, the same version |
| \`N8N_DEFAULT_BINARY_DATA_MODE\` | main, workers | See below |
| \`n8n worker --concurrency=10\` | workers | Executions at once; 10 is n8n's default, and it advises 5 at least |
| \`EXECUTIONS_DATA_MAX_AGE\`, or \`EXECUTIONS_DATA_SAVE_ON_SUCCESS=none\` | main, workers | How long photos stay in n8n's storage, see the month below |
| \`EXECUTIONS_TIMEOUT\` | main, workers | Not set, as by default: a Shoot, or a Wait by poll, runs as long as Imagen edits |

Binary data in queue mode:

- \`filesystem\`, with \`N8N_BINARY_DATA_STORAGE_PATH\` on a volume that all processes mount at the same path: photos pass as streams. n8n accepts this and it is what was measured; n8n's documentation says that it does not support it, and without the shared volume a worker does not find what another process wrote.
- \`database\` is n8n's default in queue mode, and what its documentation names: nothing to set up, but n8n holds each photo whole in memory, and in the database, 512 MB each at most.
- \`s3\` and \`azure\` need an Enterprise licence of n8n, and were not measured.

## A studio's month, on paper

1 million photos in 2,000 shoots of 500; RAW of 25 MB in, JPEG of 3 to 8 MB out. Assumed: 22 working days of 8 hours, three times the mean in the busiest hour; 30 minutes of editing, 10 of exporting.

| | | How |
| --- | --- | --- |
${studioMonth(figures)
	.map((row) => `| ${row.join(' | ')} |`)
	.join('\n')}

A worker on a core of its own is assumed to need as much processor time as it did here, where storage and Imagen were on the same machine and nothing was encrypted: TLS costs on top.
`;
}

function speedTable(rows: Array<{ name: string; rounds: Round[] }>, load: Load): string {
	const photos = load.shoots * load.photos;
	const reference = uploadOf(rows[0].rounds).median;
	const lines = rows.map(({ name, rounds }) => {
		const upload = uploadOf(rounds);
		const rate = photos / upload.median;
		return [
			name,
			formatSpread(upload, 1),
			rate.toFixed(1),
			((rate * load.photoBytes) / 1e6).toFixed(0),
			`${(reference / upload.median).toFixed(2)} ×`,
			formatSpread(spreadOf(rounds.map(({ seconds }) => seconds)), 1),
			`${(cpuSecondsPerPhoto(rounds, load) * 1000).toFixed(0)} ms`,
		];
	});
	return `| | All photos are up after, s | Photos/s | MB/s | Against one process | All shoots have ended after, s | n8n's processor time for a photo |
| --- | --- | --- | --- | --- | --- | --- |
${lines.map((line) => `| ${line.join(' | ')} |`).join('\n')}`;
}

function memoryRows({ name, rounds, largeRounds }: DeploymentFigures): string[] {
	return Object.keys(rounds[0].usage).map(
		(process) => `| ${name}: ${process} | ${most(rounds, process)} | ${most(largeRounds, process)} |`,
	);
}

function most(rounds: Round[], process: string): string {
	if (rounds.length === 0) return 'not measured';
	const usages = rounds.map(({ usage }) => usage[process]);
	const peak = Math.max(...usages.map(({ mebibytesMost }) => mebibytesMost));
	const before = Math.max(...usages.map(({ mebibytesBefore }) => mebibytesBefore));
	return `${peak.toFixed(0)} MiB (${before.toFixed(0)})`;
}
