import type { IDataObject } from 'n8n-workflow';

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

/** The photo behind each result, by its name; undefined for the others. */
export function photosBehind<P extends NamedPhoto>(photos: P[], resultNames: string[]): Array<P | undefined> {
	return matchByName(photos, resultNames).map((match) => match.photos.at(0));
}
