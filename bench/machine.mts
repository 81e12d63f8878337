import { cpus, loadavg, totalmem } from 'node:os';

/** What a benchmark ran on, as far as its figures depend on it. */
export interface Machine {
	cores: number;
	memoryGigabytes: number;
	/** Processes that wanted a core in the minute before, on average. */
	loadBefore: number;
	loadAfter: number;
}

/** Runs a benchmark and tells on what. */
export async function onThisMachine<Figures>(measure: () => Promise<Figures>): Promise<[Figures, Machine]> {
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
