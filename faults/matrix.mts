import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
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
	let studio: Studio;
	beforeAll(async () => {
		studio = await Studio.open();
	});
	afterAll(async () => await studio.close());

	describe.each(calls.map((call) => [call.name, call] as const))('%s', (_name, call) => {
		beforeAll(async () => await studio.clear());

		test.each(cellsOf(call, sizes).map((cell) => [titleOf(cell), cell] as const))(
			'%s',
			async (_title, cell) => {
				const begin = performance.now();
				const finding = await runCell(studio, cell).catch(broken);
				const { fault, times, photos } = cell;
				const ms = Math.round(performance.now() - begin);
				record({ flow, call: call.name, fault: fault.name, times, photos, ms, ...finding });
				expect(finding.problems).toEqual([]);
			},
		);
	});
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
export function record(row: Row): void {
	const folder = process.env.FAULTS_ROWS;
	if (folder) appendFileSync(join(folder, `${process.pid}.ndjson`), `${JSON.stringify(row)}\n`);
}
