/** Files, or requests that carry none, are under way at the same time whatever their sizes: at least so many. */
const FEWEST = 10;

/** As many more small files as have these bytes together. */
const BYTES_UNDER_WAY = 48 * 1024 * 1024;

/** Of a file whose size is not known yet: as much as leaves capacity for few. */
const UNKNOWN_BYTES = BYTES_UNDER_WAY;

/** After how many requests in a row that were given up a server counts as one that refuses everything. */
const GIVEN_UP_IN_A_ROW = 10;

/** Someone who waits for capacity. */
interface Waiting {
	bytes: number;
	admit: (turn: number) => void;
}

/**
 * Limits how many requests are under way at the same time: their number, and their bytes. The limit is halved when the server
 * asks for fewer, and slowly raised again.
 */
export class Limiter {
	#limit: number;
	#underWay = 0;
	#bytesUnderWay = 0;
	/** How many times capacity was acquired. */
	#turns = 0;
	#turnsAtReduction = 0;
	#successes = 0;
	#givenUp = 0;
	readonly #queue: Waiting[] = [];

	/**
	 * @param most how many requests at the same time
	 * @param ignoresSizes whether that many are under way whatever their sizes
	 */
	constructor(
		private readonly most: number,
		private readonly ignoresSizes: boolean,
	) {
		this.#limit = most;
	}

	/** How many may be under way now: from 1 to the most. */
	get limit(): number {
		return Math.floor(this.#limit);
	}

	/** How many requests have succeeded so far. */
	get successes(): number {
		return this.#successes;
	}

	/** Whether the server has refused for so long that waiting for it is pointless. */
	get isGivenUp(): boolean {
		return this.#givenUp >= GIVEN_UP_IN_A_ROW;
	}

	/** Whether a request can begin at once. @param bytes of its file; left out if they are not known */
	hasCapacity(bytes = UNKNOWN_BYTES): boolean {
		return this.#queue.length === 0 && this.#fits(bytes);
	}

	/** Waits for capacity, in the order of the calls. @returns the number of the turn, counting from 1 */
	async acquire(bytes = UNKNOWN_BYTES): Promise<number> {
		if (this.hasCapacity(bytes)) return this.#begin(bytes);
		return await new Promise<number>((admit) => this.#queue.push({ bytes, admit }));
	}

	/** Gives capacity back, with the bytes that it was acquired for. */
	release(bytes = UNKNOWN_BYTES): void {
		this.#underWay--;
		this.#bytesUnderWay -= bytes;
		this.#admitWaiting();
	}

	/** Takes note of a request that succeeded: one more at a time for as many as are under way. */
	recordSuccess(): void {
		this.#successes++;
		this.#givenUp = 0;
		this.#limit = Math.min(this.most, this.#limit + 1 / this.#limit);
		this.#admitWaiting();
	}

	/** Halves the limit, once for all that had begun by then. @param turn in which the server asked for fewer requests */
	recordRateLimit(turn: number): void {
		if (turn <= this.#turnsAtReduction) return;
		this.#turnsAtReduction = this.#turns;
		this.#limit = Math.max(1, this.#limit / 2);
	}

	/** Takes note of a request that the server has refused to the last try. */
	recordGivenUp(): void {
		this.#givenUp++;
	}

	#fits(bytes: number): boolean {
		if (this.#underWay >= this.limit) return false;
		return this.ignoresSizes || this.#underWay < FEWEST || this.#bytesUnderWay + bytes <= BYTES_UNDER_WAY;
	}

	#begin(bytes: number): number {
		this.#underWay++;
		this.#bytesUnderWay += bytes;
		return ++this.#turns;
	}

	#admitWaiting(): void {
		while (this.#queue.length > 0 && this.#fits(this.#queue[0].bytes)) {
			const { bytes, admit } = this.#queue.shift() as Waiting;
			admit(this.#begin(bytes));
		}
	}
}
