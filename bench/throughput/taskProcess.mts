import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** The tasks that a process of the benchmark offers to the one that started it. */
export type Tasks = Record<string, (argument: never) => unknown>;

interface Order {
	id: number;
	task: string;
	argument: unknown;
}

interface Reply {
	id: number;
	result?: unknown;
	error?: string;
}

/** A process of the benchmark, seen from the one that started it. */
export interface TaskProcess<T extends Tasks> {
	pid: number;
	call<Name extends keyof T & string>(
		task: Name,
		argument: Parameters<T[Name]>[0],
	): Promise<Awaited<ReturnType<T[Name]>>>;
	stop(): Promise<void>;
}

/** Starts a module of this folder as a process of its own. */
export async function startTaskProcess<T extends Tasks>(
	module: string,
	{ nodeBinary, args = [], env }: { nodeBinary: string; args?: string[]; env?: NodeJS.ProcessEnv },
): Promise<TaskProcess<T>> {
	const child = fork(fileURLToPath(new URL(module, import.meta.url)), args, {
		execPath: nodeBinary,
		execArgv: ['--import', 'tsx'],
		env: { ...process.env, ...env },
	});
	const open = new Map<number, { resolve: (result: never) => void; reject: (error: Error) => void }>();
	child.on('message', ({ id, result, error }: Reply) => {
		if (id === ready) return;
		if (error === undefined) open.get(id)?.resolve(result as never);
		else open.get(id)?.reject(new Error(`${module}: ${error}`));
		open.delete(id);
	});
	const ended = once(child, 'exit');
	void ended.then(() => open.forEach(({ reject }) => reject(new Error(`${module} has ended`))));
	await Promise.race([
		once(child, 'message'),
		ended.then(() => Promise.reject(new Error(`${module} did not start`))),
	]);

	let id = ready;
	return {
		pid: child.pid!,
		call: async (task, argument) =>
			await new Promise<never>((resolve, reject) => {
				open.set(++id, { resolve, reject });
				child.send({ id, task, argument } satisfies Order);
			}),
		stop: async () => {
			child.disconnect();
			await ended;
		},
	};
}

const ready = 0;

/** Called in the process itself: performs tasks until the process that started it is gone. */
export function serve(tasks: Tasks): void {
	process.on('message', async ({ id, task, argument }: Order) => {
		try {
			process.send?.({ id, result: await tasks[task](argument as never) } satisfies Reply);
		} catch (error) {
			process.send?.({ id, error: String((error as Error).stack) } satisfies Reply);
		}
	});
	process.on('disconnect', () => process.exit());
	process.send?.({ id: ready } satisfies Reply);
}
