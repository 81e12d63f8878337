import { pollIntervalMs } from '../../nodes/Imagen/jobs/poll.ts';
import { looksUntil } from './looks.mts';
import { until } from '../../sandbox/until.mts';
import { type PublishedWorkflow, type CallbackStudio } from '../../test/support/callbackStudio.mts';

/** Edits that are waited for by asking. */
export interface Polls {
	/** From the end of each edit to the start of the node after Wait, in milliseconds. */
	latencies: number[];
	/** How long each edit took, in seconds, and how often its state was read. */
	edits: Array<{ seconds: number; reads: number }>;
	/** Executions that n8n counted as running while all of them waited. */
	running: number;
}

/** From here on, Wait looks in equal intervals. */
const steadyFromSeconds = looksUntil(600).find(
	(_seconds, index) => pollIntervalMs(index + 1) === pollIntervalMs(index + 2),
)!;
const patienceSeconds = 120;
/** Start reads the state before it sends. */
const readsBeforeWait = 1;
const steadyIntervalSeconds = pollIntervalMs(1000) / 1000;

/**
 * Waits by asking for edits that end evenly spread over an interval between two looks.
 *
 * @returns once all wait: what came of it, when all have ended
 */
export async function startPolls(
	studio: CallbackStudio,
	live: PublishedWorkflow,
	count: number,
): Promise<{ ended: Promise<Polls> }> {
	const edits: Array<{ project: string; execution: string; seconds: number }> = [];
	for (let index = 0; index < count; index++) {
		const seconds = steadyFromSeconds + (steadyIntervalSeconds * (index + 0.5)) / count;
		const project = await studio.newProject(seconds);
		// A callback tells when the edit has ended; n8n does not get it.
		studio.callbackProxy.hold(project);
		const execution = await live.start(project);
		const isLooking = async () => ((await readsByProject(studio)).get(project) ?? 0) > readsBeforeWait;
		await until(isLooking, { seconds: patienceSeconds }).catch(async () => {
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
