import ora from 'ora';
import { seconds, type Step } from './progress.mts';

/** Shows a task as a spinner, then as a line with the time it took. */
export const spinStep: Step = async (title, task) => {
	const started = Date.now();
	const spinner = spin(title);
	try {
		const result = await task();
		spinner.succeed(`${title}: ${seconds(Date.now() - started)}`);
		return result;
	} catch (error) {
		spinner.fail(title);
		throw error;
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
