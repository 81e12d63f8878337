import type { Clock } from '../clock.mts';
import type { Faults } from '../faults/faultRules.mts';
import { isLoopback } from '../loopback.mts';
import type { RequestLog } from '../requestLog.mts';
import type { Settings } from '../settings.mts';
import type { JobStatus } from './job.mts';
import { statusWord } from './statusWords.mts';

/** The body of a callback. */
export interface CallbackBody {
	project_uuid: string;
	/** As it is called on the wire. */
	status: string;
	action: 'edit' | 'export';
}

/** An edit or export with a callback URL. */
export interface Subscription {
	url: string;
	projectUuid: string;
	action: CallbackBody['action'];
	/** Fulfilled with the last status, or undefined if it was cancelled. */
	ended: Promise<JobStatus | undefined>;
}

export interface CallbackParts {
	settings: Settings;
	clock: Clock;
	faults: Faults;
	log: RequestLog;
}

const answerTimeout = 10_000;

/** Sends callbacks: one plain POST, no signature. The sandbox calls loopback addresses only. */
export class CallbackSender {
	readonly #settings: Settings;
	readonly #clock: Clock;
	readonly #faults: Faults;
	readonly #log: RequestLog;
	#stop = new AbortController();

	constructor({ settings, clock, faults, log }: CallbackParts) {
		this.#settings = settings;
		this.#clock = clock;
		this.#faults = faults;
		this.#log = log;
	}

	/** Posts to the URL when the job ends; sooner, later, twice or not at all where a fault asks for it. */
	async watch({ url, projectUuid, action, ended }: Subscription): Promise<void> {
		const { signal } = this.#stop;
		const fault = this.#faults.take('callback', { call: 'callback', projectUuid });
		const bodyWith = (status: JobStatus): CallbackBody => ({
			project_uuid: projectUuid,
			status: statusWord(status, this.#settings),
			action,
		});
		const claim = bodyWith('Completed');
		if (fault?.kind === 'callbackEarly') await this.#post(url, claim, signal);
		if (fault?.kind === 'callbackForged') await this.#post(withoutQuery(new URL(url)), claim, signal);

		const status = await ended;
		if (status === undefined || fault?.kind === 'callbackLost') return;
		const late = fault?.kind === 'callbackLate' ? (fault.seconds ?? 2) : 0;
		await this.#clock.sleep(this.#settings.callbackDelaySeconds + late, signal);
		const body = bodyWith(status);
		const copies = fault?.kind === 'callbackDoubled' ? 2 : 1;
		await Promise.all(Array.from({ length: copies }, async () => await this.#deliver(url, body, signal)));
	}

	/** Cancels all callbacks that have not been sent. */
	stop(): void {
		this.#stop.abort();
		this.#stop = new AbortController();
	}

	async #deliver(url: string, body: CallbackBody, signal: AbortSignal): Promise<void> {
		for (let attempt = 1; attempt <= this.#settings.callbackAttempts; attempt++) {
			const status = await this.#post(url, body, signal);
			if (status !== null && status < 300) return;
		}
	}

	/** The answer's status, or null without an answer. */
	async #post(url: string, body: CallbackBody, signal: AbortSignal): Promise<number | null> {
		const text = JSON.stringify(body);
		const target = new URL(url);
		const entry = this.#log.add({
			to: 'callback',
			call: 'callback',
			method: 'POST',
			path: withoutQuery(target),
			project_uuid: body.project_uuid,
			file_name: null,
			status: null,
			api_key: false,
			content_type: 'application/json',
			content_length: Buffer.byteLength(text),
			fault: null,
		});
		if (!isLoopback(target)) return null;
		try {
			const response = await fetch(url, {
				method: 'POST',
				headers: { 'Content-Type': 'application/json' },
				body: text,
				redirect: 'manual',
				signal: AbortSignal.any([signal, AbortSignal.timeout(answerTimeout)]),
			});
			await response.body?.cancel();
			entry.status = response.status;
		} catch {
			// Nobody answered: the log shows it, and the next attempt follows.
		}
		return entry.status;
	}
}

/** The part of a callback URL that a stranger can know: without its token. */
function withoutQuery({ origin, pathname }: URL): string {
	return `${origin}${pathname}`;
}
