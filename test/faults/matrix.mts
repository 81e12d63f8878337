import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { callFaults, titleOf as titleOfCall, type CallFault } from './called.mts';
import { runCell, type Cell, type Finding } from './cell.mts';
import type { Step } from './flows.mts';
import { faultsOf } from './kinds.mts';
import type { Row } from './report.mts';
import type { Times } from './rules.mts';
import { Studio } from './studio.mts';

/** Fifty photos that nobody's name can be found for take a while; the sandbox's own tests have less patience. */
jest.setTimeout(180_000);

/** A test for every cell of some calls, in the order of the report. */
export function matrix(flow: string, calls: Step[], sizes = [1, 50]): void {
	const studio = openStudio();

	describe.each(calls.map((call) => [call.name, call] as const))('%s', (_name, call) => {
		beforeAll(async () => await studio().clear());

		test.each(cellsOf(call, sizes).map((cell) => [titleOf(cell), cell] as const))(
			'%s',
			async (_title, cell) => {
				const { fault, times, photos } = cell;
				const of = { flow, call: call.name, fault: fault.name, times, photos };
				const { problems } = await found(of, async () => await runCell(studio(), cell));
				expect(problems).toEqual([]);
			},
		);
	});
}

/** A test for every fault of a callback, for one photo and for many. The edit is paid for once, whatever becomes of the call. */
export function callMatrix(
	flow: string,
	run: (studio: Studio, fault: CallFault, photos: number) => Promise<Omit<Finding, 'edits' | 'exports'>>,
): void {
	const studio = openStudio();

	describe.each([1, 50])('%i', (photos) => {
		test.each(callFaults.map((fault) => [titleOfCall(fault, photos), fault] as const))(
			'%s',
			async (_title, fault) => {
				const of = { flow, call: 'callback', fault: fault.name, times: fault.times, photos };
				const { problems, edits } = await found(of, async () => {
					await studio().clear();
					const finding = await run(studio(), fault, photos);
					const { edits, exports } = await studio().control.billing();
					return { ...finding, edits, exports };
				});
				expect(problems).toEqual([]);
				expect(edits).toBe(1);
			},
		);
	});
}

/** A studio for the tests of a file. */
function openStudio(): () => Studio {
	let studio: Studio;
	beforeAll(async () => {
		studio = await Studio.open();
	});
	afterAll(async () => await studio.close());
	return () => studio;
}

/** What is found in a cell, for the report and for its test. */
async function found(of: Omit<Row, 'ms' | keyof Finding>, run: () => Promise<Finding>): Promise<Finding> {
	const begin = performance.now();
	const finding = await run().catch(broken);
	record({ ...of, ms: Math.round(performance.now() - begin), ...finding });
	return finding;
}

/** A cell that could not be run is not as demanded. */
const broken = (error: Error): Finding => ({
	outcome: 'told',
	requests: 0,
	edits: 0,
	exports: 0,
	problems: [error.message],
});

function cellsOf(call: Step, sizes: number[]): Cell[] {
	return sizes.flatMap((photos) =>
		(['once', 'always'] as Times[]).flatMap((times) =>
			faultsOf(call).map((fault) => ({ call, fault, times, photos })),
		),
	);
}

function titleOf({ call, fault, times, photos }: Cell): string {
	return `${call.name}, ${fault.name} ${times}, ${photos === 1 ? '1 photo' : `${photos} photos`}`;
}

/** For the report, where one is to be written. */
function record(row: Row): void {
	const folder = process.env.FAULTS_ROWS;
	if (folder) appendFileSync(join(folder, `${process.pid}.ndjson`), `${JSON.stringify(row)}\n`);
}
