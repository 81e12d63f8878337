import { setTimeout as sleep } from 'node:timers/promises';

export type JobStatus = 'Pending' | 'In Progress' | 'Completed' | 'Failed';

/** A job as a status call shows it. */
export interface JobState {
	status: JobStatus;
	/** 0..100, while it is in progress and after. */
	progress?: number;
	/** Why it failed. */
	details?: string;
}

/** The share of its time that a job is still `Pending`. */
const pendingShare = 0.15;

export interface JobOptions<Item> {
	items: Item[] | Promise<Item[]>;
	/** Shortest time it takes. */
	seconds: number;
	/** Does one item; items are done one after the other. */
	develop(item: Item): Promise<void>;
	/** Whether it fails at its end, after all its work. */
	fails: boolean;
}

/** An edit or an export in progress: Pending, In Progress, then Completed or Failed. */
export class Job {
	/** Fulfilled with the last status; with undefined if the job was cancelled. */
	readonly ended: Promise<JobStatus | undefined>;
	readonly #startedAt = Date.now();
	readonly #seconds: number;
	readonly #cancel = new AbortController();
	#done = 0;
	#total = Infinity;
	#end?: JobState;

	static start<Item>(options: JobOptions<Item>): Job {
		return new Job(options as JobOptions<unknown>);
	}

	private constructor(options: JobOptions<unknown>) {
		this.#seconds = options.seconds;
		this.ended = this.#run(options);
	}

	state(): JobState {
		if (this.#end) return this.#end;
		const elapsed = this.#elapsedShare();
		if (elapsed < pendingShare) return { status: 'Pending' };
		const share = Math.min(elapsed, this.#done / this.#total);
		return { status: 'In Progress', progress: Math.min(99, Math.floor(share * 100)) };
	}

	/** Stops before the next item; a cancelled job never ends in a status. */
	cancel(): void {
		this.#cancel.abort();
	}

	async #run({ items, develop, fails }: JobOptions<unknown>): Promise<JobStatus | undefined> {
		const { signal } = this.#cancel;
		try {
			const list = await items;
			this.#total = list.length;
			for (const item of list) {
				if (signal.aborted) return undefined;
				await develop(item);
				this.#done += 1;
			}
			const restMilliseconds = this.#startedAt + this.#seconds * 1000 - Date.now();
			if (restMilliseconds > 0) await sleep(restMilliseconds, undefined, { signal });
			this.#end = fails
				? { status: 'Failed', details: 'Failed by order' }
				: { status: 'Completed', progress: 100 };
		} catch (error) {
			if (signal.aborted) return undefined;
			this.#end = { status: 'Failed', details: String(error) };
		}
		return this.#end.status;
	}

	#elapsedShare(): number {
		return this.#seconds > 0 ? (Date.now() - this.#startedAt) / (this.#seconds * 1000) : 1;
	}
}
