import fastify from 'fastify';
import type { Callback } from './studio.mts';

/** A call of Imagen on its way to n8n. */
export interface Call {
	/** When it came, in milliseconds since the epoch. */
	at: number;
	/** Path and query, token included. */
	path: string;
	body: Callback;
}

/** What may be changed in a call before it is delivered, as a stranger would. */
export type Forgery = Partial<Pick<Call, 'path'>> & { body?: unknown };

/**
 * Stands between Imagen and n8n, at n8n's public address: passes calls on, or holds them for the test to deliver late, twice,
 * forged or never.
 */
export class Relay {
	readonly calls: Call[] = [];
	/** Where n8n is. */
	target = '';
	readonly #app = fastify();
	readonly #held = new Set<string>();
	#url = '';

	static async open(): Promise<Relay> {
		const relay = new Relay();
		relay.#url = await relay.#app.listen({ host: '127.0.0.1', port: 0 });
		return relay;
	}

	private constructor() {
		this.#app.post('/*', async ({ url, body }, reply) => {
			const call: Call = { at: Date.now(), path: url, body: body as Callback };
			this.calls.push(call);
			const status = this.#held.has(call.body.project_uuid) ? 200 : await this.deliver(call);
			return await reply.code(status).send();
		});
	}

	/** The address that n8n is told is its own. */
	get url(): string {
		return this.#url;
	}

	/** Keeps the calls for these projects back from now on. */
	hold(...projectUuids: string[]): void {
		for (const uuid of projectUuids) this.#held.add(uuid);
	}

	/** The calls that came for a project. */
	callsFor(projectUuid: string): Call[] {
		return this.calls.filter(({ body }) => body.project_uuid === projectUuid);
	}

	/** Takes a call to n8n. Gives the status of the answer. */
	async deliver(call: Call, forgery: Forgery = {}): Promise<number> {
		const { path, body } = { ...call, ...forgery };
		const response = await fetch(this.target + path, {
			method: 'POST',
			headers: { 'Content-Type': 'application/json' },
			body: JSON.stringify(body),
		});
		await response.body?.cancel();
		return response.status;
	}

	async close(): Promise<void> {
		await this.#app.close();
	}
}
