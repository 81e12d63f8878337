import fastify from 'fastify';

/** What a workflow's last node has told. */
export interface Testimony {
	/** When, in milliseconds since the epoch. */
	at: number;
	execution: string;
	items: Array<Record<string, unknown>>;
}

/** Hears from workflows over HTTP how often a node of theirs ran, and holds them up at a gate. */
export class Witness {
	readonly testimonies: Testimony[] = [];
	readonly #app = fastify();
	#gate = Promise.resolve();
	#url = '';

	static async open(): Promise<Witness> {
		const witness = new Witness();
		witness.#url = await witness.#app.listen({ host: '127.0.0.1', port: 0 });
		return witness;
	}

	private constructor() {
		this.#app.post('/told', async ({ body }) => {
			this.testimonies.push({ at: Date.now(), ...(body as Omit<Testimony, 'at'>) });
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

	/** What an execution has told, once for each time that its last node ran. */
	of(execution: string): Testimony[] {
		return this.testimonies.filter((testimony) => testimony.execution === execution);
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
