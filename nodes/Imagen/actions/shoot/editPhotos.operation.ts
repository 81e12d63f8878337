import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import type { Job } from '../../api/endpoints';
import { projectLabel } from '../../api/projectRef';
import { cancelSignalOf } from '../../api/request';
import { quantity } from '../../errors/lists';
import { rememberCaptures } from '../../matching/match';
import { toolsOf } from '../edit/editParameters';
import { linesOf, type FailedPart } from '../shared/aggregateError';
import { hintAndLog } from '../shared/hints';
import { hintAtSkipped, uploadFailures } from '../shared/inputPhotos';
import { countErrors } from '../shared/items';
import type { Operation } from '../shared/operation';
import { showSummary, type Summary } from '../shared/summary';
import { arrivedPhotos, begin, open, type BegunShoot } from './begin';
import { deadlineAfter, filesOf, startExportOf, waitFor, withOwnNames } from './finish';
import { howToRunAgain } from './sameProject';
import { editFields, type ShootOptions } from './shootFields';
import { eachShoot, outputOf, shootsTogether } from './shootItems';
import { checkedShoots } from './shoots';
import { wantedOfAll } from './wanted';

/** Edit shoot */
export const editPhotosOperation: Operation = {
	name: 'Edit Photos',
	action: 'Edit shoot',
	description:
		'Upload all photos of the input, edit them and return the results, in one node. Imagen bills each photo.',
	fields: editFields,
	execute,
};

/**
 * Edits the photos of the input, from upload to results. Several shoots are brought to Imagen one after the other, and
 * waited for together. Any step may be repeated: what was done is found done.
 */
async function execute(this: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const begunAt = Date.now();
	const { shoots, rejected: failed } = await checkedShoots(this);
	const skipped = shoots.flatMap((shoot) => shoot.skipped);
	hintAtSkipped(this, skipped);
	const { shoots: ready, jobs, minutes } = await wantedOfAll(this, shoots, failed);
	// A name that is taken is found before the first shoot is uploaded and paid for.
	const opened = await eachShoot(this, ready, failed, async ({ shoot }) => await open(this, shoot));
	const begun = await eachShoot(this, opened, failed, async (shoot) => await begin(this, shoot));
	hintAtFailed(this, begun);
	if (jobs.length > 0) for (const shoot of begun) await rememberFrames(this, shoot);
	const done = jobs.length > 0 ? await waitForJobs(this, begun, failed, jobs, minutes) : begun;
	const namesByGroup = new Map<string, string[]>();
	const output = await eachShoot(this, done, failed, async (begun) => {
		const taken = namesByGroup.get(begun.shoot.group) ?? [];
		const files = withOwnNames(await filesOf(this, begun, jobs), taken);
		namesByGroup.set(begun.shoot.group, [...taken, ...files.map(({ fileName }) => fileName)]);
		return outputOf(this, begun, files);
	});
	const items = [...output.flat(), ...failed];
	if (done.length > 0)
		showSummary(this, begunAt, {
			...summaryOf(done, jobs),
			skipped: skipped.length,
			failed: Math.max(countErrors(items), done.flatMap(failuresOf).length),
		});
	return items;
}

/** What was done with the shoots that came through. */
function summaryOf(done: BegunShoot[], jobs: Job[]): Summary {
	const photos = done.flatMap(arrivedPhotos).length;
	const sent = done.filter(({ edit }) => edit.sent);
	const [first] = done;
	const projects = done.length === 1 ? `project ${projectLabel(first.project)}` : `${done.length} projects`;
	const again = first.edit.sent ? howToRunAgain(first) : undefined;
	return {
		done: `${whatWasDone(sent.length > 0, jobs.length > 0)} ${quantity(photos, 'photo')} of ${projects}`,
		billed: sent.flatMap(arrivedPhotos).length,
		results: [whereResultsAre(first.shoot.options, jobs), again].filter(Boolean).join('. '),
	};
}

function whatWasDone(isSent: boolean, isWaited: boolean): string {
	if (!isSent) return 'Used the edit that was already started, of';
	return isWaited ? 'Edited' : 'Started the edit of';
}

function whereResultsAre({ shootOutput, outputBinaryField = 'data' }: ShootOptions, jobs: Job[]): string {
	if (jobs.length === 0) return 'Wait for edit and Download edited photos return the results';
	return shootOutput === 'shoot'
		? `The files are in the fields ${outputBinaryField}_0, ${outputBinaryField}_1, …`
		: `The files are in the field '${outputBinaryField}'`;
}

/** When the results of merges are there, the links of their frames may have expired. */
async function rememberFrames(context: IExecuteFunctions, begun: BegunShoot): Promise<void> {
	const { parameterItems, editingFlow, options } = begun.shoot;
	if (!toolsOf(context, parameterItems, editingFlow).hdrMerge) return;
	const fromLinks = arrivedPhotos(begun).filter(({ source }) => source.isLink);
	await rememberCaptures(fromLinks, { most: options.parallelUploads, signal: cancelSignalOf(context) });
}

/**
 * Waits for the edits, and exports each as soon as it is done, where that is wanted: a slow shoot keeps no other waiting. One time limit holds for
 * all of them.
 *
 * @returns the shoots that came through
 */
async function waitForJobs(
	context: IExecuteFunctions,
	begun: BegunShoot[],
	failed: INodeExecutionData[],
	jobs: Job[],
	minutes: number,
): Promise<BegunShoot[]> {
	const deadline = deadlineAfter(minutes);
	return await shootsTogether(context, begun, failed, async (shoot, stop) => {
		const edited = await waitFor(context, 'edit', shoot, deadline, stop);
		if (!jobs.includes('export')) return edited;
		await startExportOf(context, edited);
		return await waitFor(context, 'export', edited, deadline, stop);
	});
}

/** The photos that a shoot is edited without. */
const failuresOf = ({ shoot, failed }: Pick<BegunShoot, 'failed' | 'shoot'>): FailedPart[] => [
	...shoot.leftOut,
	...uploadFailures(failed),
];

function hintAtFailed(context: IExecuteFunctions, begun: BegunShoot[]) {
	for (const { shoot, project, failed } of begun) {
		const failures = failuresOf({ shoot, failed });
		if (failures.length === 0) continue;
		const without = quantity(failures.length, 'photo');
		const lines = linesOf(failures).join(' ');
		hintAndLog(context, `Project ${projectLabel(project)} is edited without ${without}. ${lines}`);
	}
}
