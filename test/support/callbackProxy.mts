import fastify from 'fastify';

/** The body of Imagen's callback. */
export interface CallbackBody {
	project_uuid: string;
	status: string;
	action: string;
}

/** A callback of Imagen on its way to n8n. */
export interface CallbackRequest {
	/** When it came, in milliseconds since the epoch. */
	at: number;
	/** Path and query, token included. */
	path: string;
	body: CallbackBody;
}

/** What may be changed in a callback before it is delivered, as a stranger would. */
export type ForgedFields = Partial<Pick<CallbackRequest, 'path'>> & { body?: unknown };

/**
 * The reverse proxy at n8n's public address: it forwards callbacks to n8n, or holds them back for the test to deliver late,
 * twice, forged or never.
 */
export class CallbackProxy {
	readonly received: CallbackRequest[] = [];
	/** Where n8n is. */
	target = '';
	readonly #app = fastify();
	readonly #heldProjects = new Set<string>();
	#url = '';

	static async open(): Promise<CallbackProxy> {
		const proxy = new CallbackProxy();
		proxy.#url = await proxy.#app.listen({ host: '127.0.0.1', port: 0 });
		return proxy;
	}

	private constructor() {
		this.#app.post('/*', async ({ url, body }, reply) => {
			const callback: CallbackRequest = { at: Date.now(), path: url, body: body as CallbackBody };
			this.received.push(callback);
			const isHeld = this.#heldProjects.has(callback.body.project_uuid);
			return await reply.code(isHeld ? 200 : await this.deliver(callback)).send();
		});
	}

	/** The address that n8n takes for its own. */
	get url(): string {
		return this.#url;
	}

	/** Holds back the callbacks for these projects from now on; Imagen gets 200. */
	hold(...projectUuids: string[]): void {
		for (const uuid of projectUuids) this.#heldProjects.add(uuid);
	}

	/** The callbacks that came for a project. */
	receivedFor(projectUuid: string): CallbackRequest[] {
		return this.received.filter(({ body }) => body.project_uuid === projectUuid);
	}

	/** Delivers a callback to n8n. Gives the status of the answer. */
	async deliver(callback: CallbackRequest, forged: ForgedFields = {}): Promise<number> {
		const { path, body } = { ...callback, ...forged };
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
