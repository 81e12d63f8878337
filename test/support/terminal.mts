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

/** A spinner that does not take over Ctrl-C. */
export function spin(text: string) {
	return ora({ text, discardStdin: false }).start();
}

/** A signal that aborts at Ctrl-C or SIGTERM, which no longer end the process by themselves. */
export function interruption(): AbortSignal {
	const controller = new AbortController();
	for (const signal of ['SIGINT', 'SIGTERM']) {
		process.once(signal, () => controller.abort(new Error('Interrupted.')));
	}
	return controller.signal;
}

/** Exits at Ctrl-C or SIGTERM, so that `exit` handlers end what the process has started. For commands that have nothing to finish. */
export function exitAtSignals(): void {
	for (const signal of ['SIGINT', 'SIGTERM'] as const) {
		process.once(signal, () => process.exit(128 + constants.signals[signal]));
	}
}
