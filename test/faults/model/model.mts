import { pendingShare } from '../../../sandbox/account/job.mts';
import type { CallName } from '../../../sandbox/calls.mts';
import type { ResultOrigin } from '../../../sandbox/results/plainResultRenderer.mts';
import type { FaultRule } from '../../../sandbox/sandboxControl.mts';
import type { ProjectFacts } from './account.mts';
import {
	asksForExport,
	asksForFirstEdit,
	exportsWhenDone,
	givenPhotos,
	mayWorkOn,
	sum,
	wasSent,
} from './asked.mts';
import type { Happening, Weather } from './commands.mts';
import { beyondBounds, failedForNothing, poorErrors } from './endings.mts';
import { falseSuccess, hasSucceeded } from './success.mts';
import { IN_COMPANY, type Violation } from './violation.mts';
import { projectUuidOf, type Observed, type Step } from './world.mts';
import type { Photo } from './workflow.mts';

/** What was asked for so far, and what came of it. */
export class Model {
	/** How often the present edit of a project was exported. */
	readonly #exports = new Map<string, number>();
	/** When each project was sent last, and who remembers. */
	readonly #sent = new Map<string, { at: number } & Memory>();
	/** Who remembers what was given to each project last. */
	readonly #uploaded = new Map<string, Memory>();
	/** The projects whose present edit is exported by itself when it is done. */
	readonly #willExport = new Set<string>();
	/** The photos that users have given to each project: their names by what tells them apart. */
	readonly #given = new Map<string, Map<string, string>>();
	/** The projects of which it may be unclear whether they were sent. */
	readonly #unclear = new Set<string>();
	/** The projects that runs have created. */
	readonly #created = new Set<string>();

	constructor(
		private readonly weather: Weather,
		private readonly originsIn: (project: ProjectFacts) => Promise<ResultOrigin[]>,
	) {}

	/** All promises that a step has broken. */
	async judge(step: Step): Promise<Violation[]> {
		letTakeForOwn(step);
		this.#letGoOnInEmptyProjects(step);
		for (const project of step.after) this.#noteGivenPhotos(step, project);
		const found = step.after.flatMap((project) => this.#billedTooOften(step, project));
		this.#forget(step);
		for (const run of step.observed) {
			found.push(
				...beyondBounds(run),
				...poorErrors(step, run),
				...(this.#canStart(step, run) ? failedForNothing(step, run, this.weather) : []),
			);
			if (hasSucceeded(run)) found.push(...(await this.#falseSuccess(step, run)));
		}
		this.#noteUnclear(step);
		this.#noteUploaded(step);
		return step.observed.length < 2
			? found
			: found.map(({ kind, message }) => ({ kind: `${kind}${IN_COMPANY}`, message }));
	}

	/** Who creates a project goes on in one of that name that an earlier run has created, and in which nothing has happened. */
	#letGoOnInEmptyProjects({ before, observed }: Step): void {
		for (const project of before) {
			const { uuid, account, name, edits } = project;
			if (!this.#created.has(uuid) || edits > 0) continue;
			for (const run of observed) {
				const { account: own, projectName } = run.family.execution;
				if (own === account && projectName === name && this.#isEmptyTo(run, project))
					run.family.created.add(uuid);
			}
		}
		for (const { family } of observed) for (const uuid of family.created) this.#created.add(uuid);
	}

	/** Whether a project has no photos as far as can be known: Imagen may count them late, and nobody remember them. */
	#isEmptyTo(run: Observed, { uuid, photos }: ProjectFacts): boolean {
		const uploaded = this.#uploaded.get(uuid);
		const isForgotten = uploaded !== undefined && !isRemembered(uploaded, run);
		return photos === 0 || (isForgotten && this.weather.settings.countLagSeconds !== undefined);
	}

	#noteGivenPhotos(step: Step, project: ProjectFacts): void {
		const given = this.#given.get(project.uuid) ?? new Map<string, string>();
		this.#given.set(project.uuid, given);
		const runs = step.observed.filter((run) => mayWorkOn(run, project, step));
		for (const run of runs) for (const { id, fileName } of givenPhotos(run)) given.set(id, fileName);
	}

	/** What a project's edits were made from; undefined where that cannot be seen, because Imagen makes no results of some photos. */
	async #edited(project: ProjectFacts): Promise<ResultOrigin[] | undefined> {
		return this.weather.settings.missingResults ? undefined : await this.originsIn(project);
	}

	/** Invariant 1: nothing is billed more often than somebody asked for. */
	#billedTooOften(step: Step, project: ProjectFacts): Violation[] {
		const before = step.before.find(({ uuid }) => uuid === project.uuid);
		const runs = step.observed.filter((run) => mayWorkOn(run, project, step));
		const edits = project.edits - (before?.edits ?? 0);
		const exports = project.exports - (before?.exports ?? 0);

		const firstEdits = runs.some(asksForFirstEdit) && !this.#isKnownToBeSent(runs, before) ? 1 : 0;
		const editsAsked =
			firstEdits + this.#restarts(step, runs) + sum(runs.map(({ family }) => family.startAgainsLeft));
		// Somebody else may have made it, and sent it, meanwhile.
		const exportsAsked = this.#exportsAsked(runs, before ?? (project.stranger && project), edits);

		this.#noteExports(runs, project, edits, exports);
		if (edits > 0) this.#noteSent(step, runs, project);
		// Which of two executions it was, nobody knows.
		for (const { family } of runs) family.edits += edits;
		if (runs.length === 1) {
			const [{ family }] = runs;
			family.startAgainsLeft -= Math.min(family.startAgainsLeft, Math.max(0, edits - firstEdits));
			family.exportAgainsLeft -= Math.min(family.exportAgainsLeft, exports);
		}
		const bill = (job: string, billed: number, asked: number): Violation[] =>
			billed > asked
				? [
						{
							kind: billKind(job, asked),
							message: `${job} of ${project.name} billed ${billed} times, ${asked} asked for`,
						},
					]
				: [];
		return [...bill('edit', edits, editsAsked), ...bill('export', exports, exportsAsked)];
	}

	/** Of two executions at once, one may start again what the other has started and what has failed. */
	#restarts({ observed }: Step, runs: Observed[]): number {
		const happenings = observed.flatMap((run) => run.happenings);
		return runs.length > 1 && happenings.some((one) => isFault(one, 'edit', 'endsFailed')) ? 1 : 0;
	}

