import { settleInParallel, type Parallel } from '../../../../../nodes/Imagen/transfer/concurrency';
import { ImagenApiError } from '../../../../../nodes/Imagen/errors/imagenErrors';
import { jitterBy, passTimeBy, settled } from '../../../../support/clock';
import {
	RateLimitedServer,
	seededRandom,
	SimulatedTime,
	type Limits,
} from '../../../../support/rateLimitedServer';

const KB = 1024;
const MB = KB * KB;
const context = { getNode: () => ({ name: 'Imagen AI' }) as never };
const slowDown = (statusCode = 503) =>
	new ImagenApiError(context, 'upload', { kind: 'answer', statusCode, message: 'Reduce your request rate' });

beforeEach(() => passTimeBy(async () => {}));

/** Transfers that end when the test says so. */
class Transfers<T> {
	readonly begun: T[] = [];
	readonly #ends = new Map<number, (error?: Error) => void>();
	readonly outcomes: Promise<unknown[]>;

	constructor(list: T[], parallel: Parallel<T>) {
		this.outcomes = settleInParallel(list, parallel, async (entry, retry) => {
			const number = this.begun.push(entry) - 1;
			await retry(
				async () =>
					await new Promise<void>((resolve, reject) => {
						this.#ends.set(number, (error) => (error ? reject(error) : resolve()));
					}),
			);
		});
	}

	get underWay(): number {
		return this.#ends.size;
	}

	/** Ends those that are under way, or the first of them. */
	async end({ most = Infinity, error }: { most?: number; error?: Error } = {}): Promise<void> {
		for (const [number, end] of [...this.#ends].slice(0, most)) {
			this.#ends.delete(number);
			end(error);
		}
		for (let turn = 0; turn < 5; turn++) await settled();
	}
}

async function begin<T>(list: T[], parallel: Parallel<T>): Promise<Transfers<T>> {
	const transfers = new Transfers(list, parallel);
	await transfers.end({ most: 0 });
	return transfers;
}

const files = (number: number, bytes: number) => Array<number>(number).fill(bytes);
const bytesOf = (bytes: number) => bytes;

test.each([
	[25 * MB, 10],
	[200 * MB, 10],
	[MB, 48],
	[500 * KB, 98],
	[20 * KB, 128],
	[0, 128],
])('of files of %d bytes, %d are in progress at the same time', async (bytes, number) => {
	expect((await begin(files(200, bytes), { bytesOf })).underWay).toBe(number);
});

test('requests that carry no file are fewer: an API may count them', async () => {
	expect((await begin(files(200, 0), {})).underWay).toBe(32);
});

test('as many are in progress as the user has set, whatever their sizes', async () => {
	expect((await begin(files(100, 200 * MB), { most: 20, bytesOf })).underWay).toBe(20);
	expect((await begin(files(100, KB), { most: 1, bytesOf })).underWay).toBe(1);
});

test('files whose sizes are not known yet are few, and more as soon as they are known to be small', async () => {
	const size: { known?: number } = {};
	const transfers = await begin(files(200, 0), { bytesOf: () => size.known });
	expect(transfers.underWay).toBe(10);
	size.known = 20 * KB;
	await transfers.end({ most: 10 });
	expect(transfers.underWay).toBe(128);
});

test.each([429, 503])(
	'half as many are in progress after %d, once for all that had begun, and slowly more again',
	async (status) => {
		const transfers = await begin(files(1000, 0), { bytesOf });
		await transfers.end({ error: slowDown(status) });
		expect(transfers.underWay).toBe(64);
		await transfers.end();
		expect(transfers.underWay).toBe(64);
		await transfers.end();
		expect(transfers.underWay).toBe(65);
		await transfers.end({ error: slowDown(status) });
		expect(transfers.underWay).toBe(32);
	},
);

test('what was refused is tried again before anything else begins', async () => {
	const transfers = await begin(files(1000, 0), { bytesOf });
	await transfers.end({ error: slowDown() });
	await transfers.end();
	expect(transfers.begun).toHaveLength(128);
	await transfers.end();
	expect(transfers.begun.length).toBeGreaterThan(128);
});

test('one is in progress at least, however often the other side asks for fewer', async () => {
	const transfers = await begin(files(400, 0), { bytesOf });
	for (let round = 0; round < 10; round++) await transfers.end({ error: slowDown() });
	expect(transfers.underWay).toBe(1);
});

test('a failure of another kind leaves as many in progress, and every outcome in its place', async () => {
	const transfers = await begin(files(150, 0), { bytesOf });
	await transfers.end({ most: 1, error: new Error('broken') });
	expect(transfers.underWay).toBe(128);
	await transfers.end();
	await transfers.end();
	const outcomes = (await transfers.outcomes) as Array<PromiseSettledResult<void>>;
	expect(outcomes.map(({ status }) => status)).toEqual(['rejected', ...Array<string>(149).fill('fulfilled')]);
});

/** Sends 500 small files to a server. */
async function sendFiles(limits: Limits) {
	const time = new SimulatedTime();
	passTimeBy(time.sleep);
	jitterBy(seededRandom(1));
	const server = new RateLimitedServer(time, limits);
	const outcomes = await time.passUntil(
		settleInParallel(
			files(500, 20 * KB),
			{ bytesOf },
			async (_file, retry) => await retry(async () => await server.take()),
		),
	);
	const errors = outcomes.flatMap((outcome) =>
		outcome.status === 'rejected' ? [(outcome.reason as Error).message] : [],
	);
	return { errors, tries: server.tries, seconds: time.now / 1000 };
}

test.each<[string, Limits, number]>([
	['20 at once, for 5 seconds each', { atOnce: 20, eachMs: 5000 }, 160],
	['20 at once, for 2 seconds each', { atOnce: 20, eachMs: 2000 }, 65],
	['20 at once, for a minute each', { atOnce: 20, eachMs: 60_000 }, 1900],
	['one at once', { atOnce: 1, eachMs: 500 }, 400],
	['10 a second', { perSecond: 10, eachMs: 50 }, 90],
	['20 a second', { perSecond: 20, eachMs: 50 }, 45],
	['10 a second, which are slow', { perSecond: 10, eachMs: 300 }, 100],
])(
	'of 500 files none fails at a server that takes %s, and it refuses few of them twice',
	async (_what, limits, seconds) => {
		const sent = await sendFiles(limits);
		expect(sent.errors).toEqual([]);
		expect(sent.tries).toBeLessThan(1000);
		expect(sent.seconds).toBeLessThan(seconds);
	},
);

test('a server that refuses everything is given up within a minute, with its answer as the error of each file', async () => {
	const sent = await sendFiles({ atOnce: 0, eachMs: 0 });
	expect(sent.errors).toHaveLength(500);
	expect(new Set(sent.errors)).toEqual(
		new Set(['Imagen AI could not upload it: Please reduce your request rate']),
	);
	expect(sent.seconds).toBeLessThan(60);
	expect(sent.tries).toBeLessThan(1500);
});

test('a file that is always refused is given up when the others have arrived', async () => {
	const time = new SimulatedTime();
	passTimeBy(time.sleep);
	const server = new RateLimitedServer(time, { eachMs: 1000 });
	const outcomes = await time.passUntil(
		settleInParallel([...files(500, 0).keys()], { bytesOf: () => 20 * KB }, async (index, retry) => {
			await retry(async () => {
				await server.take();
				if (index === 0) throw slowDown();
			});
		}),
	);
	expect(outcomes.map(({ status }) => status)).toEqual(['rejected', ...Array<string>(499).fill('fulfilled')]);
	expect(time.now).toBeLessThan(180_000);
});
