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

/** The name of a result's file, which is safe to write, and Imagen's own where that is another: only by its own name does Imagen find it again. */
export const resultNameJson = (fileName: string, ownName: string): IDataObject => ({
	file_name: fileName,
	...(ownName !== fileName && { imagen_file_name: ownName }),
});

/** Imagen's own name of the result that an item is about, if it is about one. */
export const resultNameIn = ({ file_name, imagen_file_name }: IDataObject): unknown =>
	imagen_file_name ?? file_name;

/** The photo behind each result, by its name; undefined for the others. */
export function photosBehind<P extends NamedPhoto>(photos: P[], resultNames: string[]): Array<P | undefined> {
	return matchByName(photos, resultNames).map((match) => match.photos.at(0));
}
