import { pollIntervalMs } from '../../nodes/Imagen/jobs/poll.ts';
import { pollTimesUntil } from './pollTimes.mts';
import { until } from '../../sandbox/until.mts';
import type { CallbackStudio, PublishedWorkflow } from '../../test/support/callbackStudio.mts';

/** Edits that are waited for by poll. */
export interface PolledWaits {
	/** From the end of each edit to the start of the node after Wait, in milliseconds. */
	latencies: number[];
	/** How long each edit took, in seconds, and how often its state was read. */
	edits: Array<{ seconds: number; reads: number }>;
	/** Executions that n8n counted as running while all of them waited. */
	running: number;
}

/** From here on, Wait polls at equal intervals. */
const constantIntervalFromSeconds = pollTimesUntil(600).find(
	(_seconds, index) => pollIntervalMs(index + 1) === pollIntervalMs(index + 2),
)!;
const timeoutSeconds = 120;
/** Start reads the state once before it sends the edit. */
const readsBeforeWait = 1;
const longestIntervalSeconds = pollIntervalMs(1000) / 1000;

/**
 * Waits by poll for edits whose ends are spread evenly over the interval between two polls.
 *
 * @returns once all executions wait; `ended` resolves with the figures when all edits have ended
 */
export async function startPolledWaits(
	studio: CallbackStudio,
	live: PublishedWorkflow,
	count: number,
): Promise<{ ended: Promise<PolledWaits> }> {
	const edits: Array<{ project: string; execution: string; seconds: number }> = [];
	for (let index = 0; index < count; index++) {
		const seconds = constantIntervalFromSeconds + (longestIntervalSeconds * (index + 0.5)) / count;
		const project = await studio.newProject(seconds);
		// The callback shows when the edit ended. It is held back from n8n.
		studio.callbackProxy.hold(project);
		const execution = await live.start(project);
		const isPolling = async () => ((await readsByProject(studio)).get(project) ?? 0) > readsBeforeWait;
		await until(isPolling, { seconds: timeoutSeconds }).catch(async () => {
			const { status, error } = await studio.client.execution(execution);
			throw new Error(`Execution ${execution} does not wait: ${error?.message ?? status}`);
		});
		edits.push({ project, execution, seconds });
	}
	const running = await studio.client.countExecutions('running');

	const ended = (async () => {
		const latencies: number[] = [];
		for (const { project, execution } of edits) {
			await until(() => studio.recorder.of(execution).length > 0, { seconds: 600 });
			const { runs } = await studio.client.executionEnd(execution);
			latencies.push(runs['Record Run'][0].startTime - studio.callbackProxy.receivedFor(project)[0].at);
		}
		const reads = await readsByProject(studio);
		return {
			latencies,
			running,
			edits: edits.map(({ seconds, project }) => ({
				seconds,
				reads: reads.get(project)! - readsBeforeWait,
			})),
		};
	})();
	return { ended };
}

/** How often the state of each project's edit was read. */
async function readsByProject(studio: CallbackStudio): Promise<Map<string, number>> {
	const reads = new Map<string, number>();
	for (const { call, project_uuid: project } of await studio.control.requests())
		if (call === 'editStatus' && project) reads.set(project, (reads.get(project) ?? 0) + 1);
	return reads;
}
