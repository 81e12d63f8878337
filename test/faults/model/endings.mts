import type { Settings } from '../../../sandbox/sandboxControl.mts';
import { exportsWhenDone, startsOf, sum } from './asked.mts';
import type { Weather } from './commands.mts';
import type { Violation } from './violation.mts';
import { MOST_REQUESTS, type Observed, type Step } from './world.mts';
import { PATIENCE_MINUTES } from './workflow.mts';

/** Enough for every wait of a workflow to come to its end, and for retries of all nodes. */
const MOST_MINUTES = 40 * PATIENCE_MINUTES;

/** Invariant 3: what is unclear is said, and of which project. */
export function poorErrors(step: Step, run: Observed): Violation[] {
	const { error } = run.result ?? {};
	// n8n's own error says that it was stopped.
	if (!error || run.happenings.some(({ kind }) => kind === 'stop')) return [];
	const text = `${error.message}\n${error.description ?? ''}`;
	const { projectName } = run.family.execution;
	const subjects = [projectName, 'profiles', ...step.after.map(({ uuid }) => uuid)];
	const found: Violation[] = [];
	// Where Upload goes on after an error, the next node is not told of any project.
	const isUntold = run.family.execution.continues && text.startsWith("'Project' is empty");
	if (!isUntold && !subjects.some((subject) => text.includes(subject)))
		found.push({ kind: 'an error names no project', message: text });
	const edits =
		sum(step.after.map(({ edits: count }) => count)) - sum(step.before.map(({ edits: count }) => count));
	const isOnlyStart =
		step.observed.length === 1 && startsOf(run.family.execution).length === 1 && !run.isRetry;
	if (isOnlyStart && edits > 0 && /Nothing was (sent|started|billed)( or billed)?\./.test(text))
		found.push({ kind: 'an error says that nothing was sent, and it was', message: text });
	return found;
}

/** Invariant 4: every run comes to an end. */
export function beyondBounds({ requests, minutes, isStuck, resumed }: Observed): Violation[] {
	return [
		...(resumed > 1 ? [{ kind: 'an execution goes on twice', message: `${resumed} times` }] : []),
		...(isStuck ? [{ kind: 'a run does not end', message: `${requests} requests` }] : []),
		...(requests > MOST_REQUESTS ? [{ kind: 'too many requests', message: `${requests} requests` }] : []),
		...(minutes > MOST_MINUTES ? [{ kind: 'a run takes too long', message: `${minutes} minutes` }] : []),
	];
}

/** What every run has to cope with. */
const MILD: Array<keyof Settings> = [
	'editSeconds',
	'exportSeconds',
	'linkSeconds',
	'countLagSeconds',
	'statusBeforeStart',
	'exportStatusBeforeStart',
	'failedWord',
	'linksPerPage',
	'expiredLinkStatus',
	'largestLinksRequest',
	'numbersAsText',
];

function isMild({ settings }: Weather): boolean {
	const { statusLagSeconds = 0, fillSeconds = 0, runningWord, completedWord, ...others } = settings;
	return (
		statusLagSeconds <= 20 &&
		fillSeconds <= 20 &&
		runningWord !== 'Retouching' &&
		completedWord !== 'Edited' &&
		Object.keys(others).every((name) => MILD.includes(name as keyof Settings))
	);
}

/**
 * Invariant 5: what nothing speaks against succeeds. A node that only ever fails would keep all other promises.
 *
 * @param run one whose project is its own, or was not sent yet
 */
export function failedForNothing({ observed }: Step, run: Observed, weather: Weather): Violation[] {
	const { execution } = run.family;
	const { nodes } = execution;
	const isComplete = nodes.kind === 'shoot' || (nodes.uploads && nodes.starts.length === 1);
	// Who has Imagen export by itself, and then starts an export that is to fail if one was sent, gets that.
	const isAtOdds = nodes.kind === 'row' && nodes.exports?.ifAlreadyStarted === 'fail' && exportsWhenDone(run);
	const isPlain = observed.length === 1 && !run.isRetry && run.happenings.length === 0;
	const { error } = run.result ?? {};
	if (!error || !isMild(weather) || !isPlain || !isComplete || isAtOdds) return [];
	return [{ kind: 'a plain run fails', message: error.message }];
}
