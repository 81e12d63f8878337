import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import type { Job } from '../../api/endpoints';
import { ImagenOperationError } from '../../errors/imagenErrors';
import { giveUpAfterMinutes, minutesForAll } from '../shared/giveUpAfter';
import { sharedParameter } from '../shared/sharedParameters';
import { labelOfResults, type Results } from './shootFields';
import { eachShoot } from './shootItems';
import type { CheckedShoot } from './shoots';

const JOBS_OF: Record<Results, Job[]> = {
	none: [],
	edited: ['edit'],
	exported: ['export'],
	both: ['edit', 'export'],
};

/** A shoot, and what it is to return. */
export interface WantedShoot {
	shoot: CheckedShoot;
	wanted: Results;
}

/** What is wanted of all shoots, which are waited for together. */
interface Wanted {
	shoots: WantedShoot[];
	/** The jobs whose files are wanted; none where nothing is waited for. */
	jobs: Job[];
	/** How long to wait. */
	minutes: number;
}

/**
 * What the shoots are to return, and how long to wait for it. One whose items differ in it goes to `failed`, or stops the node.
 *
 * @throws NodeOperationError when shoots differ in it: before anything is sent
 */
export async function wantedOfAll(
	context: IExecuteFunctions,
	checked: CheckedShoot[],
	failed: INodeExecutionData[],
): Promise<Wanted> {
	const entries = checked.map((shoot) => ({ shoot }));
	const shoots = await eachShoot(context, entries, failed, ({ shoot }) => ({
		shoot,
		wanted: wantedOf(context, shoot),
	}));
	const jobs = wantedJobs(context, shoots);
	const minutes = minutesForAll(context, jobs.length > 0 ? shoots.map(({ shoot }) => shoot) : []);
	return { shoots, jobs, minutes };
}

function wantedOf(context: IExecuteFunctions, { editingFlow, parameterItems }: CheckedShoot): Results {
	const name = editingFlow === 'I2I' ? 'smartResults' : 'results';
	const results = sharedParameter<Results>(context, parameterItems, name);
	if (results !== 'none') giveUpAfterMinutes(context, parameterItems);
	return results;
}

function wantedJobs(context: IExecuteFunctions, shoots: WantedShoot[]): Job[] {
	const wanted = shoots.at(0)?.wanted ?? 'none';
	const other = shoots.find((shoot) => shoot.wanted !== wanted);
	if (other) throw notOneChoice(context, wanted, other);
	return JOBS_OF[wanted];
}

function notOneChoice(context: IExecuteFunctions, wanted: Results, { wanted: other, shoot }: WantedShoot) {
	return new ImagenOperationError(
		context,
		`'Results' is ${labelOfResults(wanted)} for one shoot and ${labelOfResults(other)} for another`,
		"Set 'Results' to the same choice for all items. Nothing was created, sent or billed.",
		shoot.itemIndexes[0],
	);
}
