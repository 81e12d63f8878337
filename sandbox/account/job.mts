import type { Clock } from '../clock.mts';

export type JobStatus = 'Pending' | 'In Progress' | 'Completed' | 'Failed';

/** Where a job stands. */
export interface JobState {
	status: JobStatus;
	/** 0..100, while it is in progress and after. */
	progress?: number;
	/** Why it failed. */
	details?: string;
}

/** The share of its time that a job is still `Pending`. */
export const pendingShare = 0.15;

export interface JobOptions<Item> {
	clock: Clock;
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
	readonly #clock: Clock;
	readonly #startedAt: number;
	readonly #seconds: number;
	readonly #cancel = new AbortController();
	#done = 0;
	#total = Infinity;
	#end?: JobState;
	#endedAt = Infinity;

	static start<Item>(options: JobOptions<Item>): Job {
		return new Job(options as JobOptions<unknown>);
	}

	private constructor(options: JobOptions<unknown>) {
		this.#clock = options.clock;
		this.#startedAt = this.#clock.now();
		this.#seconds = options.seconds;
		this.ended = this.#run(options);
	}

	state(): JobState {
		if (this.#end) return this.#end;
		const elapsed = this.#elapsedShare();
		if (elapsed < pendingShare) return { status: 'Pending' };
		const share = this.#total === 0 ? elapsed : Math.min(elapsed, this.#done / this.#total);
		return { status: 'In Progress', progress: Math.min(99, Math.floor(share * 100)) };
	}

	/** When it ended, in milliseconds since 1970; Infinity before that. */
	get endedAt(): number {
		return this.#endedAt;
	}

	/** Stops before the next item; a cancelled job never ends in a status. */
	cancel(): void {
		this.#cancel.abort();
	}

	async #run(options: JobOptions<unknown>): Promise<JobStatus | undefined> {
		const { signal } = this.#cancel;
		try {
			await this.#clock.work(this.#develop(options));
			await this.#clock.sleepUntil(this.#startedAt + this.#seconds * 1000, signal);
			this.#end = options.fails
				? { status: 'Failed', details: 'Failed by order' }
				: { status: 'Completed', progress: 100 };
		} catch (error) {
			if (signal.aborted) return undefined;
			this.#end = { status: 'Failed', details: String(error) };
		}
		this.#endedAt = this.#clock.now();
		return this.#end.status;
	}

	async #develop({ items, develop }: JobOptions<unknown>): Promise<void> {
		const list = await items;
		this.#total = list.length;
		for (const item of list) {
			if (this.#cancel.signal.aborted) return;
			await develop(item);
			this.#done += 1;
		}
	}

	#elapsedShare(): number {
		return this.#seconds > 0 ? (this.#clock.now() - this.#startedAt) / (this.#seconds * 1000) : 1;
	}
}
