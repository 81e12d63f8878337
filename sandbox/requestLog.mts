import type { CallName } from './calls.mts';
import type { Clock } from './clock.mts';

/** One request as the sandbox saw it; never a query string, never a header's secret. */
export interface LoggedRequest {
	/** ISO 8601. */
	when: string;
	/** Who was asked: the API, the storage, or (by the sandbox itself) a callback's receiver. */
	to: 'api' | 'storage' | 'callback';
	call: CallName | null;
	method: string;
	path: string;
	project_uuid: string | null;
	file_name: string | null;
	/** Null while the request is open, and for good when its connection broke before an answer. */
	status: number | null;
	/** Whether the API key came with it, in whatever header or in the URL. */
	api_key: boolean;
	/** Null if the header was absent; an empty header is an empty string. */
	content_type: string | null;
	content_length: number | null;
	/** The kind of the fault that was applied to it. */
	fault: string | null;
}

/** The requests since the start or the last `clear`, oldest first. */
export class RequestLog {
	readonly #clock: Clock;
	#requests: LoggedRequest[] = [];

	constructor(clock: Clock) {
		this.#clock = clock;
	}

	/** Adds a request and returns its entry, so that its outcome can be filled in later. */
	add(request: Omit<LoggedRequest, 'when'>): LoggedRequest {
		const entry = { when: new Date(this.#clock.now()).toISOString(), ...request };
		this.#requests.push(entry);
		return entry;
	}

	list(): LoggedRequest[] {
		return this.#requests;
	}

	clear(): void {
		this.#requests = [];
	}
}
