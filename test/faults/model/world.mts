import type { IDataObject } from 'n8n-workflow';
import nock from 'nock';
import { Imagen } from '../../../nodes/Imagen/Imagen.node.ts';
import { forgetRecentRecords } from '../../../nodes/Imagen/memory/index.ts';
import type { ResultOrigin } from '../../../sandbox/results/plainResultRenderer.mts';
import { runWorkflow, type Resumption, type WorkflowResult } from '../../support/engine/index.ts';
import { NODE_TYPE } from '../../support/imagen.ts';
import { advanceMinutes } from '../quickTime.mts';
import { Account, type ProjectFacts } from './account.mts';
import { CallbackDesk } from './callbackDesk.mts';
import type { Command, Execution, Happening, History, StrangerState, Weather } from './commands.mts';
import { inScope, watchRequests, type Scope } from './processes.mts';
import { atEachJump, quiet } from './virtualTime.mts';
import { itemsOf, workflowOf } from './workflow.mts';

/** An execution and its retries: what they have in common. */
export interface Family {
	execution: Execution;
	began: number;
	/** The projects that were created while it ran. */
	created: Set<string>;
	/** When it may have created a project without an answer, as `Date.now()` gives it. */
	unclear?: { from: number; to: number };
	/** How many of its Start Agains have not been billed yet. */
	startAgainsLeft: number;
	exportAgainsLeft: number;
	/** How many edits were billed while it ran. */
	edits: number;
}

/** An execution as it ended. */
export interface Observed {
	family: Family;
	isRetry: boolean;
	happenings: Happening[];
	began: number;
	/** Undefined where n8n was killed, or the execution was stuck. */
	result?: WorkflowResult;
	/** How often callbacks have resumed it. */
	resumed: number;
	isKilled: boolean;
	/** Whether it did not end by itself. */
	isStuck: boolean;
	requests: number;
	minutes: number;
}

/** A command that was carried out: what Imagen knew before and after, and how its executions ended. */
export interface Step {
	command: Command;
	before: ProjectFacts[];
	after: ProjectFacts[];
	observed: Observed[];
	/** When it was over. */
	at: number;
}

/** More requests than any execution needs, with every wait and every retry. */
export const MOST_REQUESTS = 1000;

/** Longer than any execution takes, in real milliseconds. */
const STUCK_AFTER_MS = 20_000;

/** Imagen with two accounts, and an n8n in which executions run, fail, are retried and are killed. */
export class World {
	#staticData = new Map<number, IDataObject>();
	#lastFailed?: { observed: Observed; result: WorkflowResult };
	#strangers = new Map<string, Pick<ProjectFacts, 'stranger' | 'strangerAt'>>();
	/** What Imagen knew after the last command. */
	#facts: ProjectFacts[] = [];
	/** The project that each account's user knows by a name. */
	#known = new Map<string, string>();

	static async open(): Promise<World> {
		// Requests go over a real connection: nock may not intercept them.
		nock.restore();
		watchRequests();
		return new World({ 1: await Account.open(1), 2: await Account.open(2) }, await CallbackDesk.open());
	}

	private constructor(
		private readonly accounts: Record<1 | 2, Account>,
		private readonly desk: CallbackDesk,
	) {}

	async close(): Promise<void> {
		await this.desk.close();
		await Promise.all(Object.values(this.accounts).map(async (account) => await account.close()));
	}

	/** A new world. */
	async begin({ weather }: History): Promise<void> {
		forgetRecentRecords();
		this.#staticData.clear();
		this.#lastFailed = undefined;
		this.#strangers = new Map();
		this.#known.clear();
		this.#facts = [];
		this.desk.clear();
		for (const account of Object.values(this.accounts)) {
			if (account.isUsed) await account.client.control.reset();
			account.isUsed = account.number === 1;
		}
		await this.#set(weather);
	}

	/** Carries out a command; undefined where it makes no sense, such as a retry of nothing. */
	async perform(command: Command): Promise<Step | undefined> {
		const before = this.#facts;
		const observed = await this.#observe(command, before);
		if (!observed) return undefined;
		const after = await this.#readFacts();
		this.#facts = after;
		const isNew = ({ uuid }: ProjectFacts) => !before.some((project) => project.uuid === uuid);
		for (const { family } of observed)
			for (const project of after.filter(isNew))
				if (!this.#strangers.has(project.uuid)) family.created.add(project.uuid);
		for (const run of observed) this.#remember(run);
		return { command, before, after, observed, at: Date.now() };
	}

	async origins(project: ProjectFacts): Promise<ResultOrigin[]> {
		return await this.accounts[project.account].origins(project.uuid);
	}

	async #observe(command: Command, before: ProjectFacts[]): Promise<Observed[] | undefined> {
		switch (command.kind) {
			case 'run':
				return await this.#runAll([command.execution]);
			case 'runTwo':
				return await this.#runAll(command.executions);
			case 'retry':
				return await this.#retry(command.happenings);
			case 'restart':
				forgetRecentRecords();
				return [];
			case 'pass':
				advanceMinutes(command.minutes);
				await this.#calmDown();
				return [];
			case 'stranger': {
				if (before.some(({ account, name }) => account === 1 && name === command.projectName))
					return undefined;
				await this.#makeStranger(command.projectName, command.state);
				return [];
			}
		}
	}

