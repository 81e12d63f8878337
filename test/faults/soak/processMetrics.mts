import { readdir, readFile, readlink } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** What a process used at a moment, read from Linux's `/proc`. */
export interface Sample {
	/** Seconds since the first sample. */
	at: number;
	/** Resident memory. */
	megabytes: number;
	/** Open files and sockets. */
	handles: number;
}

const EVERY_MS = 1000;

/** Samples a process once a second. */
export class ProcessMetrics {
	readonly samples: Sample[] = [];
	readonly #pid: number;
	readonly #begin = Date.now();
	#stopped = false;

	static begin(pid: number): ProcessMetrics {
		const metrics = new ProcessMetrics(pid);
		void metrics.#sample();
		return metrics;
	}

	private constructor(pid: number) {
		this.#pid = pid;
	}

	end(): void {
		this.#stopped = true;
	}

	/** The median memory of each fifth of the time. */
	memoryByFifths(): number[] {
		const size = this.samples.length / 5;
		return Array.from({ length: 5 }, (_, index) =>
			median(
				this.samples
					.slice(Math.floor(index * size), Math.floor((index + 1) * size))
					.map(({ megabytes }) => megabytes),
			),
		);
	}

	async #sample(): Promise<void> {
		while (!this.#stopped) {
			const [megabytes, handles] = await Promise.all([memoryOf(this.#pid), handlesOf(this.#pid)]);
			this.samples.push({ at: (Date.now() - this.#begin) / 1000, megabytes, handles: handles.length });
			await sleep(EVERY_MS);
		}
	}
}

async function memoryOf(pid: number): Promise<number> {
	const status = await readFile(`/proc/${pid}/status`, 'utf8');
	return Number(/VmRSS:\s+(\d+)/.exec(status)![1]) / 1024;
}

/** Open files and sockets of a process: the path of a file, the kind of anything else. */
export async function handlesOf(pid: number): Promise<string[]> {
	const folder = `/proc/${pid}/fd`;
	const names = await readdir(folder);
	// Some are closed before they are read.
	const targets = await Promise.all(
		names.map(async (name) => await readlink(`${folder}/${name}`).catch(() => '')),
	);
	return targets.filter(Boolean).map((target) => target.replace(/:\[\d+\]$/, ''));
}

/** What a process has open that it did not have open before; waits up to so many seconds for it to be closed. */
export async function leftOpen(pid: number, before: string[], seconds: number): Promise<string[]> {
	for (let look = 0; ; look++) {
		const now = await handlesOf(pid);
		const left = [...before];
		const more = now.filter((handle) => {
			const index = left.indexOf(handle);
			if (index >= 0) left.splice(index, 1);
			return index < 0;
		});
		if (now.length <= before.length || look === seconds) return now.length <= before.length ? [] : more;
		await sleep(1000);
	}
}

function median(values: number[]): number {
	const sorted = values.toSorted((one, other) => one - other);
	return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
