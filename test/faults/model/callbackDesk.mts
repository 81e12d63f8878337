import { openCallbackReceiver, type CallbackReceiver } from '../../support/callbackReceiver.mts';
import type { PausedExecution, Resumption, WebhookCall, WorkflowResult } from '../../support/engine/index.ts';
import { inScope, type Scope } from './processes.mts';
import { sleepVirtually } from './virtualTime.mts';

/** The longest time between two looks at whether an execution was resumed, in minutes. */
const LONGEST_LOOK = 60;

/** An execution that was paused, as it went on. */
export interface Resumed {
	result: WorkflowResult;
	/** How often callbacks have resumed it; none where the limit of its wait did. */
	times: number;
}

/** n8n's address for callbacks, and the executions that are paused until one comes. */
export class CallbackDesk {
	readonly #paused = new Map<string, (call: WebhookCall) => Promise<number>>();
	#receiver!: CallbackReceiver;

	static async open(): Promise<CallbackDesk> {
		const desk = new CallbackDesk();
		desk.#receiver = await openCallbackReceiver(async ({ path, body }) => {
			const execution = /webhook-waiting\/(\d+)/.exec(path)?.[1] ?? '';
			// As n8n answers for an execution that does not wait.
			return (await desk.#paused.get(execution)?.({ url: `${desk.url}${path}`, body })) ?? 404;
		});
		return desk;
	}

	/** Where Imagen reaches this n8n. */
	get url(): string {
		return this.#receiver.origin;
	}

	async close(): Promise<void> {
		await this.#receiver.close();
	}

	/** Forgets all paused executions. */
	clear(): void {
		this.#paused.clear();
		this.#receiver.received.length = 0;
	}

	/** Waits until callbacks resume an execution, or the limit of its wait does. @param now what has changed in n8n by then */
	async resumed(paused: PausedExecution, scope: Scope, now: () => Resumption): Promise<Resumed> {
		const calls: Array<Promise<WorkflowResult | undefined>> = [];
		this.#paused.set(paused.executionId, async (call) => {
			const work = inScope(scope, async () => await paused.call(call, now()));
			calls.push(work.then(({ resumed }) => resumed));
			return (await work).answer?.statusCode ?? 204;
		});
		for (
			let minutes = 1;
			Date.now() < paused.until.getTime();
			minutes = Math.min(2 * minutes, LONGEST_LOOK)
		) {
			await sleepVirtually(minutes * 60_000);
			const results = (await allOf(calls)).filter((result) => result !== undefined);
			if (results.length === 0) continue;
			this.#paused.delete(paused.executionId);
			return { result: results[0], times: results.length };
		}
		this.#paused.delete(paused.executionId);
		return { result: await paused.passLimit(now()), times: 0 };
	}
}

/** The outcomes of a list that may grow meanwhile. */
async function allOf<T>(list: Array<Promise<T>>): Promise<T[]> {
	const outcomes: T[] = [];
	for (const promise of list) outcomes.push(await promise);
	return outcomes;
}
