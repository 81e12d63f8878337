import { setImmediate as nextTurn } from 'node:timers/promises';

/** In milliseconds. No wait is longer, because the clock of the process can jump as well. */
const longestWait = 20;

interface Sleeper {
	/** In milliseconds since 1970. */
	due: number;
	wake(): void;
}

/**
 * The one clock that the sandbox lives by: that of the process, and as far ahead of it as it was moved. Whatever takes
 * time in the sandbox sleeps by it, and what has to be ready at a time is `work` that it does not run away from.
 */
export class Clock {
	readonly #sleepers = new Set<Sleeper>();
	readonly #work = new Set<Promise<unknown>>();
	#ahead = 0;
	#timer?: NodeJS.Timeout;

	/** In milliseconds since 1970. */
	now(): number {
		return Date.now() + this.#ahead;
	}

	/** Waits until a time, in milliseconds since 1970; rejects with the signal's reason if that is aborted before. */
	async sleepUntil(due: number, signal: AbortSignal): Promise<void> {
		signal.throwIfAborted();
		if (due <= this.now()) return;
		await new Promise<void>((resolve, reject) => {
			const cancel = () => {
				this.#sleepers.delete(sleeper);
				reject(signal.reason as Error);
			};
			const wake = () => {
				this.#sleepers.delete(sleeper);
				signal.removeEventListener('abort', cancel);
				resolve();
			};
			const sleeper: Sleeper = { due, wake };
			this.#sleepers.add(sleeper);
			signal.addEventListener('abort', cancel, { once: true });
			this.#watch();
		});
	}

	/** As `sleepUntil`, from now. */
	async sleep(seconds: number, signal: AbortSignal): Promise<void> {
		await this.sleepUntil(this.now() + seconds * 1000, signal);
	}

	/** Waits for work that the clock, when it is moved, waits for too. */
	async work<Result>(work: Promise<Result>): Promise<Result> {
		this.#work.add(work);
		try {
			return await work;
		} finally {
			this.#work.delete(work);
		}
	}

	/** Moves on. All that falls due happens in its order, each at its time, before the promise is fulfilled. */
	async advance(seconds: number): Promise<void> {
		const target = this.now() + seconds * 1000;
		let due = await this.#nextDue();
		while (due <= target) {
			this.#moveTo(due);
			this.#wakeDue();
			due = await this.#nextDue();
		}
		this.#moveTo(target);
	}

	/** Goes back to the time of the process. */
	reset(): void {
		this.#ahead = 0;
	}

	#moveTo(time: number): void {
		this.#ahead += Math.max(0, time - this.now());
	}

	/** When the next sleeper is to wake, once nothing that is awake has work left to do; Infinity if all are awake. */
	async #nextDue(): Promise<number> {
		do {
			await Promise.allSettled(this.#work);
			// What has just woken, and what waited for it, comes to its next work or sleep.
			await nextTurn();
		} while (this.#work.size > 0);
		return this.#earliest();
	}

	#earliest(): number {
		let earliest = Infinity;
		for (const { due } of this.#sleepers) earliest = Math.min(earliest, due);
		return earliest;
	}

	#wakeDue(): void {
		const now = this.now();
		const due = [...this.#sleepers].filter((sleeper) => sleeper.due <= now);
		for (const sleeper of due.toSorted((a, b) => a.due - b.due)) sleeper.wake();
	}

	/** Sets the timer anew, for the next sleeper. */
	#watch(): void {
		clearTimeout(this.#timer);
		if (this.#sleepers.size === 0) return;
		const wait = Math.min(longestWait, Math.max(0, this.#earliest() - this.now()));
		this.#timer = setTimeout(() => {
			this.#wakeDue();
			this.#watch();
		}, wait);
		this.#timer.unref();
	}
}