	/** Whether a run has a project to itself, or one in which nothing was sent, for sure. */
	#canStart({ before }: Step, run: Observed): boolean {
		const { nodes, account, projectName } = run.family.execution;
		const project = before.find(({ account: its, name }) => its === account && name === projectName);
		if (!project) return nodes.find.startsWith('create');
		const { uuid, edits, photos } = project;
		// As a word for a project that others have made, it may mean that they have sent it.
		if (this.weather.settings.statusBeforeStart === 'Queued') return false;
		// A Shoot wants no other photos in its project than its own.
		const isOpen = nodes.kind === 'row' || photos === 0;
		const goesOn = isOpen && ['create, useExisting', 'by name'].includes(nodes.find);
		const isUnsent = this.#created.has(uuid) && edits === 0 && !this.#unclear.has(uuid);
		return goesOn && isUnsent && !this.#holdsOthers(uuid, givenPhotos(run));
	}

	/** Whether a project was given other photos of the same names, or two of one name by whomever. */
	#holdsOthers(uuid: string, photos: Photo[]): boolean {
		const given = this.#given.get(uuid)!;
		const others = [...given].filter(([id]) => !photos.some((photo) => photo.id === id));
		const names = [...others.map(([, name]) => name), ...photos.map(({ fileName }) => fileName)];
		return new Set(names).size < names.length;
	}

	#noteUnclear({ observed, after }: Step): void {
		const isAnyUnclear = observed.some(({ happenings }) =>
			happenings.some((one) => one.kind === 'kill' || one.kind === 'stop' || isUnclear(one, 'edit')),
		);
		if (isAnyUnclear) for (const { uuid } of after) this.#unclear.add(uuid);
	}

	/** Whether a project was sent, and this can be known: by Imagen's status, or by what n8n remembers while the status lags. */
	#isKnownToBeSent(runs: Observed[], before: ProjectFacts | undefined): boolean {
		if (!before || !wasSent(before) || before.editStatus === 'Failed') return false;
		const { editSeconds = 0, statusLagSeconds = 0 } = this.weather.settings;
		// Imagen calls an edit Pending at first, as before it was sent.
		const shownAfterMs = (pendingShare * editSeconds + statusLagSeconds) * 1000;
		if (before.stranger === 'editing' && before.edits === 0 && editSeconds > 0) return false;
		const sent = this.#sent.get(before.uuid);
		return !sent || runs.every((run) => run.began > sent.at + shownAfterMs || isRemembered(sent, run));
	}

	#noteUploaded(step: Step): void {
		for (const project of step.after) {
			const runs = step.observed.filter((run) => mayWorkOn(run, project, step));
			if (!runs.some((run) => givenPhotos(run).length > 0)) continue;
			const before = this.#uploaded.get(project.uuid);
			// What was forgotten stays so.
			const isKnown = !before || runs.every((run) => isRemembered(before, run));
			this.#uploaded.set(project.uuid, isKnown ? memoryOf(step, runs) : FORGOTTEN);
		}
	}

	#noteSent(step: Step, runs: Observed[], { uuid }: ProjectFacts): void {
		this.#sent.set(uuid, { at: step.at, ...memoryOf(step, runs) });
	}

	/** What the process has known is gone. */
	#forget({ command, observed }: Step): void {
		if (command.kind !== 'restart' && !observed.some(({ isKilled }) => isKilled)) return;
		for (const memory of [...this.#sent.values(), ...this.#uploaded.values()]) memory.isInProcess = false;
	}

	/** An edit asks for one export, whether by Export When Done or by a node, or both. */
	#exportsAsked(runs: Observed[], before: ProjectFacts | undefined, edits: number): number {
		const uuid = before?.uuid ?? '';
		const isMissing = before !== undefined && wasSent(before) && !this.#exports.get(uuid);
		const again = sum(runs.map(({ family }) => family.exportAgainsLeft));
		if (runs.some(asksForExport)) return edits + Number(isMissing) + again;
		return (runs.some(exportsWhenDone) ? edits : 0) + Number(this.#willExport.has(uuid)) + again;
	}

	#noteExports(runs: Observed[], { uuid, exportStatus }: ProjectFacts, edits: number, exports: number): void {
		const ofPresentEdit = edits > 0 ? Math.min(1, exports) : (this.#exports.get(uuid) ?? 0) + exports;
		this.#exports.set(uuid, exportStatus === 'Failed' ? 0 : ofPresentEdit);
		if (edits > 0 && runs.some(exportsWhenDone)) this.#willExport.add(uuid);
		else if (edits > 0) this.#willExport.delete(uuid);
		if (ofPresentEdit > 0) this.#willExport.delete(uuid);
	}

	async #falseSuccess(step: Step, run: Observed): Promise<Violation[]> {
		const project = step.after.find(({ uuid }) => uuid === projectUuidOf(run.result!));
		if (!project) return [];
		const given = this.#given.get(project.uuid)!;
		const uploaded = this.#uploaded.get(project.uuid);
		const sent = this.#sent.get(project.uuid);
		const success = {
			step,
			run,
			project,
			weather: this.weather,
			given,
			isForgotten: uploaded !== undefined && !isRemembered(uploaded, run),
			isSendForgotten: sent !== undefined && !isRemembered(sent, run),
		};
		return await falseSuccess(success, await this.#edited(project));
	}
}

