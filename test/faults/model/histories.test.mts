import { appendFileSync } from 'node:fs';
import fc from 'fast-check';
import { history } from './arbitraries.mts';
import type { Command, History } from './commands.mts';
import { simplerHistories } from './simpler.mts';
import { Model } from './model.mts';
import { IN_COMPANY, type Violation } from './violation.mts';
import type { Entry, FailedHistory, Order } from './modelReport.mts';
import { useVirtualTime } from './virtualTime.mts';
import { describeHistory } from './words.mts';
import { World } from './world.mts';

/** What this process is to run: `main.mts` says it. */
const order = JSON.parse(process.env.MODEL_ORDER as string) as Order;

/** Simpler histories are looked for as often as this. */
const MOST_TRIES = 600;

jest.setTimeout(24 * 3_600_000);
useVirtualTime();

let world: World;
beforeAll(async () => (world = await World.open()));
afterAll(async () => await world.close());

test('every history keeps the promises', async () => {
	const { seed: first, runs, path } = order;
	const commands: Partial<Record<Command['kind'], number>> = {};
	const kinds = new Set<string>();
	let ms = 0;
	for (let seed = first; seed < first + runs; seed++) {
		const one = historyOf(seed, path);
		const began = performance.now();
		const broken = await brokenPromises(one, commands);
		ms += performance.now() - began;
		for (const violation of broken) {
			if (kinds.has(violation.kind)) {
				report({ kind: 'again', violation: violation.kind, seed });
				continue;
			}
			const failed = { seed, ...(await simplest(one, violation)) };
			report(
				kinds.has(failed.kind) ? { kind: 'again', violation: failed.kind, seed } : { kind: 'failed', failed },
			);
			kinds.add(violation.kind).add(failed.kind);
		}
	}
	report({ kind: 'done', histories: runs, ms, commands });
	expect([...kinds]).toEqual([]);
});

/** The history of a seed, or the simpler one that a path leads to from there. */
function historyOf(seed: number, path = ''): History {
	const [one] = fc.sample(history, { seed, numRuns: 1 });
	const steps = path.split(':').filter(Boolean).map(Number);
	return steps.reduce((whole, step) => simplerHistories(whole)[step], one);
}

/** The simplest history that can be found to break a promise in the same way, and the path to it. */
async function simplest(whole: History, violation: Violation): Promise<Omit<FailedHistory, 'seed'>> {
	let [one, found] = [whole, violation];
	const path = order.path ? [order.path] : [];
	let tries = 0;
	for (let step = 0; step < simplerHistories(one).length && tries < MOST_TRIES; step++, tries++) {
		const simpler = simplerHistories(one)[step];
		// What needs no two executions at once is a fault of another kind.
		const same = (await brokenPromises(simpler)).find(
			({ kind }) => kind === found.kind || kind === withoutCompany(found.kind),
		);
		if (!same) continue;
		path.push(String(step));
		[one, found, step] = [simpler, same, -1];
	}
	return { ...found, path: path.join(':'), history: describeHistory(one) };
}

const withoutCompany = (kind: string) => kind.replace(IN_COMPANY, '');

/** Runs a history until it breaks a promise. @param commands counts those that were carried out */
async function brokenPromises(
	one: History,
	commands: Partial<Record<Command['kind'], number>> = {},
): Promise<Violation[]> {
	try {
		return await judged(one, commands);
	} catch (error) {
		return [{ kind: 'the model itself fails', message: String((error as Error).stack) }];
	}
}

async function judged(
	one: History,
	commands: Partial<Record<Command['kind'], number>>,
): Promise<Violation[]> {
	await world.begin(one);
	const model = new Model(one.weather, async (project) => await world.origins(project));
	for (const command of one.commands) {
		const step = await world.perform(command);
		if (!step) continue;
		commands[command.kind] = (commands[command.kind] ?? 0) + 1;
		const violations = await model.judge(step);
		if (violations.length > 0) return violations;
	}
	return [];
}

const report = (entry: Entry) => appendFileSync(order.file, `${JSON.stringify(entry)}\n`);
