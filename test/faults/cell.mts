import { stringify } from 'flatted';
import { Imagen } from '../../nodes/Imagen/Imagen.node.ts';
import type { LoggedRequest } from '../../sandbox/sandboxControl.mts';
import { runNode, type NodeResult } from '../support/engine/index.ts';
import { byId } from '../support/imagen.ts';
import { clearPauses, advanceMinutes, timeouts, pauses } from './quickTime.mts';
import type { ScenarioCall } from './scenarioCalls.mts';
import type { Fault } from './faultCatalog.mts';
import { expectedOutcome, expectedOutcomeOfCall, type Outcome, type Occurrence } from './expectedOutcome.mts';
import type { PreparedRun } from './scenarios.mts';
import { API_KEY, type Testbed } from './testbed.mts';
import { keyLeaks } from './keyLeaks.mts';
import { reportedErrors } from './reportedErrors.mts';

/** One cell of the matrix: a call, a fault, how often it is met, and for how many photos. */
export interface Cell {
	call: ScenarioCall;
	fault: Fault;
	times: Occurrence;
	photos: number;
}

/** What was found in a cell. */
export interface Finding {
	outcome: Outcome;
	/** Requests of the call that met the fault, retries included. */
	requests: number;
	edits: number;
	exports: number;
	/** Everything that breaks a rule; nothing in a cell that passes. */
	problems: string[];
}

/** Time-outs for silence: short if no request is answered; if others are, longer than a busy machine takes to answer. */
const TIMEOUT_MS = { allSilent: 100, othersAnswer: 1500 };

/** Runs the node with the fault, checks everything that the rules promise, and runs it again without the fault. */
export async function runCell(testbed: Testbed, cell: Cell): Promise<Finding> {
	const { call, fault, times } = cell;
	const prepared = await call.scenario.prepare(testbed, cell.photos);
	await testbed.control.clearRequests();
	clearPauses();
	await injectFault(testbed, cell, prepared);
	const result = await runWithFault(testbed, cell, prepared);
	const notArrived = testbed.network.stop();
	await testbed.control.clearFaults();

	const log = await testbed.control.requests();
	const brokenPromises =
		(await prepared.findProblems?.(result, expectedOutcomeOfCall(call, fault, times))) ?? [];
	const bill = await billOf(testbed, prepared);
	const outcome: Outcome = reportedErrors(result).length > 0 ? 'reported' : 'recovered';
	const expected = expectedOutcome(call, fault, times);
	const problems = [
		...(outcome === expected ? [] : [`${outcome} instead of ${expected}: ${firstMessage(result)}`]),
		...(notArrived > 0 || faultWasMet(log, call) ? [] : ['the fault was not met']),
		...missingErrorDetails(result, prepared),
		...brokenPromises,
		...tooManyRequests(log, cell, notArrived),
		...billedTwice(bill),
		...keyLeaks(log),
		...savedSecrets(result),
		...ignoredRetryAfter(cell, expected),
		...(outcome === 'reported' ? await runAgain(testbed, cell, prepared, result) : []),
	];
	const requests = log.filter(({ call: name }) => name === call.name).length + notArrived;
	return { outcome, requests, ...bill, problems };
}

async function injectFault(
	{ control, network }: Testbed,
	{ call, fault, times, photos }: Cell,
	prepared: PreparedRun,
) {
	await control.addFaults(...(prepared.requiredFaults ?? []));
	if (fault.networkFault) return network.inject(fault.networkFault, call.name, times);
	// Of many photos, one fails for good: the others must succeed.
	const failing = failsForOnePhoto({ call, times, photos }) ? fileThatFails(call, prepared) : undefined;
	await control.addFaults({
		...fault.rule!,
		call: call.name,
		times: times === 'once' ? 1 : 'always',
		...(fault.rule!.kind === 'missingKey' && { key: call.key }),
		...(failing !== undefined && { fileName: failing }),
	});
}

const failsForOnePhoto = ({ call, times, photos }: Omit<Cell, 'fault'>) =>
	call.to === 'storage' && times === 'always' && photos > 1;

function fileThatFails({ name, scenario }: ScenarioCall, { shoot }: PreparedRun): string {
	// Only the first photo is uploaded in parts.
	const photo = [...shoot!.photos.keys()][name === 'part' ? 0 : 6];
	if (name !== 'get') return photo;
	const made = shoot!.results[scenario.operation.startsWith('export') ? 'export' : 'edit'];
	// A whole shoot has no results yet.
	return made ? [...made.keys()][6] : photo.replace(/\.\w+$/, '.xmp');
}

async function runWithFault(testbed: Testbed, cell: Cell, prepared: PreparedRun): Promise<NodeResult> {
	const { call, fault, times, photos } = cell;
	const short = times === 'once' || failsForOnePhoto(cell) ? TIMEOUT_MS.othersAnswer : TIMEOUT_MS.allSilent;
	timeouts.api = fault.isSilent && call.to === 'api' ? short : 30_000;
	timeouts.idle = fault.isSilent && call.to === 'storage' ? short : 30_000;
	return await runOperation(testbed, call.scenario.operation, prepared, photos > 1);
}

