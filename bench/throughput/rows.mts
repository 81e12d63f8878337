import type { Run } from './runner.mts';
import type { ContenderName, Direction } from './contender.mts';
import type { NetworkConditions } from './network.mts';
import { photoSet, type PhotoSet } from './photoSets.mts';

export interface NamedNetwork extends NetworkConditions {
	name: string;
}

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
	network: NamedNetwork;
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
	/** The machine's load average of the minute before. */
	load: number;
	runs: Partial<Record<ContenderName, Run[]>>;
}

/** The sections of the report, each of which can be measured alone. */
export const sections = ['loopback', 'memory', 'network', 'parallel', 'collector'] as const;
export type Section = (typeof sections)[number];

/** Whether a name from the command line is that of a section. */
export const isSection = (name: string): name is Section => (sections as readonly string[]).includes(name);

/** n8n with the options that most run it with. */
const n8n: N8nProcess = { start: 1, nodeOptions: '' };

export const directions: Direction[] = ['upload', 'download'];

/** The node's default; all contenders are given the same. */
export const DEFAULT_AT_ONCE = 5;
const ROUNDS = 5;

const loopback: NamedNetwork = { name: 'loopback', roundTripMs: 0 };
const near: NamedNetwork = { name: '20 ms', roundTripMs: 20 };
const far: NamedNetwork = { name: '100 ms', roundTripMs: 100 };
const gigabit: NamedNetwork = { name: '20 ms, 1 Gbit/s', roundTripMs: 20, megabytesPerSecond: 125 };

/** Those that the README compares. */
const fourContenders: ContenderName[] = ['ours', 'limit', 'handBuilt', 'inMemory'];

const wholeSets = [photoSet(200, 25), photoSet(1000, 1), photoSet(20, 200)];
/** Over a network most of the time is waiting: fewer photos show the same. */
const smallSets = [photoSet(20, 25), photoSet(100, 1), photoSet(5, 200)];

/** No network to wait for: what each contender costs the processor. */
function loopbackRows(): Row[] {
	const common = { network: loopback, n8n, atOnce: DEFAULT_AT_ONCE, rounds: ROUNDS };
	return directions.flatMap((direction) =>
		wholeSets.map((set): Row => {
			return {
				section: 'loopback',
				direction,
				set,
				contenders: [...fourContenders, 'inN8n', 'raw'],
				...common,
			};
		}),
	);
}

/** As far away as Imagen's storage may be. */
function networkRows(): Row[] {
	const contenders: ContenderName[] = [...fourContenders, 'allAtOnce'];
	return [near, far, gigabit].flatMap((network) =>
		directions.flatMap((direction) =>
			smallSets.map((set): Row => {
				const common = { network, n8n, set, direction, contenders };
				return { section: 'network', atOnce: DEFAULT_AT_ONCE, rounds: ROUNDS, ...common };
			}),
		),
	);
}

/** What more photos at once bring. */
function parallelRows(): Row[] {
	return [loopback, far, gigabit].flatMap((network) =>
		[photoSet(60, 1), photoSet(20, 25)].flatMap((set) =>
			[1, 2, 5, 10, 20].map((atOnce): Row => {
				const common = { network, n8n, set, atOnce, contenders: ['ours' as const] };
				return { section: 'parallel', direction: 'upload', rounds: 3, ...common };
			}),
		),
	);
}

/**
 * Memory by the number of photos, and by their size. Each contender runs in a process that has moved next to nothing yet:
 * Node.js hardly gives memory back to the system, so that later runs would seem to need less.
 */
function memoryRows(): Row[] {
	const sets = [photoSet(10, 1), photoSet(1000, 1), photoSet(5000, 1), photoSet(200, 25), photoSet(20, 200)];
	const apart: ContenderName[][] = [['ours', 'inMemory'], ['handBuilt']];
	let start = 0;
	return directions.flatMap((direction) =>
		sets.flatMap((set) =>
			apart.map((contenders): Row => {
				const common = { network: loopback, set, direction, contenders, rounds: 1 };
				const n8n = { start: ++start, nodeOptions: '' };
				return { section: 'memory', atOnce: DEFAULT_AT_ONCE, n8n, ...common };
			}),
		),
	);
}

/** V8's semi-space sizes, in MB, as an operator can set them for n8n; V8's own choice is 16. */
const semiSpaceMegabytes = [16, 2, 1];
/** How V8 collects depends on the history of a process, so each size is measured in several. */
const starts = [1, 2, 3];

function collectorRows(): Row[] {
	return semiSpaceMegabytes.flatMap((megabytes) =>
		starts.flatMap((start) =>
			directions.map((direction): Row => {
				const common = { network: loopback, set: photoSet(20, 25), direction, contenders: ['ours' as const] };
				const n8n = { start, nodeOptions: `--max-semi-space-size=${megabytes}` };
				return { section: 'collector', atOnce: DEFAULT_AT_ONCE, rounds: ROUNDS, n8n, ...common };
			}),
		),
	);
}

const rows: Record<Section, () => Row[]> = {
	loopback: loopbackRows,
	memory: memoryRows,
	network: networkRows,
	parallel: parallelRows,
	collector: collectorRows,
};

export function rowsOf(section: Section): Row[] {
	return rows[section]();
}
