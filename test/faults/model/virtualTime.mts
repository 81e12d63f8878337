import { passTimeBy } from '../../support/clock.ts';
import { advanceMinutes } from '../quickTime.mts';
import { isQuiet, scopeOfCaller, whileAlive } from './processes.mts';

interface Sleeper {
	at: number;
	wake(): void;
}

/** How many turns of the event loop without a request mean that everybody sleeps. */
const QUIET_TURNS = 3;

let sleepers: Sleeper[] = [];
let isWatching = false;
let afterJump: () => Promise<unknown> = async () => {};

/** Has something done each time when the clock has moved on. */
export function atEachJump(work: () => Promise<unknown>): void {
	afterJump = work;
}

/**
 * Has the nodes' pauses pass at once. Time moves on only while no request is under way, and to the next one who wakes: executions at
 * the same time live by one clock.
 */
export function useVirtualTime(): void {
	const RealDate = globalThis.Date;
	// `Date.now` is ahead already; the sandbox also asks for `new Date()`.
	globalThis.Date = class extends RealDate {
		constructor(...parts: unknown[]) {
			super(...((parts.length === 0 ? [RealDate.now()] : parts) as [number]));
		}
	} as DateConstructor;
	passTimeBy(sleepVirtually);
}

/** A pause that is over when everybody sleeps and nobody wakes before. */
export async function sleepVirtually(ms: number): Promise<void> {
	const scope = scopeOfCaller();
	await whileAlive(
		scope,
		new Promise<void>((wake) => {
			sleepers.push({ at: Date.now() + ms, wake });
			if (!isWatching) void wakeInTurn();
		}),
	);
}

async function wakeInTurn(): Promise<void> {
	isWatching = true;
	while (sleepers.length > 0) {
		await quiet();
		const next = sleepers.reduce((first, other) => (other.at < first.at ? other : first));
		sleepers = sleepers.filter((sleeper) => sleeper !== next);
		advanceMinutes(Math.max(0, next.at - Date.now()) / 60_000);
		await afterJump();
		next.wake();
	}
	isWatching = false;
}

/** Fulfilled when no request has been under way for some turns of the event loop. */
export async function quiet(): Promise<void> {
	for (let turns = 0; turns < QUIET_TURNS; turns++) {
		await new Promise((resolve) => setImmediate(resolve));
		if (!isQuiet()) turns = -1;
	}
}
