import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { installN8n, type Installation } from '../../test/support/n8n/install.mts';
import { installCommunityPackage, packTarball } from '../../test/support/n8n/package.mts';
import { startN8n } from '../../test/support/n8n/n8nServer.mts';
import { printStep } from '../../test/support/step.mts';
import { root } from '../../test/support/root.mts';
import { formatSpread, spreadOf } from '../shared/statistics.mts';
import { writeReportFiles } from '../shared/reportFiles.mts';
import { describeMachine, withMachine, type Machine } from '../shared/machine.mts';
import { retainedMemory, withUsageServer } from '../shared/processUsage.mts';

const starts = 7;
const loads = 15;
const idleMs = 5_000;
const largestTarball = 100_000;
/** The kernel's clock ticks, in which /proc counts processor time. */
const ticksPerSecond = 100;

/** One start of n8n. */
interface Start {
	seconds: number;
	/** Processor time until then, which depends less on the machine's other load. */
	cpuSeconds: number;
	/** Resident memory some seconds later, after a garbage collection. */
	mebibytes: number;
	heapMebibytes: number;
}

/** One load of the package into a new Node.js process. */
interface Load {
	types: number;
	milliseconds: number;
	heapBytes: number;
	residentBytes: number;
}

interface Tarball {
	size: number;
	unpackedSize: number;
	entryCount: number;
}

interface Figures {
	without: Start[];
	with: Start[];
	loads: Load[];
	tarball: Tarball;
}

/** Measures n8n's start with and without the package, and writes `bench/start-up.md`. */
export async function measureStartUp(): Promise<void> {
	const folder = await mkdtemp(join(tmpdir(), 'imagen-start-up-'));
	try {
		const installation = await installN8n(printStep);
		const [figures, machine] = await withMachine(() => measure(installation, folder));
		await writeReportFiles('start-up', report(figures, machine), { machine, ...figures });
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

async function measure(installation: Installation, folder: string): Promise<Figures> {
	const packed = await printStep('Packing the package', () => packTarball(folder));
	const users = { without: join(folder, 'without'), with: join(folder, 'with') };
	await installCommunityPackage(packed, users.with);

	const figures: Figures = { without: [], with: [], loads: [], tarball: await describeTarball() };
	for (let run = 0; run <= starts; run++) {
		for (const kind of ['without', 'with'] as const) {
			const title = `Start ${run} ${kind} the package${run === 0 ? ', which sets up the database' : ''}`;
			const start = await printStep(title, () => startOnce(installation, users[kind], folder));
			if (run > 0) figures[kind].push(start);
		}
	}
	const installed = join(users.with, '.n8n', 'nodes', 'node_modules', 'n8n-nodes-imagen-ai');
	await printStep(`${loads} loads of the package alone`, async () => {
		while (figures.loads.length < loads) figures.loads.push(await loadOnce(installation, installed));
	});
	return figures;
}

/** From the start of the process until n8n answers. */
async function startOnce(installation: Installation, userFolder: string, workFolder: string): Promise<Start> {
	const socket = join(workFolder, 'n8n.sock');
	await rm(socket, { force: true });
	const started = performance.now();
	const n8n = await startN8n({ installation, userFolder, workFolder, env: withUsageServer(socket) });
	const seconds = (performance.now() - started) / 1000;
	try {
		const cpuSeconds = await cpuSecondsOf(n8n.pid);
		await sleep(idleMs);
		return { seconds, cpuSeconds, ...(await retainedMemory(socket)) };
	} finally {
		await n8n.stop();
	}
}

async function cpuSecondsOf(pid: number): Promise<number> {
	const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
	// After the name in brackets: the 12th and 13th field are the time in user mode and in the kernel.
	const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
	return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

async function loadOnce({ nodeBinary, n8nScript }: Installation, installed: string): Promise<Load> {
	const script = join(root, 'bench', 'startUp', 'measureLoad.cjs');
	const n8nModules = join(dirname(n8nScript), '..', '..');
	const { stdout } = await promisify(execFile)(nodeBinary, ['--expose-gc', script, installed], {
		env: { ...process.env, NODE_PATH: n8nModules },
	});
	return JSON.parse(stdout) as Load;
}

async function describeTarball(): Promise<Tarball> {
	const { stdout } = await promisify(execFile)('npm', ['pack', '--dry-run', '--json'], { cwd: root });
	const [{ size, unpackedSize, entryCount }] = JSON.parse(stdout) as Tarball[];
	return { size, unpackedSize, entryCount };
}

function report(figures: Figures, machine: Machine): string {
	const { loads: all, tarball } = figures;
	const spread = (kind: 'with' | 'without', figure: keyof Start) =>
		spreadOf(figures[kind].map((start) => start[figure]));
	const row = (title: string, figure: keyof Start, digits: number, unit: string) => {
		const [without, withIt] = [spread('without', figure), spread('with', figure)];
		const added = withIt.median - without.median;
		return `| ${title} | ${formatSpread(without, digits, unit)} | ${formatSpread(withIt, digits, unit)} | ${added.toFixed(digits)} ${unit} |`;
	};
	const load = (figure: keyof Load, divisor = 1) => spreadOf(all.map((one) => one[figure] / divisor));
	return `# Start-up

Made by \`npm run bench -- --part start-up\`: n8n 2.41.1 on Node.js 24.9.0 with SQLite, started with and without the package in turn, ${starts} times each after one that set up its database. ${describeMachine(machine)}

| Median (least to most) | Without | With the package | Added |
| --- | --- | --- | --- |
${row('Until n8n answers', 'seconds', 2, 's')}
${row('Processor time until then', 'cpuSeconds', 2, 's')}
${row(`Resident memory ${idleMs / 1000} s later, garbage collected`, 'mebibytes', 0, 'MiB')}
${row('of that live objects', 'heapMebibytes', 1, 'MiB')}

The starts differ among themselves by more than the package can add. It alone, loaded ${loads} times into a new Node.js process that has n8n-workflow in memory already, as n8n loads it (${all[0].types} types):

| | Median (least to most) |
| --- | --- |
| Time to load | ${formatSpread(load('milliseconds'), 1, 'ms')} |
| Live objects | ${formatSpread(load('heapBytes', 2 ** 20), 2, 'MiB')} |
| Resident memory | ${formatSpread(load('residentBytes', 2 ** 20), 1, 'MiB')} |

The tarball on npm has ${(tarball.size / 1000).toFixed(1)} kB (aim: less than ${largestTarball / 1000} kB${tarball.size < largestTarball ? ', met' : ', missed'}); ${tarball.entryCount} files, ${(tarball.unpackedSize / 1000).toFixed(0)} kB unpacked; no dependencies.
`;
}
