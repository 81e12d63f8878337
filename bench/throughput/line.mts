import type { Socket } from 'node:net';
import { Writable } from 'node:stream';

/** What a line between two machines is like. */
export interface LineConditions {
	/** The time for a small packet to go there and back. */
	roundTripMs: number;
	/** The bandwidth of each direction, which all connections share. */
	megabytesPerSecond: number;
}

/**
 * A line in front of a server on loopback. TCP's handshake takes a round trip and its slow start a few more, as each connection
 * has a window of its own; what TLS takes comes about by itself. Nothing gets lost, and a full line makes bytes wait.
 */
export class Line {
	readonly #up: OneWay;
	readonly #down: OneWay;

	constructor(conditions: LineConditions) {
		this.#up = new OneWay(conditions);
		this.#down = new OneWay(conditions);
	}

	/** Joins two connections on loopback: a client's, and one to the server. */
	join(client: Socket, server: Socket): void {
		const toServer = new Flow(this.#up, this.#down, server);
		const toClient = new Flow(this.#down, this.#up, client);
		client.on('error', () => server.destroy());
		server.on('error', () => client.destroy());
		server.pipe(toClient);
		// TCP's handshake: a client sends its first bytes a round trip after it began to connect.
		this.#up.carry(0, () => this.#down.carry(0, () => client.pipe(toServer)));
	}
}

/** Timers are exact to a millisecond. */
const TIMER_TOLERANCE_MS = 0.5;

/** One direction of a line. What enters it comes out in the same order. */
class OneWay {
	readonly #conditions: LineConditions;
	readonly #underWay: Array<{ at: number; arrive: () => void }> = [];
	#freeAt = 0;
	#timer?: NodeJS.Timeout;

	constructor(conditions: LineConditions) {
		this.#conditions = conditions;
	}

	carry(bytes: number, arrive: () => void): void {
		const { megabytesPerSecond, roundTripMs } = this.#conditions;
		this.#freeAt = Math.max(this.#freeAt, performance.now()) + bytes / (megabytesPerSecond * 1000);
		this.#underWay.push({ at: this.#freeAt + roundTripMs / 2, arrive });
		this.#wait();
	}

	#wait(): void {
		if (this.#timer || this.#underWay.length === 0) return;
		const delay = Math.max(this.#underWay[0].at - performance.now(), 0);
		this.#timer = setTimeout(() => this.#deliver(), delay);
	}

	#deliver(): void {
		this.#timer = undefined;
		const due = performance.now() + TIMER_TOLERANCE_MS;
		while (this.#underWay.length > 0 && this.#underWay[0].at <= due) this.#underWay.shift()!.arrive();
		this.#wait();
	}
}

/** Ten segments, as TCP begins with (RFC 6928). */
const FIRST_WINDOW_BYTES = 10 * 1460;
/** What Linux makes of its largest receive buffer of 6 MiB, half of which is for bookkeeping. */
const LARGEST_WINDOW_BYTES = 3 * 1024 * 1024;

/** What one end of a connection sends: no more on its way than the window, which grows by what has arrived. */
class Flow extends Writable {
	readonly #there: OneWay;
	readonly #back: OneWay;
	readonly #farEnd: Socket;
	#window = FIRST_WINDOW_BYTES;
	#underWay = 0;
	#unsent: Buffer = Buffer.alloc(0);
	#isSent = () => {};

	constructor(there: OneWay, back: OneWay, farEnd: Socket) {
		super();
		this.#there = there;
		this.#back = back;
		this.#farEnd = farEnd;
	}

	override _write(chunk: Buffer, _encoding: string, isSent: () => void): void {
		this.#unsent = chunk;
		this.#isSent = isSent;
		this.#send();
	}

	/** The end goes the way of the bytes before it. */
	override _final(hasEnded: () => void): void {
		this.#there.carry(0, () => this.#farEnd.end(hasEnded));
	}

	#send(): void {
		const piece = this.#unsent.subarray(0, Math.max(this.#window - this.#underWay, 0));
		if (piece.length === 0) return;
		this.#unsent = this.#unsent.subarray(piece.length);
		this.#underWay += piece.length;
		const acknowledge = () => this.#back.carry(0, () => this.#acknowledged(piece.length));
		this.#there.carry(piece.length, () => this.#farEnd.write(piece, acknowledge));
		if (this.#unsent.length === 0) this.#isSent();
	}

	#acknowledged(bytes: number): void {
		this.#underWay -= bytes;
		this.#window = Math.min(this.#window + bytes, LARGEST_WINDOW_BYTES);
		this.#send();
	}
}
