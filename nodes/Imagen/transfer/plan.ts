import { extensionOf, imageTypeOf, JPEG_EXTENSIONS, RAW_EXTENSIONS, type ImageType } from '../api/formats';
import { resultKey, uniqueNames } from './fileNames';
import type { Photo } from './sources';

/** Why a photo cannot be uploaded: what is wrong with it, and what to do. */
export interface Finding {
	photo: Photo;
	/** A sentence that follows the photo's name. */
	problem: string;
	remedy: string;
}

/** What will be uploaded to a project, judging by the photos' names and sizes. */
export interface UploadPlan {
	/** The photos that can be uploaded, with the names they will have in the project. */
	photos: Photo[];
	imageType: ImageType;
	findings: Finding[];
}

/** What to do with photos of one name. */
export type IfNamesRepeat = 'fail' | 'makeUnique';

/**
 * Checks the photos meant for one project before anything is sent.
 *
 * @param taken names of photos that were uploaded to it before: those of the same name would replace them
 */
export function planUpload(
	photos: Photo[],
	ifNamesRepeat: IfNamesRepeat,
	taken: Iterable<string> = [],
): UploadPlan {
	const findings = photos.map(problemOf).filter((finding) => finding !== undefined);
	const invalid = new Set(findings.map(({ photo }) => photo));
	const valid = photos.filter((photo) => !invalid.has(photo));

	const named = ifNamesRepeat === 'makeUnique' ? withUniqueNames(valid, taken) : valid;
	const mixed = mixedTypes(named);
	const repeated = repeatedNames(named, taken);
	const excluded = new Set([...mixed, ...repeated].map(({ photo }) => photo));

	return {
		photos: named.filter((photo) => !excluded.has(photo)),
		imageType: valid.length > 0 ? typeOf(valid[0]) : 'RAW',
		findings: [...findings, ...mixed, ...repeated],
	};
}

const typeOf = ({ fileName }: Photo) => imageTypeOf(fileName) as ImageType;

function problemOf(photo: Photo): Finding | undefined {
	if (photo.fileName === '') {
		return {
			photo,
			problem: 'has no file name',
			remedy: 'Let the node before it give one: Imagen tells the format of a photo by its name.',
		};
	}
	if (imageTypeOf(photo.fileName) === undefined) {
		const extension = extensionOf(photo.fileName);
		return {
			photo,
			problem: extension
				? `is a .${extension} file, which Imagen does not edit`
				: 'has a name without an ending',
			remedy: `Imagen edits RAW (${list(RAW_EXTENSIONS)}) and JPEG (${list(JPEG_EXTENSIONS)}): filter out other files before this node.`,
		};
	}
	if (photo.bytes === 0) {
		return {
			photo,
			problem: 'is empty (0 bytes)',
			remedy: 'Read it again: the node before did not get its content.',
		};
	}
	return undefined;
}

const list = (extensions: string[]) => extensions.map((extension) => `.${extension}`).join(' ');

/** A project is all RAW or all JPEG: with both, every photo is in the wrong place. */
function mixedTypes(photos: Photo[]): Finding[] {
	const raw = photos.filter((photo) => typeOf(photo) === 'RAW').length;
	if (raw === 0 || raw === photos.length) return [];
	return photos.map((photo) => ({
		photo,
		problem: `is ${typeOf(photo) === 'RAW' ? 'RAW' : 'JPEG'}, in a project with ${raw} RAW and ${photos.length - raw} JPEG photos`,
		remedy:
			"A project takes one kind only. Create one for each kind, or use a Shoot, which does so with 'If Mixed' set to Split Into Two Projects.",
	}));
}

function withUniqueNames(photos: Photo[], taken: Iterable<string>): Photo[] {
	const before = [...taken];
	const all = [...before, ...photos.map(({ fileName }) => fileName)];
	const names = uniqueNames(all, resultKey).slice(before.length);
	return photos.map((photo, index) => ({ ...photo, fileName: names[index] }));
}

function repeatedNames(photos: Photo[], taken: Iterable<string>): Finding[] {
	const first = new Map(
		Array.from(taken, (name) => [resultKey(name), `'${name}', which was uploaded before`]),
	);
	const findings: Finding[] = [];
	for (const photo of photos) {
		const { fileName, itemIndex } = photo;
		const earlier = first.get(resultKey(fileName));
		if (earlier) {
			findings.push({
				photo,
				problem: `has the name of another photo, ${earlier}, so that their results would overwrite each other`,
				remedy: "Rename one of them, or set 'If Names Repeat' to Make Unique in 'Options'.",
			});
		} else {
			first.set(resultKey(fileName), `'${fileName}' of item ${itemIndex}`);
		}
	}
	return findings;
}
