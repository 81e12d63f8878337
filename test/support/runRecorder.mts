import fastify from 'fastify';

/** A run of the node that reports to the recorder. */
export interface RecordedRun {
	/** When, in milliseconds since the epoch. */
	at: number;
	execution: string;
	items: Array<Record<string, unknown>>;
}

/** Records over HTTP how often a workflow's `recordRun` node ran and with which items, and holds workflows up at a gate. */
export class RunRecorder {
	readonly runs: RecordedRun[] = [];
	readonly #app = fastify();
	#gate = Promise.resolve();
	#url = '';

	static async open(): Promise<RunRecorder> {
		const recorder = new RunRecorder();
		recorder.#url = await recorder.#app.listen({ host: '127.0.0.1', port: 0 });
		return recorder;
	}

	private constructor() {
		this.#app.post('/runs', async ({ body }) => {
			this.runs.push({ at: Date.now(), ...(body as Omit<RecordedRun, 'at'>) });
			return {};
		});
		this.#app.post('/gate', async ({ body }) => {
			await this.#gate;
			return body;
		});
	}

	get url(): string {
		return this.#url;
	}

	/** The runs of an execution's `recordRun` node. */
	of(execution: string): RecordedRun[] {
		return this.runs.filter((run) => run.execution === execution);
	}

	/** Holds up whatever comes to the gate. Gives the function that opens it. */
	closeGate(): () => void {
		let open = () => {};
		this.#gate = new Promise((resolve) => {
			open = resolve;
		});
		return open;
	}

	async close(): Promise<void> {
		await this.#app.close();
	}
}
