import { stringify } from 'flatted';
import { Imagen } from '../../nodes/Imagen/Imagen.node.ts';
import type { LoggedRequest } from '../../sandbox/control.mts';
import { runNode, type NodeResult } from '../support/engine/index.ts';
import { forgetPauses, passMinutes, patience, pauses } from './clock.mts';
import type { Step } from './flows.mts';
import type { Fault } from './kinds.mts';
import { demanded, ofCall, type Outcome, type Times } from './rules.mts';
import type { Scene } from './stages.mts';
import { API_KEY, type Studio } from './studio.mts';
import { toldBy } from './told.mts';

/** One cell of the matrix: a call, a fault, how often it is met, and for how many photos. */
export interface Cell {
	call: Step;
	fault: Fault;
	times: Times;
	photos: number;
}

/** What came of a cell. */
export interface Finding {
	outcome: Outcome;
	/** Requests of the call that met the fault, tries included. */
	requests: number;
	edits: number;
	exports: number;
	/** What is not as the rules demand; none in a cell that passes. */
	problems: string[];
}

/** Silence that ends a request: short where nobody answers; where others do, longer than a busy machine takes. */
const SHORT_MS = { nobodyAnswers: 100, othersDo: 1500 };

/** Runs the node into the fault, looks at everything that the rules promise, and runs it once more without. */
export async function runCell(studio: Studio, cell: Cell): Promise<Finding> {
	const { call, fault, times } = cell;
	const scene = await call.stage.prepare(studio, cell.photos);
	await studio.control.clearRequests();
	forgetPauses();
	await disturb(studio, cell, scene);
	const result = await run(studio, cell, scene);
	const misrouted = studio.network.settle();
	await studio.control.clearFaults();

	const log = await studio.control.requests();
	const unkept = (await scene.inspect?.(result, ofCall(call, fault, times))) ?? [];
	const bill = await billed(studio, scene);
	const outcome: Outcome = toldBy(result).length > 0 ? 'told' : 'healed';
	const expected = demanded(call, fault, times);
	const problems = [
		...(outcome === expected ? [] : [`${outcome} in place of ${expected}: ${firstLine(result)}`]),
		...(misrouted > 0 || met(log, call) ? [] : ['the fault was not met']),
		...wordsMissing(result, scene),
		...unkept,
		...tooMany(log, cell, misrouted),
		...paidTwice(bill),
		...keySeen(log),
		...leaks(result),
		...impatience(cell, expected),
		...(outcome === 'told' ? await runAgain(studio, cell, scene) : []),
	];
	const requests = log.filter(({ call: name }) => name === call.name).length + misrouted;
	return { outcome, requests, ...bill, problems };
}

async function disturb({ control, network }: Studio, { call, fault, times, photos }: Cell, scene: Scene) {
	await control.addFaults(...(scene.before ?? []));
	if (fault.misroute) return network.disturb(fault.misroute, call.name, times);
	// Of many photos, one is the victim for good: the others have to come through.
	const victim = hasVictim({ call, times, photos }) ? victimOf(call, scene) : undefined;
	await control.addFaults({
		...fault.rule!,
		call: call.name,
		times: times === 'once' ? 1 : 'always',
		...(fault.rule!.kind === 'missingKey' && { key: call.key }),
		...(victim !== undefined && { fileName: victim }),
	});
}

const hasVictim = ({ call, times, photos }: Omit<Cell, 'fault'>) =>
	call.to === 'storage' && times === 'always' && photos > 1;

function victimOf({ name, stage }: Step, { shoot }: Scene): string {
	// Only the first one goes up in parts.
	const photo = [...shoot!.photos.keys()][name === 'part' ? 0 : 6];
	if (name !== 'get') return photo;
	const made = shoot!.results[stage.operation.startsWith('export') ? 'export' : 'edit'];
	// A whole shoot has yet to make its results.
	return made ? [...made.keys()][6] : photo.replace(/\.\w+$/, '.xmp');
}

async function run(studio: Studio, cell: Cell, scene: Scene): Promise<NodeResult> {
	const { call, fault, times, photos } = cell;
	const short = times === 'once' || hasVictim(cell) ? SHORT_MS.othersDo : SHORT_MS.nobodyAnswers;
	patience.api = fault.silent && call.to === 'api' ? short : 30_000;
	patience.idle = fault.silent && call.to === 'storage' ? short : 30_000;
	return await runOperation(studio, call.stage.operation, scene, photos > 1);
}

