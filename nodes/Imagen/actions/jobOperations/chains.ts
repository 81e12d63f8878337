import {
	UserError,
	type IDataObject,
	type IExecuteFunctions,
	type INodeExecutionData,
	type IPairedItemData,
} from 'n8n-workflow';

import { projectJson } from '../../api/projectRef';
import { resultNameIn, sourceJson } from '../../matching/origins';
import { cancelSignalOf } from '../../api/request';
import { settle } from '../../api/settle';
import { counted, theOthers } from '../../errors/lists';
import { settleInParallel } from '../../transfer/concurrency';
import { aggregateError, type FailedPart } from '../shared/aggregateError';
import { inOrder, placed, type PlacedItem } from '../shared/inputProjects';
import { resultLinks } from './resultLinks';
import { errorItem, type ItemError } from '../shared/items';
import type { FinishedPhoto, InputPhotos } from './finishedPhotos';

/** How many photos are worked on at the same time. */
const PARALLEL_PHOTOS = 3;

/** What one item asks for one photo, and what came of it. */
export interface Step {
	photo: FinishedPhoto;
	itemIndex: number;
	/** What is known of the photo so far; it goes out with an error too. */
	json: IDataObject;
	/** The item, and that in which the photo itself came into this execution. */
	pairedItem: IPairedItemData[];
	outcome?: PromiseSettledResult<INodeExecutionData>;
}

/**
 * Does the steps of each photo one after the other, in the order of its items, several photos at a time. A photo that fails
 * does not stop the others; its own later steps build on the failed one, and are taken only when the node continues on fail.
 *
 * @param verb completes "could not ... 2 of 3 photos"
 * @returns all output items in the order of the input
 * @throws the error of the only photo, or one that names every photo that failed
 */
export async function workOnPhotos(
	context: IExecuteFunctions,
	verb: string,
	{ photos, failed }: InputPhotos,
	work: (step: Step) => Promise<INodeExecutionData>,
): Promise<INodeExecutionData[]> {
	const chains = photos.map((photo) => stepsOf(context, photo));
	await settleInParallel(chains, { most: PARALLEL_PHOTOS }, async (chain) => {
		for (const step of chain) {
			step.outcome = await settle(async () => {
				cancelSignalOf(context)?.throwIfAborted();
				return await work(step);
			});
			if (hasFailed(step) && !context.continueOnFail()) return;
		}
	});
	if (photos.length > 1 && !context.continueOnFail()) requireAll(context, verb, chains);
	const worked = chains.flat().map((step): PlacedItem => [step.itemIndex, toItem(context, step)]);
	return inOrder([...failed.map(placed), ...worked]);
}

function stepsOf(context: IExecuteFunctions, photo: FinishedPhoto): Step[] {
	const items = context.getInputData();
	const { fileName, source, itemPhotos } = photo;
	const known = { ...projectJson(photo), file_name: fileName };
	return photo.itemIndexes.map((itemIndex, index) => {
		const itemPhoto = resultNameIn(items[itemIndex].json) === fileName ? itemPhotos[index] : undefined;
		const ofItem = { ...photo, itemIndexes: [itemIndex], itemPhotos: [itemPhotos[index]] };
		return {
			photo,
			itemIndex,
			json: { ...known, ...(source ? sourceJson([source]) : itemPhoto) },
			pairedItem: resultLinks(context, ofItem).linksOf(fileName, source),
		};
	});
}

const hasFailed = ({ outcome }: Step) => outcome?.status === 'rejected';

function toItem(context: IExecuteFunctions, { outcome, itemIndex, json }: Step): INodeExecutionData {
	return outcome?.status === 'fulfilled'
		? outcome.value
		: errorItem(context, outcome?.reason, itemIndex, json);
}

function requireAll(context: IExecuteFunctions, verb: string, chains: Step[][]): void {
	const broken = chains.filter((chain) => chain.some(hasFailed));
	if (broken.length === 0) return;
	const done = chains.length - broken.length;
	throw aggregateError(context, {
		message: `Imagen AI could not ${verb} ${counted(broken.length)} of ${counted(chains.length)} photos`,
		nextSteps:
			done > 0
				? ["To continue with the photos that are done, set 'On Error' to Continue in this node's settings."]
				: [],
		done: done > 0 ? [`${theOthers(done)} done, and not repeated by Retry On Fail.`] : [],
		failures: broken.flat().filter(isUnfinished).map(toFailedPart),
	});
}

const isUnfinished = ({ outcome }: Step) => outcome?.status !== 'fulfilled';

function toFailedPart({ photo, itemIndex, outcome }: Step): FailedPart {
	const { fileName } = photo;
	const error =
		outcome?.status === 'rejected'
			? (outcome.reason as ItemError)
			: new UserError(
					`'${fileName}' could not be changed further, because an earlier item for the same photo failed`,
				);
	return { error, itemIndex, fileName };
}