	async #runAll(executions: Execution[]): Promise<Observed[] | undefined> {
		if (executions.some((execution) => this.#isImpossible(execution))) return undefined;
		return await this.#atOnce(
			executions.map((execution) => ({
				happenings: execution.happenings,
				family: newFamily(execution),
				work: async (signal) => await this.#run(execution, signal),
			})),
		);
	}

	/** A workflow without nodes, or for a project whose ID nobody knows. */
	#isImpossible(execution: Execution): boolean {
		const { nodes } = execution;
		if (nodes.kind === 'row' && nodes.find === 'by id' && !this.#known.has(keyOf(execution))) return true;
		return workflowOf(execution).nodes.length === 1;
	}

	async #run(execution: Execution, abortSignal: AbortSignal): Promise<WorkflowResult> {
		const { nodes, account, byHand } = execution;
		const knownId = nodes.find === 'by id' ? this.#known.get(keyOf(execution)) : undefined;
		return await runWorkflow(
			{ ...workflowOf(execution), ...this.#present(execution) },
			{
				nodeTypes: { [NODE_TYPE]: new Imagen() },
				credentials: [this.accounts[account].credential],
				items: itemsOf(execution, knownId),
				binaryMode: 'default',
				mode: byHand ? 'manual' : 'trigger',
				n8nUrl: this.desk.url,
				abortSignal,
			},
		);
	}

	async #retry(happenings: Happening[]): Promise<Observed[] | undefined> {
		if (!this.#lastFailed) return undefined;
		const { result, observed } = this.#lastFailed;
		const { family } = observed;
		const work = async () => await result.retry(this.#present(family.execution));
		return await this.#atOnce([{ happenings, family, work, isRetry: true }]);
	}

	/** Runs executions at the same time, to their ends or to that of n8n. */
	async #atOnce(runs: Run[]): Promise<Observed[]> {
		let killed = () => {};
		const death = new Promise<'killed'>((resolve) => (killed = () => resolve('killed')));
		const stops = runs.map(() => new AbortController());
		const scopes = runs.map((run, index) => this.#scopeOf(run, () => dieAll(), stops[index]));
		const dieAll = () => {
			for (const scope of scopes) scope.isDead = true;
			killed();
		};
		for (const run of runs) await this.#addFaults(run);
		const began = Date.now();
		const observed = await Promise.all(
			runs.map(async ({ family, happenings, work, isRetry = false }, index) => {
				const scope = scopes[index];
				const running = inScope(scope, async () => {
					const result = await work(stops[index].signal);
					return await this.#toItsEnd(result, family.execution, scope);
				});
				const ended = await Promise.race([running, death, stuck()]);
				const { result, times = 0 } = typeof ended === 'string' ? {} : ended;
				return {
					family,
					isRetry,
					happenings,
					began,
					result,
					resumed: times,
					isKilled: ended === 'killed',
					isStuck: ended === 'stuck',
					requests: scopes[index].requests,
					minutes: (Date.now() - began) / 60_000,
				};
			}),
		);
		if (scopes.some(({ isDead }) => isDead)) {
			await quiet();
			forgetRecentRecords();
		}
		await this.#calmDown();
		return observed;
	}

	/** Saves what n8n saves when an execution pauses and when it ends, and waits for the end. */
	async #toItsEnd(result: WorkflowResult, execution: Execution, scope: Scope): Promise<Ended> {
		if (result.staticData) this.#staticData.set(execution.workflow, result.staticData);
		if (!result.paused) return { result, times: 0 };
		const resumed = await this.desk.resumed(result.paused, scope, () => this.#present(execution));
		const { times } = await this.#toItsEnd(resumed.result, execution, scope);
		return { result: resumed.result, times: times + resumed.times };
	}

	/** The static data of an execution's workflow as n8n has it now. */
	#present({ workflow }: Execution): Resumption {
		return { staticData: structuredClone(this.#staticData.get(workflow)) };
	}

	#scopeOf({ happenings, family }: Run, onDeath: () => void, stop: AbortController): Scope {
		const { projectName, account } = family.execution;
		return {
			requests: 0,
			isDead: false,
			onDeath,
			beforeRequest: (number) => {
				// An execution without an end would keep all others waiting.
				if (number > MOST_REQUESTS) return 'dieBefore';
				const happening = happenings.find((one) => one.kind !== 'fault' && one.atRequest === number);
				if (happening?.kind === 'kill') return happening.arrives ? 'dieAfter' : 'dieBefore';
				if (happening?.kind === 'stop') stop.abort();
				if (happening?.kind !== 'stranger' || account !== 1) return undefined;
				return this.#makeStranger(projectName, happening.state);
			},
		};
	}

	async #addFaults({ happenings, family }: Run): Promise<void> {
		const rules = happenings.flatMap((happening) => (happening.kind === 'fault' ? [happening.rule] : []));
		const account = this.accounts[family.execution.account];
		account.isUsed = true;
		if (rules.length > 0) await account.client.control.addFaults(...rules);
	}

