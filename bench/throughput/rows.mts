import type { Run } from './runner.mts';
import type { ContenderName, Direction } from './contender.mts';
import type { LineConditions } from './line.mts';
import { photoSet, type PhotoSet } from './photoSets.mts';

/** What is between the contenders and the server. */
export interface Network {
	name: string;
	/** Nothing if left out. */
	line?: LineConditions;
}

/** What 1 Gbit/s carries in a second. */
export const GIGABIT_MEGABYTES = 125;

/** A process of n8n. Rows of one section with equal ones are measured in the same process. */
export interface N8nProcess {
	/** Counts the processes with these options, from 1. */
	start: number;
	/** For Node.js. */
	nodeOptions: string;
}

/** One row of the report: contenders in one situation, each several times. */
export interface Row {
	section: Section;
	network: Network;
	set: PhotoSet;
	direction: Direction;
	/** As set in the node's options; it chooses by itself if left out. */
	atOnce?: number;
	contenders: ContenderName[];
	rounds: number;
	n8n: N8nProcess;
}

/** A row as it was measured. */
export interface MeasuredRow extends Omit<Row, 'set' | 'contenders' | 'rounds'> {
	set: { name: string; count: number; bytes: number };
	/** The machine's load average of the minute before. */
	load: number;
	runs: Partial<Record<ContenderName, Run[]>>;
}

/** The sections of the report, each of which can be measured alone. */
export const sections = ['line', 'parallel', 'memory', 'loopback', 'collector'] as const;
export type Section = (typeof sections)[number];

/** Whether a name from the command line is that of a section. */
export const isSection = (name: string): name is Section => (sections as readonly string[]).includes(name);

/** n8n with the options that most run it with. */
const n8n: N8nProcess = { start: 1, nodeOptions: '' };

export const directions: Direction[] = ['upload', 'download'];

const ROUNDS = 2;

const loopback: Network = { name: 'loopback' };
/** As far away as Imagen's storage may be, over 1 Gbit/s. */
const [near, middle, far] = [20, 50, 100].map(
	(roundTripMs): Network => ({
		name: `${roundTripMs} ms`,
		line: { roundTripMs, megabytesPerSecond: GIGABIT_MEGABYTES },
	}),
);

/** As large as XMPs, exported JPEGs and RAW photos are. */
const [xmps, jpegs, raws] = [photoSet(2000, 20), photoSet(1000, 500), photoSet(60, 25_000)];
const sets = [xmps, jpegs, raws];

/** What people have: a line, and files of these sizes. */
function lineRows(): Row[] {
	return [near, middle, far].flatMap((network) =>
		sets.flatMap((set) =>
			directions.flatMap((direction): Row[] => {
				const common = { section: 'line' as const, network, n8n, set, direction };
				const compared: Row = { contenders: ['ours', 'pooled'], rounds: ROUNDS, ...common };
				// It takes several times as long: once, at one distance, is enough to compare it.
				const handBuilt: Row = { contenders: ['handBuilt'], rounds: 1, ...common };
				return network === near ? [compared, handBuilt] : [compared];
			}),
		),
	);
}

/** No line to wait for: what each contender costs the processor. */
function loopbackRows(): Row[] {
	const contenders: ContenderName[] = ['ours', 'pooled', 'inN8n', 'handBuilt', 'inMemory', 'raw'];
	const common = { section: 'loopback' as const, network: loopback, n8n, contenders, rounds: ROUNDS };
	const short = [photoSet(500, 20), photoSet(250, 500), photoSet(20, 25_000)];
	return directions.flatMap((direction) => short.map((set): Row => ({ direction, set, ...common })));
}

/** What the node chooses by itself, which is undefined here, and fixed numbers. */
export const numbersAtOnce = [undefined, 5, 10, 32, 128];

function parallelRows(): Row[] {
	return [photoSet(320, 20), photoSet(160, 500), photoSet(20, 25_000)].flatMap((set) =>
		directions.flatMap((direction) =>
			numbersAtOnce.map((atOnce): Row => {
				const common = { network: middle, n8n, set, direction, atOnce, contenders: ['ours' as const] };
				return { section: 'parallel', rounds: ROUNDS, ...common };
			}),
		),
	);
}

/**
 * Memory by the number of photos, and by their size. Each contender runs in a process that has moved next to nothing yet:
 * Node.js hardly gives memory back to the system, so that later runs would seem to need less.
 */
function memoryRows(): Row[] {
	const sets = [photoSet(5000, 20), jpegs, raws, photoSet(20, 200_000)];
	const contenders: ContenderName[] = ['ours', 'inMemory'];
	let start = 0;
	return directions.flatMap((direction) =>
		sets.map((set): Row => {
			const n8n = { start: ++start, nodeOptions: '' };
			return { section: 'memory', network: near, set, direction, contenders, rounds: 1, n8n };
		}),
	);
}

/** V8's semi-space sizes, in MB, as an operator can set them for n8n; V8's own choice is 16. */
const semiSpaceMegabytes = [16, 2, 1];
/** How V8 collects depends on the history of a process, so each size is measured in several. */
const starts = [1, 2];

function collectorRows(): Row[] {
	return semiSpaceMegabytes.flatMap((megabytes) =>
		starts.flatMap((start) =>
			directions.map((direction): Row => {
				const common = {
					network: loopback,
					set: photoSet(20, 25_000),
					direction,
					contenders: ['ours' as const],
				};
				const n8n = { start, nodeOptions: `--max-semi-space-size=${megabytes}` };
				return { section: 'collector', rounds: ROUNDS, n8n, ...common };
			}),
		),
	);
}

const rows: Record<Section, () => Row[]> = {
	line: lineRows,
	parallel: parallelRows,
	memory: memoryRows,
	loopback: loopbackRows,
	collector: collectorRows,
};

export function rowsOf(section: Section): Row[] {
	return rows[section]();
}
