import type { ContenderName, Direction } from './contender.mts';
import type { LineSpeed } from './line.mts';
import { photoSet, type PhotoSet } from './sets.mts';

export interface NamedLine extends LineSpeed {
	name: string;
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
}

export type Part = 'loopback' | 'memory' | 'lines' | 'parallel';
export const parts: Part[] = ['loopback', 'memory', 'lines', 'parallel'];

const directions: Direction[] = ['upload', 'download'];

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
/** Over a line, time goes by with waiting: a tenth of the photos shows the same. */
const smallSets = [photoSet(20, 25), photoSet(100, 1)];

/** Nothing to wait for: what each costs the processor. */
function loopbackRows(): Row[] {
	const common = { line: loopback, atOnce: DEFAULT_AT_ONCE, rounds: ROUNDS };
	return directions.flatMap((direction) =>
		wholeSets.map((set): Row => {
			return { part: 'loopback', direction, set, contenders: [...fourContenders, 'raw'], ...common };
		}),
	);
}

/** As far away as Imagen's storage may be. */
function lineRows(): Row[] {
	const contenders: ContenderName[] = [...fourContenders, 'allAtOnce'];
	return [near, far, gigabit].flatMap((line) =>
		directions.flatMap((direction) =>
			smallSets.map((set): Row => {
				const common = { line, set, direction, contenders };
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
				const common = { line, set, atOnce, contenders: ['ours' as const] };
				return { part: 'parallel', direction: 'upload', rounds: 3, ...common };
			}),
		),
	);
}

/** Memory over the number of photos, and over their size. */
function memoryRows(): Row[] {
	const sets = [photoSet(10, 1), photoSet(1000, 1), photoSet(5000, 1), photoSet(10, 25), photoSet(10, 400)];
	return directions.flatMap((direction) =>
		sets.map((set): Row => {
			const contenders: ContenderName[] = ['ours', 'handBuilt', 'inMemory'];
			const common = { line: loopback, set, direction, contenders, rounds: 1 };
			return { part: 'memory', atOnce: DEFAULT_AT_ONCE, ...common };
		}),
	);
}

export function rowsOf(part: Part): Row[] {
	return { loopback: loopbackRows, memory: memoryRows, lines: lineRows, parallel: parallelRows }[part]();
}
