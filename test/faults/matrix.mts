import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { callbackFaults, type CallbackFault } from './callbackFaults.mts';
import { runCell, type Cell, type Finding } from './cell.mts';
import type { ScenarioCall } from './scenarioCalls.mts';
import { faultsOf } from './faultCatalog.mts';
import type { Row } from './matrixReport.mts';
import { expectedOutcome, type Occurrence } from './expectedOutcome.mts';
import { Testbed } from './testbed.mts';

/** Cells with fifty photos whose requests all time out take minutes. */
jest.setTimeout(180_000);

/** A test for every cell of some calls, in the order of the report. */
export function matrix(group: string, calls: ScenarioCall[], sizes = [1, 50]): void {
	const testbed = useTestbed();

	describe.each(calls.map((call) => [call.name, call] as const))('%s', (_name, call) => {
		beforeAll(async () => await testbed().clear());

		test.each(cellsOf(call, sizes).map((cell) => [titleOf(cell), cell] as const))(
			'%s',
			async (_title, cell) => {
				const { fault, times, photos } = cell;
				const of = { group, call: call.name, fault: fault.name, times, photos };
				const { problems } = await findAndRecord(of, async () => await runCell(testbed(), cell));
				expect(problems).toEqual([]);
			},
		);
	});
}

/** A test for every fault of a callback, for one photo and for many. The edit is billed once, whatever becomes of the callback. */
export function callbackMatrix(
	group: string,
	expectation: (fault: CallbackFault) => string,
	run: (
		testbed: Testbed,
		fault: CallbackFault,
		photos: number,
	) => Promise<Omit<Finding, 'edits' | 'exports'>>,
): void {
	const testbed = useTestbed();

	const titleOf = (fault: CallbackFault, photos: number) =>
		`${expectation(fault)} and the edit is billed once when ${fault.condition}, for ${countOf(photos)}`;

	describe.each([1, 50])('%i', (photos) => {
		test.each(callbackFaults.map((fault) => [titleOf(fault, photos), fault] as const))(
			'%s',
			async (_title, fault) => {
				const of = { group, call: 'callback', fault: fault.name, times: fault.times, photos };
				const { problems, edits } = await findAndRecord(of, async () => {
					await testbed().clear();
					const finding = await run(testbed(), fault, photos);
					const { edits, exports } = await testbed().control.billing();
					return { ...finding, edits, exports };
				});
				expect(problems).toEqual([]);
				expect(edits).toBe(1);
			},
		);
	});
}

/** Opens a testbed for the tests of a file. */
function useTestbed(): () => Testbed {
	let testbed: Testbed;
	beforeAll(async () => {
		testbed = await Testbed.open();
	});
	afterAll(async () => await testbed.close());
	return () => testbed;
}

/** Runs a cell and records what was found for the report. */
async function findAndRecord(
	of: Omit<Row, 'ms' | keyof Finding>,
	run: () => Promise<Finding>,
): Promise<Finding> {
	const begin = performance.now();
	const finding = await run().catch(couldNotRun);
	record({ ...of, ms: Math.round(performance.now() - begin), ...finding });
	return finding;
}

/** A cell that could not be run counts as failed. */
const couldNotRun = (error: Error): Finding => ({
	outcome: 'reported',
	requests: 0,
	edits: 0,
	exports: 0,
	problems: [error.message],
});

function cellsOf(call: ScenarioCall, sizes: number[]): Cell[] {
	return sizes.flatMap((photos) =>
		(['once', 'always'] as Occurrence[]).flatMap((times) =>
			faultsOf(call).map((fault) => ({ call, fault, times, photos })),
		),
	);
}

/** Ends with the number of photos: `--brief` chooses the cells with one photo by it. */
function titleOf({ call, fault, times, photos }: Cell): string {
	const outcome =
		expectedOutcome(call, fault, times) === 'recovered' ? 'recovers' : 'reports what failed and what to do';
	return `the run ${outcome} when ${call.name} meets "${fault.name}" ${times}, for ${countOf(photos)}`;
}

const countOf = (photos: number) => (photos === 1 ? '1 photo' : `${photos} photos`);

/** Adds a row to the report, if one is being written. */
function record(row: Row): void {
	const folder = process.env.FAULTS_ROWS;
	if (folder) appendFileSync(join(folder, `${process.pid}.ndjson`), `${JSON.stringify(row)}\n`);
}