/** Who remembers something: the process until it ends, and the static data of workflows. */
interface Memory {
	isInProcess: boolean;
	workflows: Set<number>;
}

const FORGOTTEN: Memory = { isInProcess: false, workflows: new Set() };

/** n8n saves static data when an execution ends, but not after a run by hand; of two at once, what the last one has. */
function memoryOf({ observed }: Step, runs: Observed[]): Memory {
	const saved = runs.filter(({ result, family }) => result && !family.execution.byHand);
	const isAlone = observed.length === 1;
	return {
		isInProcess: observed.every(({ isKilled }) => !isKilled),
		workflows: new Set(isAlone ? saved.map(({ family }) => family.execution.workflow) : []),
	};
}

const isRemembered = ({ isInProcess, workflows }: Memory, { family }: Observed) =>
	isInProcess || workflows.has(family.execution.workflow);

/** How far apart clocks may be, so that what one calls earlier was not. */
const CLOCK_SKEW_MS = 10_000;

/**
 * An empty project that somebody else creates under a name, while a create of that name gets no answer, may be taken for the one
 * that was to be created: nothing tells them apart.
 */
function letTakeForOwn({ after, observed, at }: Step): void {
	// Of two at once, either may meet what was meant for the other.
	const isAnyUnclear = observed.some(({ happenings }) => happenings.some((one) => isUnclear(one, 'create')));
	for (const { family, began } of observed) {
		if (isAnyUnclear) family.unclear = { from: family.unclear?.from ?? began, to: at };
		const { execution, created, unclear } = family;
		if (!unclear) continue;
		for (const { uuid, account, name, stranger, strangerAt = 0 } of after) {
			const isSameName = execution.account === account && execution.projectName === name;
			const isThen = strangerAt >= unclear.from - CLOCK_SKEW_MS && strangerAt <= unclear.to + CLOCK_SKEW_MS;
			if (stranger === 'empty' && isSameName && isThen) created.add(uuid);
		}
	}
}

/** Whether something that happens leaves open whether a call was carried out. */
const isUnclear = (happening: Happening, call: CallName) =>
	isFault(happening, call) && ![400, 429].includes(happening.rule.status ?? 0);

/** Whether something that happens is a fault of a call, of one kind if that is given. */
function isFault(
	happening: Happening,
	call: CallName,
	kind?: FaultRule['kind'],
): happening is Extract<Happening, { kind: 'fault' }> {
	if (happening.kind !== 'fault') return false;
	return happening.rule.call === call && (kind === undefined || happening.rule.kind === kind);
}

const billKind = (job: string, asked: number) =>
	asked === 0 ? `${job} billed that nobody asked for` : `${job} billed more often than asked for`;
