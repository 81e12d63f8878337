import { constants } from 'node:os';
import ora from 'ora';
import { seconds, type Step } from './step.mts';

/** Shows a task as a spinner with the time that has gone by, then as a line with the time it took. */
export const spinStep: Step = async (title, task) => {
	const started = Date.now();
	const titleAndTime = () => `${title}: ${seconds(Date.now() - started)}`;
	const spinner = spin(title);
	const clock = setInterval(() => {
		spinner.text = titleAndTime();
	}, 1000);
	try {
		const result = await task();
		spinner.succeed(titleAndTime());
		return result;
	} catch (error) {
		spinner.fail(title);
		throw error;
	} finally {
		clearInterval(clock);
	}
};

/** A spinner that leaves Ctrl-C to the process. */
export function spin(text: string) {
	return ora({ text, discardStdin: false }).start();
}

/** Aborted at Ctrl-C or SIGTERM. From the call on, neither ends the process by itself. */
export function interruption(): AbortSignal {
	const controller = new AbortController();
	for (const signal of ['SIGINT', 'SIGTERM']) {
		process.once(signal, () => controller.abort(new Error('Interrupted.')));
	}
	return controller.signal;
}

/** Ends the process at Ctrl-C or SIGTERM by an exit, so that what it has started ends with it. For what has nothing to finish. */
export function exitAtSignals(): void {
	for (const signal of ['SIGINT', 'SIGTERM'] as const) {
		process.once(signal, () => process.exit(128 + constants.signals[signal]));
	}
}