/** One photo stops the workflow with its error; of many, what failed goes on as items. */
export async function runOperation(
	studio: Studio,
	operation: string,
	{ parameters, items }: Scene,
	goesOn: boolean,
): Promise<NodeResult> {
	const [resource, name] = operation.split('.');
	return await runNode({
		node: new Imagen(),
		parameters: { resource, operation: name, ...parameters },
		credentials: [studio.credential],
		items,
		...(goesOn && { onError: 'continueRegularOutput' }),
	});
}

/** What an error tells to do is right: later, without the fault, the same run comes to its end, and nothing is paid again. */
async function runAgain(studio: Studio, cell: Cell, scene: Scene): Promise<string[]> {
	passMinutes(11);
	patience.api = patience.idle = 30_000;
	const result = await runOperation(studio, cell.call.stage.operation, scene, cell.photos > 1);
	const problems = [
		...toldBy(result)
			.slice(0, 1)
			.map(({ message }) => message),
		...((await scene.inspect?.(result)) ?? []),
		...paidTwice(await billed(studio, scene)),
	];
	return problems.map((problem) => `run again: ${problem}`);
}

interface Bill {
	edits: number;
	exports: number;
}

async function billed({ control }: Studio, { shoot }: Scene): Promise<Bill> {
	if (!shoot) return { edits: 0, exports: 0 };
	const { projects } = await control.billing();
	const row = projects.find(({ project_uuid }) => project_uuid === shoot.uuid);
	return { edits: row?.edits ?? 0, exports: row?.exports ?? 0 };
}

function paidTwice({ edits, exports }: Bill): string[] {
	return [
		...(edits > 1 ? [`${edits} edits billed`] : []),
		...(exports > 1 ? [`${exports} exports billed`] : []),
	];
}

/** An error names what it is about, and what to do next. */
function wordsMissing(result: NodeResult, { subjects, shoot }: Scene): string[] {
	const names = [...subjects, ...(shoot?.uuid ? [shoot.uuid] : [])];
	return toldBy(result).flatMap(({ message, nextStep }) => [
		...(names.some((name) => message.includes(name)) ? [] : [`names nothing: ${message}`]),
		...(nextStep ? [] : [`no next step: ${message}`]),
	]);
}

const met = (log: LoggedRequest[], { name }: Step) => log.some((entry) => entry.call === name && entry.fault);

function tooMany(log: LoggedRequest[], { call, photos }: Cell, misrouted: number): string[] {
	const counts = new Map<string, number>();
	for (const { call: name, file_name } of log.filter((entry) => entry.call === call.name)) {
		const key = `${name} ${file_name ?? ''}`;
		counts.set(key, (counts.get(key) ?? 0) + 1);
	}
	const astray = misrouted / (call.isPerPhoto ? photos : 1);
	return [...counts.values(), astray]
		.filter((count) => count > call.most)
		.map((count) => `${count} requests, ${call.most} at most`);
}

/** Requests in which somebody else than the API saw the key. */
export function keySeen(log: LoggedRequest[]): string[] {
	return log
		.filter(({ to, api_key }) => to !== 'api' && api_key)
		.map(({ to, method, path }) => `the key went to ${to}: ${method} ${path}`);
}

/** Secrets in a run as n8n saves it. */
export function leaks({ run: saved, error }: Pick<NodeResult, 'error' | 'run'>): string[] {
	const text = stringify([saved, error, error?.message, error?.description, error?.stack]);
	return [API_KEY, 'Signature=', 'AWSAccessKeyId='].filter((secret) => text.includes(secret)).map(leakOf);
}

const leakOf = (secret: string) => `saved with the execution: ${secret}`;

/** What the server asks for in Retry-After is waited for. */
function impatience({ call, fault }: Cell, expected: Outcome): string[] {
	const asked = fault.rule?.retryAfter;
	if (asked === undefined || expected === 'told' || call.repeat !== 'always') return [];
	return pauses.some((seconds) => seconds >= asked) ? [] : [`Retry-After ${asked} was not waited for`];
}

function firstLine(result: NodeResult): string {
	return toldBy(result)[0]?.message ?? 'no error';
}
