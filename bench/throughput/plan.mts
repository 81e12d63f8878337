import type { Run } from './runner.mts';
import type { ContenderName, Direction } from './contender.mts';
import type { LineSpeed } from './line.mts';
import { photoSet, type PhotoSet } from './sets.mts';

export interface NamedLine extends LineSpeed {
	name: string;
}

/** A process of n8n. Rows of one part with equal ones are measured in the same process. */
export interface N8nProcess {
	/** Counts the processes with these options, from 1. */
	start: number;
	/** For Node.js. */
	nodeOptions: string;
}

/** One row of the report: one contender in one situation, several times. */
export interface Row {
	part: Part;
	line: NamedLine;
	set: PhotoSet;
	direction: Direction;
	atOnce: number;
	contenders: ContenderName[];
	rounds: number;
	n8n: N8nProcess;
}

/** A row as it was measured. */
export interface MeasuredRow extends Omit<Row, 'set' | 'contenders' | 'rounds'> {
	set: { name: string; count: number; bytes: number };
	/** Load of the machine before, as its cores see it over a minute. */
	load: number;
	runs: Partial<Record<ContenderName, Run[]>>;
}

export type Part = 'loopback' | 'memory' | 'lines' | 'parallel' | 'collector';
export const parts: Part[] = ['loopback', 'memory', 'lines', 'parallel', 'collector'];

/** As most run it. */
const n8n: N8nProcess = { start: 1, nodeOptions: '' };

export const directions: Direction[] = ['upload', 'download'];

/** The node's default; all contenders are given the same. */
export const DEFAULT_AT_ONCE = 5;
const ROUNDS = 5;

const loopback: NamedLine = { name: 'loopback', roundTripMs: 0 };
const near: NamedLine = { name: '20 ms', roundTripMs: 20 };
const far: NamedLine = { name: '100 ms', roundTripMs: 100 };
const gigabit: NamedLine = { name: '20 ms, 1 Gbit/s', roundTripMs: 20, megabytesPerSecond: 125 };

/** The four that the comparison is about. */
const fourContenders: ContenderName[] = ['ours', 'limit', 'handBuilt', 'inMemory'];

const wholeSets = [photoSet(200, 25), photoSet(1000, 1), photoSet(20, 200)];
/** Over a line, time goes by with waiting: a part of the photos shows the same. */
const smallSets = [photoSet(20, 25), photoSet(100, 1), photoSet(5, 200)];

/** Nothing to wait for: what each costs the processor. */
function loopbackRows(): Row[] {
	const common = { line: loopback, n8n, atOnce: DEFAULT_AT_ONCE, rounds: ROUNDS };
	return directions.flatMap((direction) =>
		wholeSets.map((set): Row => {
			return { part: 'loopback', direction, set, contenders: [...fourContenders, 'inN8n', 'raw'], ...common };
		}),
	);
}

/** As far away as Imagen's storage may be. */
function lineRows(): Row[] {
	const contenders: ContenderName[] = [...fourContenders, 'allAtOnce'];
	return [near, far, gigabit].flatMap((line) =>
		directions.flatMap((direction) =>
			smallSets.map((set): Row => {
				const common = { line, n8n, set, direction, contenders };
				return { part: 'lines', atOnce: DEFAULT_AT_ONCE, rounds: ROUNDS, ...common };
			}),
		),
	);
}

/** How much it brings to have more photos on their way. */
function parallelRows(): Row[] {
	return [loopback, far, gigabit].flatMap((line) =>
		[photoSet(60, 1), photoSet(20, 25)].flatMap((set) =>
			[1, 2, 5, 10, 20].map((atOnce): Row => {
				const common = { line, n8n, set, atOnce, contenders: ['ours' as const] };
				return { part: 'parallel', direction: 'upload', rounds: 3, ...common };
			}),
		),
	);
}

/**
 * Memory over the number of photos, and over their size. Each contender in a process that has moved next to nothing yet: what
 * Node.js has once taken from the system it hardly gives back, and would then have at hand.
 */
function memoryRows(): Row[] {
	const sets = [photoSet(10, 1), photoSet(1000, 1), photoSet(5000, 1), photoSet(200, 25), photoSet(20, 200)];
	const apart: ContenderName[][] = [['ours', 'inMemory'], ['handBuilt']];
	let start = 0;
	return directions.flatMap((direction) =>
		sets.flatMap((set) =>
			apart.map((contenders): Row => {
				const common = { line: loopback, set, direction, contenders, rounds: 1 };
				const n8n = { start: ++start, nodeOptions: '' };
				return { part: 'memory', atOnce: DEFAULT_AT_ONCE, n8n, ...common };
			}),
		),
	);
}

/** What an operator can do about n8n's garbage collector: the size that new objects may take, in MB; V8's own choice is 16. */
const newObjectMegabytes = [16, 2, 1];
/** How V8 collects depends on what a process has been through. */
const starts = [1, 2, 3];

function collectorRows(): Row[] {
	return newObjectMegabytes.flatMap((megabytes) =>
		starts.flatMap((start) =>
			directions.map((direction): Row => {
				const common = { line: loopback, set: photoSet(20, 25), direction, contenders: ['ours' as const] };
				const n8n = { start, nodeOptions: `--max-semi-space-size=${megabytes}` };
				return { part: 'collector', atOnce: DEFAULT_AT_ONCE, rounds: ROUNDS, n8n, ...common };
			}),
		),
	);
}

const rows: Record<Part, () => Row[]> = {
	loopback: loopbackRows,
	memory: memoryRows,
	lines: lineRows,
	parallel: parallelRows,
	collector: collectorRows,
};

export function rowsOf(part: Part): Row[] {
	return rows[part]();
}
