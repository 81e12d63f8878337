import { basename } from 'node:path';
import Table from 'cli-table3';
import prettyBytes from 'pretty-bytes';
import type { Billing } from '../sandbox/api/controlRoutes.mts';
import type { Execution, NodeRun } from '../test/support/n8n/n8nClient.mts';
import { seconds } from '../test/support/step.mts';
import type { FoundFile, PhotoFiles } from './demoFiles.mts';

/** How long each node took, and how many items left it. */
export function stepTable({ runs }: Execution): string {
	const table = plainTable(['Step', 'Out', 'Time']);
	for (const [name, [run]] of Object.entries(runs))
		table.push([name, itemCount(run), seconds(run.executionTime)]);
	return table.toString();
}

/** Each photo with its results. */
export function fileTable(photos: PhotoFiles[]): string {
	const table = plainTable(['Photo', 'Size', 'Edited', 'Size', 'Exported', 'Size']);
	for (const { original, edited, exported } of photos) {
		table.push([original, edited, exported].flatMap(describeFile));
	}
	return table.toString();
}

/** What Imagen charges for, by project. */
export function billingTable({ projects }: Billing): string {
	const table = plainTable(['Would be billed', 'Photos', 'Edits', 'Exports']);
	for (const { name, photos_billed, edits, exports } of projects)
		table.push([name, photos_billed, edits, exports]);
	return table.toString();
}

/** Files that should be there and are not; edits and exports billed more or less than once. */
export function findProblems(photos: PhotoFiles[], billing: Billing): string[] {
	const missing = photos
		.flatMap(({ edited, exported }) => [edited, exported])
		.filter(({ bytes }) => !bytes)
		.map(({ path }) => `${path} is missing.`);
	const misbilled = billing.projects
		.filter(({ edits, exports }) => edits !== 1 || exports !== 1)
		.map(
			({ name, edits, exports }) =>
				`${name} was billed ${edits} times for its edit, ${exports} times for its export.`,
		);
	const total =
		billing.photos === photos.length ? [] : [`${billing.photos} photos were billed, not ${photos.length}.`];
	return [...missing, ...misbilled, ...total];
}

/** The number of items a node gave out, over all its outputs. */
function itemCount({ data }: NodeRun): string {
	const count = (data?.main ?? []).reduce((sum, items) => sum + (items?.length ?? 0), 0);
	return count === 1 ? '1 item' : `${count} items`;
}

function describeFile({ path, bytes }: FoundFile): [string, string] {
	return [basename(path), bytes ? prettyBytes(bytes) : 'missing'];
}

/** A table without lines; what can be counted is aligned to the right. */
function plainTable(head: string[]): Table.Table {
	const counted = ['Edits', 'Exports', 'Out', 'Photos', 'Size', 'Time'];
	return new Table({
		head,
		colAligns: head.map((title) => (counted.includes(title) ? 'right' : 'left')),
		chars: Object.fromEntries(lines.map((line) => [line, ''])),
		style: { head: [], 'padding-left': 0, 'padding-right': 2 },
	});
}

const lines: Table.CharName[] = [
	'top',
	'top-mid',
	'top-left',
	'top-right',
	'bottom',
	'bottom-mid',
	'bottom-left',
	'bottom-right',
	'left',
	'left-mid',
	'mid',
	'mid-mid',
	'right',
	'right-mid',
	'middle',
];