/** With `continues`, what fails becomes error items; otherwise the first error stops the node. */
export async function runOperation(
	testbed: Testbed,
	operation: string,
	{ parameters, items }: PreparedRun,
	continues: boolean,
): Promise<NodeResult> {
	const [resource, name] = operation.split('.');
	return await runNode({
		node: new Imagen(),
		parameters: { resource, operation: name, ...parameters },
		credentials: [testbed.credential],
		items,
		...(continues && { onError: 'continueRegularOutput' }),
	});
}

/** Follows the error's advice: later and without the fault, the same run must succeed, and nothing may be billed again. */
async function runAgain(
	testbed: Testbed,
	{ call, photos }: Cell,
	prepared: PreparedRun,
	failed: NodeResult,
): Promise<string[]> {
	advanceMinutes(11);
	timeouts.api = timeouts.idle = 30_000;
	const { operation } = call.scenario;
	const [, job, name] = /It is unclear whether Imagen AI has started the (\w+) of project '?([^':]+)/.exec(
		reportedErrors(failed)
			.map(({ message }) => message)
			.join('\n'),
	) ?? [undefined, undefined, undefined];
	const isStartedApart = job === 'export' && operation !== 'export.start';
	if (isStartedApart) {
		const project = { ...byId(String(name)), mode: 'name' };
		const parameters = { project, options: { ifAlreadyStarted: 'startAgain' } };
		await runOperation(testbed, 'export.start', { parameters, items: [{ json: {} }], subjects: [] }, false);
	}
	const again = job && !isStartedApart ? sentAgain(prepared) : prepared;
	const result = await runOperation(testbed, operation, again, photos > 1);
	const problems = [
		...reportedErrors(result)
			.slice(0, 1)
			.map(({ message }) => message),
		...((await prepared.findProblems?.(result)) ?? []),
		...billedTwice(await billOf(testbed, prepared)),
	];
	return problems.map((problem) => `run again: ${problem}`);
}

/** The same run, in which what nobody knows of is sent again on purpose. */
function sentAgain(prepared: PreparedRun): PreparedRun {
	const options = { ...(prepared.parameters.options as object), ifAlreadyStarted: 'startAgain' };
	return { ...prepared, parameters: { ...prepared.parameters, options } };
}

interface Bill {
	edits: number;
	exports: number;
}

async function billOf({ control }: Testbed, { shoot }: PreparedRun): Promise<Bill> {
	if (!shoot) return { edits: 0, exports: 0 };
	const { projects } = await control.billing();
	const row = projects.find(({ project_uuid }) => project_uuid === shoot.uuid);
	return { edits: row?.edits ?? 0, exports: row?.exports ?? 0 };
}

function billedTwice({ edits, exports }: Bill): string[] {
	return [
		...(edits > 1 ? [`${edits} edits billed`] : []),
		...(exports > 1 ? [`${exports} exports billed`] : []),
	];
}

/** An error must name what it is about and say what to do next. */
function missingErrorDetails(result: NodeResult, { subjects, shoot }: PreparedRun): string[] {
	const names = [...subjects, ...(shoot?.uuid ? [shoot.uuid] : [])];
	return reportedErrors(result).flatMap(({ message, nextStep }) => [
		...(names.some((name) => message.includes(name)) ? [] : [`names nothing: ${message}`]),
		...(nextStep ? [] : [`no next step: ${message}`]),
	]);
}

const faultWasMet = (log: LoggedRequest[], { name }: ScenarioCall) =>
	log.some((entry) => entry.call === name && entry.fault);

function tooManyRequests(log: LoggedRequest[], { call, photos }: Cell, notArrived: number): string[] {
	const counts = new Map<string, number>();
	for (const { call: name, file_name } of log.filter((entry) => entry.call === call.name)) {
		const key = `${name} ${file_name ?? ''}`;
		counts.set(key, (counts.get(key) ?? 0) + 1);
	}
	const notArrivedEach = notArrived / (call.isPerPhoto ? photos : 1);
	return [...counts.values(), notArrivedEach]
		.filter((count) => count > call.maxRequests)
		.map((count) => `${count} requests, ${call.maxRequests} at most`);
}

/** Secrets in the run as n8n saves it. */
export function savedSecrets({ run: saved, error }: Pick<NodeResult, 'error' | 'run'>): string[] {
	const text = stringify([saved, error, error?.message, error?.description, error?.stack]);
	return [API_KEY, 'Signature=', 'AWSAccessKeyId=']
		.filter((secret) => text.includes(secret))
		.map((secret) => `saved with the execution: ${secret}`);
}

/** The node must wait as long as Retry-After says. */
function ignoredRetryAfter({ call, fault }: Cell, expected: Outcome): string[] {
	const seconds = fault.rule?.retryAfter;
	if (seconds === undefined || expected === 'reported' || call.repeat !== 'always') return [];
	return pauses.some((pause) => pause >= seconds) ? [] : [`Retry-After ${seconds} was not waited for`];
}

function firstMessage(result: NodeResult): string {
	return reportedErrors(result)[0]?.message ?? 'no error';
}