	/** Ends all faults, and waits until Imagen has done what is due. */
	async #calmDown(): Promise<void> {
		for (const { client, isUsed } of Object.values(this.accounts)) {
			if (!isUsed) continue;
			await client.control.clearFaults();
			await client.control.advance(0);
		}
	}

	/** Somebody else creates a project, unless the name is taken. */
	async #makeStranger(name: string, state: StrangerState): Promise<void> {
		const { control } = this.accounts[1].client;
		if ((await control.projects()).some((project) => project.name === name)) return;
		const photos = state === 'empty' ? [] : ['IMG_1.NEF', 'IMG_2.NEF'];
		const { project_uuid } = await control.createProject({ name, photos, state });
		this.#strangers.set(project_uuid, { stranger: state, strangerAt: Date.now() });
	}

	#remember(observed: Observed): void {
		const { result, family } = observed;
		if (!result) return;
		const uuid = projectUuidOf(result);
		if (uuid) this.#known.set(keyOf(family.execution), uuid);
		// n8n's panel offers a retry of what has failed, not of what a user has stopped.
		if (result.error && !wasStopped(observed)) this.#lastFailed = { observed, result };
		else if (this.#lastFailed?.observed.family === family) this.#lastFailed = undefined;
	}

	async #readFacts(): Promise<ProjectFacts[]> {
		const facts = await Promise.all(
			Object.values(this.accounts).map(async (account) => await account.facts()),
		);
		return facts.flat().map((project) => ({ ...project, ...this.#strangers.get(project.uuid) }));
	}

	async #set({ settings }: Weather): Promise<void> {
		const { control } = this.accounts[1].client;
		if (Object.keys(settings).length > 0) await control.set(settings);
		// What is due by then is done, however busy this machine is.
		atEachJump(async () => await control.advance(0));
	}
}

interface Run {
	family: Family;
	happenings: Happening[];
	isRetry?: boolean;
	work(stop: AbortSignal): Promise<WorkflowResult>;
}

/** How an execution ended, and how often callbacks have resumed it. */
interface Ended {
	result: WorkflowResult;
	times: number;
}

const wasStopped = ({ happenings }: Observed) => happenings.some(({ kind }) => kind === 'stop');

const keyOf = ({ account, projectName }: Execution) => `${account} ${projectName}`;

async function stuck(): Promise<'stuck'> {
	return await new Promise((resolve) => {
		setTimeout(() => resolve('stuck'), STUCK_AFTER_MS).unref();
	});
}

function newFamily(execution: Execution): Family {
	const { nodes } = execution;
	const isAgain = ({ ifAlreadyStarted }: { ifAlreadyStarted: string }) => ifAlreadyStarted === 'startAgain';
	const starts = nodes.kind === 'shoot' ? [nodes.start] : nodes.starts;
	const exportStarts = nodes.kind === 'shoot' ? [nodes.start] : nodes.exports ? [nodes.exports] : [];
	return {
		execution,
		began: Date.now(),
		created: new Set(),
		startAgainsLeft: starts.filter(isAgain).length,
		exportAgainsLeft: exportStarts.filter(isAgain).length,
		edits: 0,
	};
}

/** The project that an execution has worked on, as the output of its nodes says. */
export function projectUuidOf({ run }: WorkflowResult): string | undefined {
	const outputs = Object.values(run.data.resultData.runData)
		.flat()
		.flatMap(({ data }) => data?.main ?? [])
		.flatMap((items) => items ?? []);
	return outputs.map(({ json }) => json.project_uuid).findLast((uuid) => typeof uuid === 'string');
}
