import type { IDataObject } from 'n8n-workflow';

import type { ProjectRef } from '../api/projectRef';
import type { ApiContext } from '../api/types';
import { knownStart, sourcePhotos, type SourcePhoto } from '../jobs/ledger';
import { matchByName } from './names';

/** The photo that a result was made from. */
interface NamedPhoto {
	/** Its name in the project. */
	fileName: string;
	/** Its name in the input, where that is another. */
	originalFileName?: string;
}

/** The photos behind a result, in an output. `original_file_name` is there where the photo was renamed to be unique. */
export function sourceJson(photos: NamedPhoto[]): IDataObject {
	if (photos.length > 1) return { source_file_names: photos.map(({ fileName }) => fileName) };
	return Object.assign({}, ...photos.map(nameJson)) as IDataObject;
}

const nameJson = ({ fileName, originalFileName = fileName }: NamedPhoto): IDataObject => ({
	source_file_name: fileName,
	...(originalFileName !== fileName && { original_file_name: originalFileName }),
});

/**
 * The photo behind each result, as far as it is known which photos were uploaded; undefined for the others. Of merges, the names do not
 * tell which frames they are of.
 *
 * @param areMerged whether brackets were merged; as the ledger knows it, if left out
 */
export function photosBehind(
	context: ApiContext,
	project: ProjectRef,
	resultNames: string[],
	areMerged = areMergedByLedger(context, project),
): Array<SourcePhoto | undefined> {
	const photos = areMerged ? [] : sourcePhotos(context, project);
	return matchByName(photos, resultNames).map((match) => match.photos.at(0));
}

/** What nobody knows of an edit may be that brackets were merged. */
function areMergedByLedger(context: ApiContext, project: ProjectRef): boolean {
	const settings = knownStart(context, 'edit', project)?.settings;
	return settings === undefined || settings.hdr_merge === true;
}
