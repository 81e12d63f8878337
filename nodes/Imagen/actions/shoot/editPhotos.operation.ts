import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import type { Job } from '../../api/endpoints';
import { projectJson, projectLabel, type ProjectRef } from '../../api/projectRef';
import { cancelSignalOf } from '../../api/request';
import { counted } from '../../errors/lists';
import { rememberCaptures } from '../../matching/match';
import { toolsOf } from '../edit/editParameters';
import { linesOf } from '../shared/aggregateError';
import { hintAtSkipped, uploadFailures } from '../shared/inputPhotos';
import { errorItem } from '../shared/items';
import type { Operation } from '../shared/operation';
import { arrivedPhotos, begin, open, type BegunShoot } from './begin';
import { dryRunItem } from './dryRun';
import {
	filesOf,
	deadlineOf,
	requireDone,
	startExportOf,
	waitForAll,
	wantedJobs,
	withOwnNames,
} from './finish';
import { hintAndLog } from './progress';
import { shootFields } from './shootFields';
import { outputOf, leftOutItems } from './shootItems';
import { checkedShoots, type CheckedShoot } from './shoots';

/** Shoot: Edit Photos */
export const editPhotosOperation: Operation = {
	name: 'Edit Photos',
	action: 'Edit photos of a shoot',
	description: 'Upload, edit and get back all photos of the input in one step; Imagen bills each photo',
	fields: shootFields,
	execute,
};

/**
 * Edits the photos of the input, from upload to results. Several shoots are brought to Imagen one after the other, and
 * waited for together. Any step may be repeated: what was done is found done.
 */
async function execute(this: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const { shoots, rejected: failed } = await checkedShoots(this);
	hintAtSkipped(
		this,
		shoots.flatMap(({ skipped }) => skipped),
	);
	const checked = shoots.map((shoot) => ({ shoot }));
	if (isDryRun(this)) {
		const plans = await eachShoot(this, checked, failed, async ({ shoot }) => await dryRunItem(this, shoot));
		return [...plans, ...failed];
	}

	const jobs = wantedJobs(this, shoots);
	// A name that is taken is found before the first shoot is uploaded and paid for.
	const opened = await eachShoot(this, checked, failed, async ({ shoot }) => await open(this, shoot));
	const begun = await eachShoot(this, opened, failed, async (shoot) => await begin(this, shoot));
	hintAtFailed(this, begun);
	if (jobs.length > 0) for (const shoot of begun) await rememberFrames(this, shoot);
	const done = jobs.length > 0 ? await waitForJobs(this, begun, failed, jobs.includes('export')) : begun;
	const namesByGroup = new Map<string, string[]>();
	const output = await eachShoot(this, done, failed, async (begun) => {
		const taken = namesByGroup.get(begun.shoot.group) ?? [];
		const files = withOwnNames(await filesOf(this, begun, jobs), taken);
		namesByGroup.set(begun.shoot.group, [...taken, ...files.map(({ fileName }) => fileName)]);
		return outputOf(this, begun, files);
	});
	return [...output.flat(), ...failed];
}

/** Whichever item asks for a dry run, also one that is rejected: nothing must be paid then. */
const isDryRun = (context: IExecuteFunctions) =>
	[...context.getInputData().keys()].some((item) => context.getNodeParameter('options.dryRun', item, false));

/** When the results of merges are there, the links of their frames may have expired. */
async function rememberFrames(context: IExecuteFunctions, begun: BegunShoot): Promise<void> {
	const { itemIndexes, editingFlow, options } = begun.shoot;
	if (!toolsOf(context, itemIndexes[0], editingFlow).hdrMerge) return;
	const fromLinks = arrivedPhotos(begun).filter(({ source }) => source.isSeekable);
	await rememberCaptures(fromLinks, { most: options.parallelUploads, signal: cancelSignalOf(context) });
}

/** Waits for the edits, and exports them where that is wanted. @returns the shoots that came through */
async function waitForJobs(
	context: IExecuteFunctions,
	begun: BegunShoot[],
	failed: INodeExecutionData[],
	isExportWanted: boolean,
): Promise<BegunShoot[]> {
	const deadline = deadlineOf(context);
	const waitedFor = async (job: Job, shoots: BegunShoot[]) =>
		await eachShoot(context, await waitForAll(context, job, shoots, deadline), failed, (shoot) =>
			requireDone(context, job, shoot, deadline),
		);

	const edited = await waitedFor('edit', begun);
	if (!isExportWanted) return edited;
	const exporting = await eachShoot(context, edited, failed, async (shoot) => {
		await startExportOf(context, shoot);
		return shoot;
	});
	return await waitedFor('export', exporting);
}

/** Takes each shoot a step further. One that fails stops the node, or goes to `failed` as error items. */
async function eachShoot<From extends { shoot: CheckedShoot; project?: ProjectRef }, To>(
	context: IExecuteFunctions,
	shoots: From[],
	failed: INodeExecutionData[],
	step: (entry: From) => Promise<To> | To,
): Promise<To[]> {
	const done: To[] = [];
	for (const entry of shoots) {
		try {
			done.push(await step(entry));
		} catch (error) {
			const known = entry.project && projectJson(entry.project);
			const { itemIndexes, leftOut } = entry.shoot;
			const withOwnError = new Set(leftOut.flatMap(({ places }) => places.map(({ itemIndex }) => itemIndex)));
			const others = itemIndexes.filter((item) => !withOwnError.has(item));
			failed.push(
				...others.map((item) => errorItem(context, error, item, known)),
				...leftOutItems(context, entry.shoot, known),
			);
		}
	}
	return done;
}

function hintAtFailed(context: IExecuteFunctions, begun: BegunShoot[]) {
	for (const { shoot, project, failed } of begun) {
		const failures = [...shoot.leftOut, ...uploadFailures(failed)];
		if (failures.length === 0) continue;
		const number = `${counted(failures.length)} ${failures.length === 1 ? 'photo' : 'photos'}`;
		const lines = linesOf(failures).join(' ');
		hintAndLog(context, `Project ${projectLabel(project)} is edited without ${number}. ${lines}`);
	}
}
