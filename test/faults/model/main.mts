/**
 * Runs histories of what users do and what goes wrong, and writes what came of them: `npm run model`. `-- --brief` runs few of them and writes
 * no report, as CI does; `-- --runs N` as many as that. `-- --seed N` runs the same ones again, with `--path P` the one that failed.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { describeFailure, findingsOf, markdown, summary, type Entry, type Order } from './modelReport.mts';

const { values } = parseArgs({
	options: {
		brief: { type: 'boolean' },
		seed: { type: 'string' },
		path: { type: 'string' },
		runs: { type: 'string' },
	},
});
const seed = values.seed === undefined ? Date.now() % 1_000_000 : Number(values.seed);
const runs = values.path === undefined ? Number(values.runs ?? (values.brief ? 300 : 10_000)) : 1;
const processes = Math.min(runs, 4, availableParallelism());

const began = Date.now();
const folder = await mkdtemp(join(tmpdir(), 'imagen-model-'));
const told = new Set<string>();
try {
	console.log(`Seed ${seed}`);
	const orders = shares().map((order, index) => ({ ...order, file: join(folder, `${index}.ndjson`) }));
	const watch = setInterval(() => void tellNews(orders), 2000);
	const codes = await Promise.all(orders.map(histories));
	clearInterval(watch);
	await tellNews(orders);
	const findings = findingsOf(seed, (Date.now() - began) / 60_000, await entriesOf(orders));
	console.log(summary(findings));
	const isWhole = values.brief === undefined && values.path === undefined && values.runs === undefined;
	if (isWhole) {
		const report = join(import.meta.dirname, '..', 'model.md');
		await writeFile(report, markdown(findings, await readFile(report, 'utf8').catch(() => '')));
		console.log('Written: test/faults/model.md');
	}
	process.exitCode = Math.max(...codes);
} finally {
	await rm(folder, { recursive: true });
}

/** The seeds of each process. */
function shares(): Array<Omit<Order, 'file'>> {
	const share = Math.ceil(runs / processes);
	return Array.from({ length: processes }, (_, index) => ({
		seed: seed + index * share,
		runs: Math.min(share, runs - index * share),
		path: values.path,
	}));
}

async function histories(order: Order): Promise<number> {
	const args = ['jest', '--config', join(import.meta.dirname, 'jest.config.cjs'), '--silent'];
	const env = { ...process.env, MODEL_ORDER: JSON.stringify(order) };
	const child = spawn('npx', args, { stdio: ['ignore', 'ignore', 'pipe'], env });
	let output = '';
	child.stderr.on('data', (text: Buffer) => (output += text.toString()));
	const code = await new Promise<number>((resolve, reject) => {
		child.once('error', reject).once('exit', (status) => resolve(status ?? 1));
	});
	const isDone = (await entriesOf([order])).some(({ kind }) => kind === 'done');
	if (!isDone) console.error(output);
	return code;
}

async function entriesOf(orders: Order[]): Promise<Entry[]> {
	const texts = await Promise.all(
		orders.map(async ({ file }) => await readFile(file, 'utf8').catch(() => '')),
	);
	return texts.flatMap((text) => text.split('\n').filter(Boolean)).map((line) => JSON.parse(line) as Entry);
}

/** Prints each kind of fault when it is met first. */
async function tellNews(orders: Order[]): Promise<void> {
	for (const entry of await entriesOf(orders)) {
		if (entry.kind !== 'failed' || told.has(entry.failed.kind)) continue;
		told.add(entry.failed.kind);
		console.log(describeFailure(entry.failed));
	}
}
