import { cpus, loadavg, totalmem } from 'node:os';

/** The machine a benchmark ran on, as far as its figures depend on it. */
export interface Machine {
	cores: number;
	memoryGigabytes: number;
	/** Load average of the minute before. */
	loadBefore: number;
	loadAfter: number;
}

/** Runs a benchmark and describes the machine it ran on. */
export async function withMachine<Figures>(measure: () => Promise<Figures>): Promise<[Figures, Machine]> {
	const [loadBefore] = loadavg();
	const figures = await measure();
	const [loadAfter] = loadavg();
	const memoryGigabytes = Math.round(totalmem() / 2 ** 30);
	return [figures, { cores: cpus().length, memoryGigabytes, loadBefore, loadAfter }];
}

/** A sentence for a report. */
export function describeMachine({ cores, memoryGigabytes, loadBefore, loadAfter }: Machine): string {
	const load = [loadBefore, loadAfter].map((average) => average.toFixed(1)).join(' and ');
	return `${cores} cores, ${memoryGigabytes} GB. Load average of the minute before and of the last one: ${load}.`;
}
