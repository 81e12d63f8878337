import type { IExecuteFunctions, IPairedItemData } from 'n8n-workflow';

import type { SourcePhoto } from '../../jobs/ledger';
import { resultNameIn } from '../../matching/origins';
import { resultKey } from '../../transfer/fileNames';
import { addTo, linkTo, type ItemGroup } from '../shared/items';

/** Where results come from. */
interface ResultLinks {
	/** The input items that name the photo of a result, or the one that stands for the whole project; none if it is not clear. */
	itemsOf(resultName: string): number[];
	/** The links of a result. */
	linksOf(resultName: string, photo: SourcePhoto | undefined): IPairedItemData[];
}

/**
 * Links each result to the items of its own photo: that of the node's input, and that in which the photo came into this execution. By the second,
 * `$('Files').item` finds it also where the nodes between have one item for the project. n8n refuses where two links lead to two items of
 * one node, so that an item which may be of another photo is no link.
 */
export function resultLinks(
	context: IExecuteFunctions,
	{ itemIndexes, itemPhotos = [] }: ItemGroup,
): ResultLinks {
	const items = context.getInputData();
	const byPhoto = new Map<string, number[]>();
	const ofProject: number[] = [];
	for (const [index, item] of itemIndexes.entries()) {
		const photo = itemPhotos[index];
		const name = photo && (photo.source_file_name ?? resultNameIn(items[item].json));
		if (typeof name === 'string') {
			addTo(byPhoto, resultKey(name), item);
		} else if (photo && Object.keys(photo).length === 0) {
			ofProject.push(item);
		}
	}
	const all = linkTo(itemIndexes);
	const itemsOf = (resultName: string) =>
		byPhoto.get(resultKey(resultName)) ?? (ofProject.length === 1 ? ofProject : []);

	return {
		itemsOf,
		linksOf(resultName, photo) {
			const links = [...linkTo(itemsOf(resultName)), ...(photo?.input ? [photo.input] : [])];
			// Thousands of results share the one list.
			return links.length > 0 ? links : all;
		},
	};
}
