/** Runs a task and shows that it runs and how long it took. */
export type Step = <Result>(title: string, task: () => Promise<Result>) => Promise<Result>;

/** Prints a line when a step begins and one when it has ended, for logs and terminals. */
export const printStep: Step = async (title, task) => {
	const started = Date.now();
	process.stdout.write(`- ${title}\n`);
	const result = await task();
	process.stdout.write(`  done in ${seconds(Date.now() - started)}\n`);
	return result;
};

/** Milliseconds as people read them: `0.4 s`, `72 s`. */
export function seconds(milliseconds: number): string {
	return `${(milliseconds / 1000).toFixed(milliseconds < 10_000 ? 1 : 0)} s`;
}
